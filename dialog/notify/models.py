"""The outbox: every letter, written in the transaction that causes it and sent after it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dialog.db import Base
from dialog.notify.rules import LetterKind, LetterState

_QUEUED = text("state = 'queued'")


class Letter(Base):
    """A letter to one address about one event. Its words are made when it is sent, from what then holds."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("event_id", "address", "subject_id"),
        Index("ix_letter_queue", "next_attempt_at", "id", sqlite_where=_QUEUED, postgresql_where=_QUEUED),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_a_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[LetterKind]
    subject_id: Mapped[int]  # what it is about: a sign-in link for SIGN_IN, else a comment
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str]
    language: Mapped[str]
    state: Mapped[LetterState] = mapped_column(default=LetterState.QUEUED)
    version: Mapped[int] = mapped_column(default=1)
    queued_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    subject: Mapped[str | None]  # as sent
    body: Mapped[str | None]  # as sent
