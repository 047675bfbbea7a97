"""What reading a document gives: a plan as it stands in the file, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dialog.plan.rules import FundingKind, Origin

# The largest budget published so far is a few megabytes; this leaves room for one full of pictures
# and still fits in memory several times over.
MAXIMUM_BYTES = 20 * 1024 * 1024
# The municipality's pages are a few hundred kilobytes; a tree of more than this costs minutes to build.
MAXIMUM_CHARACTERS = 4_000_000


@dataclass(frozen=True)
class ReadFunding:
    """Money that follows an assignment to one committee, in thousands of kronor (tkr)."""

    kind: FundingKind
    year: int
    committee: str
    amount_tkr: int


@dataclass(frozen=True)
class ReadAssignment:
    """A task as the document words it; `committees` are codes in the document's order."""

    title: str
    clarification: tuple[str, ...]
    origin: Origin
    committees: tuple[str, ...]
    fundings: tuple[ReadFunding, ...]


@dataclass(frozen=True)
class ReadGoal:
    """A goal as the document words it.

    `statement` is the goal sentence where the title is only a name, else None. `updated` is the date the
    web page says that it was last changed.
    """

    number: str | None
    title: str
    statement: str | None
    text: tuple[str, ...]
    updated: date | None
    assignments: tuple[ReadAssignment, ...]
    indicators: tuple[str, ...]
    investments: tuple[str, ...]
    achievements: tuple[str, ...]


@dataclass(frozen=True)
class LeftOut:
    """A line, or part of one, with its number in the file (1-based; in a PDF, in its extracted text)."""

    line: int
    text: str


@dataclass(frozen=True)
class ReadPlan:
    """Everything a document said, sorted into goals and the rest.

    `left_out` is what could not be placed and somebody should look at. `structure` is what was understood
    but isn't text of the plan: headings, markers, committees and money as written, the page's date.
    Together with the goals they hold every letter of the document.
    """

    year: int
    goals: tuple[ReadGoal, ...]
    left_out: tuple[LeftOut, ...]
    structure: tuple[LeftOut, ...] = ()


class Refusal(StrEnum):
    """Why a document can't be read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_TEXT = "not_text"
    BROKEN_PDF = "broken_pdf"
    LOCKED_PDF = "locked_pdf"
    PDF_WITHOUT_TEXT = "pdf_without_text"
    NO_GOAL = "no_goal"
    NO_YEAR = "no_year"
    NO_ROW = "no_row"
    NO_PERIOD = "no_period"


class UnreadableDocument(Exception):
    """A document was refused; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(str(reason))
        self.reason = reason
