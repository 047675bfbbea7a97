"""A fresh database for every test, copied from one that has been migrated and filled with the register.

There are two to copy: EMPTY, without anybody in it, and PEOPLED, with the cast of `world`.
"""

import os
import shutil
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


@dataclass
class SqliteSource:
    """Copies a file."""

    folder: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'dialog.db'}"

    def prepare(self) -> None:
        pass

    def keep(self, name: str) -> None:
        shutil.copy(self.folder / "dialog.db", self.folder / f"{name}.db")

    def renew(self, name: str) -> None:
        for leftover in self.folder.glob("dialog.db-*"):
            leftover.unlink()
        shutil.copy(self.folder / f"{name}.db", self.folder / "dialog.db")

    def remove(self) -> None:
        pass


@dataclass
class PostgresSource:
    """Puts the rows back as they were, and makes the database anew where more than rows has changed."""

    name: str

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
        """Keep the rows there are under `name`; the last time, and all of it, to make the database anew from."""
        _run(self.url, KEEP_ROWS.replace("kept", name))
        _run(POSTGRES, f"DROP DATABASE IF EXISTS {self.name}_template WITH (FORCE)")
        _run(POSTGRES, f"CREATE DATABASE {self.name}_template TEMPLATE {self.name}")

    def renew(self, name: str) -> None:
        if not self._is_as_made():
            self._make_anew()
        _run(self.url, PUT_ROWS_BACK.replace("kept", name))

    def _is_as_made(self) -> bool:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(LOG_IS_PROTECTED).fetchone()[0] == 1

    def remove(self) -> None:
        _run(
            POSTGRES,
            f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)",
            f"DROP DATABASE IF EXISTS {self.name}_template WITH (FORCE)",
        )

    def _make_anew(self) -> None:
        _run(
            POSTGRES,
            f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)",
            f"CREATE DATABASE {self.name} TEMPLATE {self.name}_template",
            self._wait_for_no_disk,
        )


def _run(address: str, *statements: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


# A test may have taken away what protects the log, to see what is found then.
LOG_IS_PROTECTED = "SELECT count(*) FROM pg_trigger WHERE tgname = 'event_refuses_change' AND tgenabled = 'O'"
KEEP_ROWS = """
DO $$ DECLARE one text; BEGIN
  CREATE SCHEMA kept;
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', one);
  END LOOP;
END $$
"""
PUT_ROWS_BACK = """
DO $$ DECLARE one text; filled boolean; counter text; BEGIN
  SET LOCAL session_replication_role = replica;  -- neither foreign keys nor the log's protection stand in the way
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', one) INTO filled;
    IF filled THEN EXECUTE format('DELETE FROM public.%I', one); END IF;
    EXECUTE format('INSERT INTO public.%1$I SELECT * FROM kept.%1$I', one);
    counter := pg_get_serial_sequence(format('public.%I', one),
      (SELECT column_name FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name = one AND column_name = 'id'));
    IF counter IS NOT NULL THEN
      EXECUTE format('SELECT setval(%L, coalesce((SELECT max(id) FROM public.%I), 0) + 1, false)', counter, one);
    END IF;
  END LOOP;
END $$
"""


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
