"""The municipality's plan as tables: what it wants, who is to do what, with which money, and where."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dialog.db import Base
from dialog.plan.rules import FundingKind, Origin, Part, Period, Progress, Settlement

_CURRENT = text("withdrawn_at IS NULL")
_PUBLISHED = text("replaced_at IS NULL AND written_by_id IS NULL")
_BY_HAND = text("replaced_at IS NULL AND written_by_id IS NOT NULL")

goal_committee = Table(
    "goal_committee",
    Base.metadata,
    Column("goal_id", ForeignKey("goal.id"), primary_key=True),
    Column("committee_id", ForeignKey("committee.id"), primary_key=True),
    Column("position", Integer, nullable=False, server_default="0"),
)
assignment_committee = Table(
    "assignment_committee",
    Base.metadata,
    Column("assignment_id", ForeignKey("assignment.id"), primary_key=True),
    Column("committee_id", ForeignKey("committee.id"), primary_key=True),
    Column("position", Integer, nullable=False, server_default="0"),
)
goal_replacement = Table(
    "goal_replacement",
    Base.metadata,
    Column("goal_id", ForeignKey("goal.id"), primary_key=True),
    Column("replaced_id", ForeignKey("goal.id"), primary_key=True),
)


class Committee(Base):
    """A body of the municipality that answers for goals and assignments (nämnd, styrelse)."""

    __tablename__ = "committee"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name_sv: Mapped[str]
    name_en: Mapped[str]
    aliases: Mapped[list[str]] = mapped_column(JSON)
    remit_sv: Mapped[str]
    remit_en: Mapped[str]
    email: Mapped[str | None]
    chair_email: Mapped[str | None]  # told of what is very late
    is_council: Mapped[bool] = mapped_column(default=False)
    # Working days; a convention among municipalities, since förvaltningslagen sets no time.
    answer_days: Mapped[int] = mapped_column(default=10)
    version: Mapped[int] = mapped_column(default=1)


class Area(Base):
    """A part of the municipality (kommundel): where somebody lives, or what a comment concerns."""

    __tablename__ = "area"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    population: Mapped[int | None]
    population_on: Mapped[date | None]
    settlement: Mapped[Settlement] = mapped_column(default=Settlement.COUNTRYSIDE)
    note_sv: Mapped[str | None]
    note_en: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)


class Plan(Base):
    """One year's governing document (mål och budget), adopted by the council."""

    __tablename__ = "plan"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source_sv: Mapped[str | None]
    source_en: Mapped[str | None]

    goals: Mapped[list["Goal"]] = relationship(back_populates="plan", order_by="Goal.position")


class Goal(Base):
    """What the council wants in one year. A later year's goal can replace it but never overwrites it."""

    __tablename__ = "goal"
    __table_args__ = (UniqueConstraint("year", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(ForeignKey("plan.year"))
    slug: Mapped[str]
    number: Mapped[str | None]
    title: Mapped[str]
    title_en: Mapped[str | None]
    statement: Mapped[str | None]  # the goal sentence, where the title is only a name
    position: Mapped[int]
    updated_on: Mapped[date | None]
    revision: Mapped[int] = mapped_column(default=1)  # counts up whenever its public page changes
    plan_revision: Mapped[int] = mapped_column(default=1)  # only when what the plan and the register say does
    comment_count: Mapped[int] = mapped_column(default=0)  # published comments, assignments' included
    by_organisations: Mapped[int] = mapped_column(default=0)  # those of them said for an organisation
    answered_count: Mapped[int] = mapped_column(default=0)  # those of them that have an answer
    # The ids of the goals that comments moved here came to first: what people think of them is kept by those.
    moved_from: Mapped[list[int]] = mapped_column(JSON, default=list)

    plan: Mapped[Plan] = relationship(back_populates="goals")
    committees: Mapped[list[Committee]] = relationship(
        secondary=goal_committee, order_by=goal_committee.c.position
    )
    assignments: Mapped[list["Assignment"]] = relationship(
        back_populates="goal",
        order_by="Assignment.position",
        primaryjoin="and_(Assignment.goal_id == Goal.id, Assignment.withdrawn_at.is_(None))",
    )
    replaces: Mapped[list["Goal"]] = relationship(
        secondary=goal_replacement,
        primaryjoin="Goal.id == goal_replacement.c.goal_id",
        secondaryjoin="Goal.id == goal_replacement.c.replaced_id",
        back_populates="replaced_by",
    )
    replaced_by: Mapped[list["Goal"]] = relationship(
        secondary=goal_replacement,
        primaryjoin="Goal.id == goal_replacement.c.replaced_id",
        secondaryjoin="Goal.id == goal_replacement.c.goal_id",
        back_populates="replaces",
    )


class Assignment(Base):
    """A task given to one or more committees (uppdrag), by the council or by the committee itself."""

    __tablename__ = "assignment"
    __table_args__ = (Index(None, "goal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    position: Mapped[int]
    title: Mapped[str]
    title_en: Mapped[str | None]
    origin: Mapped[Origin]
    withdrawn_at: Mapped[datetime | None]
    comment_count: Mapped[int] = mapped_column(default=0)
    by_organisations: Mapped[int] = mapped_column(default=0)
    answered_count: Mapped[int] = mapped_column(default=0)

    goal: Mapped[Goal] = relationship(back_populates="assignments")
    committees: Mapped[list[Committee]] = relationship(
        secondary=assignment_committee, order_by=assignment_committee.c.position
    )
    fundings: Mapped[list["Funding"]] = relationship(back_populates="assignment", order_by="Funding.id")
    follow_ups: Mapped[list["FollowUp"]] = relationship(  # the newest period first
        viewonly=True,
        primaryjoin="and_(FollowUp.assignment_id == Assignment.id, FollowUp.replaced_at.is_(None))",
        order_by="(FollowUp.year.desc(), FollowUp.period.desc(), FollowUp.id)",
    )


class Funding(Base):
    """Money that follows an assignment, to one committee. `amount_tkr` is in thousand SEK."""

    __tablename__ = "funding"
    __table_args__ = (Index(None, "assignment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    kind: Mapped[FundingKind]
    year: Mapped[int]
    committee_id: Mapped[int] = mapped_column(ForeignKey("committee.id"))
    amount_tkr: Mapped[int]

    assignment: Mapped[Assignment] = relationship(back_populates="fundings")
    committee: Mapped[Committee] = relationship()


class Paragraph(Base):
    """One piece of a goal's or an assignment's text, in one wording.

    A changed wording is a new row that succeeds the old one; both share the `lineage` (the id of the first),
    so that a comment stays with the words it was about and is still found beside the new ones.
    """

    __tablename__ = "paragraph"
    __table_args__ = (
        Index("ix_paragraph_current", "goal_id", sqlite_where=_CURRENT, postgresql_where=_CURRENT),
        Index(None, "lineage_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    part: Mapped[Part]
    position: Mapped[int]
    text: Mapped[str]
    text_en: Mapped[str | None]  # our own wording in English, where there is one
    introduced_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    succeeds_id: Mapped[int | None] = mapped_column(ForeignKey("paragraph.id"))
    lineage_id: Mapped[int | None] = mapped_column(ForeignKey("paragraph.id"))
    comment_count: Mapped[int] = mapped_column(default=0)  # of the whole lineage, kept on its first row
    by_organisations: Mapped[int] = mapped_column(default=0)

    @hybrid_property
    def first_id(self) -> int:
        """The id of the lineage's first row: the same for every wording of this piece of text."""
        return self.lineage_id or self.id

    @first_id.inplace.expression
    @classmethod
    def _first_id(cls) -> ColumnElement[int]:
        return func.coalesce(cls.lineage_id, cls.id)


class Indicator(Base):
    """A measured figure (nyckeltal) that belongs to a goal."""

    __tablename__ = "indicator"

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), index=True)
    position: Mapped[int]
    title: Mapped[str]


class Investment(Base):
    """An investment named under a goal."""

    __tablename__ = "investment"

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), index=True)
    position: Mapped[int]
    title: Mapped[str]


class Achievement(Base):
    """Something the municipality says it has done to reach a goal."""

    __tablename__ = "achievement"

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), index=True)
    position: Mapped[int]
    title: Mapped[str]


class FollowUp(Base):
    """What a committee says of an assignment after April, after August or at the year's end (uppföljning).

    Most are read from what the municipality has published. One that surely belongs to no assignment is kept without
    one until an officer says where it belongs: `settled_at` is when, and without an assignment still, it belongs to
    none. Others an officer has written here. A changed commentary is a new row; the earlier one stays, replaced.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        Index(
            "ix_follow_up_current",
            "year",
            "period",
            "committee_words",
            "assignment_words",
            unique=True,
            sqlite_where=_PUBLISHED,
            postgresql_where=_PUBLISHED,
        ),
        Index(
            "ix_follow_up_by_hand",
            "assignment_id",
            "committee_id",
            "period",
            unique=True,
            sqlite_where=_BY_HAND,
            postgresql_where=_BY_HAND,
        ),
        Index(None, "assignment_id"),
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled_by_somebody"),
        CheckConstraint("progress IS NULL OR assignment_id IS NOT NULL", name="progress_of_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    period: Mapped[Period]
    committee_id: Mapped[int | None] = mapped_column(ForeignKey("committee.id"))
    committee_words: Mapped[str]
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    assignment_words: Mapped[str]
    commentary: Mapped[str]
    source: Mapped[str]
    imported_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    progress: Mapped[Progress | None]  # None where nobody has said
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    committee: Mapped[Committee | None] = relationship()
    assignment: Mapped[Assignment | None] = relationship()

    @property
    def is_doubtful(self) -> bool:
        """Whether it waits for somebody to say which assignment it is about."""
        return self.assignment_id is None and self.settled_at is None and self.replaced_at is None

    @property
    def when(self) -> tuple[int, str]:
        """Its year and period, in the order of time."""
        return self.year, str(self.period)

    @property
    def goal(self) -> Goal | None:
        """The goal whose assignment it is about."""
        return self.assignment.goal if self.assignment else None
