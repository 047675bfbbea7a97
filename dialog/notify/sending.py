"""Sending the letters that wait, after the transactions that queued them: claim, write, deliver, mark."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import or_, select, update

from dialog import states
from dialog.db import changed, clock, db, transaction
from dialog.following.operations import note_told
from dialog.notify.letters import write
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
from dialog.notify.writing import NotWanted

LONGEST_ERROR = 500  # characters of what a server says that are kept

log = structlog.get_logger()


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


def _claim(now: datetime) -> Sequence[Letter]:
    free = or_(Letter.leased_until.is_(None), Letter.leased_until < now)
    waiting = (
        select(Letter.id)
        .where(Letter.state == LetterState.QUEUED, Letter.next_attempt_at <= now, free)
        .order_by(Letter.in_bulk, Letter.next_attempt_at, Letter.id)
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
        letters = select(Letter).where(Letter.id.in_(claimed)).order_by(Letter.in_bulk, Letter.id)
        return db.session.scalars(letters.execution_options(populate_existing=True)).all()


def _send(letter: Letter, transport: Transport) -> None:
    if letter.leased_until is None or letter.leased_until - clock.now() < LEASE / 2:
        return  # the letters before took long: another worker may soon take this one
    try:
        message = write(letter)
        db.session.commit()  # ends the read: nothing is kept open while the network is waited for
        transport.deliver(letter, message)
    except NotWanted as reason:
        _finish(letter, LetterState.DROPPED, error=str(reason))
    except PermanentFailure as failure:
        _finish(letter, LetterState.DEAD, error=str(failure))
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


def _finish(letter: Letter, state: LetterState, *, error: str | None = None, **values: Any) -> None:
    if error is not None:
        values["last_error"] = error[:LONGEST_ERROR]
    with transaction():
        states.move(letter, LETTER_MOVES, state, seen=letter.version, leased_until=None, **values)
        if letter.kind == LetterKind.DIGEST and state != LetterState.DEAD and letter.person_id:
            note_told(letter.person_id, letter.event_id)


def _try_later(letter: Letter, error: str) -> None:
    now, failures = clock.now(), letter.failures + 1
    if now - letter.queued_at > GIVE_UP_AFTER:
        return _finish(letter, LetterState.DEAD, error=error, failures=failures)
    with transaction():
        changed(
            update(Letter)
            .where(Letter.id == letter.id)
            .values(
                failures=failures,
                last_error=error[:LONGEST_ERROR],
                leased_until=None,
                next_attempt_at=now + pause_before_attempt(failures),
            )
        )
