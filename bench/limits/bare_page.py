"""The limit of a page made anew: bare Flask, SQLAlchemy Core and Jinja, a page of comments by keyset from SQLite.

Written as one would write it first: the author joined, the day formatted, the links by `url_for`. Nobody signs
in, nothing is counted, translated, answered or checked.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask, render_template, request
from pysqlite3 import dbapi2
from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
    select,
)

from bench.limits import folder, settle
from bench.words import comment_text

DATABASE, COMMENTS, AUTHORS = "bare.db", 10_000, 200
tables = MetaData()
author = Table("author", tables, Column("id", Integer, primary_key=True), Column("name", String))
comment = Table(
    "comment",
    tables,
    Column("id", Integer, primary_key=True),
    Column("number", String),
    Column("author_id", ForeignKey("author.id")),
    Column("said_at", DateTime),
    Column("text", String),
)


def _engine(where: Path) -> Engine:
    return create_engine(f"sqlite:///{where / DATABASE}", module=dbapi2)


def prepare(where: Path) -> None:
    """Lay ready as many comments as our page has, of the same length."""
    where.mkdir()
    chance, start = Random(7), datetime(2026, 1, 1, tzinfo=UTC)
    engine = _engine(where)
    tables.create_all(engine)
    with engine.begin() as connection:
        people = [{"id": n, "name": f"Invånare {n}"} for n in range(AUTHORS)]
        connection.execute(insert(author), people)
        comments = [
            {
                "id": n,
                "number": f"2026-{n:06d}",
                "author_id": n % AUTHORS,
                "said_at": start + timedelta(minutes=n),
                "text": comment_text(chance),
            }
            for n in range(1, COMMENTS + 1)
        ]
        connection.execute(insert(comment), comments)
    engine.dispose()


def make() -> Flask:
    app = Flask(__name__)
    engine = _engine(folder())

    @app.get("/om")
    def about() -> str:
        return "ready"

    @app.get("/comment/<number>")
    def one(number: str) -> str:
        return number

    @app.get("/page")
    def page() -> Any:
        statement = (
            select(comment.c.id, comment.c.number, comment.c.said_at, comment.c.text, author.c.name)
            .join(author)
            .where(comment.c.id < request.args.get("before", type=int))
            .order_by(comment.c.id.desc())
            .limit(request.args.get("rows", type=int))
        )
        with engine.connect() as connection:
            rows = connection.execute(statement).all()
        return render_template("page.html", comments=rows)

    settle()
    return app
