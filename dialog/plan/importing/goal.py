"""One goal: its lines sorted by section, and each section read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from dialog.plan.importing.account import Account
from dialog.plan.importing.assignments import NONE_GIVEN, NOTHING, read_assignments
from dialog.plan.importing.committees import CommitteeNames
from dialog.plan.importing.document import ReadAssignment, ReadGoal
from dialog.plan.importing.headings import UPDATED, Section, recognise, updated_on
from dialog.plan.importing.lines import (
    HYPHENS,
    Layout,
    Line,
    Paragraph,
    has_room,
    is_finished,
    paragraphs,
    starts_lower,
    without_marker,
)
from dialog.plan.importing.spans import Span, mentions_municipality
from dialog.plan.rules import Origin

# Words such as "Lyssna" or "Skriv ut" that a page puts between its heading and its text.
LONGEST_PAGE_WORDS = 3
# A goal sentence is one or two sentences; the longest published is under 300 characters.
LONGEST_STATEMENT = 500
LONGEST_LEAD_IN = 3
ORIGINS = {Section.COUNCIL: Origin.COUNCIL, Section.COMMITTEE: Origin.COMMITTEE}


@dataclass
class Reading:
    """A goal as read, where it was read from, and the account of what in it isn't text of the plan."""

    span: Span
    goal: ReadGoal
    account: Account
    in_listing: bool

    @property
    def fullness(self) -> int:
        """How much the document tells of the goal: nothing, its sentence, or more."""
        goal = self.goal
        if goal.text or goal.assignments or goal.indicators or goal.investments or goal.achievements:
            return 2
        return 1 if goal.statement else 0


def with_whole_dates(lines: Sequence[Line]) -> list[Line]:
    """The lines, with "Sidan uppdaterad" and a date on the line below it as one."""
    whole: list[Line] = []
    for line in lines:
        if whole and whole[-1].text.casefold().rstrip(": ").endswith("sidan uppdaterad"):
            together = f"{whole[-1].text} {line.text}"
            if UPDATED.search(together):
                whole[-1] = replace(whole[-1], text=together)
                continue
        whole.append(line)
    return whole


@dataclass
class _Sorted:
    """A goal's lines by section, in runs that no heading interrupts, and the date of its page."""

    runs: list[tuple[Section, list[Line]]] = field(default_factory=list)
    updated: date | None = None

    def of(self, section: Section) -> list[list[Line]]:
        return [lines for found, lines in self.runs if found is section and lines]

    def open(self, section: Section) -> None:
        self.runs.append((section, []))

    @property
    def section(self) -> Section:
        return self.runs[-1][0]

    def add(self, line: Line) -> None:
        self.runs[-1][1].append(line)


def read_goal(
    span: Span, in_listing: bool, layout: Layout, committees: CommitteeNames, plan_year: int
) -> Reading:
    """A goal read from its heading and the lines under it."""
    account = Account(structure=list(span.structure))
    body = _sorted_lines(span.body, account)
    statement, text = _statement_and_text(span, body, in_listing, layout, account)
    assignments: list[ReadAssignment] = []
    for section, origin in ORIGINS.items():
        assignments += read_assignments(body.of(section), origin, layout, committees, plan_year, account)
    for lines in body.of(Section.UNPLACED):
        account.leave_out(lines)
    goal = ReadGoal(
        number=span.number,
        title=span.title,
        statement=statement,
        text=text,
        updated=body.updated,
        assignments=tuple(assignments),
        indicators=_items(body.of(Section.INDICATORS), layout, account),
        investments=_items(body.of(Section.INVESTMENTS), layout, account),
        achievements=_items(body.of(Section.ACHIEVEMENTS), layout, account),
    )
    return Reading(span, goal, account, in_listing)


def _sorted_lines(lines: Sequence[Line], account: Account) -> _Sorted:
    """The lines under a goal by the section they stand in; headings and the page's date go to the account."""
    body = _Sorted()
    body.open(Section.TEXT)
    waiting = list(reversed(lines))
    while waiting:
        line = waiting.pop()
        _sort_line(line, body, account)
        if _leads_in(line):
            for part in _rest_of_lead_in(line, waiting):
                account.understood(part.number, part.text)
    return body


def _leads_in(line: Line) -> bool:
    heading = recognise(line.text, Section.TEXT)
    return heading is not None and heading.unfinished


def _rest_of_lead_in(line: Line, waiting: list[Line]) -> list[Line]:
    """The lines over which a wrapped lead-in goes on as far as its colon, taken from those that wait."""
    for length in range(1, LONGEST_LEAD_IN + 1):
        rest = list(reversed(waiting[-length:]))
        if rest and rest[-1].text.endswith(":") and len(rest[-1].text) <= 120:
            del waiting[-length:]
            return rest
        if not rest or is_finished(rest[-1].text):
            break
    return []


def _sort_line(line: Line, body: _Sorted, account: Account) -> None:
    date_found = UPDATED.search(line.text)
    if date_found:
        before, after = line.text[: date_found.start()].strip(), line.text[date_found.end() :].strip()
        if before:
            _sort_line(replace(line, text=before), body, account)
        account.understood(line.number, date_found.group())
        body.updated = body.updated or updated_on(date_found)
        body.open(Section.UNPLACED)
        if after:
            body.add(replace(line, text=after, gap=0))
        return
    heading = recognise(line.text, body.section)
    if heading is None:
        body.add(line)
        return
    account.understood(line.number, heading.words)
    body.open(heading.section or body.section)
    if heading.rest:
        body.add(replace(line, text=heading.rest))


def _statement_and_text(
    span: Span, body: _Sorted, in_listing: bool, layout: Layout, account: Account
) -> tuple[str | None, tuple[str, ...]]:
    """The goal sentence, where the heading is only a name, and the paragraphs of the political text."""
    found = [paragraph for lines in body.of(Section.TEXT) for paragraph in paragraphs(lines, layout)]
    while found and _is_page_words(found[0]):
        account.leave_out(found.pop(0).lines)
    statement = span.statement
    if found and span.title_is_name and _is_statement(found[0], span):
        statement = found.pop(0).text
    text = []
    for paragraph in found:
        # Between the goals of a listing stand links and what its pictures show, which are no sentences.
        if in_listing and not is_finished(paragraph.text):
            account.leave_out(paragraph.lines)
        elif NOTHING.fullmatch(paragraph.text):
            account.understood(paragraph.number, paragraph.text)
        else:
            text.append(paragraph.text)
    return statement, tuple(text)


def _is_page_words(paragraph: Paragraph) -> bool:
    words = paragraph.text.split(" ", LONGEST_PAGE_WORDS)
    return len(words) <= LONGEST_PAGE_WORDS and not is_finished(paragraph.text)


def _is_statement(paragraph: Paragraph, span: Span) -> bool:
    """Whether the first paragraph is the goal sentence; below a numbered name it names the municipality."""
    if len(paragraph.text) > LONGEST_STATEMENT:
        return False
    return span.number is None or mentions_municipality(paragraph.text)


def _items(runs: list[list[Line]], layout: Layout, account: Account) -> tuple[str, ...]:
    """The items of a list, one for each line or paragraph, without bullets; "-" says that there are none."""
    items: list[str] = []
    for lines in runs:
        for paragraph in paragraphs(lines, layout, lambda previous, line: _is_item(previous, line, layout)):
            if NOTHING.fullmatch(paragraph.text):
                account.understood(paragraph.number, paragraph.text)
            elif NONE_GIVEN.fullmatch(paragraph.text) and len(runs) == 1 and len(lines) == 1:
                account.leave_out(paragraph.lines)
            else:
                items.append(without_marker(paragraph.text))
    return tuple(items)


def _is_item(previous: Line, line: Line, layout: Layout) -> bool:
    """Whether a line of a list is an item of its own although no gap or bullet says so."""
    if not layout.wrapped:
        return not previous.text.endswith(HYPHENS)
    return not starts_lower(line.text) and has_room(previous.text, line.text, layout.width)
