"""What a printed page carries besides its text: page numbers and running headers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from dialog.plan.importing.account import Account
from dialog.plan.importing.lines import UNKNOWN_GAP, Line

PAGE_NUMBER = re.compile(
    r"(?:sid(?:a|an|\.)? ?)?[-–]? ?(?P<number>\d{1,3}) ?[-–]?(?: ?(?:\(|av|/) ?\d{1,3} ?\)?)?", re.IGNORECASE
)
DIGITS = re.compile(r"\d+")
# Headers and footers take at most this many lines of a page's top and of its bottom.
EDGE = 2


def without_furniture(lines: Sequence[Line], account: Account) -> list[Line]:
    """The lines without page numbers and running headers, which are left out by name.

    A line that follows one of them gets an unknown gap: how far the text was interrupted says nothing.
    """
    removed = _printed_edges(lines) if any(line.starts_page for line in lines[1:]) else _loose_numbers(lines)
    kept: list[Line] = []
    interrupted = False
    for index, line in enumerate(lines):
        if index in removed:
            account.leave_out([line])
            interrupted = True
        else:
            # At the top of a page the gap is the page's margin.
            unknown = interrupted or (line.starts_page and index > 0)
            kept.append(replace(line, gap=UNKNOWN_GAP) if unknown else line)
            interrupted = False
    return kept


def _printed_edges(lines: Sequence[Line]) -> set[int]:
    """Places of page numbers and of lines that recur at the edges of pages."""
    pages = _pages(lines)
    edges = [_edge(page) for page in pages]
    seen = Counter(masked for edge in edges for masked in {_masked(lines[index].text) for index in edge})
    often = max(2, len(pages) // 3)
    return {
        index
        for edge in edges
        for index in edge
        if PAGE_NUMBER.fullmatch(lines[index].text) or seen[_masked(lines[index].text)] >= often
    }


def _pages(lines: Sequence[Line]) -> list[range]:
    starts = [index for index, line in enumerate(lines) if line.starts_page or index == 0]
    return [range(start, end) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _edge(page: range) -> Iterable[int]:
    return sorted({*page[:EDGE], *page[-EDGE:]})


def _masked(text: str) -> str:
    return DIGITS.sub("0", text)


def _loose_numbers(lines: Sequence[Line]) -> set[int]:
    """Places of page numbers in text without page breaks: lone numbers that go up by one each time."""
    lone = [
        (index, int(match["number"]))
        for index, line in enumerate(lines)
        if len(line.text) <= 16 and (match := PAGE_NUMBER.fullmatch(line.text))
    ]
    ascending = len(lone) >= 2 and all(later == earlier + 1 for (_, earlier), (_, later) in pairwise(lone))
    return {index for index, _ in lone} if ascending else set()
