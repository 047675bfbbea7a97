"""Queueing letters, in the transaction that causes them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import structlog
from flask import current_app
from sqlalchemy import bindparam, insert, select

from dialog.conversation.models import Comment
from dialog.db import after_commit, ask, db
from dialog.events import Event
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.people.models import Person, SignInLink
from dialog.response.models import Coverage

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
    _queue(event, LetterKind.SIGN_IN, [Recipient(link.id, None, link.email, link.language)])


def queue_receipt(event: Event) -> None:
    """A comment was registered: send its number and the address of its receipt."""
    _queue(event, LetterKind.RECEIPT, _authors([event.subject_id]))


def queue_decision(event: Event) -> None:
    """A comment was moved: tell its author, where the table of moves says so."""
    if not event.details.get("tells_author"):
        return
    kind = LetterKind.HIDDEN if event.kind == "comment.hidden" else LetterKind.PUBLISHED
    _queue(event, kind, _authors([event.subject_id]))


def queue_answer(event: Event) -> None:
    """An answer was published: tell everybody whose comment it covers."""
    covered = db.session.scalars(select(Coverage.comment_id).where(Coverage.response_id == event.subject_id))
    _queue(event, LetterKind.ANSWERED, _authors(covered.all()))


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
