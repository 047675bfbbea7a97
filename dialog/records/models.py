"""That somebody has opened what is sealed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dialog.conversation.models import Comment
from dialog.db import Base
from dialog.people.models import Person


class Opening(Base):
    """That a registrar has read a comment's sealed wordings, and why. Rows are added and never changed."""

    __tablename__ = "opening"
    __table_args__ = (Index(None, "comment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    reason: Mapped[str]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]

    comment: Mapped[Comment] = relationship()
    opened_by: Mapped[Person] = relationship()
