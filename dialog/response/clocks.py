"""When an answer is due: the promised working days from the start, with the days on which the clock stands still.

A pause is announced before it begins, and moves what is still to come. What is late stays late, and becomes very late
no later for what is announced then.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from dialog import events
from dialog.conversation.models import Comment
from dialog.db import ask, changed, db, local_day
from dialog.people.models import Person
from dialog.plan.models import Committee
from dialog.plan.operations import change_shown
from dialog.response.models import ClockPause, Matter
from dialog.response.rules import (
    MAY_BE_OWED,
    VERY_LATE_DAYS,
    WhyNoPause,
    WhyNotEnded,
    why_no_pause,
    why_not_ended,
)
from dialog.workdays import Pause, after_working_days, working_days_between

AT_A_TIME = 500  # matters moved by one statement


class NoPause(Exception):
    """The clock can't stand still then; `why` says why not."""

    def __init__(self, why: WhyNoPause) -> None:
        super().__init__(str(why))
        self.why = why


class NotEnded(Exception):
    """A pause can't be ended before its time; `why` says why not."""

    def __init__(self, why: WhyNotEnded) -> None:
        super().__init__(str(why))
        self.why = why


_pause = ClockPause.__table__.c
_PAUSES = select(_pause.starts_on, _pause.ends_on).where(
    _pause.committee_id == bindparam("committee_id"),
    _pause.ends_on >= bindparam("day"),
    _pause.called_off_at.is_(None),
)


def clock_from(now: datetime, answer_days: int, committee_id: int) -> dict[str, Any]:
    """The clock of an answer promised within so many working days from `now`, as columns of a matter."""
    day = local_day(now)
    pauses = [Pause(row.starts_on, row.ends_on) for row in ask(_PAUSES, committee_id=committee_id, day=day)]
    return {**_ends(day, answer_days, pauses), "days_promised": answer_days}


def _ends(day: date, days: int, pauses: Sequence[Pause]) -> dict[str, date]:
    """When an answer promised within `days` working days from `day` is due, and after which day it is very late."""
    due_on = after_working_days(day, days, pauses)
    very_late_on = max(after_working_days(day, VERY_LATE_DAYS, pauses), due_on + timedelta(days=1))
    return {"due_on": due_on, "very_late_on": very_late_on}


def announce_pause(
    committee: Committee, first: date, last: date, reason: str, *, editor: Person, now: datetime
) -> ClockPause:
    """Let a committee's clocks stand still from `first` up to and with `last`. Raises NoPause."""
    if why := why_no_pause(first, last, local_day(now)):
        raise NoPause(why)
    pause = ClockPause(
        committee_id=committee.id,
        starts_on=first,
        ends_on=last,
        reason=reason,
        announced_by_id=editor.id,
        announced_at=now,
    )
    db.session.add(pause)
    db.session.flush()
    _move_what_is_to_come(committee, now)
    _record("committee.pause_announced", pause, editor, now)
    return pause


def call_off_pause(pause: ClockPause, *, editor: Person, now: datetime) -> bool:
    """Let the clocks run as if the pause had never been announced. False if it was called off before.

    Raises NoPause when it has begun: whoever waits has been told of it, and it stands.
    """
    db.session.refresh(pause)
    if pause.called_off_at is not None:
        return False
    if pause.starts_on <= local_day(now):
        raise NoPause(WhyNoPause.BEGUN)
    pause.called_off_at = now
    db.session.flush()
    _move_what_is_to_come(pause.committee, now)
    _record("committee.pause_called_off", pause, editor, now)
    return True


def end_pause(pause: ClockPause, *, editor: Person, now: datetime) -> bool:
    """Let a pause that has begun end with today, so that the clocks run from tomorrow. False if it was ended before.

    Whoever waits gets an earlier day. Raises NotEnded where it hasn't begun, is over or was called off.
    """
    db.session.refresh(pause)
    if pause.ended_early_at is not None:
        return False
    today = local_day(now)
    why = why_not_ended(pause.starts_on, pause.ends_on, today)
    if pause.called_off_at is not None or why is not None:
        raise NotEnded(why or WhyNotEnded.OVER)
    pause.ends_on, pause.ended_early_at = today, now
    db.session.flush()
    _move_what_is_to_come(pause.committee, now)
    _record("committee.pause_ended", pause, editor, now)
    return True


def _record(kind: str, pause: ClockPause, editor: Person, now: datetime) -> None:
    details = {"pause": pause.id, "from": pause.starts_on.isoformat(), "to": pause.ends_on.isoformat()}
    events.record(kind, pause.committee, actor_id=editor.id, now=now, details=details)


def _move_what_is_to_come(committee: Committee, now: datetime) -> None:
    """Reckon anew when each answer is due, and very late; also where the comment is hidden, and may be shown again.

    What is late already only gets back the days of a pause that isn't to be. None of them has been.
    """
    today = local_day(now)
    may_be_owed = (Matter.committee_id == committee.id, Matter.state.in_(MAY_BE_OWED))
    to_come = (*may_be_owed, Matter.very_late_on >= today)
    rows = db.session.execute(
        select(
            Matter.id,
            Matter.comment_id,
            Matter.opened_at,
            Matter.reopened_at,
            Matter.due_on,
            Matter.very_late_on,
            Matter.days_promised,
        ).where(*to_come)
    ).all()
    pauses = [Pause(one.starts_on, one.ends_on) for one in pauses_of([committee.id])]
    moved: dict[tuple[date, date, int], list[Any]] = defaultdict(list)
    for row in rows:
        start = local_day(row.reopened_at or row.opened_at)
        days = row.days_promised or working_days_between(start, row.due_on)
        ends = _ends(start, days, pauses)
        if row.due_on < today:
            ends = {"due_on": row.due_on, "very_late_on": min(row.very_late_on, ends["very_late_on"])}
        if (ends["due_on"], ends["very_late_on"]) != (row.due_on, row.very_late_on):
            moved[ends["due_on"], ends["very_late_on"], days].append(row)
    for (due_on, very_late_on, days), some in moved.items():
        _put_off(some, due_on, very_late_on, days)
    _show([row.comment_id for some in moved.values() for row in some])


def _put_off(rows: Sequence[Any], due_on: date, very_late_on: date, days: int) -> None:
    """Give matters other days, and put on record what was promised where it wasn't: those days say it no longer."""
    for ids in _in_parts([row.id for row in rows]):
        values = {
            "due_on": due_on,
            "very_late_on": very_late_on,
            "days_promised": days,
            "version": Matter.version + 1,
        }
        changed(update(Matter).where(Matter.id.in_(ids)).values(values))


def _show(comment_ids: Sequence[int]) -> None:
    """Have what stands on the comments' cards made anew: the day is there."""
    goals: set[int] = set()
    for ids in _in_parts(comment_ids):
        changed(update(Comment).where(Comment.id.in_(ids)).values(revision=Comment.revision + 1))
        goals |= set(db.session.scalars(select(Comment.goal_id).where(Comment.id.in_(ids)).distinct()))
    for goal_id in sorted(goals):
        change_shown(goal_id)


def _in_parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + AT_A_TIME] for start in range(0, len(ids), AT_A_TIME))


def pauses_of(committee_ids: Iterable[int]) -> Sequence[ClockPause]:
    """The pauses of these committees that weren't called off, the first to begin coming first."""
    statement = select(ClockPause).where(
        ClockPause.committee_id.in_(list(committee_ids)), ClockPause.called_off_at.is_(None)
    )
    return db.session.scalars(statement.order_by(ClockPause.starts_on, ClockPause.id)).all()


def pauses_to_come(committee: Committee, today: date) -> Sequence[ClockPause]:
    """A committee's pauses that aren't over on the day `today`."""
    return [pause for pause in pauses_of([committee.id]) if pause.ends_on >= today]


def pauses_in(matters: Sequence[Matter]) -> dict[int, list[ClockPause]]:
    """The pauses for which the clock of each of `matters` has stood still or will, by the matter's id."""
    pauses = pauses_of({matter.committee_id for matter in matters}) if matters else []
    return {
        matter.id: [
            pause
            for pause in pauses
            if pause.committee_id == matter.committee_id
            and pause.ends_on > local_day(matter.runs_from)
            and pause.starts_on <= matter.due_on
        ]
        for matter in matters
    }


def pause_of(committee: Committee, pause_id: int) -> ClockPause | None:
    """The committee's pause with this id."""
    return db.session.scalar(
        select(ClockPause).where(ClockPause.id == pause_id, ClockPause.committee_id == committee.id)
    )
