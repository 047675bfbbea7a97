"""Which comments stand on a page, each with the first replies to it: by their keys, since their looks are kept."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import ScalarSelect, Select, and_, bindparam, func, select

from dialog.conversation.models import Comment
from dialog.conversation.queries import PAGE_SIZE
from dialog.conversation.rules import CommentState
from dialog.db import ask

About = Literal["goal_id", "assignment_id", "sitting_id"]
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
    replies: list[ReplyKey] = field(default_factory=list)

    @property
    def is_public(self) -> bool:
        return self.state == CommentState.PUBLISHED

    @property
    def is_withdrawn(self) -> bool:
        return self.state == CommentState.WITHDRAWN


@dataclass(frozen=True)
class Threads:
    """A page of threads, and where the next page starts (None on the last)."""

    threads: list[Thread]
    next_cursor: str | None


def threads(about: About, subject_id: int, after: str | None = None) -> Threads:
    """A page of what has been said about a goal (its assignments included) or an assignment, or at a meeting.

    The newest stands first. `after` is the registration number the page starts after, as a `next_cursor` gave it.
    """
    values = {"about": subject_id} if after is None else {"about": subject_id, "after": after}
    found: dict[int, Thread] = {}
    for row in ask(_threads(about, is_first=after is None), **values):
        key = CommentKey(row.id, row.revision, row.number)
        thread = found.setdefault(row.id, Thread(key, row.state, row.reply_count))
        if row.reply_id is not None:
            reply = ReplyKey(row.reply_id, row.reply_revision, row.reply_number, row.id)
            thread.replies.append(reply)
    shown = list(found.values())[:PAGE_SIZE]
    return Threads(shown, shown[-1].key.number if len(found) > PAGE_SIZE else None)


_comment = Comment.__table__.c
_reply, _earlier = (Comment.__table__.alias(name) for name in ("reply", "earlier"))
_ENDLESS = 2**62


@cache
def _threads(about: About, *, is_first: bool) -> Select[Any]:
    """The comments of a page, each in as many rows as there are replies to show under it (one, if none)."""
    head = _heads(about, is_first=is_first).subquery("head")
    # Looked up from each comment on the page, so that it costs the same however many replies there are in all.
    last_shown = (
        select(_earlier.c.id)
        .where(_earlier.c.parent_id == head.c.id, _earlier.c.state == CommentState.PUBLISHED)
        .order_by(_earlier.c.id)
        .offset(REPLIES_SHOWN - 1)
        .limit(1)
        .correlate(head)
        .scalar_subquery()
    )
    is_shown = and_(
        head.c.reply_count > 0,
        _reply.c.parent_id == head.c.id,
        _reply.c.state == CommentState.PUBLISHED,
        _reply.c.id <= func.coalesce(last_shown, _ENDLESS),
    )
    return (
        select(
            *head.c,
            *(_reply.c[name].label(f"reply_{name}") for name in ("id", "revision", "number")),
        )
        .select_from(head.outerjoin(_reply, is_shown))
        .order_by(head.c.id.desc(), _reply.c.id)
    )


def _heads(about: About, *, is_first: bool) -> Select[Any]:
    statement = select(
        _comment.id, _comment.revision, _comment.number, _comment.state, _comment.reply_count
    ).where(Comment.heads_a_thread, _comment[about] == bindparam("about"))
    if not is_first:
        statement = statement.where(_comment.id < _id_of("after"))
    return statement.order_by(_comment.id.desc()).limit(PAGE_SIZE + 1)


def _id_of(parameter: str) -> ScalarSelect[int]:
    return select(_comment.id).where(_comment.number == bindparam(parameter)).scalar_subquery()


@dataclass(frozen=True)
class Replies:
    """A page of the public replies to a comment, the oldest first, and where the next page starts."""

    keys: list[ReplyKey]
    next_cursor: str | None


_REPLIES = (
    select(_comment.id, _comment.revision, _comment.number, _comment.parent_id)
    .where(_comment.parent_id == bindparam("parent_id"), _comment.state == CommentState.PUBLISHED)
    .order_by(_comment.id)
    .limit(PAGE_SIZE + 1)
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
