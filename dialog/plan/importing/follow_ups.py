"""Reading the published follow-up view "Nämnd | Uppdrag | Kommentar T1 2024": as text, CSV or an HTML table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from dialog.plan.importing.document import LeftOut, Refusal, UnreadableDocument
from dialog.plan.importing.files import decode, is_markup
from dialog.plan.importing.lines import clean
from dialog.plan.rules import Period

HEADING = re.compile(r"Kommentar\s+(T1|T2|T3|helår|årsredovisning)\s+(\d{4})", re.IGNORECASE)
COMMITTEE = re.compile(r"\(([^()]+)\)\s*\.?")
COLUMNS = 3


@dataclass(frozen=True)
class ReadRow:
    """One row: its line in the file, the committee's code if the name is known, and what it says."""

    line: int
    committee: str | None
    committee_words: str
    assignment: str
    commentary: str


@dataclass(frozen=True)
class ReadFollowUps:
    """A whole view: the year and period it is about, its rows, and the lines that found no place."""

    year: int
    period: Period
    rows: tuple[ReadRow, ...]
    left_out: tuple[LeftOut, ...]


def read_follow_ups(
    content: bytes, committees: Mapping[str, str], year: int | None = None, period: Period | None = None
) -> ReadFollowUps:
    """The follow-ups in a file's bytes. `year` and `period`, when given, hold whatever the file says.

    Raises UnreadableDocument with EMPTY, NOT_TEXT, NO_ROW or NO_PERIOD.
    """
    text = decode(content)
    if not text.strip():
        raise UnreadableDocument(Refusal.EMPTY)
    codes = {name.casefold(): code for name, code in committees.items()}
    if is_markup(text):
        rows, left_out = _from_cells(_html_rows(text), codes)
    elif _separator(text):
        rows, left_out = _from_cells(_csv_rows(text), codes)
    else:
        rows, left_out = _from_text(text, codes)
    if not rows:
        raise UnreadableDocument(Refusal.NO_ROW)
    stated = HEADING.search(text)
    if stated:
        words = stated.group(1).upper()
        period = period or (Period(words.lower()) if words in ("T1", "T2") else Period.YEAR_END)
        year = year or int(stated.group(2))
    if year is None or period is None:
        raise UnreadableDocument(Refusal.NO_PERIOD)
    return ReadFollowUps(year, period, tuple(rows), tuple(left_out))


def _row(line: int, committee: str, assignment: str, commentary: str, codes: Mapping[str, str]) -> ReadRow:
    return ReadRow(line, codes.get(committee.casefold()), committee, assignment, commentary)


def _from_text(text: str, codes: Mapping[str, str]) -> tuple[list[ReadRow], list[LeftOut]]:
    """A committee in parentheses, the assignment, a blank line, and the commentary up to the next committee."""
    lines = [clean(line) for line in text.splitlines()]
    starts = [number for number in range(len(lines)) if _opens_row(lines, number)]
    rows: list[ReadRow] = []
    left_out = _left_out(lines, 0, starts[0] if starts else len(lines))
    for start, end in pairwise([*starts, len(lines)]):
        gap = next((at for at in range(start + 1, end) if not lines[at]), end)
        assignment = " ".join(lines[start + 1 : gap])
        commentary = "\n".join(lines[gap:end]).strip()
        found = COMMITTEE.fullmatch(lines[start])
        if found and assignment and commentary:
            rows.append(_row(start + 1, clean(found.group(1)), assignment, commentary, codes))
        else:
            left_out += _left_out(lines, start, end)
    return rows, left_out


def _opens_row(lines: list[str], number: int) -> bool:
    if not COMMITTEE.fullmatch(lines[number]):
        return False
    before = lines[number - 1] if number else ""
    return not before or HEADING.search(before) is not None


def _left_out(lines: list[str], start: int, end: int) -> list[LeftOut]:
    return [
        LeftOut(at + 1, lines[at]) for at in range(start, end) if lines[at] and not HEADING.search(lines[at])
    ]


def _separator(text: str) -> str | None:
    """What sets off the cells, if the file opens with the view's header as CSV."""
    first = text.lstrip("\ufeff\r\n ").split("\n", 1)[0].replace('"', "")
    return next((mark for mark in ";,\t" if first.casefold().startswith(f"nämnd{mark}")), None)


def _csv_rows(text: str) -> Iterable[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=_separator(text) or ";")
    before = 0
    for cells in reader:
        yield before + 1, cells
        before = reader.line_num


def _html_rows(page: str) -> Iterable[tuple[int, list[str]]]:
    from bs4 import BeautifulSoup  # here, since most processes never read a page

    for row in BeautifulSoup(page, "html.parser").find_all("tr"):
        yield row.sourceline or 0, [cell.get_text(" ") for cell in row.find_all(["td", "th"])]


def _from_cells(
    table: Iterable[tuple[int, list[str]]], codes: Mapping[str, str]
) -> tuple[list[ReadRow], list[LeftOut]]:
    rows: list[ReadRow] = []
    left_out: list[LeftOut] = []
    for line, raw in table:
        cells = [clean(cell.replace("\n", " ")) for cell in raw]
        if not any(cells) or cells[0].casefold() == "nämnd":
            continue
        if len(cells) >= COLUMNS and all(cells[:COLUMNS]) and not any(cells[COLUMNS:]):
            name = cells[0].rstrip(" .").removeprefix("(").removesuffix(")")
            rows.append(_row(line, name, cells[1], cells[2], codes))
        else:
            left_out.append(LeftOut(line, " | ".join(cells)))
    return rows, left_out
