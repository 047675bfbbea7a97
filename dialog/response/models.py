"""What committees owe, and what they have answered."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, select, text
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from dialog.conversation.models import Comment
from dialog.db import Base, constant, local_day
from dialog.people.models import Person
from dialog.plan.models import Committee, Goal
from dialog.response.rules import (
    Foretold,
    Judgement,
    Lateness,
    MatterState,
    Outcome,
    ResponseState,
    Wait,
    foretold,
    lateness,
)
from dialog.workdays import working_days_between

_DUE = text("state = 'due'")
_TO_REVIEW = text("state = 'in_review' AND review_noticed_at IS NULL")
_SCHEDULED = text("state = 'scheduled'")
_TO_BE_NOTICED = [
    ("late", "due_on", text("state = 'due' AND late_noticed_at IS NULL")),
    ("very_late", "very_late_on", text("state = 'due' AND very_late_noticed_at IS NULL")),
]


class Delay(Base):
    """Why an answer takes longer than promised, and when it will come instead, as the committee says to everybody.

    The clock goes on: what is late is late all the same. The newest holds, and those before it stay in view.
    """

    __tablename__ = "delay"
    __table_args__ = (Index(None, "matter_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"))
    reason: Mapped[str]
    promised_on: Mapped[date]
    said_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[datetime]


class Matter(Base):
    """One comment at one committee, from the day it came until it is answered."""

    __tablename__ = "matter"
    __table_args__ = (
        UniqueConstraint("comment_id", "committee_id"),
        Index("ix_matter_inbox", "committee_id", "due_on", "id", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_matter_due", "due_on", "comment_id", sqlite_where=_DUE, postgresql_where=_DUE),
        *(
            Index(f"ix_matter_newly_{kind}", day, sqlite_where=where, postgresql_where=where)
            for kind, day, where in _TO_BE_NOTICED
        ),
        CheckConstraint("(state = 'answered') = (answered_at IS NOT NULL)", name="answered_has_a_time"),
        CheckConstraint(
            "(state = 'forwarded') = (forwarded_to_id IS NOT NULL) "
            "AND (forwarded_to_id IS NULL) = (forwarded_at IS NULL) "
            "AND (forwarded_to_id IS NULL) = (forward_reason IS NULL)",
            name="forwarded_to_somebody_for_a_reason",
        ),
        CheckConstraint(
            "(state <> 'removed' OR remove_reason IS NOT NULL) "
            "AND (removed_at IS NULL) = (remove_reason IS NULL)",
            name="removed_for_a_reason",
        ),
        CheckConstraint("(taken_by_id IS NULL) = (taken_at IS NULL)", name="taken_by_somebody_at_a_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    committee_id: Mapped[int] = mapped_column(ForeignKey("committee.id"))
    state: Mapped[MatterState] = mapped_column(default=MatterState.DUE)
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime] = mapped_column()
    due_on: Mapped[date]
    very_late_on: Mapped[date]
    answered_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None] = mapped_column()  # since when the clock runs anew; opened_at stays
    late_noticed_at: Mapped[datetime | None]
    very_late_noticed_at: Mapped[datetime | None]
    forwarded_to_id: Mapped[int | None] = mapped_column(ForeignKey("committee.id"))
    forwarded_at: Mapped[datetime | None]
    forward_reason: Mapped[str | None]
    added_at: Mapped[datetime | None]  # by a moderator; None where the plan names the committee
    removed_at: Mapped[datetime | None]  # by a moderator; stays when it is added again
    remove_reason: Mapped[str | None]
    days_promised: Mapped[
        int | None
    ]  # working days that the clock runs; None where it began before this was kept
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # the officer who sees to it
    taken_at: Mapped[datetime | None]
    passed_on_after: Mapped[
        int | None
    ]  # working days from when the comment came; None where it wasn't a moderator who passed it on

    comment: Mapped[Comment] = relationship()
    committee: Mapped[Committee] = relationship(foreign_keys=[committee_id])
    forwarded_to: Mapped[Committee | None] = relationship(foreign_keys=[forwarded_to_id])
    taken_by: Mapped[Person | None] = relationship()
    reopened_by: Mapped["Verdict | None"] = relationship(back_populates="reopened")

    # The day for which the answer has been promised anew since its clock began; loaded where it is shown.
    promised_anew: Mapped[date | None] = column_property(
        select(Delay.promised_on)
        .where(Delay.matter_id == id, Delay.said_at >= func.coalesce(reopened_at, opened_at))
        .order_by(Delay.id.desc())
        .limit(constant(1))
        .correlate_except(Delay)
        .scalar_subquery(),
        deferred=True,
    )

    def lateness(self, today: date) -> Lateness:
        """How the answer stands on the day `today`, while it is owed."""
        return lateness(self.due_on, self.very_late_on, today)

    @property
    def runs_from(self) -> datetime:
        """Since when the clock runs: since it was asked again, if it was."""
        return self.reopened_at or self.opened_at

    def waited(self, today: date) -> int:
        """For how many working days the answer has been waited for on the day `today`."""
        return working_days_between(local_day(self.runs_from), today)

    def foretold(self, promised_on: date, today: date) -> Foretold:
        """How the day stands that the answer has been promised for instead, while it is owed."""
        return foretold(promised_on, self.due_on, today)


class ClockPause(Base):
    """Days on which a committee's clocks stand still, announced beforehand with a reason that everybody reads."""

    __tablename__ = "clock_pause"
    __table_args__ = (
        Index(None, "committee_id", "ends_on"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int] = mapped_column(ForeignKey("committee.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str]
    announced_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    announced_at: Mapped[datetime]
    called_off_at: Mapped[datetime | None]
    ended_early_at: Mapped[datetime | None]  # when it was ended before its time; the day is then its last

    committee: Mapped[Committee] = relationship()


class MatterNote(Base):
    """What an officer has noted about a matter, for those who work for its committee alone."""

    __tablename__ = "matter_note"
    __table_args__ = (Index(None, "matter_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str]
    written_at: Mapped[datetime]

    author: Mapped[Person] = relationship()


class GroupChoice(Base):
    """With which others a matter belongs, as an officer has decided: those with the same head are a group.

    What has itself alone as its head was taken out of one. Where nobody has decided, groups are suggestions.
    """

    __tablename__ = "group_choice"
    __table_args__ = (Index(None, "head_id"),)

    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"), primary_key=True, autoincrement=False)
    head_id: Mapped[int] = mapped_column(ForeignKey("matter.id"))
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    chosen_at: Mapped[datetime]


class Response(Base):
    """A committee's answer: what people said, what was decided, and why. It can cover many comments.

    Where several committees answer a comment, each answers its own part: the comment has a matter at each of them, with
    a clock of its own, and each matter is answered by an answer of its own committee. None signs for another.
    """

    __tablename__ = "response"
    __table_args__ = (
        Index(None, "goal_id", "state"),
        Index(None, "committee_id", "state"),
        Index("ix_response_to_review", "id", sqlite_where=_TO_REVIEW, postgresql_where=_TO_REVIEW),
        Index("ix_response_scheduled", "publish_at", sqlite_where=_SCHEDULED, postgresql_where=_SCHEDULED),
        CheckConstraint("(state = 'scheduled') = (publish_at IS NOT NULL)", name="scheduled_has_a_time"),
        CheckConstraint(
            "(state IN ('published', 'superseded')) = (published_at IS NOT NULL)", name="published_has_a_time"
        ),
        CheckConstraint("state = 'draft' OR outcome IS NOT NULL", name="outcome_before_publishing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int] = mapped_column(ForeignKey("committee.id"))
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    state: Mapped[ResponseState] = mapped_column(default=ResponseState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    you_said: Mapped[str] = mapped_column(default="")
    we_decided: Mapped[str] = mapped_column(default="")
    because: Mapped[str] = mapped_column(default="")
    outcome: Mapped[Outcome | None]
    decided_on: Mapped[date | None]
    decision_reference: Mapped[str | None]
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    drafted_at: Mapped[datetime]
    review_noticed_at: Mapped[datetime | None]  # when the editors were written to of what waits for them
    publish_at: Mapped[datetime | None]  # when it is published by itself, in the name of `published_by`
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    revised_at: Mapped[
        datetime | None
    ]  # since when it says what it says, where it said something else before
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"))
    sent_back_because: Mapped[
        str | None
    ]  # by whoever looked at it last, until it is sent to the editor again

    committee: Mapped[Committee] = relationship()
    goal: Mapped[Goal] = relationship()
    drafted_by: Mapped[Person] = relationship(foreign_keys=[drafted_by_id])
    published_by: Mapped[Person | None] = relationship(foreign_keys=[published_by_id])
    coverage: Mapped[list["Coverage"]] = relationship(
        back_populates="response", order_by="Coverage.comment_id"
    )


class AnswerTemplate(Base):
    """Words that a committee's answers can begin with. Its editors write them."""

    __tablename__ = "answer_template"
    __table_args__ = (Index(None, "committee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int] = mapped_column(ForeignKey("committee.id"))
    name: Mapped[str]
    you_said: Mapped[str]
    we_decided: Mapped[str]
    because: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    removed_at: Mapped[datetime | None]


class EarlierAnswer(Base):
    """What a published answer said before it was given other words, and what was changed then. Everybody reads it."""

    __tablename__ = "earlier_answer"
    __table_args__ = (UniqueConstraint("response_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    number: Mapped[int]
    you_said: Mapped[str]
    we_decided: Mapped[str]
    because: Mapped[str]
    outcome: Mapped[Outcome]
    decided_on: Mapped[date | None]
    decision_reference: Mapped[str | None]
    shown_from: Mapped[datetime]
    replaced_at: Mapped[datetime]
    replaced_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    what_changed: Mapped[str]


class AnswerTranslation(Base):
    """A published answer in another language than Swedish. An empty one was taken away."""

    __tablename__ = "answer_translation"
    __table_args__ = (UniqueConstraint("response_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    language: Mapped[str]
    text: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]

    response: Mapped[Response] = relationship()

    @property
    def is_of_an_earlier_version(self) -> bool:
        """Whether the answer has been given other words since."""
        return self.response.revised_at is not None and self.response.revised_at > self.written_at


class Coverage(Base):
    """That a response answers a comment, in the wording it had then."""

    __tablename__ = "coverage"
    __table_args__ = (
        UniqueConstraint("response_id", "comment_id"),
        Index(None, "comment_id"),
        CheckConstraint("(waited_days IS NULL) = (in_time IS NULL)", name="waited_in_time_or_not"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"))
    wording: Mapped[int]
    to_author: Mapped[str | None]  # what the committee says to whoever wrote this comment, beside the answer
    waited_days: Mapped[int | None]  # working days until this answer; None before it is published
    in_time: Mapped[bool | None]

    response: Mapped[Response] = relationship(back_populates="coverage")
    comment: Mapped[Comment] = relationship()
    matter: Mapped[Matter] = relationship()
    verdict: Mapped["Verdict | None"] = relationship(back_populates="coverage")


class WaitSum(Base):
    """How many comments waited so many working days for something at a committee, and whether that was in time.

    Counts, kept by the operations, and few: by the days that there are. What was passed on the same day stands in
    `Workload`.
    """

    __tablename__ = "wait_sum"

    committee_id: Mapped[int] = mapped_column(ForeignKey("committee.id"), primary_key=True)
    wait: Mapped[Wait] = mapped_column(primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)
    in_time: Mapped[bool] = mapped_column(primary_key=True)
    comments: Mapped[int]


class Verdict(Base):
    """What whoever wrote a comment says of an answer to it, and the matter that this opened again, if it did.

    The reason is for the committee. The public sees sums, and of a no that the comment's matter is open again.
    """

    __tablename__ = "verdict"
    __table_args__ = (
        UniqueConstraint("coverage_id"),
        UniqueConstraint("reopened_id"),  # a matter is opened again once
        CheckConstraint("judgement <> 'no' OR reason IS NOT NULL", name="no_has_a_reason"),
        CheckConstraint("judgement = 'no' OR reopened_id IS NULL", name="only_no_reopens"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    coverage_id: Mapped[int] = mapped_column(ForeignKey("coverage.id"))
    judgement: Mapped[Judgement]
    reason: Mapped[str | None]
    given_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    reopened_id: Mapped[int | None] = mapped_column(ForeignKey("matter.id"))

    coverage: Mapped[Coverage] = relationship(back_populates="verdict")
    reopened: Mapped[Matter | None] = relationship(back_populates="reopened_by")


class Workload(Base):
    """How many matters a committee has waiting and has answered, and what was said of its answers.

    Counts, kept by the operations.
    """

    __tablename__ = "workload"

    committee_id: Mapped[int] = mapped_column(ForeignKey("committee.id"), primary_key=True)
    waiting: Mapped[int] = mapped_column(default=0)
    answered: Mapped[int] = mapped_column(default=0)
    judged_yes: Mapped[int] = mapped_column(default=0)
    judged_partly: Mapped[int] = mapped_column(default=0)
    judged_no: Mapped[int] = mapped_column(default=0)
    asked: Mapped[int] = mapped_column(default=0)  # matters there have been, whatever became of them
    passed_on_at_once: Mapped[int] = mapped_column(default=0)  # of those, passed on the day they came
