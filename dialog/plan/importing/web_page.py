"""Goals on the municipality's web pages: "Mål: Name", "Mål 2 - I Östersunds kommun …", and lists of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.plan.importing.document import LeftOut
from dialog.plan.importing.headings import opens_section
from dialog.plan.importing.lines import Layout, Line, joined, starts_paragraph
from dialog.plan.importing.spans import Division, Span, heading_length, split_title

NAMED = re.compile(r"(?P<marker>M(?:ål|ÅL) ?: ?)(?P<title>\S.*)")
NUMBERED = re.compile(
    r"(?P<marker>M(?:ål|ÅL) )(?P<number>\d{1,2}(?:\.\d{1,2})?) ?(?:[-–—.:] ?|(?<= ))(?P<title>[A-ZÅÄÖ\"”].*)"
)
SUBJECT = re.compile(r"(?P<marker>)(?P<title>Mål för [a-zåäö].{2,80}[^.!?:;,])")


def may_be_heading(text: str) -> bool:
    """Whether a line by itself could be the heading of a goal's page."""
    return NAMED.fullmatch(text) is not None or NUMBERED.fullmatch(text) is not None


def divide_web_page(lines: Sequence[Line], layout: Layout) -> Division | None:
    """The goals of a web page, or None when none of its lines is the heading of one."""
    starts, pattern = _headings(lines)
    if pattern is None:
        return None
    has_sections = any(opens_section(line.text) for line in lines)
    is_listing = len(starts) > 1 and not has_sections
    bounds = [*starts[1:], len(lines)]
    spans = [_span(lines, start, bound, pattern, layout) for start, bound in zip(starts, bounds, strict=True)]
    return Division(spans, list(lines[: starts[0]]), is_listing, may_hold_links=True)


def _headings(lines: Sequence[Line]) -> tuple[list[int], re.Pattern[str] | None]:
    """The places of the goal headings. A document keeps to one kind: the kind of its first."""
    for line in lines:
        for pattern in (NAMED, NUMBERED):
            if pattern.fullmatch(line.text):
                return _places(lines, pattern), pattern
    if any(opens_section(line.text) for line in lines) and (places := _places(lines, SUBJECT)):
        return places[:1], SUBJECT
    return [], None


def _places(lines: Sequence[Line], pattern: re.Pattern[str]) -> list[int]:
    return [index for index, line in enumerate(lines) if pattern.fullmatch(line.text)]


def _span(lines: Sequence[Line], start: int, bound: int, pattern: re.Pattern[str], layout: Layout) -> Span:
    end = min(bound, start + _length(lines, start, pattern, layout))
    marker, number, heading = _parts(joined(lines[start:end]), pattern)
    title, statement = split_title(heading)
    structure = [LeftOut(lines[start].number, marker)] if marker else []
    named = statement is None and pattern is not NUMBERED
    return Span(list(lines[start:end]), number, title, statement, named, list(lines[end:bound]), structure)


def _parts(heading: str, pattern: re.Pattern[str]) -> tuple[str, str | None, str]:
    """A heading's marker, number and words."""
    match = pattern.fullmatch(heading)
    if match is None:  # a subject's heading that became longer than it may be when its lines were joined
        return "", None, heading
    number = match["number"] if pattern is NUMBERED else None
    return match["marker"].strip(), number, match["title"].strip()


def _length(lines: Sequence[Line], start: int, pattern: re.Pattern[str], layout: Layout) -> int:
    """How many lines a heading takes; one that goes on into its goal sentence is set like a paragraph."""
    if split_title(_parts(lines[start].text, pattern)[2])[1] is None:
        return heading_length(lines, start, layout)
    end = start + 1
    while end < len(lines) and not starts_paragraph(lines[end - 1], lines[end], layout):
        end += 1
    return end - start
