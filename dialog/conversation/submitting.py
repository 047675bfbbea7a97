"""Submitting a comment: what is checked of it, and how it is put on record."""

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, exists, insert, select, true, update

from dialog import events
from dialog.conversation.counting import count
from dialog.conversation.models import Comment, CommentWording, RegistrationYear, Sitting
from dialog.conversation.rules import (
    MOST_COMMENTS_AN_HOUR,
    NOT_WATCHED,
    Channel,
    CommentState,
    Kind,
    Place,
    Refusal,
    ReviewReason,
    Speaker,
    Target,
    Voice,
    Watched,
    refusal,
    registration_number,
    state_on_arrival,
    target_of,
)
from dialog.db import ask, constant, db, local_day
from dialog.dialogues.queries import ruling, ruling_then
from dialog.organisations.models import Mandate
from dialog.people.models import Person
from dialog.people.operations import state_real_name
from dialog.people.queries import NAME_IS_REAL, PREPARED
from dialog.plan.models import Assignment, Goal, Paragraph
from dialog.stems import fingerprint


@dataclass(frozen=True)
class Submission:
    """A comment as it was sent: already checked, its `html` already made from its `text`.

    `watched` is what the administrators' rules say of its words: see watching.look_through.
    """

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
    states_real_name: bool = False  # the author says with it that the name they show is their own
    parent_wording: int | None = None  # the wording of `parent` that the author had before them
    watched: Watched = NOT_WATCHED

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

    @property
    def organisation_id(self) -> int | None:
        return self.mandate.organisation_id if self.mandate else None


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
    parent = ask(_PARENT, parent_id=submission.parent_id).one() if submission.parent else None
    if parent is not None:
        submission = _where_its_parent_is(submission, parent)
    place, speaker = _place(submission, parent, now), _speaker(submission, before, now)
    if why := refusal(place, speaker):
        raise NotAccepted(why)
    newest = (before.newest_goal_id, before.newest_parent_id, before.newest_text)
    if newest == (submission.goal_id, submission.parent_id, submission.text):
        raise NotAccepted(Refusal.SAID_ALREADY, before.newest_number)
    if before.limit_reached_since and before.limit_reached_since > now - timedelta(hours=1):
        raise NotAccepted(Refusal.TOO_MANY)
    if submission.states_real_name:
        state_real_name(author, now=now)
    state, reason = state_on_arrival(place, speaker, submission.watched)
    comment = _register(submission, _wording_replied_to(submission, parent), author, state, reason, now)
    to_what = {"parent": submission.parent_id} if submission.parent else {}
    details = {"number": comment.number, **to_what, **watched_by(submission.watched)}
    actor = submission.received.official if submission.received else author
    events.record("comment.submitted", comment, actor_id=actor.id, now=now, details=details)
    if state == CommentState.PUBLISHED:
        count(submission, shown=1)
        details = {"at_once": True, **to_what}
        events.record("comment.published", comment, actor_id=None, now=now, details=details)
    return comment


def watched_by(watched: Watched) -> dict[str, Any]:
    """Which rules ask for a look, for the log to keep."""
    return {"watched": list(watched.by)} if watched.by else {}


def refuse_early(submission: Submission, *, author: Person, now: datetime) -> None:
    """Say what the rule would say of a comment that isn't to be put on record yet. Raises NotAccepted."""
    before = ask(_BEFORE, author_id=author.id, form_key=submission.form_key).one()
    parent = ask(_PARENT, parent_id=submission.parent_id).one() if submission.parent else None
    if why := refusal(_place(submission, parent, now), _speaker(submission, before, now)):
        raise NotAccepted(why)


def _place(submission: Submission, parent: Row[Any] | None, now: datetime) -> Place:
    """Where it is said: what holds now, or what held the day it came to the customer centre."""
    if submission.received is not None:
        ruled = ruling_then(submission.goal_id, submission.assignment_id, submission.received.on)
    else:
        ruled = ruling(submission.goal_id, submission.assignment_id, local_day(now))
    if parent is not None:
        return Place(target_of(parent.state, is_reply=parent.parent_id is not None), ruled)
    is_withdrawn = submission.assignment is not None and submission.assignment.withdrawn_at is not None
    return Place(Target.WITHDRAWN if is_withdrawn else Target.IN_THE_PLAN, ruled)


def _speaker(submission: Submission, before: Row[Any], now: datetime) -> Speaker:
    """Who says it: a name given to the customer centre is taken to be real, since somebody has asked for it."""
    voice = _voice(submission, now)
    if submission.received is not None:
        return Speaker(True, before.is_known, voice, name_is_real=bool(before.author_name))
    name_is_real = submission.states_real_name or bool(before.name_is_real)
    return Speaker(bool(before.is_prepared), before.is_known, voice, name_is_real)


def _voice(submission: Submission, now: datetime) -> Voice:
    """For whom it is said; the right to it can have ended since the form was filled in."""
    mandate = submission.mandate
    if mandate is None:
        return Voice.OWN
    db.session.refresh(mandate)
    db.session.refresh(mandate.organisation)
    holds = mandate.holds(submission.received.on if submission.received else local_day(now))
    return Voice.MANDATE_HOLDS if holds else Voice.MANDATE_ENDED


def _where_its_parent_is(submission: Submission, parent: Row[Any]) -> Submission:
    """A reply is about what the comment above it is about, also when that was moved while the reply was written."""
    said = (submission.goal_id, submission.assignment_id, submission.paragraph_id)
    if said == (parent.goal_id, parent.assignment_id, parent.paragraph_id):
        return submission
    return replace(
        submission,
        goal=db.session.get_one(Goal, parent.goal_id),
        assignment=db.session.get(Assignment, parent.assignment_id) if parent.assignment_id else None,
        paragraph=db.session.get(Paragraph, parent.paragraph_id) if parent.paragraph_id else None,
    )


def _wording_replied_to(submission: Submission, parent: Row[Any] | None) -> int | None:
    """The wording that a reply is about: the one its author had read."""
    if parent is None:
        return None
    return max(1, min(submission.parent_wording or parent.wording, parent.wording))


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
    .limit(constant(1))
    .subquery("newest")
)
_SUBMITTED_AT_THE_LIMIT = (
    select(_comment.submitted_at)
    .where(_comment.author_id == bindparam("author_id"))
    .order_by(_comment.id.desc())
    .offset(constant(MOST_COMMENTS_AN_HOUR - 1))
    .limit(constant(1))
    .scalar_subquery()
)
# Whose comments have been let through before: one that was hidden afterwards is no recommendation.
_IS_KNOWN = exists().where(
    _comment.author_id == bindparam("author_id"),
    _comment.state.in_((constant(CommentState.PUBLISHED), constant(CommentState.WITHDRAWN))),
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
        PREPARED.label("is_prepared"),
        NAME_IS_REAL.label("name_is_real"),
        _author.c.name.label("author_name"),
    )
    .select_from(_author.outerjoin(_MADE_OF_THE_FORM, true()).outerjoin(_NEWEST, true()))
    .where(_author.c.id == bindparam("author_id"))
)
_ABOUT = (_comment.goal_id, _comment.assignment_id, _comment.paragraph_id)
_PARENT = select(_comment.state, _comment.wording, _comment.parent_id, *_ABOUT).where(
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
        "organisation_id": submission.organisation_id,
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
    text = submission.text
    ask(_INSERT_WORDING, **wording, text=text, html=submission.html, fingerprint=fingerprint(text))
    return comment


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
