"""Reading dialogues: what is asked about a goal or an assignment, and what a committee has under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import joinedload

from dialog.db import ask, constant, db, local_day
from dialog.dialogues.models import Dialogue, EarlierReport
from dialog.dialogues.rules import FREE, DialogueState, Phase, Ruling, phase, phase_then
from dialog.events import Event
from dialog.plan.models import Assignment, Committee, Goal

REPORTED_AT_A_TIME = 20
_SHOWN = (
    select(Dialogue)
    .where(Dialogue.state != DialogueState.DRAFT)
    .options(joinedload(Dialogue.goal), joinedload(Dialogue.assignment), joinedload(Dialogue.committee))
)
_OPENED = (
    select(Dialogue)
    .where(Dialogue.goal_id == bindparam("goal_id"), Dialogue.state != constant(DialogueState.DRAFT))
    .options(joinedload(Dialogue.committee))
    .order_by(Dialogue.id)
)


def dialogue_on(goal: Goal, assignment: Assignment | None = None) -> Dialogue | None:
    """The dialogue that rules what is said about an assignment (its own, else its goal's) or a goal.

    None where none has been opened: then anything may be said at any time.
    """
    opened = db.session.scalars(_OPENED, {"goal_id": goal.id}).all()
    newest = {dialogue.assignment_id: dialogue for dialogue in opened}
    own = newest.get(assignment.id) if assignment else None
    return own or newest.get(None)


def ruling_of(dialogue: Dialogue | None, today: date) -> Ruling:
    """What rules what is said today, by the dialogue that rules it."""
    if dialogue is None:
        return FREE
    return Ruling(dialogue.phase(today), dialogue.level, dialogue.pre_moderated, dialogue.real_names_only)


def dialogues_of(committee: Committee) -> Sequence[Dialogue]:
    """All dialogues of a committee, the newest first."""
    return db.session.scalars(
        select(Dialogue)
        .where(Dialogue.committee_id == committee.id)
        .options(joinedload(Dialogue.goal), joinedload(Dialogue.assignment))
        .order_by(Dialogue.id.desc())
    ).all()


def dialogue_of(committee: Committee, dialogue_id: int) -> Dialogue | None:
    """The committee's dialogue with this id."""
    return db.session.scalar(
        select(Dialogue)
        .where(Dialogue.id == dialogue_id, Dialogue.committee_id == committee.id)
        .options(joinedload(Dialogue.goal), joinedload(Dialogue.assignment), joinedload(Dialogue.committee))
    )


def public_dialogue(dialogue_id: int) -> Dialogue | None:
    """The dialogue with this id, if it has opened."""
    return db.session.scalar(_SHOWN.where(Dialogue.id == dialogue_id))


def earlier_reports(dialogue: Dialogue) -> Sequence[EarlierReport]:
    """What a dialogue's report said before, the newest first."""
    about = select(EarlierReport).where(EarlierReport.dialogue_id == dialogue.id)
    return db.session.scalars(about.order_by(EarlierReport.number.desc())).all()


def current_dialogues(today: date) -> dict[Phase, list[Dialogue]]:
    """What has opened and isn't reported back, by where it stands on the day `today`; what comes first stands first."""
    found = db.session.scalars(
        _SHOWN.where(Dialogue.state != DialogueState.REPORTED_BACK).order_by(Dialogue.closes_on, Dialogue.id)
    )
    current: dict[Phase, list[Dialogue]] = {one: [] for one in Phase if one != Phase.REPORTED}
    for dialogue in found:
        if now := dialogue.phase(today):
            current[now].append(dialogue)
    return current


@dataclass(frozen=True)
class ReportedPage:
    """Some dialogues that are reported back, newest first, and where the next page starts (None on the last)."""

    dialogues: Sequence[Dialogue]
    next_cursor: int | None


def reported_dialogues(*, before: int | None = None) -> ReportedPage:
    """A page of the dialogues that are reported back, those after the one with the id `before`."""
    reported = _SHOWN.where(Dialogue.state == DialogueState.REPORTED_BACK).order_by(Dialogue.id.desc())
    if before is not None:
        reported = reported.where(Dialogue.id < before)
    found = db.session.scalars(reported.limit(REPORTED_AT_A_TIME + 1)).all()
    shown = found[:REPORTED_AT_A_TIME]
    return ReportedPage(shown, shown[-1].id if len(found) > REPORTED_AT_A_TIME else None)


class Feedback(NamedTuple):
    """How a committee has kept what it promised of feedback: numbers of its dialogues."""

    in_time: int
    late: int  # reported back, and after the day
    missing: int  # the day has passed without it


def feedback_of(committee: Committee, today: date) -> Feedback:
    """How a committee has kept its promises of feedback up to the day `today`."""
    promised = db.session.execute(
        select(Dialogue.state, Dialogue.feedback_on, Dialogue.reported_at).where(
            Dialogue.committee_id == committee.id,
            Dialogue.state != DialogueState.DRAFT,
            or_(Dialogue.feedback_on < today, Dialogue.state == DialogueState.REPORTED_BACK),
        )
    ).all()
    reported = [(one.feedback_on, local_day(one.reported_at)) for one in promised if one.reported_at]
    in_time = sum(day <= promised_on for promised_on, day in reported)
    return Feedback(in_time, len(reported) - in_time, len(promised) - len(reported))


def current_dialogue(goal: Goal, assignment: Assignment | None) -> Dialogue | None:
    """The dialogue about exactly this that hasn't been reported back, drafts included; there is one at the most."""
    return db.session.scalar(
        select(Dialogue).where(
            Dialogue.goal_id == goal.id,
            Dialogue.assignment_id == (assignment.id if assignment else None),
            Dialogue.state != DialogueState.REPORTED_BACK,
        )
    )


_dialogue = Dialogue.__table__.c
_RULING = (
    select(
        _dialogue.id,
        _dialogue.opened_at,
        _dialogue.state,
        _dialogue.level,
        _dialogue.closes_on,
        _dialogue.feedback_on,
        _dialogue.pre_moderated,
        _dialogue.real_names_only,
    )
    .where(
        _dialogue.goal_id == bindparam("goal_id"),
        or_(_dialogue.assignment_id.is_(None), _dialogue.assignment_id == bindparam("assignment_id")),
        _dialogue.state != constant(DialogueState.DRAFT),
    )
    .order_by(_dialogue.assignment_id.is_(None), _dialogue.id.desc())
    .limit(constant(1))
)


def ruling(goal_id: int, assignment_id: int | None, today: date) -> Ruling:
    """What rules a comment on an assignment (its own dialogue, else its goal's) or on a goal, as it stands now."""
    row = ask(_RULING, goal_id=goal_id, assignment_id=assignment_id).first()
    if row is None:
        return FREE
    now = phase(row.state, row.closes_on, row.feedback_on, today)
    return Ruling(now, row.level, row.pre_moderated, row.real_names_only)


_CLOSED_AT = (
    select(Event.at)
    .where(
        Event.subject_type == "dialogue",
        Event.subject_id == bindparam("dialogue_id"),
        Event.kind == "dialogue.closed",
    )
    .order_by(Event.id.desc())
    .limit(1)
)


def ruling_then(goal_id: int, assignment_id: int | None, received_on: date) -> Ruling:
    """What rules a comment that came on `received_on` by another way than the web, and is put on record now."""
    row = ask(_RULING, goal_id=goal_id, assignment_id=assignment_id).first()
    if row is None:
        return FREE
    last_day = row.closes_on
    if row.state != DialogueState.OPEN:
        closed_at: datetime | None = ask(_CLOSED_AT, dialogue_id=row.id).scalar()
        last_day = min(last_day, local_day(closed_at)) if closed_at else last_day
    then = phase_then(local_day(row.opened_at), last_day, received_on)
    return Ruling(then, row.level, row.pre_moderated, row.real_names_only)
