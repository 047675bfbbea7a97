"""What can be done to comments: submit one, move one, note that one has been looked at."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from dialog import events, states
from dialog.conversation.models import Comment, CommentWording, RegistrationYear
from dialog.conversation.rules import (
    COMMENT_MOVES,
    Channel,
    CommentState,
    Kind,
    registration_number,
    state_on_arrival,
)
from dialog.db import changed, db, local_day
from dialog.people.models import Mandate, Person
from dialog.plan.models import Assignment, Goal, Paragraph
from dialog.plan.operations import touch


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


def submit_comment(submission: Submission, *, author: Person, now: datetime) -> Comment:
    """Register a comment: its number, its wording, its place in the queue, all or nothing.

    The same form sent again gives the comment it made the first time. Raises NotYourForm.
    """
    earlier = db.session.scalar(select(Comment).where(Comment.form_key == submission.form_key))
    if earlier:
        if earlier.author_id != author.id:
            raise NotYourForm
        return earlier
    state, reason = state_on_arrival(earlier_published=_published_by(author), pre_moderated=False)
    comment = Comment(
        number=_next_number(now),
        receipt_key=secrets.token_urlsafe(16),
        form_key=submission.form_key,
        goal_id=submission.goal.id,
        assignment_id=submission.assignment.id if submission.assignment else None,
        paragraph_id=submission.paragraph.id if submission.paragraph else None,
        author_id=author.id,
        organisation_id=submission.mandate.organisation_id if submission.mandate else None,
        mandate_id=submission.mandate.id if submission.mandate else None,
        kind=submission.kind,
        area_id=submission.area_id,
        language=submission.language,
        channel=submission.channel,
        state=state,
        submitted_at=now,
        published_at=now if state == CommentState.PUBLISHED else None,
        review_since=now,
        review_reason=reason,
    )
    db.session.add(comment)
    db.session.flush()
    db.session.add(
        CommentWording(
            comment_id=comment.id, number=1, text=submission.text, html=submission.html, written_at=now
        )
    )
    events.record(
        "comment.submitted", comment, actor_id=author.id, now=now, details={"number": comment.number}
    )
    if state == CommentState.PUBLISHED:
        _count(comment, 1)
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
    change = (to == CommentState.PUBLISHED) - (before == CommentState.PUBLISHED)
    if change:
        _count(comment, change)
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
        touch(goal_id)


def _published_by(author: Person) -> int:
    """1 if any comment by `author` has been let through, else 0: whether, not how many, is what matters."""
    statement = (
        select(Comment.id)
        .where(Comment.author_id == author.id, Comment.state == CommentState.PUBLISHED)
        .limit(1)
    )
    return 0 if db.session.scalar(statement) is None else 1


def _next_number(now: datetime) -> str:
    year = local_day(now).year
    statement = (
        update(RegistrationYear)
        .where(RegistrationYear.year == year)
        .values(last=RegistrationYear.last + 1)
        .returning(RegistrationYear.last)
        .execution_options(synchronize_session=False)
    )
    serial = db.session.scalar(statement)
    if serial is None:
        serial = 1
        db.session.add(RegistrationYear(year=year, last=serial))
    return registration_number(year, serial)


def _count(comment: Comment, change: int) -> None:
    """Keep the counts that pages show: `change` is 1 when a comment becomes public and -1 when it stops."""
    answered = change if comment.answered_at else 0
    if comment.assignment_id:
        changed(
            update(Assignment)
            .where(Assignment.id == comment.assignment_id)
            .values(
                comment_count=Assignment.comment_count + change,
                answered_count=Assignment.answered_count + answered,
            )
        )
    if comment.paragraph_id:
        first = (
            select(func.coalesce(Paragraph.lineage_id, Paragraph.id))
            .where(Paragraph.id == comment.paragraph_id)
            .scalar_subquery()
        )
        changed(
            update(Paragraph)
            .where(Paragraph.id == first)
            .values(comment_count=Paragraph.comment_count + change)
        )
    touch(
        comment.goal_id,
        comment_count=Goal.comment_count + change,
        answered_count=Goal.answered_count + answered,
    )
