"""Reading comments. `visible_to` is the only door: what a person may not see does not exist for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, false, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from dialog.conversation.models import Comment, CommentWording
from dialog.conversation.rules import CommentState
from dialog.db import ask, db
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
    return or_(Comment.state == CommentState.PUBLISHED, own)


@dataclass(frozen=True)
class Page:
    """Some comments, newest first, and where the next page starts (None on the last)."""

    comments: Sequence[Comment]
    next_cursor: str | None


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
            joinedload(Comment.author).lazyload(Person.grants),
            joinedload(Comment.organisation),
            joinedload(Comment.mandate).lazyload("*"),
            joinedload(Comment.area),
            joinedload(Comment.goal),
            joinedload(Comment.assignment),
            joinedload(Comment.paragraph),
        )
    )


class CommentKey(NamedTuple):
    """Which comment, and which state of what pages show of it."""

    id: int
    revision: int
    number: str


@dataclass(frozen=True)
class Keys:
    """A page of comments by their keys alone, newest first, and where the next page starts."""

    comments: list[CommentKey]
    next_cursor: str | None


def public_keys(
    *, goal_id: int | None = None, assignment_id: int | None = None, before: str | None = None
) -> Keys:
    """A page of published comments on a goal (its assignments included) or on one assignment, by their keys.

    `before` is the registration number the page starts after, as a `next_cursor` gave it.
    """
    about, value = ("goal_id", goal_id) if goal_id is not None else ("assignment_id", assignment_id)
    values = {"about": value} if before is None else {"about": value, "before": before}
    rows = ask(_keys(about, is_first=before is None), **values).all()
    shown = [CommentKey._make(row) for row in rows[:PAGE_SIZE]]
    return Keys(shown, shown[-1].number if len(rows) > PAGE_SIZE else None)


@cache
def _keys(about: str, *, is_first: bool) -> Select[int, int, str]:
    comment = Comment.__table__.c
    statement = select(comment.id, comment.revision, comment.number).where(
        comment.state == CommentState.PUBLISHED, comment[about] == bindparam("about")
    )
    if not is_first:
        start = select(comment.id).where(comment.number == bindparam("before")).scalar_subquery()
        statement = statement.where(comment.id < start)
    return statement.order_by(comment.id.desc()).limit(PAGE_SIZE + 1)


def public_comments(ids: Sequence[int]) -> Sequence[Comment]:
    """Those of the comments `ids` that are published."""
    return db.session.scalars(
        _whole().where(Comment.id.in_(ids), Comment.state == CommentState.PUBLISHED)
    ).all()


def newest_comments(year: int | None, limit: int) -> Page:
    """The newest published comments on a year's goals, for a glance: there is no next page."""
    statement = (
        _whole()
        .join(Goal, Goal.id == Comment.goal_id)
        .where(Comment.state == CommentState.PUBLISHED, Goal.year == year)
    )
    return Page(db.session.scalars(statement.order_by(Comment.id.desc()).limit(limit)).all(), None)


def comments_among(condition: ColumnElement[bool], before: str | None = None) -> Page:
    """A page of the published comments that meet `condition`."""
    statement = _whole().where(Comment.state == CommentState.PUBLISHED, condition)
    return _page(statement, before)


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


def comment_by_number(number: str, person: Person | None) -> Comment | None:
    """The comment with this registration number, if `person` may read it."""
    return db.session.scalar(_whole().where(Comment.number == number, visible_to(person)))


def comment_by_receipt(key: str) -> Comment | None:
    """The comment whose receipt has the secret `key`: whoever has the address may follow it in every state."""
    return db.session.scalar(_whole().where(Comment.receipt_key == key))


def comments_of(person: Person, before: str | None = None) -> Page:
    """The person's own comments in every state, newest first: for that person alone."""
    return _page(_whole().where(Comment.author_id == person.id), before)


class Twin(NamedTuple):
    """A comment that says the very same."""

    number: str
    form_key: str


_comment, _wording = Comment.__table__.c, CommentWording.__table__.c
_NEWEST = (
    select(_comment.number, _comment.form_key, _comment.goal_id, _wording.text)
    .join(
        CommentWording.__table__,
        (_wording.comment_id == _comment.id) & (_wording.number == _comment.wording),
    )
    .where(_comment.author_id == bindparam("author_id"))
    .order_by(_comment.id.desc())
    .limit(1)
)


def same_text_already_sent(person: Person, goal: Goal, text: str) -> Twin | None:
    """The person's newest comment, if it is on this goal and has exactly this text."""
    newest = ask(_NEWEST, author_id=person.id).first()
    if newest is None or newest.goal_id != goal.id or newest.text != text:
        return None
    return Twin(newest.number, newest.form_key)
