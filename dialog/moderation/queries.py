"""What waits for a moderator, and what has been decided about a comment."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from dialog.conversation.models import Comment
from dialog.conversation.queries import PAGE_SIZE
from dialog.db import db
from dialog.moderation.models import Decision
from dialog.people.models import Person

MOST_COUNTED = 1000  # beyond this the queue says "more than": counting further helps nobody


@dataclass(frozen=True)
class Queue:
    """What waits, the longest waiting first, and how much there is in all (`MOST_COUNTED` at the most)."""

    comments: Sequence[Comment]
    waiting: int

    @property
    def is_capped(self) -> bool:
        """Whether there may be more than were counted."""
        return self.waiting >= MOST_COUNTED


def queue() -> Queue:
    """The first page of what waits to be looked at."""
    comments = db.session.scalars(
        select(Comment)
        .where(Comment.review_since.is_not(None))
        .order_by(Comment.review_since, Comment.id)
        .limit(PAGE_SIZE)
        .options(
            joinedload(Comment.words),
            joinedload(Comment.goal),
            joinedload(Comment.assignment),
            joinedload(Comment.paragraph),
            joinedload(Comment.author).lazyload(Person.grants),
            joinedload(Comment.organisation),
            joinedload(Comment.area),
        )
    ).all()
    bounded = select(Comment.id).where(Comment.review_since.is_not(None)).limit(MOST_COUNTED).subquery()
    return Queue(comments, db.session.scalar(select(func.count()).select_from(bounded)) or 0)


def decision_in_force(comment: Comment) -> Decision | None:
    """The newest decision about a comment."""
    return db.session.scalar(
        select(Decision).where(Decision.comment_id == comment.id).order_by(Decision.id.desc()).limit(1)
    )
