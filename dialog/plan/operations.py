"""Changing the plan and its register: who carries out what, committees and areas, and what pages must be made anew."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from dialog import events
from dialog.db import changed, db
from dialog.plan.models import Area, Assignment, Committee, Goal, Plan, assignment_committee


def touch(goal_id: int) -> None:
    """Say that something public about the goal has changed, so that cached pages are made anew."""
    changed(update(Goal).where(Goal.id == goal_id).values(revision=Goal.revision + 1))
    year = select(Goal.year).where(Goal.id == goal_id).scalar_subquery()
    changed(update(Plan).where(Plan.year == year).values(revision=Plan.revision + 1))


def set_committees(assignment: Assignment, owners: Sequence[Committee]) -> None:
    """Make `owners`, in this order, the committees that are to carry out an assignment."""
    table = assignment_committee
    db.session.execute(table.delete().where(table.c.assignment_id == assignment.id))
    if owners:
        db.session.execute(
            table.insert(),
            [
                {"assignment_id": assignment.id, "committee_id": committee.id, "position": position}
                for position, committee in enumerate(owners, start=1)
            ],
        )
    db.session.expire(assignment, ["committees"])


def edit_committee(committee: Committee, *, actor_id: int, now: datetime, **values: Any) -> None:
    """Change a committee's entry in the register."""
    _edit(committee, actor_id, now, values)


def edit_area(area: Area, *, actor_id: int, now: datetime, **values: Any) -> None:
    """Change an area's entry in the register."""
    _edit(area, actor_id, now, values)


def _edit(entry: Committee | Area, actor_id: int, now: datetime, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(entry, name, value)
    db.session.flush()
    events.record("register.changed", entry, actor_id=actor_id, now=now, details={"fields": sorted(values)})
    changed(update(Goal).values(revision=Goal.revision + 1))  # a committee's name stands on many pages
    changed(update(Plan).values(revision=Plan.revision + 1))
