"""What can be done to comments: submit one, move one, note that one has been looked at."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from dialog import events, states
from dialog.conversation.models import Comment, CommentWording, RegistrationYear
from dialog.conversation.rules import (
    COMMENT_MOVES,
    Channel,
    CommentState,
    Kind,
    ReviewReason,
    registration_number,
    state_on_arrival,
)
from dialog.db import ask, changed, db, local_day
from dialog.people.models import Mandate, Person
from dialog.plan.models import Assignment, Goal, Paragraph
from dialog.plan.operations import change_shown


@dataclass(frozen=True)
class Submission:
    """A comment as it was sent: already checked, its `html` already made from its `text`."""

    form_key: str
    goal: Goal
    kind: Kind
    text: str
    html: str
    language: str
    assignment: Assignment | None = None
    paragraph: Paragraph | None = None
    mandate: Mandate | None = None
    area_id: int | None = None
    channel: Channel = Channel.WEB


class NotYourForm(Exception):
    """The form's key belongs to a comment by somebody else."""


@dataclass(frozen=True)
class Registered:
    """A comment that is on record, by what it is known by; it stands for the comment in the log."""

    __tablename__ = Comment.__tablename__

    id: int
    number: str
    receipt_key: str
    author_id: int


def submit_comment(submission: Submission, *, author: Person, now: datetime) -> Registered:
    """Register a comment: its number, its wording, its place in the queue, all or nothing.

    The same form sent again gives the comment it made the first time. Raises NotYourForm.
    """
    earlier = ask(_OF_FORM, form_key=submission.form_key).first()
    if earlier:
        if earlier.author_id != author.id:
            raise NotYourForm
        return Registered(**earlier._mapping)
    is_known = ask(_IS_KNOWN, author_id=author.id).first() is not None
    state, reason = state_on_arrival(is_known=is_known, pre_moderated=False)
    comment = _register(submission, author, state, reason, now)
    events.record(
        "comment.submitted", comment, actor_id=author.id, now=now, details={"number": comment.number}
    )
    if state == CommentState.PUBLISHED:
        _count(submission.goal.id, _id(submission.assignment), _id(submission.paragraph), shown=1)
        events.record("comment.published", comment, actor_id=None, now=now, details={"at_once": True})
    return comment


def move_comment(
    comment: Comment,
    to: CommentState,
    *,
    seen: int,
    actor_id: int,
    now: datetime,
    details: dict[str, Any] | None = None,
) -> states.Transition | None:
    """Move a comment seen at version `seen`; it no longer waits for a look. None when it is there already.

    Raises states.Stale and states.UnlistedMove.
    """
    before = comment.state
    values: dict[str, Any] = {
        "review_since": None,
        "review_reason": None,
        "revision": Comment.revision + 1,
    }
    if to == CommentState.PUBLISHED:
        values["published_at"] = comment.published_at or now
    transition = states.move(comment, COMMENT_MOVES, to, seen=seen, **values)
    if transition is None:
        return None
    shown = (to == CommentState.PUBLISHED) - (before == CommentState.PUBLISHED)
    if shown:
        answered = shown if comment.answered_at else 0
        _count(comment.goal_id, comment.assignment_id, comment.paragraph_id, shown=shown, answered=answered)
    events.record(
        f"comment.{to}", comment, actor_id=actor_id, now=now, details={"from": str(before), **(details or {})}
    )
    return transition


def note_looked_at(comment: Comment, *, seen: int, actor_id: int, now: datetime) -> bool:
    """Take a published comment out of the queue as it stands. False when somebody has done so already.

    Raises states.Stale when it has changed otherwise since.
    """
    if comment.review_since is None:
        return False
    states.change(comment, seen=seen, review_since=None, review_reason=None)
    events.record("comment.looked_at", comment, actor_id=actor_id, now=now)
    return True


def show_new_name(event: events.Event) -> None:
    """An author shows another name: what stands on pages under the old one is to be made anew."""
    by_author = Comment.author_id == event.subject_id
    changed(update(Comment).where(by_author).values(revision=Comment.revision + 1))
    for goal_id in db.session.scalars(select(Comment.goal_id).where(by_author).distinct()).all():
        change_shown(goal_id)


_comment = Comment.__table__.c
_registered = (_comment.id, _comment.number, _comment.receipt_key, _comment.author_id)
_OF_FORM = select(*_registered).where(_comment.form_key == bindparam("form_key"))
# Whose comments have been let through before: one that was hidden afterwards is no recommendation.
_IS_KNOWN = (
    select(_comment.id)
    .where(
        _comment.author_id == bindparam("author_id"),
        _comment.state.in_((CommentState.PUBLISHED, CommentState.WITHDRAWN)),
        _comment.published_at.is_not(None),
    )
    .limit(1)
)
_INSERT_COMMENT = insert(Comment.__table__).returning(*_registered)  # type: ignore[arg-type]
_INSERT_WORDING = insert(CommentWording.__table__)  # type: ignore[arg-type]


def _register(
    submission: Submission, author: Person, state: CommentState, reason: ReviewReason, now: datetime
) -> Registered:
    values = {
        "number": _next_number(now),
        "receipt_key": secrets.token_urlsafe(16),
        "form_key": submission.form_key,
        "goal_id": submission.goal.id,
        "assignment_id": _id(submission.assignment),
        "paragraph_id": _id(submission.paragraph),
        "author_id": author.id,
        "organisation_id": submission.mandate.organisation_id if submission.mandate else None,
        "mandate_id": _id(submission.mandate),
        "kind": submission.kind,
        "area_id": submission.area_id,
        "language": submission.language,
        "channel": submission.channel,
        "state": state,
        "submitted_at": now,
        "published_at": now if state == CommentState.PUBLISHED else None,
        "review_since": now,
        "review_reason": reason,
    }
    comment = Registered(**ask(_INSERT_COMMENT, **values).one()._mapping)
    wording = {"comment_id": comment.id, "number": 1, "written_at": now}
    ask(_INSERT_WORDING, **wording, text=submission.text, html=submission.html)
    return comment


def _id(thing: Assignment | Paragraph | Mandate | None) -> int | None:
    return thing.id if thing else None


_year = RegistrationYear.__table__
_NEXT_SERIAL = (
    update(_year)  # type: ignore[arg-type]
    .where(_year.c.year == bindparam("of_year"))
    .values(last=_year.c.last + 1)
    .returning(_year.c.last)
)


def _next_number(now: datetime) -> str:
    year = local_day(now).year
    serial = ask(_NEXT_SERIAL, of_year=year).scalar()
    if serial is None:
        serial = 1
        ask(insert(_year), year=year, last=serial)  # type: ignore[arg-type]
    return registration_number(year, serial)


_assignment, _paragraph = Assignment.__table__, Paragraph.__table__
_COUNT_ON_ASSIGNMENT = (
    update(_assignment)  # type: ignore[arg-type]
    .where(_assignment.c.id == bindparam("assignment_id"))
    .values(
        comment_count=_assignment.c.comment_count + bindparam("shown"),
        answered_count=_assignment.c.answered_count + bindparam("answered"),
    )
)
_first = _paragraph.alias()
_FIRST_WORDING = (
    select(func.coalesce(_first.c.lineage_id, _first.c.id))
    .where(_first.c.id == bindparam("paragraph_id"))
    .scalar_subquery()
)
_COUNT_ON_PARAGRAPH = (
    update(_paragraph)  # type: ignore[arg-type]
    .where(_paragraph.c.id == _FIRST_WORDING)
    .values(comment_count=_paragraph.c.comment_count + bindparam("shown"))
)


def _count(
    goal_id: int, assignment_id: int | None, paragraph_id: int | None, *, shown: int, answered: int = 0
) -> None:
    """Keep the counts that pages show: `shown` is 1 when a comment becomes public and -1 when it stops.

    `answered` is the same number if the comment has been answered.
    """
    if assignment_id:
        ask(_COUNT_ON_ASSIGNMENT, assignment_id=assignment_id, shown=shown, answered=answered)
    if paragraph_id:
        ask(_COUNT_ON_PARAGRAPH, paragraph_id=paragraph_id, shown=shown)
    change_shown(goal_id, comments=shown, answered=answered)
