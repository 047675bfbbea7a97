"""The outbox: every letter, written in the transaction that causes it and sent after it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dialog.db import Base
from dialog.following.rules import HowOften
from dialog.notify.rules import LetterKind, LetterState

_QUEUED = text("state = 'queued'")


class Letter(Base):
    """A letter to one address about one event. Its words are made when it is sent, from what then holds."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("event_id", "address", "subject_id"),
        Index(
            "ix_letter_queue",
            "in_bulk",
            "next_attempt_at",
            "id",
            sqlite_where=_QUEUED,
            postgresql_where=_QUEUED,
        ),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_a_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[LetterKind]
    # A sign-in link for SIGN_IN, an appeal for APPEAL_SETTLED, a run for DIGEST, what happened to for FOLLOWED,
    # a voice of a report for REPORT_RECEIVED and REPORT_SETTLED, a case for those of faults,
    # else a comment.
    subject_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str]
    language: Mapped[str]
    in_bulk: Mapped[bool] = mapped_column(default=False)  # sent after those that somebody waits for
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


class DigestRun(Base):
    """The queueing of one day's or one week's digests: it goes through the readers in order, and is done once.

    The event "digest.begun" about it says until where in the log its letters tell.
    """

    __tablename__ = "digest_run"
    __table_args__ = (UniqueConstraint("how_often", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    how_often: Mapped[HowOften]
    period: Mapped[date]
    person_id: Mapped[int] = mapped_column(default=0)  # the last one dealt with
    is_done: Mapped[bool] = mapped_column(default=False)
