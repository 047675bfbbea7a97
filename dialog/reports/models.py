"""Reports, who has made them, and how many it takes for a comment to be taken out of view meanwhile."""

import secrets
from datetime import datetime
from functools import partial

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dialog.conversation.models import Comment
from dialog.db import Base
from dialog.moderation.rules import Ground
from dialog.people.models import Person
from dialog.reports.rules import Reason, ReportState


def _only(name: str, *columns: str, of: str) -> Index:
    """A key that holds among those rows alone that meet the condition `of`."""
    return Index(name, *columns, unique=True, sqlite_where=text(of), postgresql_where=text(of))


class Report(Base):
    """That a comment has been reported, by one or by many, until it is decided."""

    __tablename__ = "report"
    __table_args__ = (
        _only("uq_report_open", "comment_id", of="state = 'open'"),
        Index(None, "comment_id", "id"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_has_a_time"),
        CheckConstraint("ground IS NULL OR state = 'upheld'", name="only_upheld_has_a_ground"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    state: Mapped[ReportState] = mapped_column(default=ReportState.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    ground: Mapped[Ground | None]  # on which the comment was hidden

    comment: Mapped[Comment] = relationship()
    voices: Mapped[list["Voice"]] = relationship(back_populates="report", order_by="Voice.id")

    @property
    def is_open(self) -> bool:
        return self.state == ReportState.OPEN


class Voice(Base):
    """What one of those who have made a report says: for moderators alone. Its receipt has an address of its own.

    Whoever is not signed in may leave an address, and counts as somebody when they have confirmed it.
    """

    __tablename__ = "report_voice"
    __table_args__ = (
        _only("uq_report_voice_person", "report_id", "person_id", of="person_id IS NOT NULL"),
        _only("uq_report_voice_address", "report_id", "email", of="confirmed_at IS NOT NULL"),
        Index(None, "person_id"),
        Index(None, "email"),
        CheckConstraint("person_id IS NULL OR email IS NULL", name="address_of_the_account"),
        CheckConstraint("(email IS NULL) = (confirm_key IS NULL)", name="address_to_confirm"),
        CheckConstraint("confirmed_at IS NULL OR email IS NOT NULL", name="confirmed_address"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True, default=partial(secrets.token_urlsafe, 16))
    form_key: Mapped[str] = mapped_column(unique=True)  # the form it came from: sent twice, taken once
    reason: Mapped[Reason]
    words: Mapped[str | None]
    wording: Mapped[int]  # the number of the comment's wording that was reported
    language: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    email: Mapped[str | None]
    confirm_key: Mapped[str | None] = mapped_column(
        unique=True
    )  # the secret part of the address in the letter
    confirmed_at: Mapped[datetime | None]
    network: Mapped[str | None]  # see rules.network_at; gone when the report is settled
    sent_at: Mapped[datetime]

    report: Mapped[Report] = relationship(back_populates="voices")
    person: Mapped[Person | None] = relationship()

    @property
    def is_known(self) -> bool:
        """Whether it is known whose it is, by an account or a confirmed address."""
        return self.person_id is not None or self.confirmed_at is not None

    @property
    def address(self) -> str | None:
        """The address by which whoever it is is known, if they are."""
        if self.person is not None:
            return self.person.email
        return self.email if self.confirmed_at is not None else None


class ReportAttempt(Base):
    """That somebody reported something, kept for an hour. Who it was can't be told from the row."""

    __tablename__ = "report_attempt"
    __table_args__ = (Index(None, "who", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str]
    at: Mapped[datetime]


class ReportThreshold(Base):
    """How many people it takes for a comment to be taken out of view until a moderator has decided, and since when.

    The newest row holds. Rows are added and never changed: which rule held when can always be told.
    """

    __tablename__ = "report_threshold"

    id: Mapped[int] = mapped_column(primary_key=True)
    people: Mapped[int]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]
