"""A dialogue about a goal or an assignment."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dialog.db import Base
from dialog.dialogues.rules import DialogueState, Level, Phase, Reminder, phase
from dialog.plan.models import Assignment, Committee, Goal

_CURRENT = text("state <> 'reported_back'")


class Dialogue(Base):
    """What a committee asks about a goal, or about one of its assignments. One at a time for each."""

    __tablename__ = "dialogue"
    __table_args__ = (
        Index(
            "uq_dialogue_current",
            "goal_id",
            text("coalesce(assignment_id, 0)"),
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
        CheckConstraint(
            "state = 'draft' OR (level IS NOT NULL AND who_decides <> '' AND closes_on IS NOT NULL "
            "AND decides_on IS NOT NULL AND feedback_on IS NOT NULL AND opened_at IS NOT NULL)",
            name="says_all_before_it_opens",
        ),
        CheckConstraint("(state = 'reported_back') = (reported_at IS NOT NULL)", name="reported_at_a_time"),
        CheckConstraint(
            "state <> 'reported_back' OR (you_said <> '' AND we_decided <> '' AND because <> '' "
            "AND decided_on IS NOT NULL AND decision_reference <> '')",
            name="says_all_when_it_reports",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    committee_id: Mapped[int] = mapped_column(ForeignKey("committee.id"))
    state: Mapped[DialogueState] = mapped_column(default=DialogueState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    level: Mapped[Level | None]
    can_change: Mapped[str] = mapped_column(default="")
    cannot_change: Mapped[str] = mapped_column(default="")
    who_decides: Mapped[str] = mapped_column(default="")
    closes_on: Mapped[date | None]  # the last day for comments
    decides_on: Mapped[date | None]
    feedback_on: Mapped[date | None]  # the day by which the result is reported back
    pre_moderated: Mapped[bool] = mapped_column(default=False)  # every comment waits for a moderator
    real_names_only: Mapped[bool] = mapped_column(default=False)  # nobody comments under a chosen name
    consultation_duty: Mapped[bool] = mapped_column(
        default=False
    )  # lag (2022:66) om konsultation i samiska frågor
    opened_at: Mapped[datetime | None]
    you_said: Mapped[str] = mapped_column(default="")
    we_decided: Mapped[str] = mapped_column(default="")
    because: Mapped[str] = mapped_column(default="")
    decided_on: Mapped[date | None]
    decision_reference: Mapped[str] = mapped_column(default="")
    reported_at: Mapped[datetime | None]
    report_revised_at: Mapped[
        datetime | None
    ]  # since when the report says what it says, where it was changed
    reminded: Mapped[Reminder | None]  # of the feedback, and of what; None again when another day is promised

    goal: Mapped[Goal] = relationship()
    assignment: Mapped[Assignment | None] = relationship()
    committee: Mapped[Committee] = relationship()

    def phase(self, today: date) -> Phase | None:
        """Where it stands on the day `today`; None while it is a draft."""
        if self.state == DialogueState.DRAFT or self.closes_on is None or self.feedback_on is None:
            return None
        return phase(self.state, self.closes_on, self.feedback_on, today)


class EarlierReport(Base):
    """What a dialogue's report said before it was given other words, and what was changed then. Everybody reads it."""

    __tablename__ = "earlier_report"
    __table_args__ = (UniqueConstraint("dialogue_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dialogue_id: Mapped[int] = mapped_column(ForeignKey("dialogue.id"))
    number: Mapped[int]
    you_said: Mapped[str]
    we_decided: Mapped[str]
    because: Mapped[str]
    decided_on: Mapped[date]
    decision_reference: Mapped[str]
    shown_from: Mapped[datetime]
    replaced_at: Mapped[datetime]
    replaced_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    what_changed: Mapped[str]
