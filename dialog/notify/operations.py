"""Queueing letters, in the transaction that causes them."""

from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import ColumnElement, Insert, and_, bindparam, exists, func, insert, literal, or_, select
from sqlalchemy.orm import aliased

from dialog.appeals.models import Appeal
from dialog.appeals.rules import AppealState
from dialog.conversation.models import Comment
from dialog.conversation.queries import said_in
from dialog.conversation.rules import CommentState
from dialog.db import after_commit, ask, db, local_day
from dialog.dialogues.models import Dialogue
from dialog.events import Event
from dialog.faults.models import FaultCase
from dialog.faults.queries import waiting_before
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.organisations.models import Mandate, MandateOffer, Organisation
from dialog.organisations.rules import End, OrganisationState
from dialog.people.models import Person, RoleGrant, SignInLink
from dialog.people.rules import Role
from dialog.plan.models import Committee
from dialog.plan.rules import EXECUTIVE_BOARD
from dialog.reports.models import Voice
from dialog.response.models import Coverage, Response, Verdict

log = structlog.get_logger()


def ring() -> None:
    """Tell the worker that letters wait. A bell that fails is no harm: the worker's own clock finds them."""
    try:
        current_app.extensions["doorbell"].ring()
    except Exception:
        log.exception("doorbell failed")


def queue_sign_in(event: Event) -> None:
    """Somebody asked to sign in: send the link."""
    link = db.session.get_one(SignInLink, event.subject_id)
    recipient = {"subject_id": link.id, "person_id": None, "address": link.email, "language": link.language}
    ask(_INSERT, **_about(event, LetterKind.SIGN_IN), **recipient)
    after_commit(ring)


def queue_receipt(event: Event) -> None:
    """A comment was registered: send its number and the address of its receipt."""
    _queue_to_author(event, LetterKind.RECEIPT)


def queue_decision(event: Event) -> None:
    """A comment was moved: tell its author, where the table of moves says so."""
    if event.details.get("tells_author"):
        _queue_to_author(event, _TOLD_OF_A_MOVE[event.kind])


_TOLD_OF_A_MOVE = {
    "comment.published": LetterKind.PUBLISHED,
    "comment.hidden": LetterKind.HIDDEN,
    "comment.held": LetterKind.HELD,
    "comment.masked": LetterKind.MASKED,
    "comment.unmasked": LetterKind.PUBLISHED,
}


def queue_receipt_of_report(event: Event) -> None:
    """Somebody reported a comment: send them the address of their receipt, if they have an address themselves.

    Whoever isn't signed in is asked to confirm it first, and gets no other letter until they have.
    """
    if event.details["wants_letter"]:
        _queue_to_voices(event, LetterKind.REPORT_RECEIVED, Voice.id == event.details["voice"])


def queue_outcome_of_report(event: Event) -> None:
    """A report was settled: tell each who made it and is known by an account or a confirmed address."""
    is_known = Voice.person_id.is_not(None) | Voice.confirmed_at.is_not(None)
    _queue_to_voices(event, LetterKind.REPORT_SETTLED, (Voice.report_id == event.subject_id) & is_known)


def _queue_to_voices(event: Event, kind: LetterKind, condition: ColumnElement[bool]) -> None:
    voices = (
        select(
            *(literal(value, type_=_letter[name].type) for name, value in _about(event, kind).items()),
            Voice.id,
            Voice.person_id,
            func.coalesce(Person.email, Voice.email),
            func.coalesce(Person.language, Voice.language),
        )
        .outerjoin(Person, Person.id == Voice.person_id)
        .where(condition, func.coalesce(Person.email, Voice.email).is_not(None))
    )
    ask(_INSERT.from_select([*_FROM_EVENT, *_TO], voices))
    after_commit(ring)


def queue_to_reporter_of_fault(event: Event) -> None:
    """A fault was reported, or answered: tell whoever reported it, if they left an address."""
    case = db.session.get_one(FaultCase, event.subject_id)
    if case.email:
        kind = LetterKind.FAULT_RECEIVED if event.kind == "fault.received" else LetterKind.FAULT_ANSWERED
        recipient = {"subject_id": case.id, "person_id": None, "address": case.email}
        ask(_INSERT, **_about(event, kind), **recipient, language=case.language)
        after_commit(ring)


def queue_fault_to_administrators(event: Event) -> None:
    """A fault was reported: tell the administrators, unless they have been told of another that still waits.

    So a rush of reports is one letter to each of them. Whoever has reported it themselves knows.
    """
    case = db.session.get_one(FaultCase, event.subject_id)
    if waiting_before(case):
        return
    administrators = select(RoleGrant.person_id).where(RoleGrant.role == Role.ADMINISTRATOR)
    addresses = db.session.scalars(
        select(Person.email).where(Person.id.in_(administrators)).order_by(Person.id)
    )
    others = [address for address in addresses if address != case.email]
    _queue_to_addresses(event, LetterKind.FAULT_WAITS, case.id, others)


def queue_settled_appeal(event: Event) -> None:
    """An appeal was settled: tell those who decided first, and the author.

    An author whose comment is shown again is told so by the letter about that, which gives the reasons too.
    """
    appeal = db.session.get_one(Appeal, event.subject_id)
    for moderator_id in sorted(appeal.decision.takers):
        _queue_to_person(event, LetterKind.APPEAL_SETTLED, moderator_id)
    if appeal.state == AppealState.DENIED:
        _queue_to_person(event, LetterKind.APPEAL_SETTLED, appeal.comment.author_id)


def queue_answer(event: Event) -> None:
    """An answer was published: tell everybody whose comment it covers, however many they are."""
    ask(_TO_THOSE_COVERED, response_id=event.subject_id, **_as_parameters(event, LetterKind.ANSWERED))
    after_commit(ring)


def queue_what_was_not_as_planned(event: Event) -> None:
    """The time came of an answer, and something of it was no longer to be answered: tell those who answer for it.

    So they are when a comment that it covers is moved away before.
    """
    if event.kind == "response.published" and not (event.details["by_itself"] and event.details["left_out"]):
        return
    response = db.session.get_one(Response, event.subject_id)
    _queue_to_addresses(event, LetterKind.NOT_AS_PLANNED, response.id, _staff_of(response.committee))


def queue_taken_back(event: Event) -> None:
    """An answer that had a time was taken back by another than the editor who had set it: tell that editor."""
    editor_id = event.details.get("by")
    if editor_id is not None and editor_id != event.actor_id:
        _queue_to_person(event, LetterKind.NOT_AS_PLANNED, editor_id)


def queue_review(event: Event) -> None:
    """An answer waits for an editor: tell those of its committee."""
    response = db.session.get_one(Response, event.subject_id)
    editors = select(RoleGrant.person_id).where(
        RoleGrant.committee_id == response.committee_id, RoleGrant.role == Role.EDITOR
    )
    addresses = db.session.scalars(select(Person.email).where(Person.id.in_(editors)).order_by(Person.id))
    _queue_to_addresses(event, LetterKind.REVIEW_WAITS, response.id, addresses.all())


def queue_settled_commitment(event: Event) -> None:
    """A commitment was kept, changed or not, or that was wrong: tell each whose comments the answer covers, once."""
    parameters = _as_parameters(event, LetterKind.COMMITMENT_SETTLED)
    ask(_TO_THOSE_PROMISED, response_id=event.details["response"], **parameters)
    after_commit(ring)


def queue_commitments_due(event: Event) -> None:
    """The day of something a committee has promised draws near, or has passed: remind those who answer for it."""
    committee = db.session.get_one(Committee, event.subject_id)
    addresses = [*_staff_of(committee), committee.email]
    _queue_to_addresses(event, LetterKind.COMMITMENTS_DUE, committee.id, addresses)


def queue_forwarding(event: Event) -> None:
    """Another committee is to answer: tell whoever waits for it."""
    _queue_to_waiting(event, LetterKind.FORWARDED)


def queue_move(event: Event) -> None:
    """A comment was moved: tell whoever wrote it, and each who has replied to it once."""
    ask(_TO_ALL_IN_THREAD, comment_id=event.subject_id, **_as_parameters(event, LetterKind.MOVED))
    after_commit(ring)


def queue_lateness(event: Event) -> None:
    """An answer is late, or very late, or takes longer for a reason that is said: tell whoever waits for it."""
    _queue_to_waiting(event, LetterKind.LATE)


def _queue_to_waiting(event: Event, kind: LetterKind) -> None:
    ask(_TO_THE_AUTHOR, comment_id=event.details["comment"], **_as_parameters(event, kind))
    after_commit(ring)


def queue_report(event: Event) -> None:
    """A dialogue is reported back, or its report has other words now: tell everybody who took part, once each."""
    ask(
        _TO_THOSE_WHO_TOOK_PART,
        dialogue_id=event.subject_id,
        **_as_parameters(event, LetterKind.REPORTED_BACK),
    )
    after_commit(ring)


def queue_feedback_due(event: Event) -> None:
    """The day is near, or has come, on which a dialogue is to be reported back: tell the committee."""
    dialogue = db.session.get_one(Dialogue, event.subject_id)
    _queue_to_addresses(
        event,
        LetterKind.FEEDBACK_DUE,
        dialogue.id,
        [*_staff_of(dialogue.committee), dialogue.committee.email],
    )


def queue_reminder(event: Event) -> None:
    """Answers are late: tell the committee. Very late: also its chair, and the municipal executive board."""
    committee = db.session.get_one(Committee, event.subject_id)
    addresses = [*_staff_of(committee), committee.email]
    if event.kind == "committee.very_late":
        board = db.session.scalar(select(Committee).where(Committee.code == EXECUTIVE_BOARD))
        addresses += [committee.chair_email, *([board.email, board.chair_email] if board else [])]
    _queue_to_addresses(event, LetterKind.COMMITTEE_LATE, committee.id, addresses)


def _queue_to_addresses(
    event: Event, kind: LetterKind, subject_id: int, addresses: Iterable[str | None]
) -> None:
    """To each address once, in Swedish: they are the municipality's own."""
    for address in dict.fromkeys(filter(None, addresses)):
        recipient = {"subject_id": subject_id, "person_id": None, "address": address, "language": "sv"}
        ask(_INSERT, **_about(event, kind), **recipient)
    after_commit(ring)


def _staff_of(committee: Committee) -> Sequence[str | None]:
    """The addresses of those who answer for a committee."""
    answering = select(RoleGrant.person_id).where(RoleGrant.committee_id == committee.id)
    return db.session.scalars(select(Person.email).where(Person.id.in_(answering)).order_by(Person.id)).all()


def queue_question(event: Event) -> None:
    """It is time to ask whether an answer answered: ask everybody covered who hasn't said so, each once."""
    ask(_TO_THOSE_TO_ASK, response_id=event.subject_id, **_as_parameters(event, LetterKind.VERDICT_ASKED))
    after_commit(ring)


def queue_judgement(event: Event) -> None:
    """An organisation was confirmed, declined or silenced: tell those who speak for it, and whoever founded it here.

    A founder who has left it isn't told that it is to rest, and why.
    """
    organisation, today = db.session.get_one(Organisation, event.subject_id), local_day(event.at)
    told = {one.person_id for one in organisation.mandates if one.is_in_force(today)}
    if organisation.founded_by_id is not None and organisation.state != OrganisationState.RESTING:
        told.add(organisation.founded_by_id)
    for person_id in sorted(told):
        _queue_to_person(event, LetterKind.ORGANISATION_JUDGED, person_id)


def queue_offer(event: Event) -> None:
    """Somebody was asked to speak for an organisation: send the offer, whether they have an account or not."""
    offer = db.session.get_one(MandateOffer, event.subject_id)
    recipient = {
        "subject_id": offer.id,
        "person_id": None,
        "address": offer.email,
        "language": offer.language,
    }
    ask(_INSERT, **_about(event, LetterKind.MANDATE_OFFERED), **recipient)
    after_commit(ring)


def queue_expiry_of_mandate(event: Event) -> None:
    """A mandate soon runs out: tell whoever holds it."""
    mandate = db.session.get_one(Mandate, event.subject_id)
    _queue_to_person(event, LetterKind.MANDATE_EXPIRES, mandate.person_id)


def queue_end_of_mandate(event: Event) -> None:
    """A mandate was revoked: tell whoever held it."""
    if event.details["because"] == End.REVOKED:
        mandate = db.session.get_one(Mandate, event.subject_id)
        _queue_to_person(event, LetterKind.MANDATE_ENDED, mandate.person_id)


def queue_moderators_reminder(event: Event) -> None:
    """Something has waited for moderators longer than promised: tell each of them."""
    ask(_TO_MODERATORS, **_as_parameters(event, LetterKind.QUEUE_LATE), day_id=event.subject_id)
    after_commit(ring)


def _queue_to_person(event: Event, kind: LetterKind, person_id: int) -> None:
    person = db.session.get_one(Person, person_id)
    if person.email is not None:
        recipient = {
            "subject_id": event.subject_id,
            "person_id": person.id,
            "address": person.email,
            "language": person.language,
        }
        ask(_INSERT, **_about(event, kind), **recipient)
        after_commit(ring)


def _queue_to_author(event: Event, kind: LetterKind) -> None:
    ask(_TO_THE_AUTHOR, comment_id=event.subject_id, **_as_parameters(event, kind))
    after_commit(ring)


_letter, _comment, _person = Letter.__table__.c, Comment.__table__.c, Person.__table__.c
_INSERT = insert(Letter.__table__)  # type: ignore[arg-type]
_FROM_EVENT = ("event_id", "kind", "queued_at", "next_attempt_at")
_TO = ("subject_id", "person_id", "address", "language")


def _about(event: Event, kind: LetterKind) -> dict[str, Any]:
    """What a letter of this kind holds of its event."""
    return dict(zip(_FROM_EVENT, (event.id, kind, event.at, event.at), strict=True))


def _as_parameters(event: Event, kind: LetterKind) -> dict[str, Any]:
    return {f"of_{name}": value for name, value in _about(event, kind).items()}


def _to_authors(condition: ColumnElement[bool]) -> Insert:
    """The statement that queues a letter to the author of each comment that meets `condition`: one round trip.

    Whoever the customer centre heard has no address, and follows the receipt instead.
    """
    authors = (
        select(
            *(bindparam(f"of_{name}", type_=_letter[name].type) for name in _FROM_EVENT),
            *(_comment.id, _person.id, _person.email, _person.language),
        )
        .join(Person.__table__, _person.id == _comment.author_id)
        .where(condition, _person.email.is_not(None))
    )
    return _INSERT.from_select([*_FROM_EVENT, *_TO], authors)


_COVERED = select(Coverage.comment_id).where(Coverage.response_id == bindparam("response_id"))
_TO_THE_AUTHOR = _to_authors(_comment.id == bindparam("comment_id"))
_before_it = Comment.__table__.alias("earlier")
_IS_FIRST_IN_THREAD = ~exists().where(
    _before_it.c.author_id == _comment.author_id,
    _before_it.c.id < _comment.id,
    or_(_before_it.c.id == bindparam("comment_id"), _before_it.c.parent_id == bindparam("comment_id")),
)
_TO_ALL_IN_THREAD = _to_authors(
    and_(
        or_(_comment.id == bindparam("comment_id"), _comment.parent_id == bindparam("comment_id")),
        _IS_FIRST_IN_THREAD,
    )
)
_TO_THOSE_COVERED = _to_authors(_comment.id.in_(_COVERED))
_first_covered = Comment.__table__.alias("first_covered")
_FIRST_OF_EACH = (  # of what everybody can read, so that the letter can name it
    select(func.min(_first_covered.c.id))
    .where(_first_covered.c.id.in_(_COVERED), _first_covered.c.state == CommentState.PUBLISHED)
    .group_by(_first_covered.c.author_id)
)
_TO_THOSE_PROMISED = _to_authors(_comment.id.in_(_FIRST_OF_EACH))
_said = aliased(Comment)
_FIRST_OF_EACH_WHO_TOOK_PART = (
    select(func.min(_said.id))
    .join(Dialogue, said_in(_said, Dialogue))
    .where(Dialogue.id == bindparam("dialogue_id"))
    .group_by(_said.author_id)
)
_TO_THOSE_WHO_TOOK_PART = _to_authors(_comment.id.in_(_FIRST_OF_EACH_WHO_TOOK_PART))
_HAS_BEEN_SAID = exists().where(Verdict.coverage_id == Coverage.id)
_TO_THOSE_TO_ASK = _to_authors(_comment.id.in_(_COVERED.where(~_HAS_BEEN_SAID)))
_MODERATORS = select(RoleGrant.person_id).where(RoleGrant.role == Role.MODERATOR)
_TO_MODERATORS = _INSERT.from_select(
    [*_FROM_EVENT, *_TO],
    select(
        *(bindparam(f"of_{name}", type_=_letter[name].type) for name in _FROM_EVENT),
        bindparam("day_id", type_=_letter.subject_id.type),
        *(_person.id, _person.email, _person.language),
    ).where(_person.id.in_(_MODERATORS), _person.email.is_not(None)),
)
