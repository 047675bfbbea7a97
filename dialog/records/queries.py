"""What is sealed: by number and day alone, since nothing may list people by what they think."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from dialog.conversation.models import Comment, CommentWording
from dialog.db import db
from dialog.people.models import Person
from dialog.records.models import Opening
from dialog.search.models import Entry
from dialog.search.rules import EntryKind
from dialog.stems import stems_of

PAGE_SIZE = 50


@dataclass(frozen=True)
class Sealed:
    """Some comments of which something is sealed, by number, the newest first, and where the next page starts."""

    rows: Sequence[Any]
    next_cursor: int | None


def sealed_comments(before: int | None = None) -> Sealed:
    """A page of the comments of which something is sealed: number, since when, and how often it was opened."""
    sealed = (
        select(CommentWording.comment_id).where(CommentWording.is_sealed).group_by(CommentWording.comment_id)
    )
    if before is not None:
        sealed = sealed.where(CommentWording.comment_id < before)
    page = sealed.order_by(CommentWording.comment_id.desc()).limit(PAGE_SIZE + 1).subquery()
    since = (
        select(func.max(CommentWording.written_at))
        .where(CommentWording.comment_id == Comment.id, CommentWording.masks.is_not(None))
        .scalar_subquery()
    )
    opened = select(func.count()).where(Opening.comment_id == Comment.id).scalar_subquery()
    rows = db.session.execute(
        select(Comment.id, Comment.number, since.label("sealed_at"), opened.label("opened"))
        .join(page, page.c.comment_id == Comment.id)
        .order_by(Comment.id.desc())
    ).all()
    return Sealed(rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else None)


def sealed_comment(number: str) -> Comment | None:
    """The comment with this number, if something of it is sealed."""
    of_comment = (CommentWording.comment_id == Comment.id, CommentWording.is_sealed)
    is_sealed = select(CommentWording.id).where(*of_comment).exists()
    return db.session.scalar(select(Comment).where(Comment.number == number, is_sealed))


def sealed_wordings(comment: Comment) -> Sequence[CommentWording]:
    """What is sealed of a comment, the newest first: for `operations.open_sealed` alone."""
    sealed = (CommentWording.comment_id == comment.id, CommentWording.is_sealed)
    return db.session.scalars(
        select(CommentWording).where(*sealed).order_by(CommentWording.number.desc())
    ).all()


def openings_of(comment: Comment) -> Sequence[Opening]:
    """When what is sealed of a comment was opened, by whom and why, the newest first."""
    return db.session.scalars(
        select(Opening)
        .where(Opening.comment_id == comment.id)
        .order_by(Opening.id.desc())
        .options(joinedload(Opening.opened_by).lazyload(Person.grants))
    ).all()


def badly_sealed() -> list[str]:
    """The numbers of comments of which something sealed is in force, or can still be found by its words."""
    masked = (
        select(Comment.number, CommentWording.text, CommentWording.sealed_for, Entry.stems)
        .join(
            CommentWording,
            (CommentWording.comment_id == Comment.id) & (CommentWording.number == Comment.wording),
        )
        .outerjoin(Entry, (Entry.kind == EntryKind.COMMENT) & (Entry.subject_id == Comment.id))
        .where(Comment.id.in_(select(CommentWording.comment_id).where(CommentWording.is_sealed)))
        .order_by(Comment.id)
    )
    return [
        row.number
        for row in db.session.execute(masked)
        if row.sealed_for is not None or row.stems not in (None, " ".join(stems_of(row.text)))
    ]
