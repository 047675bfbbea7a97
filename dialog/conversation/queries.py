"""Reading comments. What a person may not see does not exist for them.

There are two doors: `visible_to(person)` for what one reader may see, and `Comment.is_public` for what everybody
may. Past both go an author's own list, and a receipt, for whoever has its secret address. That a comment has been
withdrawn is said where it stood, to everybody, but nothing of what it said or by whom. Nor is more said of one that
isn't public and has public replies: those are others' words, and stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from dialog.conversation.models import Comment, CommentWording, Sitting
from dialog.conversation.rules import CommentState
from dialog.db import db
from dialog.events import Event
from dialog.organisations.models import Organisation
from dialog.people.models import Person
from dialog.people.rules import Role
from dialog.plan.models import Goal

PAGE_SIZE = 20


def visible_to(person: Person | None) -> ColumnElement[bool]:
    """The condition on comments that `person` may read.

    Everybody reads what is published; authors read their own in every state; moderators read all, since it
    is theirs to judge.
    """
    if person is not None and person.has_role(Role.MODERATOR):
        return true()
    own = Comment.author_id == person.id if person is not None else false()
    return or_(Comment.is_public, own)


def said_in(comment: Any, dialogue: Any) -> ColumnElement[bool]:
    """The condition that a public comment was said in a dialogue; both are models, or aliases of them.

    What is said of a goal's assignments is said in the goal's dialogue too.
    """
    return and_(
        comment.goal_id == dialogue.goal_id,
        or_(dialogue.assignment_id.is_(None), comment.assignment_id == dialogue.assignment_id),
        comment.submitted_at >= dialogue.opened_at,
        comment.state == CommentState.PUBLISHED,
    )


@dataclass(frozen=True)
class Page:
    """Some comments, newest first, and where the next page starts (None on the last)."""

    comments: Sequence[Comment]
    next_cursor: str | None


def with_what_is_shown() -> tuple[_AbstractLoad, ...]:
    """What is loaded with a comment, besides its words, so that showing many takes no more queries than one."""
    return (
        joinedload(Comment.author).lazyload(Person.grants),
        joinedload(Comment.organisation),
        joinedload(Comment.mandate).lazyload("*"),
        joinedload(Comment.area),
        joinedload(Comment.sitting),
        joinedload(Comment.goal),
        joinedload(Comment.assignment),
        joinedload(Comment.paragraph),
        joinedload(Comment.parent).load_only(
            Comment.number, Comment.wording, Comment.state, Comment.published_at, Comment.reply_count
        ),
    )


def _whole() -> Select[Comment]:
    """Comments with everything a page shows of them, in a constant number of queries."""
    return (
        select(Comment)
        .join(
            CommentWording,
            (CommentWording.comment_id == Comment.id) & (CommentWording.number == Comment.wording),
        )
        .options(
            contains_eager(Comment.words),
            *with_what_is_shown(),
        )
    )


def public_comments(ids: Sequence[int]) -> Sequence[Comment]:
    """Those of the comments `ids` that are published."""
    return db.session.scalars(select_public(ids)).all()


def select_public(ids: Sequence[int]) -> Select[Comment]:
    """The statement for those of the comments `ids` that are published, for whoever asks for more beside them."""
    return _whole().where(Comment.id.in_(ids), Comment.is_public)


def newest_comments(year: int | None, limit: int) -> Page:
    """The newest published comments on a year's goals, replies left out, for a glance: there is no next page."""
    statement = _whole().join(Goal, Goal.id == Comment.goal_id).where(Comment.is_public, Goal.year == year)
    statement = statement.where(Comment.parent_id.is_(None))
    return Page(db.session.scalars(statement.order_by(Comment.id.desc()).limit(limit)).all(), None)


def comments_among(condition: ColumnElement[bool], before: str | None = None) -> Page:
    """A page of the comments that meet `condition` and are published, or leave a marker in their place."""
    statement = _whole().where(or_(Comment.is_public, Comment.leaves_a_marker), condition)
    return _page(statement, before)


def public_comments_of(organisation: Organisation, before: str | None = None) -> Page:
    """A page of what an organisation has said, newest first: what is published, and of nothing else a trace."""
    return _page(_whole().where(Comment.organisation_id == organisation.id, Comment.is_public), before)


def _page(statement: Select[Comment], before: str | None) -> Page:
    statement = statement.where(*_after(before))
    found = db.session.scalars(statement.order_by(Comment.id.desc()).limit(PAGE_SIZE + 1)).all()
    shown = found[:PAGE_SIZE]
    return Page(shown, shown[-1].number if len(found) > PAGE_SIZE else None)


def _after(before: str | None) -> list[ColumnElement[bool]]:
    """The condition that a page starts after the comment with the number `before`."""
    if before is None:
        return []
    return [Comment.id < select(Comment.id).where(Comment.number == before).scalar_subquery()]


def comment_alone(number: str, person: Person | None) -> Comment | None:
    """The comment with this number, if `person` may read it, and nothing of what a page shows of it but whose it is."""
    own = select(Comment).where(Comment.number == number, visible_to(person))
    return db.session.scalar(own.options(joinedload(Comment.organisation)))


def comment_by_number(number: str, person: Person | None) -> Comment | None:
    """The comment with this registration number, if `person` may read it."""
    return db.session.scalar(_whole().where(Comment.number == number, visible_to(person)))


@dataclass(frozen=True)
class Marker:
    """What everybody may know of a comment that isn't public any longer: that it was there, and is replied to.

    `withdrawn_at` is when its author withdrew it; None when it is gone for another reason, which isn't said.
    """

    id: int
    number: str
    goal: Goal
    reply_count: int
    replies_by_organisations: int
    withdrawn_at: datetime | None


def marker_at(number: str) -> Marker | None:
    """What stands in the place of the comment with this number.

    None unless it was public and has been withdrawn, or has public replies.
    """
    row = db.session.execute(
        select(
            Comment.id,
            Comment.reply_count,
            Comment.replies_by_organisations,
            Goal,
            Comment.leaves_a_marker.label("is_withdrawn"),
        )
        .join(Goal, Goal.id == Comment.goal_id)
        .where(Comment.number == number, or_(Comment.leaves_a_marker, Comment.reply_count > 0))
    ).first()
    if row is None:
        return None
    withdrawn_at = withdrawals([row.id])[row.id] if row.is_withdrawn else None
    return Marker(row.id, number, row.Goal, row.reply_count, row.replies_by_organisations, withdrawn_at)


def replied_to(number: str) -> Comment | None:
    """The comment with this number, if it takes replies or did so until now: for whoever is writing one.

    What it has become is to be said to them, but nothing that it said.
    """
    was_public = or_(Comment.is_public, Comment.published_at.is_not(None))
    return db.session.scalar(
        _whole().where(Comment.number == number, Comment.parent_id.is_(None), was_public)
    )


def withdrawals(ids: Sequence[int]) -> dict[int, datetime]:
    """When those of the comments `ids` that are withdrawn were so, by the comment's id."""
    rows = db.session.execute(
        select(Event.subject_id, Event.at).where(
            Event.subject_type == Comment.__tablename__,
            Event.subject_id.in_(ids),
            Event.kind == "comment.withdrawn",
        )
    )
    return {row.subject_id: row.at for row in rows}


def earlier_wordings(comment: Comment, person: Person | None) -> Sequence[CommentWording]:
    """The wordings a comment had before this one that `person` may read, the newest first.

    Everybody reads those that were shown, while the comment is; its author and moderators read all but what is sealed
    (see masking).
    """
    if comment.wording == 1:
        return []
    earlier = select(CommentWording).where(
        CommentWording.comment_id == comment.id,
        CommentWording.number < comment.wording,
        ~CommentWording.is_sealed,
    )
    is_theirs = person is not None and (person.has_role(Role.MODERATOR) or comment.author_id == person.id)
    if not is_theirs:
        shown = CommentWording.shown_from.is_not(None) if comment.is_public else false()
        earlier = earlier.where(shown)
    return db.session.scalars(earlier.order_by(CommentWording.number.desc())).all()


def comment_by_receipt(key: str) -> Comment | None:
    """The comment whose receipt has the secret `key`: whoever has the address may follow it in every state."""
    return db.session.scalar(_whole().where(Comment.receipt_key == key))


def comments_of(person: Person, before: str | None = None) -> Page:
    """The person's own comments in every state, newest first: for that person alone."""
    return _page(_whole().where(Comment.author_id == person.id), before)


def sitting_by_id(sitting_id: int) -> Sitting | None:
    """A meeting that the customer centre has put on record: that it was held is known to everybody."""
    return db.session.scalar(
        select(Sitting)
        .where(Sitting.id == sitting_id)
        .options(joinedload(Sitting.goal), joinedload(Sitting.area))
    )
