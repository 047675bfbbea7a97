"""Reading what committees say of how their assignments go, and what waits for somebody to say what it is about."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from dialog.db import db
from dialog.plan.models import Assignment, Committee, FollowUp, Goal
from dialog.plan.rules import EXECUTIVE_BOARD, Period

MOST_SHOWN = 100  # rows on a page; as they are settled, others take their place


def _theirs(committee: Committee) -> ColumnElement[bool]:
    """What is for a committee to say; the executive board's is also what names no committee that is known."""
    own = FollowUp.committee_id == committee.id
    return or_(own, FollowUp.committee_id.is_(None)) if committee.code == EXECUTIVE_BOARD else own


def doubtful(committee: Committee) -> Sequence[FollowUp]:
    """The rows that a committee is to say the assignment of, as they stood in what was published."""
    return _without_assignment(committee, FollowUp.settled_at.is_(None))


def set_aside(committee: Committee) -> Sequence[FollowUp]:
    """The rows that a committee has said are about no assignment here."""
    return _without_assignment(committee, FollowUp.settled_at.is_not(None))


def _without_assignment(committee: Committee, condition: ColumnElement[bool]) -> Sequence[FollowUp]:
    rows = select(FollowUp).where(
        _theirs(committee), FollowUp.assignment_id.is_(None), FollowUp.replaced_at.is_(None), condition
    )
    return db.session.scalars(rows.order_by(FollowUp.id).limit(MOST_SHOWN)).all()


def follow_up_of(committee: Committee, follow_up_id: int) -> FollowUp | None:
    """The published row with this id, if it is for the committee to say what it is about."""
    return db.session.scalar(
        select(FollowUp)
        .where(
            FollowUp.id == follow_up_id,
            _theirs(committee),
            FollowUp.replaced_at.is_(None),
            FollowUp.written_by_id.is_(None),
        )
        .options(joinedload(FollowUp.assignment))
    )


class Account(NamedTuple):
    """An assignment of a committee, and what it says of how it goes in a period, if it says anything."""

    assignment: Assignment
    follow_up: FollowUp | None


def accounts(committee: Committee, year: int, period: Period) -> list[Account]:
    """How each of a committee's assignments of a year goes, as in the plan."""
    found = db.session.scalars(
        select(Assignment)
        .join(Goal)
        .where(
            Assignment.committees.any(Committee.id == committee.id),
            Assignment.withdrawn_at.is_(None),
            Goal.year == year,
        )
        .order_by(Goal.position, Assignment.position)
    ).all()
    said = select(FollowUp).where(
        FollowUp.assignment_id.in_([one.id for one in found]),
        FollowUp.committee_id == committee.id,
        FollowUp.period == period,
        FollowUp.replaced_at.is_(None),
    )
    of = {one.assignment_id: one for one in db.session.scalars(said.order_by(FollowUp.id))}
    return [Account(one, of.get(one.id)) for one in found]


def years_of(committee: Committee) -> Sequence[int]:
    """The years in whose plans a committee has assignments, the newest first."""
    years = (
        select(Goal.year)
        .join(Assignment, Assignment.goal_id == Goal.id)
        .where(Assignment.committees.any(Committee.id == committee.id), Assignment.withdrawn_at.is_(None))
        .distinct()
    )
    return db.session.scalars(years.order_by(Goal.year.desc())).all()


def assignment_of(committee: Committee, assignment_id: int) -> Assignment | None:
    """The committee's assignment with this id, as it stands in the plan."""
    return db.session.scalar(
        select(Assignment)
        .where(
            Assignment.id == assignment_id,
            Assignment.committees.any(Committee.id == committee.id),
            Assignment.withdrawn_at.is_(None),
        )
        .options(joinedload(Assignment.goal))
    )
