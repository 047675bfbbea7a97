"""The texts that the municipality owns, each in all its versions but the notice's, which people keep."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dialog.db import Base
from dialog.texts.rules import TextKey


class OwnedText(Base):
    """One text in one version. Rows are added and never changed."""

    __tablename__ = "owned_text"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        CheckConstraint("key <> 'notice'", name="notices_lie_elsewhere"),
        CheckConstraint("(key = 'accessibility') = (statement IS NOT NULL)", name="statement_has_fields"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[TextKey]
    version: Mapped[int]
    sv: Mapped[str]
    en: Mapped[str]
    statement: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: the service ships it
    published_at: Mapped[datetime]
