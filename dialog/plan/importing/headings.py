"""The fixed headings of the municipality's publications, and the years they name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto


class Section(Enum):
    """Where under a goal a line stands. What stands in UNPLACED belongs to no part of the plan."""

    TEXT = auto()
    COUNCIL = auto()
    COMMITTEE = auto()
    INDICATORS = auto()
    INVESTMENTS = auto()
    ACHIEVEMENTS = auto()
    UNPLACED = auto()


ASSIGNMENTS = frozenset([Section.COUNCIL, Section.COMMITTEE])


@dataclass(frozen=True)
class Heading:
    """A recognised heading: the section it opens (None for a column's heading), its year, text after it."""

    section: Section | None
    words: str
    year: int | None = None
    rest: str = ""
    unfinished: bool = False


NUMBERING = r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.? )?"
YEAR = r"(?: (?:för |under )?(?:år )?(?P<year>(?:19|20)\d\d))?"
END = r" ?[:.]?"

WHOLE_LINE = [
    (r"(?:så här|det här|detta) gör vi(?: under \d{4})? för att nå målet", Section.UNPLACED),
    (r"uppdrag från (?:kommun)?fullmäktige", Section.COUNCIL),
    (r"(?:kommun)?fullmäktiges uppdrag", Section.COUNCIL),
    (r"nämnd(?:ernas|ens) (?:egna )?uppdrag", Section.COMMITTEE),
    (r"egna uppdrag", Section.COMMITTEE),
    (
        r"(?:kommunövergripande )?(?:nyckeltal|indikatorer)(?: och (?:nyckeltal|indikatorer))?",
        Section.INDICATORS,
    ),
    (r"investeringar", Section.INVESTMENTS),
]
PATTERNS = [
    (re.compile(NUMBERING + words + YEAR + END, re.IGNORECASE), section) for words, section in WHOLE_LINE
]
COLUMNS = re.compile(
    r"(?:uppdrag|förtydligande(?: av uppdraget| av uppdrag)?|uppdrag förtydligande av uppdrag|"
    r"ansvarig nämnd|ansvarig|nämnd)" + END,
    re.IGNORECASE,
)
TASKS = re.compile(NUMBERING + "uppdrag" + YEAR + END, re.IGNORECASE)
LEAD_INS = [
    (
        re.compile(r"(?:kommun)?fullmäktiges uppdrag för det kommunövergripande målet\b", re.IGNORECASE),
        Section.COUNCIL,
    ),
    (
        re.compile(r"nämnd(?:ernas|ens) (?:egna )?uppdrag för det kommunövergripande målet\b", re.IGNORECASE),
        Section.COMMITTEE,
    ),
]
ACHIEVED = re.compile(
    r"(?P<words>för att nå målet har vi(?: under (?:år )?\d{4})?(?: bland annat)? ?(?::|$))(?P<rest>.*)",
    re.IGNORECASE,
)

MONTHS = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]
UPDATED = re.compile(
    r"sidan (?:är )?(?:senast )?uppdatera(?:d|des) ?:?(?: den)? ?"
    rf"(?:(?P<iso>\d{{4}}-\d\d-\d\d)|(?P<day>\d{{1,2}}) (?P<month>{'|'.join(MONTHS)}) (?P<year>\d{{4}}))",
    re.IGNORECASE,
)

BUDGET_YEAR = re.compile(r"\bbudget(?:en)?(?: för)?(?: år(?:et)?)? ((?:19|20)\d\d)\b", re.IGNORECASE)
TITLE_YEAR = re.compile(r"(?:^|\s)mål(?: och (?:uppdrag|budget))? ((?:19|20)\d\d)$", re.IGNORECASE)
# A heading is short; longer lines needn't be tried.
LONGEST = 250


def recognise(text: str, section: Section) -> Heading | None:
    """The heading that a line is, given the section it stands in; None for any other line."""
    if len(text) > LONGEST:
        return _achieved(text)
    if not text[:1].isupper() and not text[:1].isdigit():
        return None
    if section in ASSIGNMENTS and COLUMNS.fullmatch(text):
        return Heading(None, text)
    for pattern, opened in [*PATTERNS, (TASKS, Section.COUNCIL)]:
        match = pattern.fullmatch(text)
        if match:
            year = match["year"]
            return Heading(opened, text, int(year) if year else None)
    for pattern, opened in LEAD_INS:
        if pattern.match(text):
            return Heading(opened, text, unfinished=":" not in text)
    return _achieved(text)


def _achieved(text: str) -> Heading | None:
    match = ACHIEVED.match(text)
    if match is None or not text[:1].isupper():
        return None
    return Heading(Section.ACHIEVEMENTS, match["words"].strip(), rest=match["rest"].strip())


def opens_section(text: str) -> bool:
    """Whether a line is a heading that only a goal's own page or chapter has."""
    heading = recognise(text, Section.TEXT)
    return heading is not None and heading.section is not None


def updated_on(match: re.Match[str]) -> date | None:
    """The date of a match of UPDATED, or None when there is no such day."""
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        month = MONTHS.index(match["month"].lower()) + 1
        return date(int(match["year"]), month, int(match["day"]))
    except ValueError:
        return None


def plan_year(headings: Iterable[str], around: Iterable[str]) -> int | None:
    """The year a document's plan is for: what its section headings say, else what is said around its goals.

    The page's date isn't asked: the plan of a year is published before the year begins.
    """
    named = [heading.year for text in headings if (heading := recognise(text, Section.TEXT)) and heading.year]
    if named:
        return Counter(named).most_common(1)[0][0]
    said = [
        int(match[1])
        for text in around
        for pattern in (TITLE_YEAR, BUDGET_YEAR)
        for match in pattern.finditer(text)
    ]
    return Counter(said).most_common(1)[0][0] if said else None
