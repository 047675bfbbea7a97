"""The database: one writer and one reader engine, one transaction per change, and the clock.

Reads go through an engine that can't write. A change happens inside `transaction()`, and nowhere else:
it commits as a whole or not at all, and calls waiting in `after_commit` run only when it is safe on disk.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import Flask, has_request_context
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import (
    ColumnElement,
    CursorResult,
    DateTime,
    Delete,
    Engine,
    Enum,
    Executable,
    MetaData,
    Update,
    event,
    literal_column,
    text,
)
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, SessionTransaction
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from sqlalchemy.types import TypeDecorator

from dialog.config import Settings

BUSY_SECONDS = 10
BUSY_SECONDS_FOR_A_PAGE = 2  # whoever waits for a page holds up the readers behind, and can try again
STOCKHOLM = ZoneInfo("Europe/Stockholm")
OLDEST_SAFE_SQLITE = (3, 51, 3)  # earlier ones can corrupt a WAL file when two connections checkpoint at once
_LOCK_PAUSE_SECONDS = 0.0001  # a tenth of the time a change holds the lock: longer pauses leave it idle
_CHANGE_LOCK = 0x6469616C6F67  # "dialog": the one advisory lock that every change takes on PostgreSQL


class UTCDateTime(TypeDecorator[datetime]):
    """A moment. Aware and in UTC in Python; without a zone in SQLite, `timestamptz` in PostgreSQL."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone can't be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _values(enumeration: type[StrEnum]) -> list[str]:
    return [member.value for member in enumeration]


class Base(DeclarativeBase):
    """What every table is made from."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UTCDateTime,
        # An enumeration is stored by its value, in a text column that refuses every other value.
        StrEnum: Enum(StrEnum, native_enum=False, create_constraint=True, length=40, values_callable=_values),
    }


class RoutedSession(Session):
    """Reads go to the engine that can't write, unless a `transaction()` is open."""

    def get_bind(self, mapper: Any = None, **arguments: Any) -> Engine:  # type: ignore[override]
        return db.engines[None if self.info.get("writing") else "read"]


@event.listens_for(RoutedSession, "after_transaction_end")
def _let_connection_go(session: RoutedSession, transaction: SessionTransaction) -> None:
    session.info.pop("connection", None)


db = SQLAlchemy(
    metadata=Base.metadata,
    session_options={"class_": RoutedSession, "expire_on_commit": False},
)


@contextmanager
def transaction() -> Iterator[None]:
    """Everything inside commits together, or not at all.

    What was read before stays as it was read: a change must say which version it saw (see `states.move`).
    """
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("A change is one transaction: transaction() can't be opened inside another.")
    session.commit()  # ends the read, so that the writer sees the newest state
    session.info["writing"] = True
    session.info["after_commit"] = []
    session.info["remembered"] = {}
    try:
        # One change at a time, as on SQLite: changes that take the same rows in different order would else deadlock.
        _let_nobody_else_change()
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["writing"] = False
        calls = session.info.pop("after_commit")
        del session.info["remembered"]
    for call in calls:
        call()


def after_commit(call: Callable[[], None]) -> None:
    """Have `call` run when the open transaction is safe on disk, and not at all if it fails. Once per call."""
    waiting = db.session().info["after_commit"]
    if call not in waiting:
        waiting.append(call)


def remembered() -> dict[str, Any]:
    """What the open transaction has found out and need not ask again: empty when one begins, gone when it ends."""
    notes: dict[str, Any] = db.session().info["remembered"]
    return notes


def local_day(moment: datetime) -> date:
    """The day it is in Sweden at `moment`."""
    return moment.astimezone(STOCKHOLM).date()


class Clock:
    """The time, in UTC. Tests set it."""

    def __init__(self) -> None:
        self._fixed: datetime | None = None

    def now(self) -> datetime:
        return self._fixed or datetime.now(UTC)

    def today(self) -> date:
        """The day it is in Sweden."""
        return local_day(self.now())

    def set(self, moment: datetime | None) -> None:
        """Stop the clock at `moment`; None lets it run again."""
        self._fixed = moment

    def forward(self, **duration: float) -> None:
        self._fixed = self.now() + timedelta(**duration)


clock = Clock()


def engine_settings(settings: Settings) -> dict[str, Any]:
    """The configuration Flask-SQLAlchemy needs for the writer and the reader."""
    url = settings.database_url
    # Neither people's words nor the keys of their letters belong in the log, where errors are told.
    always: dict[str, Any] = {"hide_parameters": True}
    if not settings.on_sqlite:
        always["pool_pre_ping"] = True
        read_only = {"options": "-c default_transaction_read_only=on"}
        return {
            "SQLALCHEMY_DATABASE_URI": url,
            "SQLALCHEMY_ENGINE_OPTIONS": always,
            "SQLALCHEMY_BINDS": {"read": {"url": url, "connect_args": read_only, **always}},
        }
    from pysqlite3 import dbapi2

    if dbapi2.sqlite_version_info < OLDEST_SAFE_SQLITE:
        oldest = ".".join(map(str, OLDEST_SAFE_SQLITE))
        raise RuntimeError(
            f"SQLite {dbapi2.sqlite_version} is too old to be safe; {oldest} or newer is needed."
        )
    return {
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"module": dbapi2, **always},
        "SQLALCHEMY_BINDS": {"read": {"url": url, "module": dbapi2, **always}},
    }


def set_up(app: Flask, settings: Settings) -> None:
    """Connect the engines to the application."""
    app.config.update(engine_settings(settings))
    db.init_app(app)
    if settings.on_sqlite:
        with app.app_context():
            _prepare_sqlite(db.engines[None], writes=True)
            _prepare_sqlite(db.engines["read"], writes=False)


_SQLITE_ALWAYS = (
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA recursive_triggers=ON",  # else REPLACE deletes rows past the triggers that forbid it
)
_SQLITE_WRITER = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")
_SQLITE_READER = ("PRAGMA query_only=ON",)


def _prepare_sqlite(engine: Engine, *, writes: bool) -> None:
    pragmas = [*_SQLITE_ALWAYS, *(_SQLITE_WRITER if writes else _SQLITE_READER)]

    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # SQLAlchemy, not the driver, says when a transaction begins
        for pragma in pragmas:
            connection.execute(pragma)

    # Not by listening to "begin": if anybody listens to an engine, each of its statements takes half as long again.
    engine.dialect.do_begin = _begin_writing if writes else _begin_reading  # type: ignore[method-assign, assignment]
    if writes:
        _queue_writers(engine)


def _begin_reading(connection: PoolProxiedConnection) -> None:
    connection.cursor().execute("BEGIN")


def _begin_writing(connection: PoolProxiedConnection) -> None:
    _wait_for_turn(connection.info["lock"])
    connection.cursor().execute("BEGIN IMMEDIATE")


def _queue_writers(engine: Engine) -> None:
    """Let writers of several processes wait at a file lock: SQLite's own waiting can starve one for seconds."""
    path = f"{engine.url.database}.writer"

    @event.listens_for(engine, "connect")
    def open_lock(connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["lock"] = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @event.listens_for(engine, "close")
    def close_lock(connection: Any, record: ConnectionPoolEntry) -> None:
        os.close(record.info.pop("lock"))

    @event.listens_for(engine, "checkin")
    def checkin(connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        if "lock" in record.info:
            fcntl.flock(record.info["lock"], fcntl.LOCK_UN)


def _patience() -> int:
    """How many seconds a change waits for its turn."""
    return BUSY_SECONDS_FOR_A_PAGE if has_request_context() else BUSY_SECONDS


def _wait_for_turn(lock: int) -> None:
    deadline = time.monotonic() + _patience()
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise OperationalError("BEGIN IMMEDIATE", None, Exception("database is locked")) from None
            time.sleep(_LOCK_PAUSE_SECONDS)


def ask(statement: Executable, **values: Any) -> CursorResult[Any]:
    """Carry out a statement that was built once, and not for this visit, with these values for its parameters.

    Building a statement anew costs several times what the database needs to answer it, so what every visit
    asks is asked this way. Plain rows of columns: nothing is flushed before, and no object is made.
    """
    return _connection().execute(statement, values)


def constant(value: int | StrEnum) -> ColumnElement[Any]:
    """A value that stands in the statement itself, and isn't one of its parameters.

    SQLite plans a statement anew each time it is asked where a parameter bears on the plan: a limit, or a state that
    there is an index for. That takes several times what answering it does.
    """
    return literal_column(f"'{value}'" if isinstance(value, str) else str(value))


def changed(statement: Update | Delete) -> int:
    """Carry out a statement past the objects already loaded; gives how many rows it changed or took away."""
    db.session.flush()  # what has been made or set so far stands before it
    return _connection().execute(statement).rowcount


def _connection() -> Connection:
    """That of the open transaction. It is found once: finding it takes half as long as asking something."""
    session = db.session()
    if "connection" not in session.info:
        session.info["connection"] = session.connection()
    return cast("Connection", session.info["connection"])


def _let_nobody_else_change() -> None:
    """Wait until no other change is under way. SQLite's writer is alone already, once it has its turn."""
    if db.engine.dialect.name == "postgresql":
        patience = f"{_patience()}s"
        db.session.execute(text("SELECT set_config('lock_timeout', :patience, true)"), {"patience": patience})
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHANGE_LOCK})
