"""Commitments, and how many there are of each sort."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dialog.commitments.rules import CommitmentState, is_late, may_be_corrected
from dialog.db import Base
from dialog.plan.models import Committee, Goal
from dialog.response.models import Response

_OPEN = text("state = 'open'")


class Commitment(Base):
    """What a committee has promised in an answer: by which day, and which of its offices sees to it.

    What is promised instead of it, where it was changed, is a row of its own that succeeds it.
    """

    __tablename__ = "commitment"
    __table_args__ = (
        UniqueConstraint("succeeds_id"),
        Index(None, "response_id"),
        Index(None, "committee_id", "state", "due_on", "id"),
        Index("ix_commitment_open", "goal_id", "due_on", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_commitment_to_remind_of", "remind_on", sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint(
            "(state = 'open') = (settled_at IS NULL) AND (settled_at IS NULL) = (words IS NULL) "
            "AND (settled_at IS NULL) = (settled_by_id IS NULL)",
            name="settled_with_words_by_somebody",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    # The answer's own, here so that neither list has to ask for the answers.
    committee_id: Mapped[int] = mapped_column(ForeignKey("committee.id"))
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    state: Mapped[CommitmentState] = mapped_column(default=CommitmentState.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    text: Mapped[str]
    owner: Mapped[str]  # an office or a role, never a person
    due_on: Mapped[date]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    succeeds_id: Mapped[int | None] = mapped_column(ForeignKey("commitment.id"))
    remind_on: Mapped[date]  # the committee, while it is open
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str | None]  # the committee's, of what became of it

    response: Mapped[Response] = relationship()
    committee: Mapped[Committee] = relationship()
    goal: Mapped[Goal] = relationship()
    corrections: Mapped[list["CommitmentCorrection"]] = relationship(order_by="CommitmentCorrection.id")

    @property
    def may_be_corrected(self) -> bool:
        """Whether what was said of it can be put right."""
        return may_be_corrected(self.state)

    def is_late(self, today: date) -> bool:
        """Whether its day has passed on the day `today` without a word."""
        return is_late(self.state, self.due_on, today)


class CommitmentCorrection(Base):
    """What a committee said by mistake of a commitment, and why that was wrong. Everybody reads it."""

    __tablename__ = "commitment_correction"
    __table_args__ = (Index(None, "commitment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    state: Mapped[CommitmentState]
    words: Mapped[str]
    settled_at: Mapped[datetime]
    settled_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    corrected_at: Mapped[datetime]
    corrected_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class CommitmentSum(Base):
    """How many of a committee's commitments are in each state. Counts, kept by the operations."""

    __tablename__ = "commitment_sum"

    committee_id: Mapped[int] = mapped_column(ForeignKey("committee.id"), primary_key=True)
    state: Mapped[CommitmentState] = mapped_column(primary_key=True)
    commitments: Mapped[int] = mapped_column(default=0)
