"""The doctor: looks the whole service through, says of each thing how it is, and changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import click
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_babel import gettext, ngettext
from sqlalchemy import Select, String, and_, case, cast, func, or_, select, text
from sqlalchemy.orm import aliased

from dialog import events
from dialog.commitments.models import Commitment, CommitmentSum
from dialog.conversation.models import Comment
from dialog.conversation.rules import Act
from dialog.db import clock, db
from dialog.formats import number
from dialog.moderation.models import Decision, Flag, LogTally, WatchTally
from dialog.moderation.watching_rules import FlagState
from dialog.notify.models import Letter
from dialog.notify.rules import LetterState
from dialog.plan.models import Assignment, Goal, Paragraph
from dialog.records.queries import badly_sealed
from dialog.response.models import Matter, Workload
from dialog.response.rules import MatterState

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
    for name, there_are in _COUNTERS.items():
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


def _of_comments(model: Any, column: Any) -> Select[Any]:
    """The ids of the rows of `model` whose comments, all, by organisations or answered, aren't as many as it says."""
    there_are = (
        select(
            column.label("about"),
            func.count().label("shown"),
            func.count(Comment.organisation_id).label("by_organisations"),
            func.count(Comment.answered_at).label("answered"),
        )
        .where(Comment.is_public, column.is_not(None))
        .group_by(column)
        .subquery()
        .c
    )
    is_wrong = or_(
        model.comment_count != func.coalesce(there_are.shown, 0),
        model.by_organisations != func.coalesce(there_are.by_organisations, 0),
        model.answered_count != func.coalesce(there_are.answered, 0),
    )
    return select(model.id).outerjoin(there_are.about.table, there_are.about == model.id).where(is_wrong)


def _of_paragraphs() -> Select[Any]:
    there_are = (
        select(
            Paragraph.first_id.label("about"),
            func.count().label("shown"),
            func.count(Comment.organisation_id).label("by_organisations"),
        )
        .join(Comment, Comment.paragraph_id == Paragraph.id)
        .where(Comment.is_public)
        .group_by(Paragraph.first_id)
        .subquery()
        .c
    )
    is_wrong = or_(
        Paragraph.comment_count != func.coalesce(there_are.shown, 0),
        Paragraph.by_organisations != func.coalesce(there_are.by_organisations, 0),
    )
    return (
        select(Paragraph.id)
        .outerjoin(there_are.about.table, there_are.about == Paragraph.id)
        .where(Paragraph.lineage_id.is_(None), is_wrong)
    )


def _of_replies() -> Select[Any]:
    reply = aliased(Comment)
    there_are = (
        select(
            reply.parent_id.label("about"),
            func.count().label("shown"),
            func.count(reply.organisation_id).label("by_organisations"),
        )
        .where(reply.is_public, reply.parent_id.is_not(None))
        .group_by(reply.parent_id)
        .subquery()
        .c
    )
    return (
        select(Comment.id)
        .outerjoin(there_are.about.table, there_are.about == Comment.id)
        .where(
            or_(
                Comment.reply_count != func.coalesce(there_are.shown, 0),
                Comment.replies_by_organisations != func.coalesce(there_are.by_organisations, 0),
            )
        )
    )


def _of_workloads() -> Select[Any]:
    due, answered = (
        func.coalesce(func.sum(case((Matter.state == state, 1), else_=0)), 0)
        for state in (MatterState.DUE, MatterState.ANSWERED)
    )
    return (
        select(Workload.committee_id)
        .outerjoin(Matter, Matter.committee_id == Workload.committee_id)
        .group_by(Workload.committee_id, Workload.waiting, Workload.answered, Workload.asked)
        .having(
            ~and_(
                Workload.waiting == due,
                Workload.answered == answered,
                Workload.asked == func.count(Matter.id),
            )
        )
    )


def _of_commitments() -> Select[Any]:
    """The committees of which there are more or fewer commitments in some state than is counted."""
    there_are = (
        select(Commitment.committee_id, Commitment.state, func.count().label("number"))
        .group_by(Commitment.committee_id, Commitment.state)
        .subquery()
        .c
    )
    same = and_(there_are.committee_id == CommitmentSum.committee_id, there_are.state == CommitmentSum.state)
    counted = select(CommitmentSum.committee_id).outerjoin(there_are.state.table, same)
    return counted.where(CommitmentSum.commitments != func.coalesce(there_are.number, 0))


def _of_the_log() -> Select[Any]:
    """What the public log sums up in another number than there are decisions: by the act or the ground."""
    what = case((Decision.act == Act.HIDE, cast(Decision.ground, String)), else_=cast(Decision.act, String))
    there_are = (
        select(
            what.label("about"),
            func.count().label("decisions"),
            func.count(Decision.appealed_at).label("appealed"),
            func.count(Decision.overturned_at).label("overturned"),
        )
        .group_by(what)
        .subquery()
        .c
    )
    counted = [func.sum(column) for column in (LogTally.decisions, LogTally.appealed, LogTally.overturned)]
    found = (there_are.decisions, there_are.appealed, there_are.overturned)
    return (
        select(LogTally.what)
        .outerjoin(there_are.about.table, there_are.about == LogTally.what)
        .group_by(LogTally.what, *found)
        .having(or_(*(one != func.coalesce(other, 0) for one, other in zip(counted, found, strict=True))))
    )


def _of_rules() -> Select[Any]:
    """The rules that are counted as having singled out, been upheld or been overruled in another number than so."""
    states = (FlagState.UPHELD, FlagState.OVERRULED)
    ended = [func.coalesce(func.sum(case((Flag.state == state, 1), else_=0)), 0) for state in states]
    there_are = (
        select(
            Flag.rule_id,
            func.count().label("flagged"),
            *(ended[0].label("upheld"), ended[1].label("overruled")),
        )
        .group_by(Flag.rule_id)
        .subquery()
        .c
    )
    found = (there_are.flagged, there_are.upheld, there_are.overruled)
    counted = [func.sum(column) for column in (WatchTally.flagged, WatchTally.upheld, WatchTally.overruled)]
    return (
        select(WatchTally.rule_id)
        .outerjoin(there_are.rule_id.table, there_are.rule_id == WatchTally.rule_id)
        .group_by(WatchTally.rule_id, *found)
        .having(or_(*(one != func.coalesce(other, 0) for one, other in zip(counted, found, strict=True))))
    )


_COUNTERS: dict[str, Callable[[], Select[Any]]] = {
    "goal": lambda: _of_comments(Goal, Comment.goal_id),
    "assignment": lambda: _of_comments(Assignment, Comment.assignment_id),
    "paragraph": _of_paragraphs,
    "comment.reply_count": _of_replies,
    "workload": _of_workloads,
    "commitment_sum": _of_commitments,
    "log_tally": _of_the_log,
    "watch_tally": _of_rules,
}
