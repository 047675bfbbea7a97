"""The period an annex is about, and how much it holds."""

from dataclasses import dataclass
from datetime import date, timedelta

MOST_COMMENTS = 500  # in a document: more than a meeting reads, and made in about a second
USUAL_DAYS = timedelta(days=30)  # where no meeting is on record
MOST_TO_TICK = 100  # what waits, to choose among when a decision is put on record
LONGEST_PARAGRAPH, LONGEST_PROTOCOL = 40, 150  # together they fit where an answer says what it rests on


@dataclass(frozen=True)
class Period:
    """The days an annex is about, the first and the last included."""

    since: date
    until: date


def usual_period(last_meeting: date | None, today: date) -> Period:
    """The period of an annex where none is chosen: since the last meeting on record, else the last month, up to now."""
    return Period(last_meeting or today - USUAL_DAYS, today)


def reference(paragraph: str, protocol: str | None) -> str:
    """Where a decision is recorded: its paragraph, and the protocol's address if it has one."""
    return f"{paragraph}, {protocol}" if protocol else paragraph
