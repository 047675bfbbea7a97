"""The period an annex is about, and how much it holds."""

from dataclasses import dataclass
from datetime import date, timedelta

MOST_COMMENTS = 500  # in a document: more than a meeting reads, and made in about a second
USUAL_DAYS = timedelta(days=30)  # where nobody has said what the period begins with


@dataclass(frozen=True)
class Period:
    """The days an annex is about, the first and the last included."""

    since: date
    until: date


def usual_period(today: date) -> Period:
    """The period of an annex where none is chosen: the last month, up to now."""
    return Period(today - USUAL_DAYS, today)
