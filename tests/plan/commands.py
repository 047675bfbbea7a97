"""What the tests of the commands share: running them, the export, and everything the database holds."""

import contextvars
import json
from contextlib import contextmanager
from pathlib import Path

from flask import has_app_context
from sqlalchemy import select, text

from dialog.db import Base, db, transaction
from tests.plan.samples.reading import document, sample

BUDGET, WEB_PAGE = "kommunovergripande-mal-2023.txt", "naringsliv-och-tillvaxt-2024.txt"
OURS = {BUDGET: "budget_2023.txt", WEB_PAGE: "web_page_2024.txt"}


def run(app, *arguments: object):
    """Run a command as from a shell: in a context of its own. Gives click's result."""
    runner = app.test_cli_runner()
    result = contextvars.Context().run(runner.invoke, args=[str(one) for one in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    if has_app_context():
        db.session.rollback()
        db.session.expire_all()  # what the test reads next is what the command left behind
    return result


def take_in(app, folder: Path, *texts: str) -> str:
    """Import the texts, each as a file; gives what the command said."""
    files = []
    for number, words in enumerate(texts):
        files.append(folder / f"document-{number}.txt")
        files[-1].write_text(words, encoding="utf-8")
    result = run(app, "plan", "import", *files)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def exported(app, year: int) -> dict:
    result = run(app, "plan", "export", "--year", year)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def text_of(name: str, whose: str) -> str:
    """One of the two documents: the municipality's own, or ours in the same form."""
    return document(name) if whose == "theirs" else sample(OURS[name])


def everything(app) -> dict[str, list[tuple]]:
    """Every row of every table."""
    with app.app_context():
        return {
            table.name: sorted(db.session.execute(select(table)).all(), key=repr)
            for table in Base.metadata.sorted_tables
        }


def empty(app) -> None:
    """Leave what `db upgrade` alone leaves: the tables, without a row."""
    with app.app_context(), transaction(), _log_unprotected():
        for table in reversed(Base.metadata.sorted_tables):
            db.session.execute(table.delete())
        db.session.execute(text("DELETE FROM search_index"))
    assert not any(everything(app).values())


@contextmanager
def _log_unprotected():
    """Let rows of the log be taken away, in the open transaction."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
        yield
        return
    triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'"
    protection = db.session.execute(text(triggers)).all()
    for name, _ in protection:
        db.session.execute(text(f"DROP TRIGGER {name}"))
    yield
    for _, sql in protection:
        db.session.execute(text(sql))
