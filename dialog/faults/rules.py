"""Where a reported fault stands, what moves it on, and how often somebody may report. Pure."""

from datetime import date, timedelta
from enum import StrEnum

from dialog.transitions import Table, Transition
from dialog.workdays import after_working_days


class FaultState(StrEnum):
    RECEIVED = "received"
    UNDER_WAY = "under_way"
    ANSWERED = "answered"  # in words, and the fault is still there
    FIXED = "fixed"


_ANSWER = Transition("answer", needs_reason=True, tells_author=True)
_FIX = Transition("fix", needs_reason=True, tells_author=True)

FAULT_MOVES: Table[FaultState] = {
    (FaultState.RECEIVED, FaultState.UNDER_WAY): Transition("begin"),
    (FaultState.RECEIVED, FaultState.ANSWERED): _ANSWER,
    (FaultState.RECEIVED, FaultState.FIXED): _FIX,
    (FaultState.UNDER_WAY, FaultState.ANSWERED): _ANSWER,
    (FaultState.UNDER_WAY, FaultState.FIXED): _FIX,
    (FaultState.ANSWERED, FaultState.FIXED): _FIX,
}
OPEN = (FaultState.RECEIVED, FaultState.UNDER_WAY)  # in which an answer is still owed

SHORTEST_WORDS, LONGEST_WORDS = 10, 4000
LONGEST_PLACE = 500
ANSWER_WITHIN_DAYS = 10  # working days, as answers to comments are

# Whoever finds a fault often finds several; nobody's mailbox is to be flooded by another's mischief.
MOST_FOR_ONE = 5  # in the name of the same address
MOST_BY_A_NETWORK = 20  # a school has several people in it
ATTEMPTS_WITHIN = timedelta(hours=1)


def answer_due_on(received: date) -> date:
    """The last day to answer a fault that was reported on a day."""
    return after_working_days(received, ANSWER_WITHIN_DAYS)


def case_number(year: int, case_id: int) -> str:
    """What a case is called, such as T-2026-7 (T for tillgänglighet)."""
    return f"T-{year}-{case_id}"
