"""Reading for a meeting what everybody may read: what reached a committee in a period, was answered, and is late."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import joinedload

from dialog.conversation.models import Comment
from dialog.conversation.queries import with_what_is_shown
from dialog.conversation.rules import Kind
from dialog.db import STOCKHOLM, db
from dialog.meetings.models import Meeting
from dialog.meetings.rules import MOST_COMMENTS, MOST_TO_TICK, Period
from dialog.plan.models import Assignment, Committee, Goal
from dialog.response.delays import delays_of
from dialog.response.models import Delay, Matter
from dialog.response.queries import Standing, standings, with_comment
from dialog.response.rules import MatterState
from dialog.stances.queries import Shown, stances_among

_GONE = (MatterState.CLOSED, MatterState.REMOVED)


class Sum(NamedTuple):
    """How many comments of one kind, by persons or organisations, a committee has had on one goal or assignment.

    Counts of comments that everybody can read one by one, so none is too small to be shown.
    """

    goal: Goal
    assignment: Assignment | None
    kind: Kind
    by_organisations: bool
    received: int  # in the period
    answered: int  # in the period
    waiting: int  # now, and so are those below
    late: int
    very_late: int


@dataclass(frozen=True)
class Item:
    """A comment of an annex with what everybody may know of where it stands, and of what people think of it."""

    matter: Matter
    standing: Standing
    stances: Shown
    delay: Delay | None  # what the committee said last of why its answer takes longer, while it is owed


class LateMatter(NamedTuple):
    """What a committee should have answered by now."""

    number: str
    goal: Goal
    due_on: date
    very_late_on: date


@dataclass(frozen=True)
class Annex:
    """What a committee has before it about a period. `left_out` is how many comments there was no room for."""

    committee: Committee
    period: Period
    today: date
    sums: Sequence[Sum]
    items: Sequence[Item]
    late: Sequence[LateMatter]
    left_out: int


def annex_of(committee: Committee, period: Period, today: date) -> Annex:
    """The annex to a committee's meeting, in a constant number of queries. Of too many comments the newest are kept."""
    sums = sums_of(committee, period, today)
    matters = db.session.scalars(_matters(committee, period).limit(MOST_COMMENTS)).all()
    number = db.session.scalar(select(func.count()).select_from(_ids(committee, period).subquery())) or 0
    items = sorted(_items(matters), key=_place)
    return Annex(committee, period, today, sums, items, _late(committee, today), number - len(items))


def sums_of(committee: Committee, period: Period, today: date) -> Sequence[Sum]:
    """How many comments reached the committee, were answered and wait, by what they are about and who wrote them."""
    since, until = _moments(period)
    is_due = Matter.state == MatterState.DUE
    counted = {
        "received": Matter.opened_at.between(since, until),
        "answered": Matter.answered_at.between(since, until),
        "waiting": is_due,
        "late": is_due & (Matter.due_on < today),
        "very_late": is_due & (Matter.very_late_on < today),
    }
    is_organisation = Comment.organisation_id.is_not(None)
    rows = (
        select(
            Comment.goal_id,
            Comment.assignment_id,
            Comment.kind,
            is_organisation.label("by_organisations"),
            *(func.sum(case((condition, 1), else_=0)).label(name) for name, condition in counted.items()),
        )
        .select_from(Matter)
        .join(Comment, Comment.id == Matter.comment_id)
        .where(_is_theirs(committee), or_(*counted.values()))
        .group_by(Comment.goal_id, Comment.assignment_id, Comment.kind, is_organisation)
        .subquery()
        .c
    )
    found = db.session.execute(
        select(Goal, Assignment, *(rows[name] for name in Sum._fields[2:]))
        .select_from(Goal)
        .join(rows.goal_id.table, rows.goal_id == Goal.id)
        .outerjoin(Assignment, Assignment.id == rows.assignment_id)
        .order_by(Goal.year.desc(), Goal.position, Assignment.position, rows.kind, rows.by_organisations)
    )
    return [Sum(*row) for row in found]


def items_in_parts(committee: Committee, period: Period) -> Iterator[Sequence[Item]]:
    """All that belongs in an annex, however much, the newest first, a part at a time."""
    before = None
    while True:
        statement = _matters(committee, period)
        if before is not None:
            statement = statement.where(Matter.id < before)
        matters = db.session.scalars(statement.limit(MOST_COMMENTS)).all()
        if matters:
            yield _items(matters)
        if len(matters) < MOST_COMMENTS:
            return
        before = matters[-1].id


def _is_theirs(committee: Committee) -> ColumnElement[bool]:
    return (Matter.committee_id == committee.id) & Matter.state.not_in(_GONE) & Comment.is_public


def _moments(period: Period) -> tuple[datetime, datetime]:
    """The first and the last moment of a period, in Sweden's time."""
    first = datetime.combine(period.since, time.min, STOCKHOLM)
    return first, datetime.combine(
        period.until + timedelta(days=1), time.min, STOCKHOLM
    ) - timedelta.resolution


def _ids(committee: Committee, period: Period) -> Select[int]:
    """What reached the committee in the period, or was answered by it then; and what waits is of every meeting."""
    within = _moments(period)
    belongs = or_(Matter.opened_at.between(*within), Matter.answered_at.between(*within))
    return (
        select(Matter.id).join(Comment, Comment.id == Matter.comment_id).where(_is_theirs(committee), belongs)
    )


def _matters(committee: Committee, period: Period) -> Select[Matter]:
    return (
        select(Matter)
        .where(Matter.id.in_(_ids(committee, period)))
        .order_by(Matter.id.desc())
        .options(
            joinedload(Matter.comment).options(joinedload(Comment.words), *with_what_is_shown()),
            joinedload(Matter.committee),
            joinedload(Matter.forwarded_to),
        )
    )


def _items(matters: Sequence[Matter]) -> Sequence[Item]:
    comments = [matter.comment for matter in matters]
    standing, stances, delays = standings(comments), stances_among(comments, None), delays_of(matters)
    return [
        Item(
            one,
            standing[one.comment_id],
            stances[one.comment_id][0],
            next(reversed(delays.get(one.id, [])), None) if one.state == MatterState.DUE else None,
        )
        for one in matters
    ]


def _place(item: Item) -> tuple[int, int, int, int]:
    """Where an item stands: the newest plan first, goals and assignments as in the plan, then as they came."""
    comment = item.matter.comment
    on = comment.assignment.position if comment.assignment else -1
    return -comment.goal.year, comment.goal.position, on, comment.id


def _late(committee: Committee, today: date) -> Sequence[LateMatter]:
    rows = db.session.execute(
        select(Comment.number, Goal, Matter.due_on, Matter.very_late_on)
        .select_from(Matter)
        .join(Comment, Comment.id == Matter.comment_id)
        .join(Goal, Goal.id == Comment.goal_id)
        .where(_is_theirs(committee), Matter.state == MatterState.DUE, Matter.due_on < today)
        .order_by(Matter.due_on, Matter.id)
        .limit(MOST_COMMENTS)
    )
    return [LateMatter(*row) for row in rows]


def last_meeting(committee: Committee, today: date) -> date | None:
    """The day of the committee's last meeting on record before `today`."""
    return db.session.scalar(
        select(func.max(Meeting.held_on)).where(Meeting.committee_id == committee.id, Meeting.held_on < today)
    )


def matters_to_decide(committee: Committee) -> dict[Goal, list[Matter]]:
    """The most urgent of what waits at the committee, under their goals."""
    matters = db.session.scalars(
        select(Matter)
        .join(Comment, Comment.id == Matter.comment_id)
        .where(_is_theirs(committee), Matter.state == MatterState.DUE)
        .order_by(Matter.due_on, Matter.id)
        .limit(MOST_TO_TICK)
        .options(*with_comment())
    )
    result: dict[Goal, list[Matter]] = {}
    for matter in matters:
        result.setdefault(matter.comment.goal, []).append(matter)
    return result
