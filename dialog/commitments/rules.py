"""What becomes of a commitment, for when one can be made, and when its committee is reminded of it. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dialog.transitions import Table, Transition
from dialog.workdays import after_working_days, is_working_day

LONGEST_TEXT, LONGEST_OWNER = 500, 100
SHORTEST_WORDS, LONGEST_WORDS = 10, 1000
FURTHEST = timedelta(days=10 * 366)  # the goals themselves look no further ahead
REMINDED_BEFORE = timedelta(days=14)
REMINDED_EVERY = 10  # working days, once the day has passed without a word
PAGE_SIZE = 20
MOST_ON_A_GOAL = 10
REMINDED_AT_A_TIME = 500


class CommitmentState(StrEnum):
    """Where a commitment stands."""

    OPEN = "open"
    KEPT = "kept"
    CHANGED = "changed"  # something else is promised instead, and that is followed from then on
    NOT_KEPT = "not_kept"


# A commitment is settled with words that everybody reads. What was dropped without anything promised instead is not
# changed but not kept. What was said by mistake is put right by opening it again, in public; but what was changed has
# been followed by something else since, and that can be changed in its turn.
MOVES: Table[CommitmentState] = {
    (CommitmentState.OPEN, CommitmentState.KEPT): Transition("keep", needs_reason=True, tells_author=True),
    (CommitmentState.OPEN, CommitmentState.CHANGED): Transition(
        "change", needs_reason=True, tells_author=True
    ),
    (CommitmentState.OPEN, CommitmentState.NOT_KEPT): Transition(
        "give_up", needs_reason=True, tells_author=True
    ),
    (CommitmentState.KEPT, CommitmentState.OPEN): Transition("correct", needs_reason=True, tells_author=True),
    (CommitmentState.NOT_KEPT, CommitmentState.OPEN): Transition(
        "correct", needs_reason=True, tells_author=True
    ),
}


def may_be_corrected(state: CommitmentState) -> bool:
    """Whether what was said of a commitment in `state` can be put right."""
    return (state, CommitmentState.OPEN) in MOVES


@dataclass(frozen=True)
class Promise:
    """What is promised, by which office or role of the committee, and the last day for it."""

    text: str
    owner: str
    due_on: date


class WhyNotBy(StrEnum):
    """Why nothing can be promised by a day."""

    PAST = "past"
    TOO_FAR = "too_far"


def why_not_by(due_on: date, today: date) -> WhyNotBy | None:
    """Why nothing can be promised by `due_on` on the day `today`; None when it can."""
    if due_on <= today:
        return WhyNotBy.PAST
    return WhyNotBy.TOO_FAR if due_on - today > FURTHEST else None


def is_late(state: CommitmentState, due_on: date, today: date) -> bool:
    """Whether the day has passed without a word of what became of it. The day itself is still in time."""
    return state == CommitmentState.OPEN and today > due_on


def next_reminder(due_on: date, today: date) -> date:
    """The next day after `today` on which the committee is reminded of what it has promised by `due_on`.

    Two weeks before, on the last working day before, and when the day has passed: at once, and then every two weeks
    until it says what became of it. On working days alone.
    """
    days = [_working_day_from(due_on - REMINDED_BEFORE), _last_working_day_before(due_on)]
    passed = after_working_days(due_on, 1)
    found = next((day for day in sorted(days) if today < day < due_on), passed)
    while found <= today:
        found = after_working_days(found, REMINDED_EVERY)
    return found


def _working_day_from(day: date) -> date:
    return day if is_working_day(day) else after_working_days(day, 1)


def _last_working_day_before(day: date) -> date:
    before = day - timedelta(days=1)
    while not is_working_day(before):
        before -= timedelta(days=1)
    return before
