"""The plan's fixed terms: what kinds of money, origins, places and text there are."""

from datetime import date
from enum import StrEnum

# The code of the body that has the others' work under its eye (6 kap. 1 § kommunallagen, 2017:725).
EXECUTIVE_BOARD = "KS"


class FundingKind(StrEnum):
    """How money follows an assignment: for one year, or by a lasting change of the committee's frame."""

    ONE_YEAR = "one_year"
    PERMANENT = "permanent"


class Origin(StrEnum):
    """Who gave the assignment: the council (kommunfullmäktige), or the committee itself."""

    COUNCIL = "council"
    COMMITTEE = "committee"


class Settlement(StrEnum):
    """Which side of the split between town and countryside an area is counted on."""

    TOWN = "town"
    COUNTRYSIDE = "countryside"


class Part(StrEnum):
    """Which part of a goal or an assignment a paragraph stands in."""

    TITLE = "title"
    STATEMENT = "statement"
    SUMMARY = "summary"
    TEXT = "text"
    CLARIFICATION = "clarification"


class Period(StrEnum):
    """Which of the year's three follow-ups: after April, after August, or the annual report."""

    T1 = "t1"
    T2 = "t2"
    YEAR_END = "year_end"


class Progress(StrEnum):
    """How an assignment goes, as its committee says in a follow-up."""

    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    DELAYED = "delayed"
    DONE = "done"
    STOPPED = "stopped"


def usual_period(year: int, today: date) -> Period:
    """Which follow-up of the plan for `year` a committee is at on the day `today`: the newest whose months are over."""
    if today.year > year:
        return Period.YEAR_END
    return Period.T2 if today.year == year and today.month > LAST_MONTH_OF_T2 else Period.T1


LAST_MONTH_OF_T2 = 8
