"""Assignments: a table of titles and clarifications, flattened to paragraphs, sorted into tasks again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dialog.plan.importing.account import Account
from dialog.plan.importing.committees import CommitteeNames, Named
from dialog.plan.importing.document import ReadAssignment, ReadFunding
from dialog.plan.importing.fundings import (
    CLOSES_CLAUSE,
    MONEY_LINE,
    OPENS_CLAUSE,
    clauses,
)
from dialog.plan.importing.lines import Layout, Line, Paragraph, is_finished, paragraphs
from dialog.plan.rules import Origin

NOTHING = re.compile(r"[-–—.\s]*")
NONE_GIVEN = re.compile(r"(?:inga|inget|saknas|finns inga)\b[^.]{0,40}\.?", re.IGNORECASE)
# A longer paragraph that only begins with money is prose about it.
LONGEST_MONEY_LINE = 160


@dataclass
class _Open:
    """An assignment that is being read."""

    title: str
    committees: list[str]
    cell: int
    clarification: list[str] = field(default_factory=list)
    fundings: list[ReadFunding] = field(default_factory=list)


def read_assignments(
    runs: Sequence[Sequence[Line]],
    origin: Origin,
    layout: Layout,
    committees: CommitteeNames,
    plan_year: int,
    account: Account,
) -> list[ReadAssignment]:
    """The assignments of one section, given as runs of lines that no heading interrupts.

    What is understood but isn't text goes to the account's structure, what can't be placed is left out there.
    """
    reader = _Reader(origin, committees, plan_year, account)
    found = [
        paragraph
        for lines in runs
        for paragraph in paragraphs(
            lines, layout, lambda previous, line: _must_break(previous, line, layout, committees)
        )
    ]
    for paragraph, following in zip(found, [*found[1:], None], strict=False):
        reader.meet(paragraph, following)
    return reader.finished()


def _must_break(previous: Line, line: Line, layout: Layout, committees: CommitteeNames) -> bool:
    """Whether a line begins a part of its own: money, committees, or what follows either."""
    if OPENS_CLAUSE.match(line.text) and is_finished(previous.text):
        return True
    if CLOSES_CLAUSE.search(previous.text) or (line.text.startswith("(") and committees.in_line(line.text)):
        return True
    if not layout.wrapped:
        return False
    return committees.in_line(previous.text) is not None or committees.after_title(previous.text) is not None


class _Reader:
    def __init__(self, origin: Origin, committees: CommitteeNames, plan_year: int, account: Account) -> None:
        self.origin = origin
        self.committees = committees
        self.plan_year = plan_year
        self.account = account
        self.assignments: list[_Open] = []

    def meet(self, paragraph: Paragraph, following: Paragraph | None) -> None:
        """Takes the next paragraph; the one after it may tell that this one is a title."""
        if NOTHING.fullmatch(paragraph.text):
            self.account.understood(paragraph.number, paragraph.text)
        elif not self.assignments and NONE_GIVEN.fullmatch(paragraph.text):
            self.account.leave_out(paragraph.lines)
        elif not self._begins_row(paragraph) and (named := self.committees.in_line(paragraph.text)):
            self._name_committees(paragraph, named)
        elif not self._starts_assignment(paragraph, following):
            self._clarify(paragraph)

    def _begins_row(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph is the first of a new row in a web page's table, and so a title."""
        first = paragraph.lines[0]
        return first.column == 1 and (not self.assignments or self.assignments[-1].cell != first.cell)

    def _name_committees(self, paragraph: Paragraph, named: Named) -> None:
        """Committees on a line of their own belong to the title before them."""
        if not self.assignments or named.unknown:
            self.account.leave_out(paragraph.lines)
        else:
            self.account.understood(paragraph.number, paragraph.text)
        if self.assignments:
            known = self.assignments[-1].committees
            known += [code for code in named.codes if code not in known]

    def _starts_assignment(self, paragraph: Paragraph, following: Paragraph | None) -> bool:
        if paragraph.lines[0].column > 1:
            return False
        closed = self.committees.after_title(paragraph.text)
        if closed:
            title, written, named = closed
            self._open(title, named.codes, paragraph)
            if named.unknown:
                self.account.leave_out_words(paragraph.last_number, written)
            else:
                self.account.understood(paragraph.last_number, written)
            return True
        if self._is_title(paragraph, following):
            self._open(paragraph.text, (), paragraph)
            return True
        return False

    def _is_title(self, paragraph: Paragraph, following: Paragraph | None) -> bool:
        """Whether a paragraph without committees of its own is a title."""
        if MONEY_LINE.match(paragraph.text):
            return False
        if paragraph.lines[0].column == 1:
            return self._begins_row(paragraph)
        if not self.assignments:
            return True
        return following is not None and self.committees.in_line(following.text) is not None

    def _open(self, title: str, codes: Sequence[str], paragraph: Paragraph) -> None:
        self.assignments.append(_Open(title, list(codes), paragraph.lines[0].cell))

    def _clarify(self, paragraph: Paragraph) -> None:
        """A paragraph about the current assignment, with the money it grants taken out of it."""
        if not self.assignments:
            self.account.leave_out(paragraph.lines)
            return
        current = self.assignments[-1]
        found = clauses(paragraph.text, self.committees, self.plan_year)
        if not found and self._is_money_not_understood(paragraph.text):
            self.account.leave_out(paragraph.lines)
            return
        position = 0
        for clause in found:
            self._keep(current, paragraph, paragraph.text[position : clause.start])
            words = paragraph.text[clause.start : clause.end]
            number = _line_with(paragraph, words)
            if clause.understood:
                self.account.understood(number, words)
            else:
                self.account.leave_out_words(number, words)
            current.fundings += clause.fundings
            position = clause.end
        self._keep(current, paragraph, paragraph.text[position:])

    def _keep(self, current: _Open, paragraph: Paragraph, words: str) -> None:
        words = words.strip()
        if any(character.isalnum() for character in words):
            current.clarification.append(words.lstrip(",;. ") if words[0] in ",;." else words)
        elif words:
            self.account.understood(paragraph.last_number, words)

    @staticmethod
    def _is_money_not_understood(text: str) -> bool:
        return len(text) <= LONGEST_MONEY_LINE and MONEY_LINE.match(text) is not None

    def finished(self) -> list[ReadAssignment]:
        return [
            ReadAssignment(
                opened.title,
                tuple(opened.clarification),
                self.origin,
                tuple(opened.committees),
                tuple(opened.fundings),
            )
            for opened in self.assignments
        ]


def _line_with(paragraph: Paragraph, words: str) -> int:
    """The number of the paragraph's line in which some words begin."""
    first = words.split(" ", 1)[0]
    return next((line.number for line in paragraph.lines if first in line.text), paragraph.number)
