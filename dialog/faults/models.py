"""Reported faults, and the answers to them."""

import secrets
from datetime import date, datetime
from functools import partial

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dialog.db import Base, local_day
from dialog.faults.rules import OPEN, FaultState, answer_due_on, case_number

_OPEN = text("state IN ('received', 'under_way')")


class FaultCase(Base):
    """A fault that somebody has reported. Its receipt has an address of its own; whose it is, nobody asks."""

    __tablename__ = "fault_case"
    __table_args__ = (
        Index("ix_fault_case_open", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint(
            "(state IN ('answered', 'fixed')) = (answered_at IS NOT NULL)", name="answered_has_a_time"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True, default=partial(secrets.token_urlsafe, 16))
    form_key: Mapped[str] = mapped_column(unique=True)  # the form it came from: sent twice, taken once
    words: Mapped[str]
    place: Mapped[str | None]  # where the fault is, as whoever reported it says
    language: Mapped[str]
    email: Mapped[str | None]
    state: Mapped[FaultState] = mapped_column(default=FaultState.RECEIVED)
    version: Mapped[int] = mapped_column(default=1)
    received_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]  # the first time

    answers: Mapped[list["FaultAnswer"]] = relationship(order_by="FaultAnswer.id")

    @property
    def number(self) -> str:
        return case_number(local_day(self.received_at).year, self.id)

    @property
    def is_open(self) -> bool:
        """Whether an answer is owed."""
        return self.state in OPEN

    @property
    def due_on(self) -> date:
        return answer_due_on(local_day(self.received_at))


class FaultAnswer(Base):
    """What was said when a case was answered, or fixed. Rows are added and never changed."""

    __tablename__ = "fault_answer"
    __table_args__ = (UniqueConstraint("case_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("fault_case.id"))
    state: Mapped[FaultState]
    words: Mapped[str]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]


class FaultAttempt(Base):
    """That somebody reported a fault, kept for an hour. Who it was can't be told from the row."""

    __tablename__ = "fault_attempt"
    __table_args__ = (Index(None, "who", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str]
    at: Mapped[datetime]
