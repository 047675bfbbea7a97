"""Decisions on comments, what they sum up to, and who is looking at what."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dialog.conversation.models import Comment
from dialog.conversation.rules import Act
from dialog.db import Base
from dialog.moderation.rules import Ground
from dialog.people.models import Person


class Decision(Base):
    """What a moderator decided about a comment's wording, and why."""

    __tablename__ = "decision"
    __table_args__ = (
        Index(None, "comment_id"),
        CheckConstraint("(act = 'hide') = (ground IS NOT NULL)", name="hiding_has_a_ground"),
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
