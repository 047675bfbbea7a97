"""The limit of a write: bare Flask and one row by the ORM, synchronous=FULL. Nothing checked, numbered or logged."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, redirect, request
from pysqlite3 import dbapi2
from sqlalchemy import create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry

from bench.limits import PRAGMAS, folder, settle

DATABASE = "insert.db"


class Base(DeclarativeBase):
    pass


class Comment(Base):
    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    text: Mapped[str]
    form_key: Mapped[str]
    said_at: Mapped[datetime]


def prepare(where: Path) -> None:
    """Lay ready an empty table."""
    where.mkdir()
    Base.metadata.create_all(_engine(where))


def _engine(where: Path) -> Any:
    engine = create_engine(f"sqlite:///{where / DATABASE}", module=dbapi2)

    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: ConnectionPoolEntry) -> None:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    return engine


def make() -> Flask:
    app = Flask(__name__)
    engine = _engine(folder())

    @app.get("/om")
    def about() -> str:
        return "ready"

    @app.post("/comment")
    def submit() -> Any:
        with Session(engine) as session:
            comment = Comment(
                kind=request.form["kind"],
                text=request.form["text"],
                form_key=request.form["form_key"],
                said_at=datetime.now(UTC),
            )
            session.add(comment)
            session.commit()
            return redirect(f"/comment/{comment.id}", 303)

    settle()
    return app
