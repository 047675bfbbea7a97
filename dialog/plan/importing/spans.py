"""What both forms of document come down to: for each goal its heading and the lines under it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dialog.plan.importing.document import LeftOut
from dialog.plan.importing.lines import (
    HYPHENS,
    Layout,
    Line,
    continues,
    is_finished,
    starts_lower,
)

# Words that no title ends with: when a line does, the title goes on in the next whatever its first letter.
CONNECTORS = frozenset(
    [
        "i",
        "och",
        "för",
        "med",
        "på",
        "av",
        "till",
        "en",
        "ett",
        "att",
        "som",
        "där",
        "är",
        "har",
        "vi",
        "om",
        "under",
        "från",
        "utan",
        "vid",
        "östersunds",
        "ska",
        "får",
        "finns",
    ]
)
LONGEST_TITLE_LINES = 4


@dataclass
class Span:
    """A goal's heading, its lines and what they say, and the lines under it as far as the next goal."""

    heading: list[Line]
    number: str | None
    title: str
    statement: str | None
    title_is_name: bool
    body: list[Line]
    structure: list[LeftOut] = field(default_factory=list)


@dataclass
class Division:
    """A document divided into goals and the lines that belong to none.

    `is_listing` says that it only lists its goals. Where it `may_hold_links`, a goal may be named only.
    """

    spans: list[Span]
    outside: list[Line]
    is_listing: bool = False
    may_hold_links: bool = False


def heading_length(lines: Sequence[Line], start: int, layout: Layout) -> int:
    """How many lines the heading that begins at `start` is wrapped over."""
    length = 1
    while length < LONGEST_TITLE_LINES and start + length < len(lines):
        if not _title_goes_on(lines[start + length - 1], lines[start + length], layout):
            break
        length += 1
    return length


def _title_goes_on(previous: Line, line: Line, layout: Layout) -> bool:
    if is_finished(previous.text) or line.cell != previous.cell:
        return False
    if continues(previous.text, line.text):
        return True
    if not layout.wrapped or (layout.paragraph_gap is not None and line.gap > layout.line_gap):
        return False
    last_word = previous.text.rsplit(" ", 1)[-1].lower()
    return previous.text.endswith((*HYPHENS, ",")) or last_word in CONNECTORS


def mentions_municipality(text: str) -> bool:
    return "östersund" in text.casefold()


def is_name(title: str) -> bool:
    """Whether a title only names its subject, so that the goal sentence stands below it."""
    return not mentions_municipality(title) and len(title.split()) <= 9 and not title.endswith(".")


NAME_AND_SENTENCE = re.compile(r"(?P<name>[^.!?]{2,90})\. (?P<sentence>\S.*)", re.DOTALL)


def split_title(title: str) -> tuple[str, str | None]:
    """A heading's name and the goal sentence that follows it on the same line, if one does."""
    match = NAME_AND_SENTENCE.fullmatch(title)
    if match and is_name(match["name"]) and not starts_lower(match["sentence"]):
        return match["name"].strip(), match["sentence"].strip()
    return title, None
