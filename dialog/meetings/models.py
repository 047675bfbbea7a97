"""The meetings of committees that are put on record."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dialog.db import Base
from dialog.plan.models import Committee


class Meeting(Base):
    """A meeting of a committee, whose decisions are answers. A day has one."""

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("committee_id", "held_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int] = mapped_column(ForeignKey("committee.id"))
    held_on: Mapped[date]
    protocol: Mapped[str | None]  # where everybody can read what was decided: an address on the web
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]

    committee: Mapped[Committee] = relationship()
