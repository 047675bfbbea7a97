"""What can be found, as the stems of its words. The index itself is each database's own (see migration 0003)."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dialog.db import Base
from dialog.plan.models import Goal
from dialog.search.rules import EntryKind


class Entry(Base):
    """A thing that can be found. Its row stays when the thing is hidden, so that it keeps its place; its words go."""

    __tablename__ = "search_entry"
    __table_args__ = (UniqueConstraint("kind", "subject_id"), Index(None, "goal_id", "kind", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EntryKind]
    subject_id: Mapped[int]
    goal_id: Mapped[int] = mapped_column(ForeignKey(Goal.id))
    stems: Mapped[str | None]  # parted by spaces, for the rank; None when the thing isn't public
