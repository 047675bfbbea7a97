"""What comes first in the moderators' queue: the longest waiting, or the most reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from dialog.conversation.models import Comment
from dialog.conversation.queries import PAGE_SIZE, with_what_is_shown
from dialog.conversation.rules import CommentState, ReviewReason
from dialog.db import db
from dialog.moderation.models import Decision
from dialog.moderation.rules import Cursor, Order
from dialog.plan.models import Goal

_IS_PENDING = Comment.review_reason == ReviewReason.PENDING
_HAS_TIME = Comment.review_reason.is_distinct_from(ReviewReason.PENDING)
# Since when what has been decided on meanwhile had waited.
_HAD_WAITED_SINCE = (
    select(Decision.waiting_since)
    .where(Decision.comment_id == Comment.id)
    .order_by(Decision.id.desc())
    .limit(1)
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
_COLUMNS = (
    *(getattr(Comment, name) for name in Waiting._fields if name in Comment.__table__.c),
    Goal.plan_revision.label("plan_revision"),
    _above.wording.label("parent_words"),
    _above.state.label("parent_state"),
)


def page_of(
    waiting: Select[Comment], order: Order, after: Cursor | None
) -> tuple[list[Waiting], Cursor | None]:
    """A page of what waits, and where the next one starts; the first page where `after` is no comment there is.

    What the software has taken out of view stands first of all, in every order: nobody can read it until somebody has
    decided. Then comes the longest waiting; or the most reported, and of what is reported alike the longest waiting.
    """
    start = _start_after(after) if after is not None else None
    in_time, by_reports = waiting.where(_HAS_TIME), order == Order.MOST_REPORTED
    if by_reports:
        found = [*_reported(in_time, start), *_not_reported(in_time, start)]
    else:
        found = [*_first_of(in_time.where(*_later(start)), PAGE_SIZE + 1)]
    comments, following = found[:PAGE_SIZE], None
    if len(found) > PAGE_SIZE:
        following = Cursor(comments[-1].number, comments[-1].report_count if by_reports else 0)
    if start is None:
        comments = [*_first_of(waiting.where(_IS_PENDING), PAGE_SIZE), *comments]
    return comments, following


@dataclass(frozen=True)
class _Start:
    """The place in the queue after which a page starts, as it was when the page before was made."""

    reports: int
    since: datetime
    id: int


def _start_after(cursor: Cursor) -> _Start | None:
    """Where a comment stood, which may have been decided on or reported by more meanwhile."""
    since = func.coalesce(Comment.review_since, _HAD_WAITED_SINCE, Comment.submitted_at)
    row = db.session.execute(select(since, Comment.id).where(Comment.number == cursor.number)).first()
    return _Start(cursor.reports, *row) if row else None


def _later(start: _Start | None) -> list[ColumnElement[bool]]:
    """The condition that something has waited less long than what a page starts after."""
    if start is None:
        return []
    as_long = (Comment.review_since == start.since) & (Comment.id > start.id)
    return [or_(Comment.review_since > start.since, as_long)]


def _reported(waiting: Select[Comment], start: _Start | None) -> list[Waiting]:
    """What has been reported, the most reported first. Nothing where the page starts after the last of it."""
    reported = waiting.where(Comment.report_count > 0)
    if start is not None:
        as_much = (Comment.report_count == start.reports) & or_(*_later(start))
        reported = reported.where(or_(Comment.report_count < start.reports, as_much))
    return _first_of(reported.order_by(Comment.report_count.desc()), PAGE_SIZE + 1)


def _not_reported(waiting: Select[Comment], start: _Start | None) -> list[Waiting]:
    """What nobody has reported: all of it where the page starts among what somebody has."""
    later = _later(start) if start is not None and not start.reports else []
    return _first_of(waiting.where(Comment.report_count == 0, *later), PAGE_SIZE + 1)


def _first_of(waiting: Select[Comment], most: int) -> list[Waiting]:
    """The first of what waits, the longest waiting first where nothing else is asked for."""
    rows = (
        waiting.with_only_columns(*_COLUMNS)
        .join(Goal, Goal.id == Comment.goal_id)
        .outerjoin(_above, _above.id == Comment.parent_id)
        .order_by(Comment.review_since, Comment.id)
        .limit(most)
    )
    return [Waiting(**row._mapping) for row in db.session.execute(rows)]


def whole(ids: Sequence[int]) -> dict[int, Comment]:
    """Comments with all that is shown of them to those who decide, by their ids, in one query."""
    statement = select(Comment).where(Comment.id.in_(ids))
    shown = statement.options(joinedload(Comment.words), *with_what_is_shown())
    return {comment.id: comment for comment in db.session.scalars(shown)}
