"""The clock and the states of what a committee owes an answer to, and of the answer itself."""

from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import holidays

from dialog.states import Table, Transition

VERY_LATE_DAYS = 20


class MatterState(StrEnum):
    """Where one comment stands at one committee."""

    DUE = "due"
    ANSWERED = "answered"
    FORWARDED = "forwarded"
    CLOSED = "closed"  # the comment was hidden or withdrawn before it was answered


class Lateness(StrEnum):
    IN_TIME = "in_time"
    DUE_TODAY = "due_today"
    LATE = "late"
    VERY_LATE = "very_late"


class ResponseState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


UNPUBLISHED = (ResponseState.DRAFT, ResponseState.IN_REVIEW)


class Outcome(StrEnum):
    """What the committee decided about what was said."""

    WILL_DO = "will_do"
    ALREADY_DONE = "already_done"
    PARTLY = "partly"
    BEING_INVESTIGATED = "being_investigated"
    WILL_NOT = "will_not"
    NOT_OURS = "not_ours"


MATTER_MOVES: Table[MatterState] = {
    (MatterState.DUE, MatterState.ANSWERED): Transition("answer", tells_author=True),
    (MatterState.DUE, MatterState.FORWARDED): Transition("forward", needs_reason=True, tells_author=True),
    (MatterState.DUE, MatterState.CLOSED): Transition("close"),
    (MatterState.CLOSED, MatterState.DUE): Transition("reopen"),
}

RESPONSE_MOVES: Table[ResponseState] = {
    (ResponseState.DRAFT, ResponseState.IN_REVIEW): Transition("send_to_review"),
    (ResponseState.IN_REVIEW, ResponseState.DRAFT): Transition("send_back"),
    (ResponseState.DRAFT, ResponseState.PUBLISHED): Transition("publish", tells_author=True),
    (ResponseState.IN_REVIEW, ResponseState.PUBLISHED): Transition("publish", tells_author=True),
    (ResponseState.PUBLISHED, ResponseState.SUPERSEDED): Transition("supersede"),
}


@cache
def _holidays(year: int) -> frozenset[date]:
    # The eves of midsummer, Christmas and New Year are days off for those who answer (de facto holidays).
    return frozenset(holidays.country_holidays("SE", years=year, categories=("public", "de_facto")))


def is_working_day(day: date) -> bool:
    """Whether the municipality's offices work this day: not a weekend, a public holiday or one of the eves."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def after_working_days(start: date, days: int) -> date:
    """The day that lies `days` working days after `start`; the day after `start` is the first to count."""
    day = start
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start` up to and with `end`; 0 when `end` isn't after `start`."""
    return sum(is_working_day(start + timedelta(days=n + 1)) for n in range((end - start).days))


def lateness(due_on: date, very_late_on: date, today: date) -> Lateness:
    """How a matter that isn't answered yet stands on the day `today`. The due day itself is still in time."""
    if today > very_late_on:
        return Lateness.VERY_LATE
    if today > due_on:
        return Lateness.LATE
    return Lateness.DUE_TODAY if today == due_on else Lateness.IN_TIME
