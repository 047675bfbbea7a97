"""Reading a document: its lines, its goals, and what stands under each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dialog.plan.importing import budget, web_page
from dialog.plan.importing.account import Account
from dialog.plan.importing.committees import CommitteeNames
from dialog.plan.importing.document import (
    ReadGoal,
    ReadPlan,
    Refusal,
    UnreadableDocument,
)
from dialog.plan.importing.files import read_lines
from dialog.plan.importing.furniture import without_furniture
from dialog.plan.importing.goal import Reading, read_goal, with_whole_dates
from dialog.plan.importing.headings import plan_year
from dialog.plan.importing.lines import Layout, Line, measure
from dialog.plan.importing.spans import Division, Span


def read_document(content: bytes, committees: Mapping[str, str], year: int | None = None) -> ReadPlan:
    """The plan in a file's bytes: text, web page or PDF, told apart by content.

    `committees` gives the code of every name and code that a document may use for a committee. `year`, when
    given, is the plan's year whatever the document says. Raises UnreadableDocument, and nothing else.
    """
    account = Account()
    lines = without_furniture(with_whole_dates(read_lines(content)), account)
    layout = measure(lines, _may_be_heading)
    division = _divide(lines, layout)
    if division is None:
        raise UnreadableDocument(Refusal.NO_GOAL)
    stated = year
    if stated is None:
        stated = plan_year((line.text for line in lines), (line.text for line in division.outside))
    if stated is None:
        raise UnreadableDocument(Refusal.NO_YEAR)
    account.leave_out(division.outside)
    committee_names = CommitteeNames(committees)
    read = [read_goal(span, division.is_listing, layout, committee_names, stated) for span in division.spans]
    kept = _without_links(read) if division.may_hold_links else read
    chosen = {id(reading) for reading in kept}
    for reading in read:
        account.add(reading.account if id(reading) in chosen else _all_left_out(reading.span))
    left_out, structure = account.in_order()
    return ReadPlan(
        stated, _with_page_date([reading.goal for reading in kept], division), left_out, structure
    )


def _may_be_heading(text: str) -> bool:
    return budget.may_be_heading(text) or web_page.may_be_heading(text)


def _divide(lines: list[Line], layout: Layout) -> Division | None:
    """The document's goals by whichever form it has. One numbered chapter alone isn't proof of a budget."""
    numbered = budget.divide_budget(lines, layout)
    if numbered is not None and len(numbered.spans) > 1:
        return numbered
    return web_page.divide_web_page(lines, layout) or numbered


def _without_links(read: list[Reading]) -> list[Reading]:
    """The goals without those that are only named, as links are, beside goals that are told in full."""
    fullest: dict[tuple[str | None, str], int] = {}
    for reading in read:
        key = _name(reading.goal)
        fullest[key] = max(fullest.get(key, 0), reading.fullness)
    told = any(reading.fullness for reading in read)
    listed = all(reading.in_listing for reading in read)
    kept: dict[tuple[str | None, str], Reading] = {}
    for reading in read:
        is_link = told and not listed and not reading.fullness
        if not is_link and reading.fullness == fullest[_name(reading.goal)]:
            kept.setdefault(_name(reading.goal), reading)
    return list(kept.values())


def _name(goal: ReadGoal) -> tuple[str | None, str]:
    return goal.number, goal.title.rstrip(".").casefold()


def _all_left_out(span: Span) -> Account:
    account = Account()
    account.leave_out([*span.heading, *span.body])
    return account


def _with_page_date(goals: list[ReadGoal], division: Division) -> tuple[ReadGoal, ...]:
    """The goals of one page, all with the page's date, which stands only at its end."""
    dates = [goal.updated for goal in goals if goal.updated]
    if division.may_hold_links and len(dates) == 1 and goals[-1].updated:
        return tuple(replace(goal, updated=dates[0]) for goal in goals)
    return tuple(goals)
