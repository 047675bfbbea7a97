"""By which ways something reaches the customer centre, and on which day it can have come. Pure."""

from datetime import date, timedelta
from enum import StrEnum

from dialog.conversation.rules import Channel

# Everything but the web, where people put their words on record themselves; the likeliest first.
CHANNELS = (Channel.PHONE, Channel.PAPER, Channel.SERVICE_POINT, Channel.MEETING)
# A letter can be found late, and is still to be put on record; what is older than this is a slip of the pen.
OLDEST = timedelta(days=366)


MOST_ATTENDING = 10_000


class DayFlaw(StrEnum):
    """Why something can't have come on a day."""

    MISSING = "missing"
    NOT_YET = "not_yet"
    TOO_LONG_AGO = "too_long_ago"


def day_flaw(received_on: date | None, today: date) -> DayFlaw | None:
    """Why what is put on record today can't have come on `received_on`; None where it can."""
    if received_on is None:
        return DayFlaw.MISSING
    if received_on > today:
        return DayFlaw.NOT_YET
    return DayFlaw.TOO_LONG_AGO if received_on < today - OLDEST else None
