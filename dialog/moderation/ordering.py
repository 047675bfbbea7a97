"""What comes first in the moderators' queue: the longest waiting, or the most reported."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from dialog.conversation.models import Comment
from dialog.conversation.queries import PAGE_SIZE, with_what_is_shown
from dialog.conversation.rules import CommentState, ReviewReason
from dialog.db import ask, constant, db
from dialog.moderation.models import Decision
from dialog.moderation.rules import Cursor, Order
from dialog.plan.models import Goal

_PENDING = constant(ReviewReason.PENDING)
_IS_PENDING = Comment.review_reason == _PENDING
_HAS_TIME = Comment.review_reason.is_distinct_from(_PENDING)
# Since when what has been decided on meanwhile had waited.
_HAD_WAITED_SINCE = (
    select(Decision.waiting_since)
    .where(Decision.comment_id == Comment.id)
    .order_by(Decision.id.desc())
    .limit(constant(1))
    .scalar_subquery()
)


class Waiting(NamedTuple):
    """What waits, by what decides how it looks: the comment itself is read only where its look isn't kept."""

    id: int
    number: str
    version: int
    revision: int
    wording: int
    author_id: int
    report_count: int
    review_since: datetime | None
    plan_revision: int
    parent_id: int | None
    parent_wording: int | None
    parent_words: int | None  # the wording that what it replies to has now
    parent_state: CommentState | None

    @classmethod
    def of(cls, comment: Comment) -> "Waiting":
        own = {name: getattr(comment, name) for name in cls._fields if hasattr(comment, name)}
        above = comment.parent
        return cls(
            **own,
            plan_revision=comment.goal.plan_revision,
            parent_words=above.wording if above else None,
            parent_state=above.state if above else None,
        )


_above = aliased(Comment, name="above")
_OF_OTHERS = {
    "plan_revision": Goal.plan_revision,
    "parent_words": _above.wording,
    "parent_state": _above.state,
}
_COLUMNS = [_OF_OTHERS.get(name) or getattr(Comment, name) for name in Waiting._fields]


class _Part(StrEnum):
    """A part of a page, read by a statement of its own."""

    PENDING = "pending"  # taken out of view by a rule
    LONGEST = "longest"  # all the rest, the longest waiting first
    REPORTED = "reported"  # of the rest, the most reported first
    NOT_REPORTED = "not_reported"


def page_of(
    waiting: Select[Comment], order: Order, after: Cursor | None, values: Mapping[str, Any]
) -> tuple[list[Waiting], Cursor | None]:
    """A page of what waits, and where the next one starts; the first page where `after` is no comment there is.

    `values` are those of the parameters in `waiting`, which is the same object whenever it is the same statement.

    What the software has taken out of view stands first of all, in every order: nobody can read it until somebody has
    decided. Then comes the longest waiting; or the most reported, and of what is reported alike the longest waiting.
    """
    start = _start_after(after) if after is not None else None
    values = {**values, **(asdict(start) if start else {})}
    by_reports = order == Order.MOST_REPORTED
    parts = (_Part.REPORTED, _Part.NOT_REPORTED) if by_reports else (_Part.LONGEST,)
    found: list[Waiting] = []
    for part in parts:
        goes_on = start is not None and not (part == _Part.NOT_REPORTED and start.start_reports)
        found += _read(_statement(waiting, part, goes_on=goes_on), values)
    comments, following = found[:PAGE_SIZE], None
    if len(found) > PAGE_SIZE:
        following = Cursor(comments[-1].number, comments[-1].report_count if by_reports else 0)
    if start is None:
        comments = [*_read(_statement(waiting, _Part.PENDING, goes_on=False), values), *comments]
    return comments, following


@dataclass(frozen=True)
class _Start:
    """The place in the queue after which a page starts, as it was when the page before was made."""

    start_reports: int
    start_since: datetime
    start_id: int


def _start_after(cursor: Cursor) -> _Start | None:
    """Where a comment stood, which may have been decided on or reported by more meanwhile."""
    since = func.coalesce(Comment.review_since, _HAD_WAITED_SINCE, Comment.submitted_at)
    row = db.session.execute(select(since, Comment.id).where(Comment.number == cursor.number)).first()
    return _Start(cursor.reports, *row) if row else None


_REPORTS = bindparam("start_reports", type_=Comment.report_count.type)
_SINCE = bindparam("start_since", type_=Comment.review_since.type)
# That something has waited less long than what a page starts after.
_LATER = or_(
    Comment.review_since > _SINCE,
    and_(Comment.review_since == _SINCE, Comment.id > bindparam("start_id", type_=Comment.id.type)),
)
_IS_IN: dict[_Part, ColumnElement[bool]] = {
    _Part.PENDING: _IS_PENDING,
    _Part.LONGEST: _HAS_TIME,
    _Part.REPORTED: and_(_HAS_TIME, Comment.report_count > constant(0)),
    _Part.NOT_REPORTED: and_(_HAS_TIME, Comment.report_count == constant(0)),
}
_COMES_AFTER: dict[_Part, ColumnElement[bool]] = {
    _Part.LONGEST: _LATER,
    _Part.REPORTED: or_(Comment.report_count < _REPORTS, and_(Comment.report_count == _REPORTS, _LATER)),
    _Part.NOT_REPORTED: _LATER,
}


@cache
def _statement(waiting: Select[Comment], part: _Part, *, goes_on: bool) -> Select[Any]:
    """The statement for a part of a page, the first of it or what `goes_on` after another page: prepared once."""
    chosen = waiting.where(_IS_IN[part])
    if goes_on:
        chosen = chosen.where(_COMES_AFTER[part])
    if part == _Part.REPORTED:
        chosen = chosen.order_by(Comment.report_count.desc())
    return (
        chosen.with_only_columns(*_COLUMNS)
        .join(Goal, Goal.id == Comment.goal_id)
        .outerjoin(_above, _above.id == Comment.parent_id)
        .order_by(Comment.review_since, Comment.id)
        .limit(constant(PAGE_SIZE if part == _Part.PENDING else PAGE_SIZE + 1))
    )


def _read(statement: Select[Any], values: Mapping[str, Any]) -> list[Waiting]:
    return [Waiting._make(row) for row in ask(statement, **values)]


_WHOLE = (
    select(Comment)
    .where(Comment.id.in_(bindparam("ids", expanding=True)))
    .options(joinedload(Comment.words), *with_what_is_shown())
)


def whole(ids: Sequence[int]) -> dict[int, Comment]:
    """Comments with all that is shown of them to those who decide, by their ids, in one query."""
    return {comment.id: comment for comment in db.session.scalars(_WHOLE, {"ids": list(ids)})}
