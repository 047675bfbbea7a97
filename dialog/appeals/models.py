"""Requests that a decision be looked at again."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dialog.appeals.rules import AppealState
from dialog.conversation.models import Comment
from dialog.db import Base
from dialog.moderation.models import Decision

_OPEN = text("state = 'open'")


class Appeal(Base):
    """What the author of a hidden comment says against the decision: one for each decision, and what came of it."""

    __tablename__ = "appeal"
    __table_args__ = (
        Index("ix_appeal_open", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "comment_id"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_has_a_time"),
        CheckConstraint(
            "(state IN ('granted', 'denied')) = (settled_by_id IS NOT NULL)", name="settled_by_somebody"
        ),
        CheckConstraint("(settled_by_id IS NULL) = (reasons IS NULL)", name="settled_has_reasons"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    text: Mapped[str]
    language: Mapped[str]
    sent_at: Mapped[datetime]
    state: Mapped[AppealState] = mapped_column(default=AppealState.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reasons: Mapped[str | None]

    decision: Mapped[Decision] = relationship()
    comment: Mapped[Comment] = relationship()
