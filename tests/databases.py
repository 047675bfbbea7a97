"""A fresh database for every test, copied from one that has been migrated and filled with the register."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from dialog import create_app
from dialog.db import clock, db, transaction
from dialog.people.cli import load_notices
from dialog.plan import shipped

SECRET = "a secret that only the tests know, and long enough"
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

    def freeze(self) -> None:
        shutil.copy(self.folder / "dialog.db", self.folder / "template.db")

    def renew(self) -> None:
        for leftover in self.folder.glob("dialog.db-*"):
            leftover.unlink()
        shutil.copy(self.folder / "template.db", self.folder / "dialog.db")

    def remove(self) -> None:
        pass


@dataclass
class PostgresSource:
    """Copies a database on the server."""

    name: str

    @property
    def url(self) -> str:
        return make_url(POSTGRES).set(database=self.name).render_as_string(hide_password=False)

    def _run(self, *statements: str) -> None:
        with psycopg.connect(POSTGRES, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]

    def prepare(self) -> None:
        self.remove()
        self._run(f"CREATE DATABASE {self.name}")

    def freeze(self) -> None:
        self._run(f"ALTER DATABASE {self.name} RENAME TO {self.name}_template")

    def renew(self) -> None:
        self._run(
            f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)",
            f"CREATE DATABASE {self.name} TEMPLATE {self.name}_template STRATEGY FILE_COPY",
        )

    def remove(self) -> None:
        self._run(
            f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)",
            f"DROP DATABASE IF EXISTS {self.name}_template WITH (FORCE)",
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
    """The application on a database that is migrated and filled, and frozen to be copied from."""
    from flask_migrate import upgrade

    source.prepare()
    app = create_app(environment(source, folder))
    app.testing = True
    with app.app_context():
        upgrade()
        with transaction():
            shipped.load_register()
            shipped.load_plans(now=clock.now())
            load_notices()
        close_connections()
    source.freeze()
    return app


def close_connections() -> None:
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()
