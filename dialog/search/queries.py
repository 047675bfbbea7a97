"""Searching: what matches, in which order, and what is shown of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, column, select, table, text
from sqlalchemy.orm import joinedload

from dialog.conversation.models import Comment
from dialog.conversation.queries import PAGE_SIZE, public_comments
from dialog.db import db
from dialog.plan.models import Assignment, Goal, Paragraph
from dialog.response.queries import public_responses
from dialog.search.models import Entry
from dialog.search.operations import text_of_answer
from dialog.search.rules import (
    MOST_RANKED,
    EntryKind,
    Order,
    Part,
    for_postgresql,
    for_sqlite,
    parts_of,
    rank,
    snippet,
)


@dataclass(frozen=True)
class Filters:
    """What a reader narrows a search with; None leaves that open."""

    kind: EntryKind | None = None
    year: int | None = None
    area_id: int | None = None
    by_organisation: bool | None = None
    is_answered: bool | None = None

    @property
    def is_about_comments(self) -> bool:
        """Whether only comments can meet them."""
        return not (self.area_id is None and self.by_organisation is None and self.is_answered is None)


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is, and the place in its text where the words stand."""

    kind: EntryKind
    thing: Any
    snippet: Markup


@dataclass(frozen=True)
class Found:
    """A page of hits. `count` is how many there are in all, and `is_more` says that there are even more."""

    hits: list[Hit]
    count: int
    is_more: bool
    next_page: int | None


NOTHING = Found([], 0, False, None)


def search(query: str, filters: Filters, *, order: Order = Order.BEST, page: int = 1) -> Found:
    """What holds all that `query` asks for, a page at a time; `page` counts from 1.

    Only so many of the newest matches are looked at (MOST_RANKED), however many there are.
    """
    parts = parts_of(query)
    if not parts:
        return NOTHING
    rows = db.session.execute(_matching(parts, filters).limit(MOST_RANKED + 1)).all()
    newest = rows[:MOST_RANKED]
    if order == Order.BEST:
        # A stable sort: what is equally much about the words stays newest first.
        newest = sorted(newest, key=lambda row: rank(row.stems.split(" "), parts), reverse=True)
    start = (page - 1) * PAGE_SIZE
    shown = newest[start : start + PAGE_SIZE]
    return Found(
        hits=_hits([(row.kind, row.subject_id) for row in shown], parts),
        count=len(newest),
        is_more=len(rows) > MOST_RANKED,
        next_page=page + 1 if len(newest) > start + PAGE_SIZE else None,
    )


def is_empty() -> bool:
    """Whether nothing at all has been put in the index yet."""
    return db.session.scalar(select(Entry.id).limit(1)) is None


_entry, _comment, _goal = Entry.__table__.c, Comment.__table__.c, Goal.__table__.c
_index = table("search_index", column("rowid"))


def _matching(parts: Sequence[Part], filters: Filters) -> Select[Any]:
    joined = Entry.__table__.join(_index, _index.c.rowid == _entry.id)
    statement = (
        select(_entry.id, _entry.kind, _entry.subject_id, _entry.stems)
        .where(_meets(parts), *_narrowed(filters))
        .order_by(_index.c.rowid.desc())
    )
    if filters.is_about_comments:
        is_its_comment = (_entry.kind == EntryKind.COMMENT) & (_comment.id == _entry.subject_id)
        joined = joined.join(Comment.__table__, is_its_comment)
    if filters.year is not None:
        joined = joined.join(Goal.__table__, _goal.id == _entry.goal_id)
    return statement.select_from(joined)


def _meets(parts: Sequence[Part]) -> ColumnElement[bool]:
    if db.engines["read"].dialect.name == "sqlite":
        return text("search_index MATCH :match").bindparams(match=for_sqlite(parts))  # type: ignore[return-value]
    wanted = {name: for_postgresql(parts, name) for name in ("stems", "words")}
    conditions = [
        f"search_index.{name} @@ CAST(:in_{name} AS tsquery)" for name, query in wanted.items() if query
    ]
    values = {f"in_{name}": query for name, query in wanted.items() if query}
    return text(" AND ".join(conditions)).bindparams(**values)  # type: ignore[return-value]


def _narrowed(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.kind is not None:
        conditions.append(_entry.kind == filters.kind)
    if filters.year is not None:
        conditions.append(_goal.year == filters.year)
    if filters.area_id is not None:
        conditions.append(_comment.area_id == filters.area_id)
    if filters.by_organisation is not None:
        conditions.append(_comment.organisation_id.is_not(None) == filters.by_organisation)
    if filters.is_answered is not None:
        conditions.append(_comment.answered_at.is_not(None) == filters.is_answered)
    return conditions


def _hits(found: Sequence[tuple[EntryKind, int]], parts: Sequence[Part]) -> list[Hit]:
    """The things found, loaded a kind at a time through what may be read of each kind."""
    things: dict[tuple[EntryKind, int], tuple[Any, str]] = {}
    for kind, load in _LOADERS.items():
        if ids := [subject_id for one, subject_id in found if one == kind]:
            things |= {(kind, thing.id): (thing, words) for thing, words in load(ids)}
    return [
        Hit(key[0], thing, snippet(words, parts))
        for key, (thing, words) in ((key, things[key]) for key in found if key in things)
    ]


def _comments(ids: Sequence[int]) -> list[tuple[Any, str]]:
    return [(comment, comment.words.text) for comment in public_comments(ids)]


def _answers(ids: Sequence[int]) -> list[tuple[Any, str]]:
    return [(response, text_of_answer(response)) for response in public_responses(ids)]


def _goals(ids: Sequence[int]) -> list[tuple[Any, str]]:
    goals = db.session.scalars(select(Goal).where(Goal.id.in_(ids)))
    texts = _paragraphs(Paragraph.goal_id.in_(ids), Paragraph.assignment_id.is_(None))
    return [(goal, f"{goal.statement or ''}\n{texts.get((goal.id, None), '')}".strip()) for goal in goals]


def _assignments(ids: Sequence[int]) -> list[tuple[Any, str]]:
    found = db.session.scalars(
        select(Assignment)
        .where(Assignment.id.in_(ids), Assignment.withdrawn_at.is_(None))
        .options(joinedload(Assignment.goal))
    )
    texts = _paragraphs(Paragraph.assignment_id.in_(ids))
    return [(one, texts.get((one.goal_id, one.id), "")) for one in found]


_LOADERS: dict[EntryKind, Callable[[Sequence[int]], list[tuple[Any, str]]]] = {
    EntryKind.GOAL: _goals,
    EntryKind.ASSIGNMENT: _assignments,
    EntryKind.ANSWER: _answers,
    EntryKind.COMMENT: _comments,
}


def _paragraphs(*conditions: ColumnElement[bool]) -> dict[tuple[int, int | None], str]:
    statement = (
        select(Paragraph.goal_id, Paragraph.assignment_id, Paragraph.text)
        .where(Paragraph.withdrawn_at.is_(None), *conditions)
        .order_by(Paragraph.position)
    )
    texts: dict[tuple[int, int | None], str] = {}
    for goal_id, assignment_id, words in db.session.execute(statement):
        key = (goal_id, assignment_id)
        texts[key] = f"{texts[key]}\n{words}" if key in texts else words
    return texts
