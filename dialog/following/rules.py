"""What can be followed, what can be told of it, and how often. Pure."""

from datetime import timedelta
from enum import StrEnum


class Thing(StrEnum):
    """What can be followed."""

    GOAL = "goal"
    ASSIGNMENT = "assignment"
    COMMITTEE = "committee"
    AREA = "area"
    COMMENT = "comment"


class What(StrEnum):
    """What those who follow a thing can be told of."""

    COMMENTED = "commented"  # something new was published about it
    ANSWERED = "answered"  # a committee's answer was published
    CHANGED = "changed"  # its author gave it other words
    FOLLOWED_UP = "followed_up"  # a committee said how an assignment goes
    DIALOGUE_OPENED = "dialogue_opened"
    DIALOGUE_CLOSED = "dialogue_closed"
    REPORTED_BACK = "reported_back"
    REPLIED = "replied"  # somebody replied to it
    KEPT = "commitment_kept"  # a committee did what it had promised in an answer
    PROMISED_OTHERWISE = "commitment_changed"
    NOT_KEPT = "commitment_not_kept"
    REOPENED = "commitment_reopened"  # what the committee had said of it was wrong


class HowOften(StrEnum):
    """How often somebody wants letters about what they follow."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


# One letter a day at the most: nobody who followed something finds a full mailbox the next morning.
USUAL = HowOften.DAILY

ABOUT_A_COMMENT = (What.COMMENTED, What.CHANGED, What.REPLIED)
ABOUT_A_COMMITMENT = (What.KEPT, What.PROMISED_OTHERWISE, What.NOT_KEPT, What.REOPENED)
NEWS_IS_SHOWN_FOR = timedelta(days=30)
PAGE_SIZE = 20
MOST_COUNTED = 99  # of what is unread; more than that is not told apart
TELLING = "telling"  # the work of telling those who want letters at once
READING = "reading"  # the work of making news from the log
EVENTS_READ_AT_A_TIME = 500


def told_from(before: HowOften, after: HowOften, *, told: int, passed: int, end: int) -> int:
    """Until which row of the log somebody counts as told by letter, when they choose `after` instead of `before`.

    `told` is what they counted as told until, `passed` the last row whose letters at once have been queued to them,
    and `end` where the log ends. Between digests nothing is lost. Whoever had letters at once gets in the digest what
    none had been queued about. Whoever wanted none, or wants them at once, begins with what happens from now on.
    """
    if HowOften.NEVER in (before, after) or after == HowOften.AT_ONCE:
        return end
    return passed if before == HowOften.AT_ONCE else told
