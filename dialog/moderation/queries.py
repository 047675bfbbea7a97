"""What waits for a moderator, and what has been decided about a comment."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, not_, or_, select
from sqlalchemy.orm import joinedload

from dialog.conversation.models import Comment
from dialog.conversation.queries import PAGE_SIZE, with_what_is_shown
from dialog.db import db
from dialog.moderation.models import Decision
from dialog.people.models import Person

MOST_COUNTED = 1000  # beyond this the queue says "more than": counting further helps nobody


@dataclass(frozen=True)
class Queue:
    """A page of what waits for one moderator, the longest waiting first, and where the next page starts.

    `waiting` is how much there is in all, and `own` how much by the moderator, or put on record by them, which
    others are to look at;
    both `MOST_COUNTED` at the most.
    """

    comments: Sequence[Comment]
    waiting: int
    own: int
    next_cursor: str | None

    @property
    def is_capped(self) -> bool:
        """Whether there may be more than were counted."""
        return self.waiting >= MOST_COUNTED


def queue(moderator: Person, *, after: str | None = None, first: Comment | None = None) -> Queue:
    """A page of what waits for `moderator` to look at; `first` stands above it if it isn't on the page.

    `after` is the registration number the page starts after, as a `next_cursor` gave it.
    """
    waiting = select(Comment).where(Comment.review_since.is_not(None))
    is_own = or_(Comment.author_id == moderator.id, _is_registered_by(moderator))
    others = waiting.where(not_(is_own))
    found = db.session.scalars(
        others.where(*_after(after))
        .order_by(Comment.review_since, Comment.id)
        .limit(PAGE_SIZE + 1)
        .options(joinedload(Comment.words), *with_what_is_shown())
    ).all()
    comments = found[:PAGE_SIZE]
    next_cursor = comments[-1].number if len(found) > PAGE_SIZE else None
    if first is not None and first not in comments:
        comments = [first, *comments]
    own = waiting.where(is_own)
    return Queue(comments, _count(others), _count(own), next_cursor)


def _is_registered_by(moderator: Person) -> ColumnElement[bool]:
    return func.coalesce(Comment.registered_by_id, 0) == moderator.id


def _after(number: str | None) -> list[ColumnElement[bool]]:
    """The condition that a page starts after the comment with this number, which may have been decided meanwhile."""
    since = func.coalesce(Comment.review_since, Comment.submitted_at)
    start = (
        db.session.execute(select(since, Comment.id).where(Comment.number == number)).first()
        if number
        else None
    )
    if start is None:
        return []
    moment, comment_id = start
    is_later = (Comment.review_since == moment) & (Comment.id > comment_id)
    return [(Comment.review_since > moment) | is_later]


def _count(waiting: Select[Comment]) -> int:
    bounded = waiting.with_only_columns(Comment.id).limit(MOST_COUNTED).subquery()
    return db.session.scalar(select(func.count()).select_from(bounded)) or 0


def decision_in_force(comment: Comment) -> Decision | None:
    """The newest decision about a comment."""
    return db.session.scalar(
        select(Decision).where(Decision.comment_id == comment.id).order_by(Decision.id.desc()).limit(1)
    )
