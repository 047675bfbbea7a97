"""Who follows what, what has happened to what can be followed, and how far each reader has come."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dialog.db import Base
from dialog.following.rules import USUAL, HowOften, Thing, What


class Follow(Base):
    """That a person follows a thing, and since which row of the log: what happened before isn't told."""

    __tablename__ = "follow"
    __table_args__ = (
        UniqueConstraint("person_id", "thing", "thing_id"),
        Index(None, "thing", "thing_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    thing: Mapped[Thing]
    thing_id: Mapped[int]
    since_event_id: Mapped[int]
    followed_at: Mapped[datetime]


class News(Base):
    """That an event is news about a thing, whoever follows it: a handful of rows for each event.

    They are made from the log when it is read (see operations.read_on), so that no writer waits for them.
    `subject_id` is the comment, the answer, the commitment or the dialogue that the event is about; `doer_id` whose
    doing it is.
    """

    __tablename__ = "news"
    __table_args__ = (Index(None, "thing", "thing_id", "event_id"), Index(None, "at", "event_id"))

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True, autoincrement=False)
    thing: Mapped[Thing] = mapped_column(primary_key=True)
    thing_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[What]
    subject_id: Mapped[int]
    doer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Reader(Base):
    """How somebody who follows something wants to be told, and the last rows of the log they know of."""

    __tablename__ = "reader"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    how_often: Mapped[HowOften] = mapped_column(default=USUAL)
    chosen_at_event_id: Mapped[int] = mapped_column(
        default=0
    )  # where the log stood when `how_often` was chosen
    told_until: Mapped[int]  # a letter has told of everything until here
    read_until: Mapped[int]  # the person has said to have read everything until here


class Progress(Base):
    """How far a work on the log has come: the event, and within it the person, that were last dealt with."""

    __tablename__ = "progress"

    work: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(default=0)
    person_id: Mapped[int] = mapped_column(default=0)
