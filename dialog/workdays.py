"""The days the municipality's offices work, in which promises are counted."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import holidays


@cache
def _holidays(year: int) -> frozenset[date]:
    # The eves of midsummer, Christmas and New Year are days off for those who answer (de facto holidays).
    return frozenset(holidays.country_holidays("SE", years=year, categories=("public", "de_facto")))


def is_working_day(day: date) -> bool:
    """Whether the municipality's offices work this day: not a weekend, a public holiday or one of the eves."""
    return day.weekday() < 5 and day not in _holidays(day.year)


class Pause(NamedTuple):
    """Days on which nobody answers, the last one included."""

    first: date
    last: date


def after_working_days(start: date, days: int, pauses: Sequence[Pause] = ()) -> date:
    """The day that lies `days` working days after `start`; the day after `start` is the first to count.

    A working day in one of the `pauses` doesn't count.
    """
    day = start
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day) and not any(first <= day <= last for first, last in pauses)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start` up to and with `end`; 0 when `end` isn't after `start`."""
    return sum(is_working_day(start + timedelta(days=n + 1)) for n in range((end - start).days))
