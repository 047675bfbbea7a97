"""What the tests of the commands share: running them, the export, and everything the database holds."""

import contextvars
import json
from pathlib import Path

from flask import has_app_context
from sqlalchemy import select

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
    for number, text in enumerate(texts):
        files.append(folder / f"document-{number}.txt")
        files[-1].write_text(text, encoding="utf-8")
    result = run(app, "plan", "import", *files)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def exported(app, year: int) -> dict:
    result = run(app, "plan", "export", "--year", year, "--format", "json")
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
    """Leave what `db upgrade` alone leaves: the tables, without a row. To be done before anything is logged."""
    with app.app_context(), transaction():
        for table in reversed(Base.metadata.sorted_tables):
            if table.name != "event":
                db.session.execute(table.delete())
    assert not any(everything(app).values())
