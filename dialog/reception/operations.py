"""Putting on record what somebody said to the customer centre.

The law's clock (domain: an answer within ten working days by convention) is counted as for everybody else: a
matter opens at its committee when the comment is published. The day it came stands beside, for all to see.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from dialog import events
from dialog.conversation.models import Comment, Sitting
from dialog.conversation.submitting import Registered, Submission, submit_comment
from dialog.db import db
from dialog.organisations.models import Mandate, Organisation
from dialog.organisations.operations import Term, confirm_group, record_mandate
from dialog.organisations.rules import OrganisationKind
from dialog.people.models import Person
from dialog.people.operations import hear, note_told
from dialog.people.queries import notice_in_force
from dialog.permissions import allowed
from dialog.plan.models import Goal


class MayNotReceive(Exception):
    """Only the customer centre puts on record what others have said."""


@dataclass(frozen=True)
class Spoken:
    """For whom somebody speaks, and on what basis: a confirmed organisation, or a group that is new here."""

    basis: str
    organisation: Organisation | None = None
    group_name: str = ""
    group_kind: OrganisationKind = OrganisationKind.OTHER


def register(
    submission: Submission,
    name: str | None,
    *,
    official: Person,
    now: datetime,
    spoken: Spoken | None = None,
) -> Registered:
    """Put on record what somebody without an account said; `name` is as it is to be shown, None if withheld.

    Whoever said it was told what the notice says. As with everybody's first comment, a moderator reads it before
    it is shown. The same form sent again gives the comment it made the first time.
    `spoken` says for whom, if not for themselves; a group that is new is confirmed by the same act.
    Raises MayNotReceive, and NotAccepted as `submit_comment` does.
    """
    if not allowed("receive", official):
        raise MayNotReceive
    author = _heard_before(submission.form_key, official)
    if author is None:
        author = _hear(name, official, now)
        if spoken is not None and submission.received is not None:
            mandate = _mandate(author, spoken, submission.received.on, official, now)
            submission = replace(submission, mandate=mandate)
    return submit_comment(submission, author=author, now=now)


def _heard_before(form_key: str, official: Person) -> Person | None:
    """Who was heard when the form with this key was sent by `official` before, if it was."""
    return db.session.scalar(
        select(Person)
        .join(Comment, Comment.author_id == Person.id)
        .where(Comment.form_key == form_key, Comment.registered_by_id == official.id)
    )


def _hear(name: str | None, official: Person, now: datetime) -> Person:
    person = hear(name, official=official, now=now)
    if notice := notice_in_force():
        note_told(person, notice, official=official, now=now)
    return person


def _mandate(person: Person, spoken: Spoken, on: date, official: Person, now: datetime) -> Mandate:
    """The right of `person` to speak for an organisation on the day they did, and on no other."""
    organisation = spoken.organisation or confirm_group(
        spoken.group_name, spoken.group_kind, official=official, now=now
    )
    return record_mandate(organisation, person, Term(spoken.basis, on, on), official=official, now=now)


@dataclass(frozen=True)
class Meeting:
    """A meeting as it was sent: already checked. `attending` is how many people were there."""

    form_key: str
    goal: Goal
    place: str
    held_on: date
    attending: int
    area_id: int | None = None


def record_sitting(meeting: Meeting, *, official: Person, now: datetime) -> Sitting:
    """Put on record that a meeting was held, for what was said at it to be put on record one by one.

    The same form sent again gives the meeting it made the first time. Raises MayNotReceive.
    """
    if not allowed("receive", official):
        raise MayNotReceive
    made = db.session.scalar(
        select(Sitting).where(Sitting.form_key == meeting.form_key, Sitting.recorded_by_id == official.id)
    )
    if made is not None:
        return made
    sitting = Sitting(
        form_key=meeting.form_key,
        goal_id=meeting.goal.id,
        place=meeting.place,
        area_id=meeting.area_id,
        held_on=meeting.held_on,
        attending=meeting.attending,
        recorded_by_id=official.id,
        recorded_at=now,
    )
    db.session.add(sitting)
    db.session.flush()
    events.record("sitting.recorded", sitting, actor_id=official.id, now=now)
    return sitting
