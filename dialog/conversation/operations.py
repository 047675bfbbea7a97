"""What can be done to comments: submit one, edit or withdraw one's own, move one, note that one has been looked at."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, exists, insert, select, true, update

from dialog import events, states
from dialog.conversation.counting import count
from dialog.conversation.models import Comment, CommentWording, RegistrationYear, Sitting
from dialog.conversation.rules import (
    COMMENT_MOVES,
    MOST_COMMENTS_AN_HOUR,
    Channel,
    CommentState,
    Kind,
    Refusal,
    ReviewReason,
    registration_number,
    state_on_arrival,
    waits_when_edited,
)
from dialog.db import ask, changed, db, local_day
from dialog.dialogues.queries import Ruling, ruling, ruling_then
from dialog.organisations.models import Mandate
from dialog.people.models import Person
from dialog.permissions import allowed
from dialog.plan.models import Assignment, Goal, Paragraph
from dialog.plan.operations import change_shown
from dialog.transitions import Transition


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
    received: "Received | None" = None
    parent: Comment | None = None
    parent_wording: int | None = None  # the wording of `parent` that the author had before them

    @classmethod
    def reply(cls, parent: Comment, *, parent_wording: int, **said: Any) -> "Submission":
        """What somebody says to `parent`: it is about whatever that is about."""
        return cls(
            goal=parent.goal,
            assignment=parent.assignment,
            paragraph=parent.paragraph,
            parent=parent,
            parent_wording=parent_wording,
            **said,
        )

    @property
    def goal_id(self) -> int:
        return self.goal.id

    @property
    def assignment_id(self) -> int | None:
        return _id(self.assignment)

    @property
    def paragraph_id(self) -> int | None:
        return _id(self.paragraph)

    @property
    def parent_id(self) -> int | None:
        return _id(self.parent)


@dataclass(frozen=True)
class Received:
    """That a comment came by another way than the web: the day it came, who puts it on record, and at which meeting
    it was said if it was said at one.
    """

    on: date
    official: Person
    sitting: Sitting | None = None


class NotAccepted(Exception):
    """The comment isn't taken; `number` is that of the one there is already, where that is why."""

    def __init__(self, refusal: Refusal, number: str = "") -> None:
        super().__init__(refusal)
        self.refusal, self.number = refusal, number


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

    The same form sent again gives the comment it made the first time. A reply is a comment too, to somebody else's:
    no committee owes it an answer. Raises NotAccepted.
    """
    before = ask(_BEFORE, author_id=author.id, form_key=submission.form_key).one()
    if before.made_id is not None:
        return _made_of_the_same(submission, author, before)
    _refuse_ended_mandate(submission, now)
    ruled = _ruling_on(submission, now)
    if not ruled.takes_comments:
        raise NotAccepted(Refusal.DIALOGUE_OVER)
    newest = (before.newest_goal_id, before.newest_parent_id, before.newest_text)
    if newest == (submission.goal_id, submission.parent_id, submission.text):
        raise NotAccepted(Refusal.SAID_ALREADY, before.newest_number)
    if before.limit_reached_since and before.limit_reached_since > now - timedelta(hours=1):
        raise NotAccepted(Refusal.TOO_MANY)
    state, reason = state_on_arrival(is_known=before.is_known, pre_moderated=ruled.pre_moderated)
    parent_wording = _wording_replied_to(submission)
    comment = _register(submission, parent_wording, author, state, reason, now)
    to_what = {"parent": submission.parent_id} if submission.parent else {}
    details = {"number": comment.number, **to_what}
    actor = submission.received.official if submission.received else author
    events.record("comment.submitted", comment, actor_id=actor.id, now=now, details=details)
    if state == CommentState.PUBLISHED:
        count(submission, shown=1)
        details = {"at_once": True, **to_what}
        events.record("comment.published", comment, actor_id=None, now=now, details=details)
    return comment


def _refuse_ended_mandate(submission: Submission, now: datetime) -> None:
    """Raises NotAccepted when the right to speak for the organisation has ended since the form was filled in."""
    mandate = submission.mandate
    if mandate is not None:
        db.session.refresh(mandate)
        db.session.refresh(mandate.organisation)
        if not mandate.holds(submission.received.on if submission.received else local_day(now)):
            raise NotAccepted(Refusal.NO_MANDATE)


def _ruling_on(submission: Submission, now: datetime) -> Ruling:
    """What rules a comment: what holds now, or what held the day it came to the customer centre."""
    if submission.received is not None:
        return ruling_then(submission.goal_id, submission.assignment_id, submission.received.on)
    return ruling(submission.goal_id, submission.assignment_id, local_day(now))


def _wording_replied_to(submission: Submission) -> int | None:
    """The wording that a reply is about: the one its author had read. Raises NotAccepted."""
    if submission.parent is None:
        return None
    parent = ask(_PARENT, parent_id=submission.parent_id).one()
    if parent.state != CommentState.PUBLISHED or parent.parent_id is not None:
        raise NotAccepted(Refusal.NO_REPLIES)
    return max(1, min(submission.parent_wording or parent.wording, parent.wording))


class MayNotChange(Exception):
    """Only who wrote a comment changes it or takes it back; who put it on record puts right a slip of the pen."""


class NoLongerEdited(Exception):
    """The comment keeps its words: it has been answered, or withdrawn, or the time for changing it is over."""


def edit_comment(
    comment: Comment, text: str, html: str, *, author: Person, seen: int, now: datetime
) -> CommentWording | None:
    """Give a comment seen at version `seen` another wording, and a moderator reason to look at it.

    What is shown stays shown, unless its dialogue has every comment wait; what waits goes on waiting; and what is
    hidden is sent again. What is to wait does so as it did when it came. Every earlier wording stays on record.
    Who put a comment on record may do so too, until a moderator has decided about it.
    None when the comment has these words already.
    Raises MayNotChange, states.Stale and NoLongerEdited.
    """
    is_author = allowed("edit_comment", author, comment)
    if not is_author and not allowed("correct_comment", author, comment):
        raise MayNotChange
    db.session.refresh(comment)
    if comment.words.text == text:
        return None
    if comment.version != seen:
        raise states.Stale(comment)
    if not (comment.may_be_edited(now) if is_author else comment.may_be_corrected):
        raise NoLongerEdited
    before = comment.state
    details: dict[str, Any] = {"wording": comment.wording + 1, **({} if is_author else {"corrected": True})}
    if waits_when_edited(before, pre_moderated=_ruling_of(comment, now).pre_moderated):
        _send_again(comment, seen=seen, now=now)
        details["from"] = str(before)
    else:
        _keep_where_it_is(comment, seen=seen, now=now)
    wording = _add_wording(comment, text, html, now)
    events.record("comment.edited", comment, actor_id=author.id, now=now, details=details)
    return wording


_NEXT_WORDING = {"wording": Comment.wording + 1, "revision": Comment.revision + 1}


def _send_again(comment: Comment, *, seen: int, now: datetime) -> None:
    """Let a comment that is hidden or shown wait, for its next wording to be read before anybody sees it."""
    before = comment.state
    values: dict[str, Any] = {
        "review_since": now,
        "review_reason": ReviewReason.SENT_AGAIN,
        **_NEXT_WORDING,
    }
    if before == CommentState.HIDDEN:
        values["published_at"] = None
    states.move(comment, COMMENT_MOVES, CommentState.RECEIVED, seen=seen, **values)
    if before == CommentState.HIDDEN:
        # What was hidden for its words is not shown in what becomes of it.
        changed(update(CommentWording).where(_of(comment)).values(shown_from=None))
    else:
        count(comment, shown=-1)
    _make_replies_anew(comment)


def _keep_where_it_is(comment: Comment, *, seen: int, now: datetime) -> None:
    """Give a comment that waits or is shown its next wording; one that is shown is to be looked at again."""
    values: dict[str, Any] = dict(_NEXT_WORDING)
    if comment.is_public:
        values |= {"review_since": comment.review_since or now, "review_reason": ReviewReason.EDITED}
    states.change(comment, seen=seen, **values)
    if comment.is_public:
        _make_replies_anew(comment)
        change_shown(comment.goal_id)


def _make_replies_anew(comment: Comment) -> None:
    """The replies to what has been given other words say from now on that they are about earlier ones."""
    replies = (Comment.parent_id == comment.id) & Comment.is_public
    changed(update(Comment).where(replies).values(revision=Comment.revision + 1))


def _ruling_of(comment: Comment, now: datetime) -> Ruling:
    return ruling(comment.goal_id, comment.assignment_id, local_day(now))


def _add_wording(comment: Comment, text: str, html: str, now: datetime) -> CommentWording:
    """Put on record the words of the wording that `comment` has come to; shown from now if the comment is."""
    wording = CommentWording(
        comment_id=comment.id,
        number=comment.wording,
        text=text,
        html=html,
        written_at=now,
        shown_from=now if comment.is_public else None,
    )
    db.session.add(wording)
    db.session.flush()
    db.session.expire(comment, ["words", "wordings"])
    return wording


def withdraw_comment(comment: Comment, *, author: Person, seen: int, now: datetime) -> Transition | None:
    """Take back one's own comment, seen at version `seen`. It stays on record. None when it is withdrawn already.

    Raises MayNotChange, states.Stale and states.UnlistedMove.
    """
    if not allowed("withdraw_comment", author, comment):
        raise MayNotChange
    return move_comment(comment, CommentState.WITHDRAWN, seen=seen, actor_id=author.id, now=now)


def move_comment(
    comment: Comment,
    to: CommentState,
    *,
    seen: int,
    actor_id: int,
    now: datetime,
    reason: StrEnum | None = None,
) -> Transition | None:
    """Move a comment seen at version `seen`; it no longer waits for a look. None when it is there already.

    `reason` is a code, for the log to keep. Raises states.Stale, states.UnlistedMove and states.ReasonMissing.
    """
    before = comment.state
    values: dict[str, Any] = {
        "review_since": None,
        "review_reason": None,
        "revision": Comment.revision + 1,
    }
    if to == CommentState.PUBLISHED:
        values["published_at"] = comment.published_at or now
    transition = states.move(comment, COMMENT_MOVES, to, seen=seen, has_reason=reason is not None, **values)
    if transition is None:
        return None
    if to == CommentState.PUBLISHED:
        in_force = (CommentWording.number == comment.wording) & CommentWording.shown_from.is_(None)
        changed(update(CommentWording).where(_of(comment), in_force).values(shown_from=now))
    shown = (to == CommentState.PUBLISHED) - (before == CommentState.PUBLISHED)
    if shown:
        answered = shown if comment.answered_at else 0
        count(comment, shown=shown, answered=answered)
    details: dict[str, Any] = {"from": str(before), "tells_author": transition.tells_author}
    if comment.parent_id is not None:
        details["parent"] = comment.parent_id
    if reason is not None:
        details["reason"] = str(reason)
    events.record(f"comment.{to}", comment, actor_id=actor_id, now=now, details=details)
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
_wording = CommentWording.__table__.c
_MADE_OF_THE_FORM = (
    select(*_registered, _wording.text)
    .join(CommentWording.__table__, (_wording.comment_id == _comment.id) & (_wording.number == 1))
    .where(_comment.form_key == bindparam("form_key"))
    .subquery("made")
)
_NEWEST = (
    select(_comment.number, _comment.goal_id, _comment.parent_id, _wording.text)
    .join(
        CommentWording.__table__,
        (_wording.comment_id == _comment.id) & (_wording.number == _comment.wording),
    )
    .where(_comment.author_id == bindparam("author_id"))
    .order_by(_comment.id.desc())
    .limit(1)
    .subquery("newest")
)
_SUBMITTED_AT_THE_LIMIT = (
    select(_comment.submitted_at)
    .where(_comment.author_id == bindparam("author_id"))
    .order_by(_comment.id.desc())
    .offset(MOST_COMMENTS_AN_HOUR - 1)
    .limit(1)
    .scalar_subquery()
)
# Whose comments have been let through before: one that was hidden afterwards is no recommendation.
_IS_KNOWN = exists().where(
    _comment.author_id == bindparam("author_id"),
    _comment.state.in_((CommentState.PUBLISHED, CommentState.WITHDRAWN)),
    _comment.published_at.is_not(None),
)
_author = Person.__table__
# What was there before a comment: what its form made, its author's newest, and what is known of the author.
_BEFORE = (
    select(
        *(column.label(f"made_{column.key}") for column in _MADE_OF_THE_FORM.c),
        *(column.label(f"newest_{column.key}") for column in _NEWEST.c),
        _SUBMITTED_AT_THE_LIMIT.label("limit_reached_since"),
        _IS_KNOWN.label("is_known"),
    )
    .select_from(_author.outerjoin(_MADE_OF_THE_FORM, true()).outerjoin(_NEWEST, true()))
    .where(_author.c.id == bindparam("author_id"))
)
_PARENT = select(_comment.state, _comment.wording, _comment.parent_id).where(
    _comment.id == bindparam("parent_id")
)
_INSERT_COMMENT = insert(Comment.__table__).returning(*_registered)  # type: ignore[arg-type]
_INSERT_WORDING = insert(CommentWording.__table__)  # type: ignore[arg-type]


def _made_of_the_same(submission: Submission, author: Person, before: Row[Any]) -> Registered:
    """The comment that was made of this very form before. Raises NotAccepted when the form was another one."""
    if before.made_author_id != author.id:
        raise NotAccepted(Refusal.ANOTHERS_FORM)
    if before.made_text != submission.text:
        raise NotAccepted(Refusal.OTHER_WORDS, before.made_number)
    return Registered(before.made_id, before.made_number, before.made_receipt_key, before.made_author_id)


def _register(
    submission: Submission,
    parent_wording: int | None,
    author: Person,
    state: CommentState,
    reason: ReviewReason,
    now: datetime,
) -> Registered:
    values = {
        "number": _next_number(now),
        "receipt_key": secrets.token_urlsafe(16),
        "form_key": submission.form_key,
        "goal_id": submission.goal_id,
        "assignment_id": submission.assignment_id,
        "paragraph_id": submission.paragraph_id,
        "parent_id": submission.parent_id,
        "parent_wording": parent_wording,
        "author_id": author.id,
        "organisation_id": submission.mandate.organisation_id if submission.mandate else None,
        "mandate_id": _id(submission.mandate),
        "kind": submission.kind,
        "area_id": submission.area_id,
        "language": submission.language,
        "channel": submission.channel,
        "received_on": submission.received.on if submission.received else None,
        "registered_by_id": submission.received.official.id if submission.received else None,
        "sitting_id": _id(submission.received.sitting) if submission.received else None,
        "state": state,
        "submitted_at": now,
        "published_at": now if state == CommentState.PUBLISHED else None,
        "review_since": now,
        "review_reason": reason,
    }
    comment = Registered(**ask(_INSERT_COMMENT, **values).one()._mapping)
    shown_from = now if state == CommentState.PUBLISHED else None
    wording = {"comment_id": comment.id, "number": 1, "written_at": now, "shown_from": shown_from}
    ask(_INSERT_WORDING, **wording, text=submission.text, html=submission.html)
    return comment


def _of(comment: Comment) -> ColumnElement[bool]:
    """The condition on wordings that they are the comment's."""
    return CommentWording.comment_id == comment.id


def _id(thing: Assignment | Paragraph | Mandate | Comment | Sitting | None) -> int | None:
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
