"""An annex as a sheet: a comment a row, as CSV for a Swedish spreadsheet, made while it is sent."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from flask_babel import gettext

from dialog.db import local_day
from dialog.formats import heading, in_language
from dialog.meetings.paper import basis, came, speaker, stand_of
from dialog.meetings.queries import Item
from dialog.response.models import Response
from dialog.response.rules import MatterState
from dialog.stances.rules import Stance
from dialog.web import word
from dialog.workdays import working_days_between

_BEGINNINGS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def sheet_of(parts: Iterable[Sequence[Item]], today: date) -> Iterator[str]:
    """The sheet, a part at a time: semicolons, CRLF, a byte order mark, and no cell that would be carried out."""
    yield "\ufeff" + _lines([_head()])
    for items in parts:
        yield _lines([_row(item, today) for item in items])


def _lines(rows: Iterable[Sequence[str]]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=";", lineterminator="\r\n").writerows(
        [[_harmless(cell) for cell in row] for row in rows]
    )
    return file.getvalue()


def _harmless(cell: str) -> str:
    """The cell as text, also where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.startswith(_BEGINNINGS_OF_FORMULAS) else cell


def _head() -> list[str]:
    return [
        gettext("Number"),
        gettext("Reached the committee"),
        gettext("Kind"),
        gettext("Plan"),
        gettext("Goal"),
        gettext("Assignment"),
        gettext("Who wrote"),
        gettext("Organisation's basis"),
        gettext("How it came"),
        gettext("Area"),
        gettext("Language"),
        gettext("Words"),
        gettext("Where it stands"),
        gettext("Is to be answered by"),
        gettext("Working days late"),
        gettext("Answered"),
        gettext("Outcome"),
        gettext("The answer"),
        *map(word, Stance),
    ]


def _row(item: Item, today: date) -> list[str]:
    matter, comment, sums = item.matter, item.matter.comment, item.stances.sums
    is_due = matter.state == MatterState.DUE
    return [
        comment.number,
        local_day(matter.opened_at).isoformat(),
        word(comment.kind),
        str(comment.goal.year),
        heading(in_language(comment.goal, "title")),
        heading(in_language(comment.assignment, "title")) if comment.assignment else "",
        speaker(comment),
        basis(comment),
        came(comment),
        comment.area.name if comment.area else "",
        comment.language,
        comment.words.text,
        stand_of(item, today),
        matter.due_on.isoformat(),
        str(working_days_between(matter.due_on, today)) if is_due and matter.due_on < today else "",
        local_day(matter.answered_at).isoformat() if matter.answered_at else "",
        "; ".join(word(one.outcome) for one in item.standing.responses if one.outcome),
        "\n\n".join(map(_answer, item.standing.responses)),
        *(str(count) if item.stances.is_shown and count else "" for count in sums),
    ]


def _answer(response: Response) -> str:
    return "\n".join((response.you_said, response.we_decided, response.because))
