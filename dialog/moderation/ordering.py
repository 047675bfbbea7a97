"""What comes first in the moderators' queue: the longest waiting, or the most reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from dialog.conversation.models import Comment
from dialog.conversation.queries import PAGE_SIZE, with_what_is_shown
from dialog.conversation.rules import ReviewReason
from dialog.db import db
from dialog.moderation.models import Decision
from dialog.moderation.rules import Cursor, Order

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


def page_of(
    waiting: Select[Comment], order: Order, after: Cursor | None
) -> tuple[list[Comment], Cursor | None]:
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


def _reported(waiting: Select[Comment], start: _Start | None) -> Sequence[Comment]:
    """What has been reported, the most reported first. Nothing where the page starts after the last of it."""
    reported = waiting.where(Comment.report_count > 0)
    if start is not None:
        as_much = (Comment.report_count == start.reports) & or_(*_later(start))
        reported = reported.where(or_(Comment.report_count < start.reports, as_much))
    return _first_of(reported.order_by(Comment.report_count.desc()), PAGE_SIZE + 1)


def _not_reported(waiting: Select[Comment], start: _Start | None) -> Sequence[Comment]:
    """What nobody has reported: all of it where the page starts among what somebody has."""
    later = _later(start) if start is not None and not start.reports else []
    return _first_of(waiting.where(Comment.report_count == 0, *later), PAGE_SIZE + 1)


def _first_of(waiting: Select[Comment], most: int) -> Sequence[Comment]:
    """The first of what waits, the longest waiting first where nothing else is asked for."""
    return db.session.scalars(
        waiting.order_by(Comment.review_since, Comment.id)
        .limit(most)
        .options(joinedload(Comment.words), *with_what_is_shown())
    ).all()
