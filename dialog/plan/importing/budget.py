"""Goals in the budget's own text: chapters numbered 1.1, 1.2 … (or 2.1 …) with the goal as their heading."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dialog.plan.importing.document import LeftOut
from dialog.plan.importing.headings import Section, recognise
from dialog.plan.importing.lines import Layout, Line, joined
from dialog.plan.importing.spans import (
    Division,
    Span,
    heading_length,
    is_name,
    mentions_municipality,
    split_title,
)

NUMBERED = re.compile(
    r"(?P<chapter>\d{1,2})\.(?P<section>\d{1,2})\.? (?P<title>(?:Mål ?: ?)?[A-ZÅÄÖ].*)", re.DOTALL
)
MARKER = re.compile(r"Mål ?: ?")
CONTENTS_PAGE = re.compile(r"(?:\.{3,}|…|(?:\. ){3,}| )\s*\d{1,3}$")
CHAPTER = re.compile(r"(?P<chapter>\d{1,2})\.? [A-ZÅÄÖ][^.!?]{2,80}")
GOALS_CHAPTER = re.compile(r"kommunövergripande mål", re.IGNORECASE)


@dataclass(frozen=True)
class _Candidate:
    """A line that may be the heading of a goal."""

    index: int
    length: int
    chapter: int
    section: int
    title: str
    mentions: bool

    @property
    def end(self) -> int:
        return self.index + self.length


def may_be_heading(text: str) -> bool:
    """Whether a line by itself could be the heading of a numbered goal."""
    return NUMBERED.match(text[:200]) is not None


def divide_budget(lines: Sequence[Line], layout: Layout) -> Division | None:
    """The goals of a budget, or None when it has no chapter of numbered goals."""
    runs = _runs(_candidates(lines, layout), lines)
    if not runs:
        return None
    # A table of contents has the same headings; the goals themselves are where the text is.
    run, end = max(
        runs, key=lambda found: sum(len(line.text) for line in lines[found[0][0].index : found[1]])
    )
    spans = []
    outside = [*lines[: run[0].index], *lines[end:]]
    bounds = [*(candidate.index for candidate in run[1:]), end]
    for candidate, bound in zip(run, bounds, strict=True):
        spans.append(_span(candidate, lines, bound))
    return Division(spans, outside)


def _candidates(lines: Sequence[Line], layout: Layout) -> list[_Candidate]:
    found = []
    for index, line in enumerate(lines):
        match = NUMBERED.match(line.text)
        if match is None or recognise(line.text, Section.TEXT):
            continue
        length = heading_length(lines, index, layout)
        whole = joined(lines[index : index + length])
        if CONTENTS_PAGE.search(whole[-12:]):
            continue
        title = NUMBERED.match(whole)
        assert title is not None
        found.append(
            _Candidate(
                index,
                length,
                int(match["chapter"]),
                int(match["section"]),
                title["title"],
                mentions_municipality(whole),
            )
        )
    return found


def _runs(candidates: list[_Candidate], lines: Sequence[Line]) -> list[tuple[list[_Candidate], int]]:
    """Each ascending row of headings in one chapter, with the index of the line where its last goal ends."""
    sure = [candidate for candidate in candidates if candidate.mentions]
    if not sure and any(GOALS_CHAPTER.search(line.text) for line in lines):
        sure = [candidate for candidate in candidates if is_name(candidate.title)]
    rows: list[list[_Candidate]] = []
    for candidate in sure:
        last = rows[-1][-1] if rows else None
        if last and candidate.chapter == last.chapter and candidate.section > last.section:
            rows[-1].append(candidate)
        else:
            rows.append([candidate])
    places = [candidate.index for candidate in candidates]
    starts = [*(row[0].index for row in rows[1:]), len(lines)][: len(rows)]
    return [
        (whole := _with_gaps_filled(row, candidates, places), _end(whole[-1], lines, start))
        for row, start in zip(rows, starts, strict=True)
    ]


def _with_gaps_filled(
    row: list[_Candidate], candidates: list[_Candidate], places: list[int]
) -> list[_Candidate]:
    """The row with the headings that lack between two of its numbers but stand between them in the text."""
    filled = [row[0]]
    for following, between in zip(row[1:], _between(row, candidates, places), strict=True):
        for candidate in between:
            last = filled[-1]
            is_next = (candidate.chapter, candidate.section) == (last.chapter, last.section + 1)
            if is_next and candidate.section < following.section:
                filled.append(candidate)
        filled.append(following)
    return filled


def _between(
    row: list[_Candidate], candidates: list[_Candidate], places: list[int]
) -> list[list[_Candidate]]:
    """The other candidates between each two neighbours of a row, given the places of all."""
    return [
        candidates[bisect_right(places, one.index) : bisect_left(places, other.index)]
        for one, other in pairwise(row)
    ]


def _end(last: _Candidate, lines: Sequence[Line], limit: int) -> int:
    """Where the last goal ends: at the next chapter's heading, at another section, or at the limit."""
    for index in range(last.end, limit):
        text = lines[index].text
        chapter = CHAPTER.fullmatch(text)
        if chapter and int(chapter["chapter"]) == last.chapter + 1:
            return index
        section = NUMBERED.match(text)
        if section and _follows(last, int(section["chapter"]), int(section["section"])):
            return index
    return limit


def _follows(last: _Candidate, chapter: int, section: int) -> bool:
    return (chapter, section) in ((last.chapter, last.section + 1), (last.chapter + 1, 1))


def _span(candidate: _Candidate, lines: Sequence[Line], end: int) -> Span:
    structure = []
    heading = candidate.title
    marker = MARKER.match(heading)
    if marker:
        structure.append(LeftOut(lines[candidate.index].number, marker.group().strip()))
        heading = heading[marker.end() :]
    title, statement = split_title(heading)
    named = statement is None and is_name(title)
    return Span(
        list(lines[candidate.index : candidate.end]),
        f"{candidate.chapter}.{candidate.section}",
        title,
        statement,
        named,
        list(lines[candidate.end : end]),
        structure,
    )
