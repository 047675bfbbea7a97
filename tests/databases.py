"""A fresh database for every test, copied from one that has been migrated and filled with the register.

There are two to copy: EMPTY, without anybody in it, and PEOPLED, with the cast of `world`.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from dialog import create_app
from dialog.db import clock, db, transaction
from dialog.people.shipped import load_everything

SECRET = "a secret that only the tests know, and long enough"
EMPTY, PEOPLED = "empty", "peopled"
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql:///postgres")


def folder_in_memory() -> Path:
    """A new folder that no disk need be waited for, where the system has such: thousands of changes are made in it."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="dialog_test_", dir=memory if memory.is_dir() else None))


@dataclass
class SqliteSource:
    """Copies a file. The folder is its own, and goes with it."""

    folder: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'dialog.db'}"

    def prepare(self) -> None:
        pass

    def keep(self, name: str) -> None:
        shutil.copy(self.folder / "dialog.db", self.folder / f"{name}.db")

    def renew(self, name: str) -> None:
        close_connections()  # they would still read the file that is thrown away
        for leftover in self.folder.glob("dialog.db-*"):
            leftover.unlink()
        shutil.copy(self.folder / f"{name}.db", self.folder / "dialog.db")

    def twin(self) -> "SqliteSource":
        """A database of its own that begins as PEOPLED."""
        twin = SqliteSource(folder_in_memory())
        shutil.copy(self.folder / f"{PEOPLED}.db", twin.folder / "dialog.db")
        return twin

    def remove(self) -> None:
        shutil.rmtree(self.folder)


@dataclass
class PostgresSource:
    """Puts the rows back as they were. Tests change nothing else here."""

    name: str
    _connection: psycopg.Connection | None = None

    @property
    def url(self) -> str:
        return make_url(POSTGRES).set(database=self.name).render_as_string(hide_password=False)

    def prepare(self) -> None:
        self.remove()
        _run(POSTGRES, f"CREATE DATABASE {self.name}", self._wait_for_no_disk)

    @property
    def _wait_for_no_disk(self) -> str:
        return f"ALTER DATABASE {self.name} SET synchronous_commit = off"

    def keep(self, name: str) -> None:
        """Keep the rows there are under `name`; those of PEOPLED with all the rest, to make a twin from."""
        self._disconnect()  # nobody may be at what another database is made from
        with psycopg.connect(self.url, autocommit=True) as connection:
            _keep_rows(connection, name)
        if name == PEOPLED:
            _run(POSTGRES, f"CREATE DATABASE {self.name}_template TEMPLATE {self.name}")

    def renew(self, name: str) -> None:
        self._connected().execute(f"SELECT {name}.put_back()")

    def _connected(self) -> psycopg.Connection:
        """The same connection every time: it knows how to carry out `put_back` without thinking it over anew."""
        if self._connection is None:
            self._connection = psycopg.connect(self.url, autocommit=True)
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def twin(self) -> "PostgresSource":
        """A database of its own that begins as PEOPLED."""
        twin = PostgresSource(f"{self.name}_twin")
        _run(POSTGRES, f"CREATE DATABASE {twin.name} TEMPLATE {self.name}_template", twin._wait_for_no_disk)
        return twin

    def remove(self) -> None:
        self._disconnect()
        _run(
            POSTGRES,
            f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)",
            f"DROP DATABASE IF EXISTS {self.name}_template WITH (FORCE)",
        )


def _run(address: str, *statements: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


TABLES = """
SELECT tablename, pg_get_serial_sequence(tablename, column_name)
  FROM pg_tables LEFT JOIN information_schema.columns
    ON table_schema = schemaname AND table_name = tablename AND column_name = 'id'
  WHERE schemaname = 'public'
"""


def _keep_rows(connection: psycopg.Connection, name: str) -> None:
    """Keep all rows in a schema `name`, and there a function that puts back those of the tables that have changed."""
    connection.execute(f"CREATE SCHEMA {name}")
    steps = []
    for table, counter in connection.execute(TABLES).fetchall():
        connection.execute(f"CREATE TABLE {name}.{table} AS TABLE public.{table}")
        rows, kept = f"SELECT t::text FROM public.{table} t", f"SELECT t::text FROM {name}.{table} t"
        steps.append(
            f"IF EXISTS (({rows} EXCEPT ALL {kept}) UNION ALL ({kept} EXCEPT ALL {rows})) THEN "
            f"DELETE FROM public.{table}; INSERT INTO public.{table} SELECT * FROM {name}.{table}; END IF;"
            if connection.execute(f"SELECT EXISTS ({kept})").fetchone()[0]
            else f"IF EXISTS ({rows}) THEN DELETE FROM public.{table}; END IF;"
        )
        if counter:
            last = connection.execute(f"SELECT coalesce(max(id), 0) FROM {name}.{table}").fetchone()[0]
            steps.append(f"PERFORM setval('{counter}', {last + 1}, false);")
    # Neither foreign keys nor the log's protection stand in the way of a replica.
    connection.execute(
        f"CREATE FUNCTION {name}.put_back() RETURNS void LANGUAGE plpgsql SET session_replication_role = replica "
        f"AS $$ BEGIN {' '.join(steps)} END $$"
    )


Source = SqliteSource | PostgresSource


def environment(source: Source, folder: Path, **more: str) -> dict[str, str]:
    return {
        "DATABASE_URL": source.url,
        "DIALOG_INSTANCE": str(folder),
        "SECRET_KEY": SECRET,
        "DIALOG_ADDRESS": "http://localhost",
        "DIALOG_DEMO": "1",
        **more,
    }


def build(source: Source, folder: Path):
    """The application on a database that is migrated and filled, and kept to be copied from."""
    from flask_migrate import upgrade

    from tests.world import gather

    source.prepare()
    app = create_app(environment(source, folder))
    app.testing = True
    with app.app_context():
        upgrade()
        with transaction():
            load_everything(now=clock.now())
        close_connections()
        source.keep(EMPTY)
        gather()
        close_connections()
        source.keep(PEOPLED)
    return app


def close_connections() -> None:
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()
