"""The doctor: looks the whole service through, says of each thing how it is, and changes nothing."""

from datetime import timedelta

import click
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_babel import gettext, ngettext
from sqlalchemy import func, select, text

from dialog import events
from dialog.counters import COUNTERS
from dialog.db import clock, db
from dialog.formats import number
from dialog.notify.models import Letter
from dialog.notify.rules import LetterState
from dialog.records.queries import badly_sealed

WAIT_FOR_THE_WORKER = timedelta(minutes=15)  # it looks every minute; a long queue takes it some more


def set_up(app: Flask) -> None:
    app.cli.add_command(doctor)


class Ill(Exception):
    """Something is not as it should be. The message says what, and what to do."""


@click.command()
@with_appcontext
def doctor() -> None:
    """Look the whole service through. Ends with 1, and says what is wrong and where, if anything is."""
    wrong = 0
    for check in (_tables, _database, _log, _counts, _seals, _letters):
        try:
            click.echo(f"✓ {check()}")
        except Ill as ill:
            click.echo(f"✗ {ill}", err=True)
            wrong += 1
            if check is _tables:
                break  # nothing else can be asked
    if wrong:
        raise SystemExit(1)


def _tables() -> str:
    """The database is as this version of the code wants it."""
    migrate = current_app.extensions["migrate"].migrate
    wanted = ScriptDirectory.from_config(migrate.get_config()).get_current_head()
    with db.engines["read"].connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        raise Ill(gettext("The database has no tables yet. Make them with the command: prepare"))
    if found != wanted:
        raise Ill(
            gettext(
                "The database is at migration %(found)s and the code at %(wanted)s. Run the command: db upgrade",
                found=found,
                wanted=wanted,
            )
        )
    return gettext("The database is at the newest migration, %(wanted)s.", wanted=wanted)


def _database() -> str:
    """The database itself is sound, and which it is."""
    if db.engine.dialect.name != "sqlite":
        version = db.session.scalar(text("SHOW server_version"))
        return gettext("PostgreSQL %(version)s answers.", version=version)
    problems = [*_problems("PRAGMA quick_check(5)", "ok"), *_problems("PRAGMA foreign_key_check")]
    if problems:
        raise Ill(gettext("The database file is damaged: %(problem)s.", problem=problems[0]))
    version = db.session.scalar(text("SELECT sqlite_version()"))
    return gettext("The database file is sound, by SQLite %(version)s.", version=version)


def _problems(pragma: str, all_is_well: str = "") -> list[str]:
    rows = db.session.execute(text(pragma)).all()
    found = [", ".join(map(str, row)) for row in rows]
    return [] if found == [all_is_well] else found


def _log() -> str:
    broken = events.first_broken()
    if broken is not None:
        raise Ill(
            gettext(
                "The log is broken: row %(id)d doesn't follow from the row before it. "
                "A row has been changed, removed or put in.",
                id=broken,
            )
        )
    rows = db.session.scalar(select(func.count()).select_from(events.Event)) or 0
    return ngettext(
        "The log is whole: %(rows)s row.", "The log is whole: %(rows)s rows.", rows, rows=number(rows)
    )


def _seals() -> str:
    """What personal data was taken out of is neither shown nor found by what it said."""
    wrong = badly_sealed()
    if wrong:
        raise Ill(gettext("What is sealed of %(number)s can be read or found. Hide it.", number=wrong[0]))
    return gettext("Nothing that is sealed can be read or found.")


def _letters() -> str:
    """The worker does its work: no letter that is due has waited long."""
    due = Letter.next_attempt_at <= clock.now() - WAIT_FOR_THE_WORKER
    overdue = db.session.scalar(
        select(func.count()).select_from(Letter).where(Letter.state == LetterState.QUEUED, due)
    )
    if overdue:
        raise Ill(
            ngettext(
                "%(num)d letter has been due for more than %(minutes)d minutes. Does the worker run?",
                "%(num)d letters have been due for more than %(minutes)d minutes. Does the worker run?",
                overdue,
                minutes=WAIT_FOR_THE_WORKER.seconds // 60,
            )
        )
    return gettext("No letter waits longer than it should.")


def _counts() -> str:
    """The counts that pages show are the counts there are."""
    for name, there_are in COUNTERS.items():
        wrong = db.session.scalars(there_are().limit(3)).all()
        if wrong:
            raise Ill(
                gettext(
                    "What is counted in %(name)s isn't what there is, for id %(ids)s.",
                    name=name,
                    ids=", ".join(map(str, wrong)),
                )
            )
    return gettext("Every count that is shown is right.")
