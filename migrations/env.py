"""How migrations run: on the writer's engine, each run in one transaction, on SQLite too."""

from typing import Any

from alembic import context

from dialog.db import UTCDateTime, db


def render_item(kind: str, item: Any, autogen_context: Any) -> Any:
    """Write our own type of moment as what it is in the database: a migration outlives the code it was made from."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


# Batch mode copies a table where SQLite can't alter it; transactional DDL makes an interrupted run leave nothing.
OPTIONS = {
    "target_metadata": db.metadata,
    "render_as_batch": True,
    "transactional_ddl": True,
    "render_item": render_item,
}


def run_offline() -> None:
    context.configure(url=db.engine.url, literal_binds=True, **OPTIONS)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    with db.engine.connect() as connection:
        context.configure(connection=connection, **OPTIONS)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
