"""How long people wait for committees: counted when what they waited for comes, and shown with how sure it is."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, cast, exists, insert, literal, select, update

from dialog.db import db, local_day
from dialog.plan.models import Committee
from dialog.response.models import Coverage, Matter, Response, WaitSum, Workload
from dialog.response.rules import LONGEST_COUNTED_DAYS, PASS_ON_WITHIN_DAYS, Kept, MatterState, Wait, kept_of
from dialog.workdays import working_days_between

Waited = tuple[int, bool]  # working days, and whether that was in time


def days_waited(since: datetime, until: datetime) -> int:
    """Working days from one moment to another; what is very long counts as `LONGEST_COUNTED_DAYS`."""
    return min(working_days_between(local_day(since), local_day(until)), LONGEST_COUNTED_DAYS)


def count_passed_on(committee_id: int, days: int) -> None:
    """A moderator has passed a comment on to a committee after so many working days, at least one.

    What is passed on the same day is counted with the comment itself (see operations.open_matter).
    """
    _add(committee_id, Wait.PASSED_ON, Counter({(days, days <= PASS_ON_WITHIN_DAYS): 1}))


def count_answered(response: Response, now: datetime) -> None:
    """An answer is published: count how long each comment has waited for it. Before its matters are answered."""
    due = db.session.execute(
        select(Coverage.id, Matter.opened_at, Matter.reopened_at, Matter.due_on)
        .join(Matter, Matter.id == Coverage.matter_id)
        .where(Coverage.response_id == response.id, Matter.state == MatterState.DUE)
    ).all()
    waited = {
        row.id: (days_waited(row.reopened_at or row.opened_at, now), local_day(now) <= row.due_on)
        for row in due
    }
    if waited:
        rows = [{"id": key, "waited_days": days, "in_time": was} for key, (days, was) in waited.items()]
        db.session.execute(update(Coverage), rows)
        _add(response.committee_id, Wait.ANSWERED, Counter(waited.values()))


_sum = WaitSum.__table__.c
# PostgreSQL doesn't guess the type of what stands in two places.
_KEY = {
    name: cast(bindparam(f"of_{name}", type_=_sum[name].type), _sum[name].type)
    for name in ("committee_id", "wait", "days", "in_time")
}
_IS_IT = and_(*(_sum[name] == value for name, value in _KEY.items()))
_BEGIN = insert(WaitSum.__table__).from_select(  # type: ignore[arg-type]
    [*_KEY, "comments"], select(*_KEY.values(), literal(0)).where(~exists().where(_IS_IT))
)
_RAISE = (
    update(WaitSum.__table__).where(_IS_IT).values(comments=_sum.comments + bindparam("more"))  # type: ignore[arg-type]
)


def _add(committee_id: int, wait: Wait, numbers: Mapping[Waited, int]) -> None:
    """Raise the sums. As many statements whatever there is to add."""
    keys = [
        {"of_committee_id": committee_id, "of_wait": wait, "of_days": days, "of_in_time": was}
        for days, was in numbers
    ]
    db.session.execute(_BEGIN, keys)
    db.session.execute(
        _RAISE, [key | {"more": more} for key, more in zip(keys, numbers.values(), strict=True)]
    )


class Record(NamedTuple):
    """What a committee has been asked and how it has kept what is promised; None where too few can be measured."""

    asked: int
    passed_on: Kept | None  # by the moderators, within the two working days that are promised
    answered: Kept | None  # by the committee, within what it promises; what is late now counts as not in time


def record_of(committee: Committee, late: int) -> Record:
    """The record of a committee that has so many late now."""
    load = db.session.get(Workload, committee.id)
    waits: dict[Wait, dict[Waited, int]] = {wait: {} for wait in Wait}
    for row in db.session.scalars(select(WaitSum).where(WaitSum.committee_id == committee.id)):
        waits[row.wait][row.days, row.in_time] = row.comments
    if load is not None and load.passed_on_at_once:
        waits[Wait.PASSED_ON][0, True] = load.passed_on_at_once
    return Record(
        asked=load.asked if load else 0,
        passed_on=kept_of(waits[Wait.PASSED_ON]),
        answered=kept_of(waits[Wait.ANSWERED], overdue=late),
    )
