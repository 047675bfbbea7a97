"""Decisions on comments, what they sum up to, who is looking at what, and supervision day by day."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dialog.conversation.models import Comment
from dialog.conversation.rules import Act
from dialog.db import Base
from dialog.moderation.rules import Ground, ProposalState
from dialog.moderation.watching_rules import Effect, FlagState, WatchKind, WatchTerms
from dialog.people.models import Person
from dialog.plan.models import Assignment, Goal


class Decision(Base):
    """What a moderator decided about a comment's wording, and why."""

    __tablename__ = "decision"
    __table_args__ = (
        Index(None, "comment_id"),
        CheckConstraint("(act IN ('hide', 'mask')) = (ground IS NOT NULL)", name="hiding_has_a_ground"),
        CheckConstraint("(ground IS NULL) = (reasons IS NULL)", name="ground_has_reasons"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    wording: Mapped[int]
    act: Mapped[Act] = mapped_column(
        Enum(Act, native_enum=False, length=None, values_callable=lambda acts: [act.value for act in acts])
    )
    ground: Mapped[Ground | None]
    reasons: Mapped[str | None]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    waiting_since: Mapped[datetime | None]  # since when it had waited for a decision, if it had
    waited_because: Mapped[str | None]  # the ReviewReason it had waited for, as it was called then
    appealed_at: Mapped[datetime | None]
    overturned_at: Mapped[datetime | None]  # when the comment was shown again as it was

    comment: Mapped[Comment] = relationship()
    decided_by: Mapped[Person] = relationship()
    proposal: Mapped["Proposal | None"] = relationship(back_populates="decision")
    relocation: Mapped["Relocation | None"] = relationship(back_populates="decision")
    flags: Mapped[list["Flag"]] = relationship(
        primaryjoin="and_(Flag.comment_id == Decision.comment_id, Flag.wording == Decision.wording)",
        foreign_keys="[Flag.comment_id, Flag.wording]",
        viewonly=True,
        order_by="Flag.id",
    )

    @property
    def what(self) -> str:
        """What it is counted as: the ground where it was to hide, else the act."""
        return str(self.ground if self.ground and self.act == Act.HIDE else self.act)

    @property
    def takers(self) -> set[int]:
        """The ids of the moderators who took it: two where one had proposed it."""
        return {self.decided_by_id} | ({self.proposal.proposed_by_id} if self.proposal else set())


class Proposal(Base):
    """That a moderator has proposed to hide a wording, and what another one said of it.

    `waited_because` is the reason that the comment had for waiting before; None when it didn't wait.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        Index(
            "uq_proposal_open",
            "comment_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(None, "comment_id"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_has_a_time"),
        CheckConstraint(
            "(state IN ('confirmed', 'declined')) = (settled_by_id IS NOT NULL) "
            "AND (decision_id IS NULL OR settled_by_id IS NOT NULL)",
            name="settled_by_somebody",
        ),
        CheckConstraint("settled_by_id IS NULL OR settled_by_id <> proposed_by_id", name="by_two"),
        CheckConstraint("(state = 'declined') = (words IS NOT NULL)", name="declined_with_words"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    wording: Mapped[int]
    ground: Mapped[Ground]
    reasons: Mapped[str]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    waited_because: Mapped[str | None]
    state: Mapped[ProposalState] = mapped_column(default=ProposalState.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str | None]  # why another moderator declined it
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)

    comment: Mapped[Comment] = relationship()
    proposed_by: Mapped[Person] = relationship(foreign_keys=[proposed_by_id])
    settled_by: Mapped[Person | None] = relationship(foreign_keys=[settled_by_id])
    decision: Mapped[Decision | None] = relationship(back_populates="proposal")

    @property
    def is_open(self) -> bool:
        return self.state == ProposalState.OPEN


class Relocation(Base):
    """That a comment was moved, with its replies: from where, to where, and why. Rows are never changed."""

    __tablename__ = "relocation"
    __table_args__ = (Index(None, "comment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    reasons: Mapped[str]
    from_goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    from_assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    from_paragraph_id: Mapped[int | None] = mapped_column(ForeignKey("paragraph.id"))
    to_goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    to_assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    moved_at: Mapped[datetime]

    decision: Mapped[Decision] = relationship(back_populates="relocation")
    from_goal: Mapped[Goal] = relationship(foreign_keys=[from_goal_id])
    from_assignment: Mapped[Assignment | None] = relationship(foreign_keys=[from_assignment_id])
    to_goal: Mapped[Goal] = relationship(foreign_keys=[to_goal_id])
    to_assignment: Mapped[Assignment | None] = relationship(foreign_keys=[to_assignment_id])


class ReasonText(Base):
    """What the reasons for hiding on a ground start from, in one version. Rows are added and never changed."""

    __tablename__ = "reason_text"
    __table_args__ = (UniqueConstraint("ground", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ground: Mapped[Ground]
    version: Mapped[int]  # counts from 1; before it stands what the service ships with
    sv: Mapped[str]
    en: Mapped[str]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]

    written_by: Mapped[Person] = relationship()


class WatchRule(Base):
    """What administrators want moderators to look at. What a rule says is never changed: another takes its place.

    So its counts speak of that alone. One that is switched off stays, with what it has done.
    """

    __tablename__ = "watch_rule"
    __table_args__ = (
        CheckConstraint("(kind = 'words') = (words IS NOT NULL)", name="words_are_words"),
        CheckConstraint("(kind = 'links') = (days IS NOT NULL)", name="links_are_new_for_days"),
        CheckConstraint(
            "(kind = 'repeated') = (times IS NOT NULL) AND (times IS NULL) = (hours IS NULL)",
            name="repeated_within_a_time",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[WatchKind]
    effect: Mapped[Effect]
    note: Mapped[str]  # why administrators want it
    words: Mapped[str | None]
    exactly: Mapped[bool] = mapped_column(default=False)
    days: Mapped[int | None]
    times: Mapped[int | None]
    hours: Mapped[int | None]
    by_one: Mapped[bool] = mapped_column(default=False)
    is_on: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    made_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id")
    )  # None for what the service ships with
    made_at: Mapped[datetime]
    switched_at: Mapped[datetime | None]  # on or off, the last time
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("watch_rule.id"), unique=True)

    made_by: Mapped[Person | None] = relationship()

    @property
    def terms(self) -> WatchTerms:
        return WatchTerms(
            self.kind,
            self.effect,
            self.note,
            words=self.words,
            exactly=self.exactly,
            days=self.days,
            times=self.times,
            hours=self.hours,
            by_one=self.by_one,
        )


class Flag(Base):
    """That a rule asked for a look at a comment's wording, and what became of it: what was decided last."""

    __tablename__ = "watch_flag"
    __table_args__ = (
        UniqueConstraint("comment_id", "wording", "rule_id"),
        Index(
            "ix_watch_flag_open",
            "comment_id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_has_a_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("watch_rule.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    wording: Mapped[int]
    state: Mapped[FlagState] = mapped_column(default=FlagState.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    flagged_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    rule: Mapped[WatchRule] = relationship()


class WatchTally(Base):
    """How often a rule asked for a look in a year, and how many of those looks ended which way so far."""

    __tablename__ = "watch_tally"

    rule_id: Mapped[int] = mapped_column(ForeignKey("watch_rule.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    flagged: Mapped[int] = mapped_column(default=0)
    upheld: Mapped[int] = mapped_column(default=0)
    overruled: Mapped[int] = mapped_column(default=0)


class LogTally(Base):
    """How many decisions of one sort a year held, by for how many hours they had been waited for.

    `what` is the act, or the ground where the act was to hide; `hours` are as in rules.hours_waited.
    """

    __tablename__ = "log_tally"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(primary_key=True)
    hours: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    decisions: Mapped[int]
    appealed: Mapped[int]
    overturned: Mapped[int]


class DecisionSum(Base):
    """How many decisions of one sort there have been about what one person has said: a sum, and no list of it.

    `what` is the act, or the ground where the act was to hide.
    """

    __tablename__ = "decision_sum"

    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    decisions: Mapped[int]


class Claim(Base):
    """That a moderator is looking at a comment, until a moment when it lapses by itself.

    One row for each comment that was ever taken: it is taken anew by changing the row.
    """

    __tablename__ = "claim"

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), unique=True)
    moderator_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    until: Mapped[datetime]

    moderator: Mapped[Person] = relationship()

    @property
    def moderator_name(self) -> str | None:
        return self.moderator.name


class SupervisedDay(Base):
    """What was done in the queue on one day: when somebody last was at work in it, and what then waited the longest.

    A day without a row is one when nobody did anything, and nobody was reminded.
    """

    __tablename__ = "supervised_day"
    __table_args__ = (
        CheckConstraint("(last_at IS NULL) = (last_by_id IS NULL)", name="worked_by_somebody"),
        CheckConstraint("(oldest_id IS NULL) = (oldest_since IS NULL)", name="oldest_since_a_time"),
        CheckConstraint("gone_through_at IS NULL OR last_at IS NOT NULL", name="gone_through_is_work"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    last_at: Mapped[datetime | None]
    last_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    oldest_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    oldest_since: Mapped[datetime | None]
    gone_through_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]

    oldest: Mapped[Comment | None] = relationship()
