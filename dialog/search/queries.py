"""Searching: what matches, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, bindparam, column, select, table, text, type_coerce

from dialog.conversation.models import Comment
from dialog.conversation.queries import PAGE_SIZE
from dialog.db import ask, constant, db
from dialog.plan.models import Goal
from dialog.search.models import Entry
from dialog.search.rules import (
    MOST_RANKED,
    EntryKind,
    Order,
    Part,
    for_postgresql,
    for_sqlite,
    parts_of,
    rank,
)


@dataclass(frozen=True)
class Filters:
    """What a reader narrows a search with; None leaves that open."""

    kind: EntryKind | None = None
    year: int | None = None
    area_id: int | None = None
    by_organisation: bool | None = None
    is_answered: bool | None = None


@dataclass(frozen=True)
class Found:
    """A page of things found, by kind and id, and what was asked for.

    `count` is how many there are in all, and `is_more` says that there are even more.
    """

    things: list[tuple[EntryKind, int]]
    parts: Sequence[Part]
    count: int
    is_more: bool
    next_page: int | None


NOTHING = Found([], [], 0, False, None)


def search(query: str, filters: Filters, *, order: Order = Order.BEST, page: int = 1) -> Found:
    """What holds all that `query` asks for, a page at a time; `page` counts from 1.

    Only so many of the newest matches are looked at (MOST_RANKED), however many there are.
    """
    parts = parts_of(query)
    if not parts:
        return NOTHING
    rows = _matches(parts, filters)
    newest = rows[:MOST_RANKED]
    if order == Order.BEST:
        # A stable sort: what is equally much about the words stays newest first.
        newest = sorted(newest, key=lambda row: rank(row.stems, parts), reverse=True)
    start = (page - 1) * PAGE_SIZE
    shown = newest[start : start + PAGE_SIZE]
    return Found(
        things=[(EntryKind(row.kind), row.subject_id) for row in shown],
        parts=parts,
        count=len(newest),
        is_more=len(rows) > MOST_RANKED,
        next_page=page + 1 if len(newest) > start + PAGE_SIZE else None,
    )


def is_empty() -> bool:
    """Whether nothing at all has been put in the index yet."""
    return db.session.scalar(select(Entry.id).limit(1)) is None


def _matches(parts: Sequence[Part], filters: Filters) -> Sequence[Row[Any]]:
    """The newest of what holds all `parts` and meets the filters, and one more than is ranked, if there is."""
    words = _words_for(parts)
    chosen = {name: value for name, value in vars(filters).items() if value is not None}
    return ask(_matching(frozenset(words), frozenset(chosen)), **words, **chosen).all()


def _words_for(parts: Sequence[Part]) -> dict[str, str]:
    """What is looked up in the index, by the names of the statement's parameters."""
    if db.engines["read"].dialect.name == "sqlite":
        return {"match": for_sqlite(parts)}
    return {f"in_{name}": query for name in ("stems", "words") if (query := for_postgresql(parts, name))}


_entry, _comment, _goal = Entry.__table__.c, Comment.__table__.c, Goal.__table__.c
_index = table("search_index", column("rowid"))
_MEETS = {
    "match": text("search_index MATCH :match"),
    "in_stems": text("search_index.stems @@ CAST(:in_stems AS tsquery)"),
    "in_words": text("search_index.words @@ CAST(:in_words AS tsquery)"),
}
_NARROWED: dict[str, ColumnElement[bool]] = {
    "kind": _entry.kind == bindparam("kind"),
    "year": _goal.year == bindparam("year"),
    "area_id": _comment.area_id == bindparam("area_id"),
    "by_organisation": _comment.organisation_id.is_not(None) == bindparam("by_organisation"),
    "is_answered": _comment.answered_at.is_not(None) == bindparam("is_answered"),
}
_ABOUT_COMMENTS = {"area_id", "by_organisation", "is_answered"}


@cache
def _matching(words: frozenset[str], chosen: frozenset[str]) -> Select[Any]:
    """The statement with these parameters, built once: there are few sets of them."""
    joined = Entry.__table__.join(_index, _index.c.rowid == _entry.id)
    if chosen & _ABOUT_COMMENTS:
        is_its_comment = (_entry.kind == EntryKind.COMMENT) & (_comment.id == _entry.subject_id)
        joined = joined.join(Comment.__table__, is_its_comment)
    if "year" in chosen:
        joined = joined.join(Goal.__table__, _goal.id == _entry.goal_id)
    met, narrowed = (_MEETS[name] for name in sorted(words)), (_NARROWED[name] for name in sorted(chosen))
    kind = type_coerce(_entry.kind, String).label("kind")  # as it stands: most of what is ranked isn't shown
    return (
        select(kind, _entry.subject_id, _entry.stems)
        .select_from(joined)
        .where(*met, *narrowed)
        .order_by(_index.c.rowid.desc())
        .limit(constant(MOST_RANKED + 1))
    )
