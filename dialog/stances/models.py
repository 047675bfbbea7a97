"""Stances, and the sums of them. No table here says whose a stance is, or when it was taken.

Nor does the log of events, which can't be taken back: it keeps that the sums on a comment were renewed, and nothing of
what is in between. On SQLite rows lie in the order of their hashes, so that they can't be held beside the times of a
log of requests. PostgreSQL keeps with each row which transaction wrote it: for those that are counted it is the renewal
that counted them, five at least together, and for the few that wait it is out of reach of whoever reads a dump.
"""

from sqlalchemy import CheckConstraint, Enum, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from dialog.db import Base
from dialog.small_numbers import FEWEST_SHOWN
from dialog.stances.rules import Stance, Sums


class StanceTaken(Base):
    """What somebody thinks of a comment, and what they were counted as when the sums were last renewed.

    None in `stance` is a stance taken back that has been counted: the row goes when it is no longer.
    """

    __tablename__ = "stance"
    __table_args__ = (
        CheckConstraint("stance IS NOT NULL OR counted IS NOT NULL", name="says_something"),
        {"sqlite_with_rowid": False},
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True, autoincrement=False)
    holder: Mapped[str] = mapped_column(primary_key=True)  # see rules.holder_of
    stance: Mapped[Stance | None]
    counted: Mapped[Stance | None] = mapped_column(
        Enum(
            Stance,
            name="counted",
            native_enum=False,
            create_constraint=True,
            length=40,
            values_callable=lambda stances: [stance.value for stance in stances],
        )
    )


class StanceCount(Base):
    """How many take each stance on a comment, how many of them wait to be counted, and what everybody is shown."""

    __tablename__ = "stance_count"
    __table_args__ = tuple(
        CheckConstraint(f"shown_{what} >= {FEWEST_SHOWN}", name=f"few_{what}_not_shown")
        for what in Sums._fields
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True, autoincrement=False)
    agree: Mapped[int] = mapped_column(default=0)
    disagree: Mapped[int] = mapped_column(default=0)
    passed: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)  # take another stance than the one counted for them
    shown_agree: Mapped[int | None]
    shown_disagree: Mapped[int | None]
    shown_passed: Mapped[int | None]
    is_shown: Mapped[bool] = mapped_column(default=False)  # that at least five are counted, if no sum of them
