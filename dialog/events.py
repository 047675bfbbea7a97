"""The log of everything that happened: append-only, hash-chained, and heard by those who act on it.

One row serves the audit, the receipt's timeline, the letters and the measurements. A row holds identities,
states and codes, never anybody's text, so that it can be kept for ever.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import JSON, ForeignKey, Index, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from dialog.db import Base, ask, constant, db, remembered

FIRST_HASH = "0" * 64
END_OF_CHAIN = "end of chain"  # under which a transaction remembers the last row's id and hash

# Everything that can happen. A listener of anything else would wait for ever without a word.
KINDS = frozenset(
    {
        "answer_template.removed",
        "answer_template.written",
        "appeal.denied",
        "appeal.granted",
        "appeal.lapsed",
        "appeal.sent",
        "claim.released",
        "claim.taken",
        "comment.edited",
        "comment.held",
        "comment.hidden",
        "comment.looked_at",
        "comment.masked",
        "comment.moved",
        "comment.proposal_declined",
        "comment.proposal_lapsed",
        "comment.proposed",
        "comment.published",
        "comment.submitted",
        "comment.unmasked",
        "comment.withdrawn",
        "commitment.changed",
        "commitment.kept",
        "commitment.made",
        "commitment.not_kept",
        "commitment.reopened",
        "committee.late",
        "committee.pause_announced",
        "committee.pause_called_off",
        "committee.pause_ended",
        "committee.reminded",
        "committee.very_late",
        "dialogue.changed",
        "dialogue.closed",
        "dialogue.drafted",
        "dialogue.feedback_soon",
        "dialogue.feedback_today",
        "dialogue.open",
        "dialogue.report_revised",
        "dialogue.reported_back",
        "digest.begun",
        "mandate.ended",
        "mandate.given",
        "mandate.offered",
        "mandate.recorded",
        "mandate.runs_out",
        "mandate_offer.accepted",
        "mandate_offer.declined",
        "mandate_offer.withdrawn",
        "fault.answered",
        "fault.fixed",
        "fault.received",
        "fault.under_way",
        "follow_up.kept",
        "follow_up.progress_set",
        "follow_up.published",
        "follow_up.set_aside",
        "follow_up.taken_away",
        "matter.added",
        "matter.delay_explained",
        "matter.forwarded",
        "matter.grouped",
        "matter.late",
        "matter.left",
        "matter.noted",
        "matter.removed",
        "matter.reopened",
        "matter.set_apart",
        "matter.taken",
        "matter.very_late",
        "meeting.recorded",
        "notice.acknowledged",
        "notice.told",
        "organisation.confirmed",
        "organisation.declined",
        "organisation.edited",
        "organisation.proposed",
        "organisation.resting",
        "person.chose_letters",
        "person.created",
        "person.edited",
        "person.followed",
        "person.given_role",
        "person.signed_in",
        "person.signed_out",
        "person.stated_real_name",
        "person.taken_role",
        "person.unfollowed",
        "person.unlinked",
        "person.verified",
        "plan.imported",
        "reason_text.written",
        "register.changed",
        "report.confirmed",
        "report.dismissed",
        "report.joined",
        "report.lapsed",
        "report.opened",
        "report.upheld",
        "report_threshold.set",
        "response.comment_left",
        "response.drafted",
        "response.not_published",
        "response.published",
        "response.review_waits",
        "response.revised",
        "response.saved",
        "response.scheduled",
        "response.sent_back",
        "response.translated",
        "response.sent_to_review",
        "seal.opened",
        "sign_in.requested",
        "sitting.recorded",
        "stances.renewed",
        "supervision.gone_through",
        "supervision.overdue",
        "text.published",
        "verdict.asked",
        "verdict.given",
        "watch_rule.added",
        "watch_rule.switched_off",
        "watch_rule.switched_on",
    }
)

Listener = Callable[["Event"], None]


def set_up(app: Flask) -> None:
    """Let the application hear what happens."""
    app.extensions["listeners"] = {}


class UnknownKind(Exception):
    """Nothing of this kind is known to happen. The message names the cure."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"There is no kind of event called {kind!r}; if there should be, add it to events.KINDS."
        )


class Event(Base):
    """Something that happened to a thing (`subject`), by somebody (`actor_id`) or by the system (None)."""

    __tablename__ = "event"
    __table_args__ = (Index(None, "subject_type", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str]

    def computed_hash(self, previous: str) -> str:
        """The hash this row must have when the row before it has the hash `previous`."""
        content = [
            previous,
            self.id,
            self.at.astimezone(UTC).isoformat(),
            self.kind,
            self.subject_type,
            self.subject_id,
            self.actor_id,
            self.details,
        ]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


_INSERT = insert(Event.__table__)  # type: ignore[arg-type]
_event = Event.__table__.c
_LAST = select(_event.id, _event.hash).order_by(_event.id.desc()).limit(constant(1))


def record(
    kind: str, subject: Any, *, actor_id: int | None, now: datetime, details: dict[str, Any] | None = None
) -> Event:
    """Write that `kind` (such as "comment.published") happened to `subject`, and tell the listeners.

    `subject` is a row, or what stands for one by its `__tablename__` and `id`. Everything happens in the open
    transaction. `details` is JSON without anybody's text. Raises UnknownKind.
    """
    if kind not in KINDS:
        raise UnknownKind(kind)
    last_id, last_hash = _end_of_chain()
    event = Event(
        id=last_id + 1,
        at=now,
        kind=kind,
        subject_type=subject.__tablename__,
        subject_id=subject.id,
        actor_id=actor_id,
        details=details or {},
    )
    event.hash = event.computed_hash(last_hash)
    columns = {column.key: getattr(event, column.key) for column in Event.__table__.columns}
    db.session.flush()  # what the event is about stands before it
    ask(_INSERT, **columns)
    remembered()[END_OF_CHAIN] = (event.id, event.hash)
    for listener in current_app.extensions["listeners"].get(kind, ()):
        listener(event)
    return event


def _end_of_chain() -> tuple[int, str]:
    """The id and hash of the last row. Asked once in a transaction: nobody else can add to it meanwhile."""
    notes = remembered()
    if END_OF_CHAIN not in notes:
        last = ask(_LAST).first()
        notes[END_OF_CHAIN] = (last.id, last.hash) if last else (0, FIRST_HASH)
    end: tuple[int, str] = notes[END_OF_CHAIN]
    return end


def latest(subject: Any) -> Event | None:
    """The newest row about `subject`."""
    return db.session.scalar(
        select(Event)
        .where(Event.subject_type == subject.__tablename__, Event.subject_id == subject.id)
        .order_by(Event.id.desc())
        .limit(1)
    )


def first_broken() -> int | None:
    """The id of the first row that doesn't follow from the one before it; None when the chain is whole."""
    previous, expected = FIRST_HASH, 1
    for event in db.session.scalars(select(Event).order_by(Event.id).execution_options(yield_per=1000)):
        if event.id != expected or event.hash != event.computed_hash(previous):
            return event.id
        previous, expected = event.hash, event.id + 1
    return None


def listen(app: Flask, kind: str, listener: Listener) -> None:
    """Have `listener` called, in the same transaction, whenever `kind` is recorded. Raises UnknownKind."""
    if kind not in KINDS:
        raise UnknownKind(kind)
    app.extensions["listeners"].setdefault(kind, []).append(listener)
