"""Queueing letters in the transaction that causes them, and sending them after it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import structlog
from flask import current_app
from sqlalchemy import bindparam, insert, or_, select, update

from dialog import states
from dialog.conversation.models import Comment
from dialog.db import after_commit, ask, changed, clock, db, transaction
from dialog.events import Event
from dialog.notify.letters import NotWanted, write
from dialog.notify.models import Letter
from dialog.notify.rules import (
    BATCH,
    GIVE_UP_AFTER,
    LEASE,
    LETTER_MOVES,
    LetterKind,
    LetterState,
    pause_before_attempt,
)
from dialog.notify.transport import PermanentFailure, TemporaryFailure, Transport
from dialog.people.models import Person, SignInLink
from dialog.response.models import Coverage

log = structlog.get_logger()


def ring() -> None:
    """Tell the worker that letters wait. A bell that fails is no harm: the worker's own clock finds them."""
    try:
        current_app.extensions["doorbell"].ring()
    except Exception:
        log.exception("doorbell failed")


def write_sign_in(event: Event) -> None:
    """Somebody asked to sign in: send the link."""
    link = db.session.get_one(SignInLink, event.subject_id)
    _queue(event, LetterKind.SIGN_IN, [Recipient(link.id, None, link.email, link.language)])


def write_receipt(event: Event) -> None:
    """A comment was registered: send its number and the address of its receipt."""
    _queue(event, LetterKind.RECEIPT, _authors([event.subject_id]))


def write_decision(event: Event) -> None:
    """A comment was let through or hidden: tell its author, unless nobody had to decide."""
    if event.details.get("at_once"):
        return
    kind = LetterKind.HIDDEN if event.kind == "comment.hidden" else LetterKind.PUBLISHED
    _queue(event, kind, _authors([event.subject_id]))


def write_answer(event: Event) -> None:
    """An answer was published: tell everybody whose comment it covers."""
    covered = db.session.scalars(select(Coverage.comment_id).where(Coverage.response_id == event.subject_id))
    _queue(event, LetterKind.ANSWERED, _authors(covered.all()))


def send_waiting(transport: Transport) -> int:
    """Send what waits in the outbox; gives how many letters were dealt with.

    Each letter is claimed under a lease first, so that two workers never send the same one at a time.
    """
    dealt_with = 0
    while letters := _claim(clock.now()):
        with transport:
            for letter in letters:
                _send(letter, transport)
                dealt_with += 1
    return dealt_with


class Recipient(NamedTuple):
    """Whom a letter goes to, and which thing it is about."""

    subject_id: int
    person_id: int | None
    address: str
    language: str


_comment, _person = Comment.__table__.c, Person.__table__.c
_AUTHORS = (
    select(_comment.id, _person.id, _person.email, _person.language)
    .join(Person.__table__, _person.id == _comment.author_id)
    .where(_comment.id.in_(bindparam("comment_ids", expanding=True)))
)
_INSERT = insert(Letter.__table__)  # type: ignore[arg-type]


def _authors(comment_ids: Sequence[int]) -> list[Recipient]:
    return [Recipient._make(row) for row in ask(_AUTHORS, comment_ids=comment_ids)]


def _queue(event: Event, kind: LetterKind, recipients: Iterable[Recipient]) -> None:
    rows = [
        {
            "event_id": event.id,
            "kind": kind,
            **recipient._asdict(),
            "queued_at": event.at,
            "next_attempt_at": event.at,
        }
        for recipient in recipients
    ]
    if rows:
        db.session.connection().execute(_INSERT, rows)
        after_commit(ring)


def _claim(now: datetime) -> Sequence[Letter]:
    free = or_(Letter.leased_until.is_(None), Letter.leased_until < now)
    waiting = (
        select(Letter.id)
        .where(Letter.state == LetterState.QUEUED, Letter.next_attempt_at <= now, free)
        .order_by(Letter.next_attempt_at, Letter.id)
        .limit(BATCH)
    )
    if not db.session.scalars(waiting.limit(1)).first():
        return []
    with transaction():
        ids = db.session.scalars(waiting).all()
        claimed = db.session.scalars(
            update(Letter)
            .where(Letter.id.in_(ids), Letter.state == LetterState.QUEUED, free)
            .values(leased_until=now + LEASE)
            .returning(Letter.id)
            .execution_options(synchronize_session=False)
        ).all()
        letters = select(Letter).where(Letter.id.in_(claimed)).order_by(Letter.id)
        return db.session.scalars(letters.execution_options(populate_existing=True)).all()


def _send(letter: Letter, transport: Transport) -> None:
    if letter.leased_until is None or letter.leased_until - clock.now() < LEASE / 2:
        return  # the letters before took long: another worker may soon take this one
    try:
        message = write(letter)
        db.session.commit()  # ends the read: nothing is kept open while the network is waited for
        transport.deliver(letter, message)
    except NotWanted as reason:
        _finish(letter, LetterState.DROPPED, last_error=str(reason))
    except PermanentFailure as failure:
        _finish(letter, LetterState.DEAD, last_error=str(failure))
    except TemporaryFailure as failure:
        _try_later(letter, str(failure))
    except Exception as fault:
        log.exception("letter could not be written", letter=letter.id)
        _try_later(letter, f"{type(fault).__name__}: {fault}")
    else:
        _finish(
            letter,
            LetterState.SENT,
            sent_at=clock.now(),
            subject=message.subject,
            body=message.body if transport.keeps_secrets or letter.kind != LetterKind.SIGN_IN else None,
        )


def _finish(letter: Letter, state: LetterState, **values: object) -> None:
    with transaction():
        states.move(letter, LETTER_MOVES, state, seen=letter.version, leased_until=None, **values)


def _try_later(letter: Letter, error: str) -> None:
    now, failures = clock.now(), letter.failures + 1
    if now - letter.queued_at > GIVE_UP_AFTER:
        return _finish(letter, LetterState.DEAD, last_error=error, failures=failures)
    with transaction():
        changed(
            update(Letter)
            .where(Letter.id == letter.id)
            .values(
                failures=failures,
                last_error=error[:500],
                leased_until=None,
                next_attempt_at=now + pause_before_attempt(failures),
            )
        )
