"""Changing the plan and its register: who carries out what, committees and areas, and what pages must be made anew."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update

from dialog import events, states
from dialog.db import ask, changed, db
from dialog.plan.models import Area, Assignment, Committee, Goal, assignment_committee, goal_committee

_goal = Goal.__table__
_CHANGE_SHOWN = (
    update(_goal)  # type: ignore[arg-type]
    .where(_goal.c.id == bindparam("goal_id"))
    .values(
        revision=_goal.c.revision + 1,
        plan_revision=_goal.c.plan_revision + bindparam("by_plan"),
        comment_count=_goal.c.comment_count + bindparam("comments"),
        by_organisations=_goal.c.by_organisations + bindparam("organisations"),
        answered_count=_goal.c.answered_count + bindparam("answered"),
    )
)


def change_shown(
    goal_id: int, *, by_plan: bool = False, comments: int = 0, by_organisations: int = 0, answered: int = 0
) -> None:
    """Say that something public about the goal has changed, so that its kept page is made anew.

    `by_plan`: what the plan itself says has changed, and not only what people say about it. `comments`,
    those of them `by_organisations`, and `answered` are how many more there are to count (fewer, if negative).
    """
    more = {"comments": comments, "organisations": by_organisations, "answered": answered}
    ask(_CHANGE_SHOWN, goal_id=goal_id, by_plan=int(by_plan), **more)


def set_committees(thing: Goal | Assignment, owners: Sequence[Committee]) -> None:
    """Make `owners`, in this order, the committees that carry out an assignment or answer for a goal."""
    table, key = (
        (goal_committee, "goal_id") if isinstance(thing, Goal) else (assignment_committee, "assignment_id")
    )
    db.session.execute(table.delete().where(table.c[key] == thing.id))
    if owners:
        db.session.execute(
            table.insert(),
            [
                {key: thing.id, "committee_id": committee.id, "position": position}
                for position, committee in enumerate(owners, start=1)
            ],
        )
    db.session.expire(thing, ["committees"])


def edit_entry(entry: Committee | Area, *, seen: int, actor_id: int, now: datetime, **values: Any) -> None:
    """Make `values` what the register says of a committee or an area, seen at version `seen`.

    Nothing happens when it says so already. Raises states.Stale when it has come to say something else since.
    """
    db.session.refresh(entry)
    new = {name: value for name, value in values.items() if getattr(entry, name) != value}
    if not new:
        return
    states.change(entry, seen=seen, **new)
    events.record("register.changed", entry, actor_id=actor_id, now=now, details={"fields": sorted(new)})
    # A committee's name stands on many pages.
    changed(update(Goal).values(revision=Goal.revision + 1, plan_revision=Goal.plan_revision + 1))
