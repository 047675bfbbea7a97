"""Decisions on comments."""

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

    comment: Mapped[Comment] = relationship()
    decided_by: Mapped[Person] = relationship()
