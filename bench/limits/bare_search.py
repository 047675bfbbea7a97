"""The limit of a search: bare Flask, SQLAlchemy Core and Jinja, SQLite's own ranking and snippets, twenty hits.

Written as one would write it first: words as they stand, without stems; every match ranked. Nobody signs in, nothing
is hidden, narrowed, counted or translated.
"""

from pathlib import Path
from random import Random
from typing import Any

from flask import Flask, render_template, request
from markupsafe import Markup, escape
from pysqlite3 import dbapi2
from sqlalchemy import Engine, create_engine, text

from bench.limits import folder, settle
from bench.words import comment_text

DATABASE, COMMENTS, AUTHORS, HITS = "search.db", 100_000, 200, 20
_SEARCH = text(
    "SELECT comment.id, comment.number, author.name, snippet(word, 0, '\x02', '\x03', ' … ', 32) AS words "
    "FROM word JOIN comment ON comment.id = word.rowid JOIN author ON author.id = comment.author_id "
    f"WHERE word MATCH :query ORDER BY rank LIMIT {HITS}"
)


def _engine(where: Path) -> Engine:
    return create_engine(f"sqlite:///{where / DATABASE}", module=dbapi2)


def prepare(where: Path) -> None:
    """Lay ready as many comments as our search has, of the same length and with the same words."""
    where.mkdir()
    chance = Random(7)
    engine = _engine(where)
    with engine.begin() as connection:
        for made in (
            "CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT)",
            "CREATE TABLE comment (id INTEGER PRIMARY KEY, number TEXT, author_id INTEGER)",
            "CREATE VIRTUAL TABLE word USING fts5(text)",
        ):
            connection.execute(text(made))
        connection.execute(
            text("INSERT INTO author VALUES (:id, :name)"),
            [{"id": n, "name": f"Invånare {n}"} for n in range(AUTHORS)],
        )
        for n in range(1, COMMENTS + 1):
            connection.execute(
                text("INSERT INTO comment VALUES (:id, :number, :author)"),
                {"id": n, "number": f"2026-{n:06d}", "author": n % AUTHORS},
            )
            connection.execute(
                text("INSERT INTO word (rowid, text) VALUES (:id, :text)"),
                {"id": n, "text": comment_text(chance)},
            )
    engine.dispose()


def marked(words: str) -> Markup:
    return Markup(str(escape(words)).replace("\x02", "<mark>").replace("\x03", "</mark>"))


def make() -> Flask:
    app = Flask(__name__)
    app.jinja_env.filters["marked"] = marked
    engine = _engine(folder())

    @app.get("/om")
    def about() -> str:
        return "ready"

    @app.get("/comment/<number>")
    def one(number: str) -> str:
        return number

    @app.get("/search")
    def search() -> Any:
        with engine.connect() as connection:
            hits = connection.execute(_SEARCH, {"query": f'"{request.args["q"]}"'}).all()
        return render_template("search.html", hits=hits, query=request.args["q"])

    settle()
    return app
