"""How migrations run: on the writer's engine, each run in one transaction, on SQLite too."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from sqlalchemy import Connection

from dialog.db import UTCDateTime, db


def render_item(kind: str, item: Any, autogen_context: Any) -> Any:
    """Write our own type of moment as what it is in the database: a migration outlives the code it was made from."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def include_name(name: str | None, kind: str, parents: Any) -> bool:
    """Leave the full-text index alone, and the tables SQLite keeps it in: no model of ours stands for them."""
    return kind != "table" or not (name or "").startswith("search_index")


# Batch mode copies a table where SQLite can't alter it; transactional DDL makes an interrupted run leave nothing.
OPTIONS = {
    "target_metadata": db.metadata,
    "render_as_batch": True,
    "transactional_ddl": True,
    "render_item": render_item,
    "include_name": include_name,
}


def run_offline() -> None:
    context.configure(url=db.engine.url, literal_binds=True, **OPTIONS)
    with context.begin_transaction():
        context.run_migrations()


@contextmanager
def tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """Let SQLite drop a table that others point at: it can only be altered by putting a new one in its place.

    Whether rows may point at nothing can't be changed inside a transaction, so it is before and after it.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def refuse_broken_references(connection: Connection) -> None:
    """Nothing is committed while a row points at nothing."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"{len(broken)} rows would point at nothing, such as {broken[0]}.")


def run_online() -> None:
    with db.engine.connect() as connection, tables_may_be_rebuilt(connection):
        context.configure(connection=connection, **OPTIONS)
        with context.begin_transaction():
            context.run_migrations()
            refuse_broken_references(connection)


if context.is_offline_mode():
    run_offline()
else:
    run_online()
