"""Which comments stand on a page, each with the first replies to it: by their keys, since their looks are kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    exists,
    func,
    select,
    tuple_,
)

from dialog.conversation.models import Comment
from dialog.conversation.queries import PAGE_SIZE
from dialog.conversation.rules import CommentState
from dialog.db import ask, constant
from dialog.people.models import Person
from dialog.plan.models import Paragraph
from dialog.public.rules import BY_A_COUNT, Cursor, Order, Speaker, Stage, View
from dialog.response.models import Matter
from dialog.response.rules import MatterState
from dialog.stances.models import StanceTaken
from dialog.stances.queries import Own, holder

About = Literal["goal_id", "assignment_id", "sitting_id"]
NOBODYS = Own(None, is_author=False)  # of a visitor
REPLIES_SHOWN = 3  # under a comment among others: its own page has them all


class CommentKey(NamedTuple):
    """Which comment, and which state of what pages show of it."""

    id: int
    revision: int
    number: str


class ReplyKey(NamedTuple):
    """Which reply, in which state of what pages show of it, and what it is a reply to."""

    id: int
    revision: int
    number: str
    parent_id: int


@dataclass(frozen=True)
class Thread:
    """A comment that stands by itself, or what stands in its place, with the first replies to it, the oldest first."""

    key: CommentKey
    state: CommentState
    reply_count: int
    support: int
    own: Own  # of whoever reads it
    replies: list[ReplyKey] = field(default_factory=list)


@dataclass(frozen=True)
class Threads:
    """A page of threads, and where the next page starts (None on the last)."""

    threads: list[Thread]
    next_cursor: str | None


@dataclass(frozen=True)
class Listing:
    """What stands around the comments on a page: what is chosen, what can be, and what comes next."""

    view: View
    areas: dict[int, str]
    next_cursor: str | None
    is_first: bool

    @property
    def next_query(self) -> str:
        """The address of the next page, after the question mark."""
        return self.view.query(self.next_cursor)


@dataclass(frozen=True)
class Shape:
    """What a statement for a page is built by: everything about the question but the values in it."""

    about: About
    order: Order
    speaker: Speaker | None
    stage: Stage | None
    choices: frozenset[str]
    is_first: bool
    is_for_somebody: bool  # who is signed in, and has stances of their own


def threads(
    about: About,
    subject_id: int,
    view: View,
    cursor: Cursor | None,
    today: date,
    *,
    came_to: Sequence[int] = (),
    reader: Person | None = None,
) -> Threads:
    """A page of what has been said about a goal (its assignments included) or an assignment, or at a meeting.

    It is narrowed and ordered as `view` has it. `cursor` says where the page starts. Each comes with what
    `reader` thinks of it themselves, where somebody is signed in; `came_to` are the goals that they can have come to.
    """
    chosen = {name: getattr(view, name) for name in _CHOICES if getattr(view, name) is not None}
    values: dict[str, Any] = {"about": subject_id, **chosen}
    if reader is not None:
        values["holders"] = [holder(reader, goal_id) for goal_id in came_to]
    if view.stage == Stage.LATE:
        values["today"] = today
    if cursor is not None:
        values["after"] = cursor.number
        if view.order in BY_A_COUNT:
            values["stood_at"] = cursor.stood_at
    shape = Shape(
        about, view.order, view.speaker, view.stage, frozenset(chosen), cursor is None, reader is not None
    )
    found: dict[int, Thread] = {}
    for row in ask(_threads(shape), **values):
        key = CommentKey(row.id, row.revision, row.number)
        thread = found.get(row.id)
        if thread is None:
            own = Own(row.stance, row.author_id == reader.id) if reader is not None else NOBODYS
            thread = Thread(key, row.state, row.reply_count, row.support, own)
            found[row.id] = thread
        if row.reply_id is not None:
            reply = ReplyKey(row.reply_id, row.reply_revision, row.reply_number, row.id)
            thread.replies.append(reply)
    shown = list(found.values())[:PAGE_SIZE]
    return Threads(shown, str(_cursor_at(shown[-1], view.order)) if len(found) > PAGE_SIZE else None)


def _cursor_at(thread: Thread, order: Order) -> Cursor:
    counts = {Order.SUPPORTED: thread.support, Order.DISCUSSED: thread.reply_count}
    return Cursor(thread.key.number, counts.get(order))


_comment, _taken = (model.__table__.c for model in (Comment, StanceTaken))
_reply, _earlier = (Comment.__table__.alias(name) for name in ("reply", "earlier"))
_ENDLESS = 2**62
_PUBLISHED = constant(CommentState.PUBLISHED)
# What a choice says about a comment; a reader chooses one of each at the most.
_CHOICES: dict[str, ColumnElement[bool]] = {
    "kind": _comment.kind == bindparam("kind"),
    "area_id": _comment.area_id == bindparam("area_id"),
    "paragraph_id": _comment.paragraph_id.in_(
        select(Paragraph.id).where(Paragraph.first_id == bindparam("paragraph_id"))
    ),
}
_SPEAKERS: dict[Speaker, ColumnElement[bool]] = {
    Speaker.ORGANISATION: _comment.organisation_id.is_not(None),
    Speaker.PERSON: _comment.organisation_id.is_(None),
}
_is_owed = exists().where(Matter.comment_id == _comment.id, Matter.state == constant(MatterState.DUE))
_STAGES: dict[Stage, ColumnElement[bool]] = {
    Stage.WAITING: _is_owed,
    # By what is late, of which there is little, and not by each comment in turn.
    Stage.LATE: _comment.id.in_(
        select(Matter.comment_id).where(
            Matter.state == constant(MatterState.DUE), Matter.due_on < bindparam("today")
        )
    ),
    Stage.ANSWERED: _comment.answered_at.is_not(None),
}
_COUNTS = {Order.SUPPORTED: "support", Order.DISCUSSED: "reply_count"}
_OLDEST_FIRST = {Order.OLDEST, Order.UNANSWERED}


@cache
def _threads(shape: Shape) -> Select[Any]:
    """The comments of a page, each in as many rows as there are replies to show under it (one, if none)."""
    head = _heads(shape).subquery("head")
    # Looked up from each comment on the page, so that it costs the same however many replies there are in all.
    last_shown = (
        select(_earlier.c.id)
        .where(_earlier.c.parent_id == head.c.id, _earlier.c.state == _PUBLISHED)
        .order_by(_earlier.c.id)
        .offset(constant(REPLIES_SHOWN - 1))
        .limit(constant(1))
        .correlate(head)
        .scalar_subquery()
    )
    is_shown = and_(
        head.c.reply_count > constant(0),
        _reply.c.parent_id == head.c.id,
        _reply.c.state == _PUBLISHED,
        _reply.c.id <= func.coalesce(last_shown, _ENDLESS),
    )
    replies = (_reply.c[name].label(f"reply_{name}") for name in ("id", "revision", "number"))
    statement = select(*head.c, *replies).order_by(*_order(shape.order, head.c), _reply.c.id)
    rows = head.outerjoin(_reply, is_shown)
    if shape.is_for_somebody:
        is_own = and_(_taken.comment_id == head.c.id, _taken.holder.in_(bindparam("holders", expanding=True)))
        rows = rows.outerjoin(StanceTaken.__table__, is_own)
        statement = statement.add_columns(_taken.stance)
    return statement.select_from(rows)


def _heads(shape: Shape) -> Select[Any]:
    names = ("id", "revision", "number", "state", "reply_count", "support", "author_id")
    statement = select(*(_comment[name] for name in names)).where(
        Comment.heads_a_thread, _comment[shape.about] == bindparam("about"), *_conditions(shape)
    )
    if not shape.is_first:
        statement = statement.where(_comes_after(shape.order))
    return statement.order_by(*_order(shape.order, _comment)).limit(constant(PAGE_SIZE + 1))


def _conditions(shape: Shape) -> list[ColumnElement[bool]]:
    conditions = [_CHOICES[name] for name in sorted(shape.choices)]
    if shape.speaker is not None:
        conditions.append(_SPEAKERS[shape.speaker])
    if shape.stage is not None:
        conditions.append(_STAGES[shape.stage])
    if shape.order == Order.UNANSWERED:
        conditions.append(_comment.answered_at.is_(None))
    # What a comment that isn't public any longer was like is not to be had by asking for it.
    return [*conditions, _comment.state == _PUBLISHED] if conditions else []


def _order(order: Order, columns: Any) -> list[ColumnElement[Any]]:
    if order in _OLDEST_FIRST:
        return [columns.id]
    by_count = [columns[_COUNTS[order]].desc()] if order in _COUNTS else []
    return [*by_count, columns.id.desc()]


def _comes_after(order: Order) -> ColumnElement[bool]:
    start = _id_of("after")
    if order in _OLDEST_FIRST:
        return _comment.id > start
    if order in _COUNTS:
        return tuple_(_comment[_COUNTS[order]], _comment.id) < tuple_(
            bindparam("stood_at", type_=Integer), start
        )
    return _comment.id < start


def _id_of(parameter: str) -> ScalarSelect[int]:
    return select(_comment.id).where(_comment.number == bindparam(parameter)).scalar_subquery()


@dataclass(frozen=True)
class Replies:
    """A page of the public replies to a comment, the oldest first, and where the next page starts."""

    keys: list[ReplyKey]
    next_cursor: str | None


_REPLIES = (
    select(_comment.id, _comment.revision, _comment.number, _comment.parent_id)
    .where(_comment.parent_id == bindparam("parent_id"), _comment.state == _PUBLISHED)
    .order_by(_comment.id)
    .limit(constant(PAGE_SIZE + 1))
)
_LATER_REPLIES = _REPLIES.where(_comment.id > _id_of("after"))


def replies_to(comment_id: int, after: str | None = None) -> Replies:
    """A page of the public replies to a comment; `after` as a `next_cursor` gave it."""
    rows = (
        ask(_REPLIES, parent_id=comment_id).all()
        if after is None
        else ask(_LATER_REPLIES, parent_id=comment_id, after=after).all()
    )
    shown = [ReplyKey._make(row) for row in rows[:PAGE_SIZE]]
    return Replies(shown, shown[-1].number if len(rows) > PAGE_SIZE else None)
