"""Comments and their registration."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    TextClause,
    UniqueConstraint,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dialog.conversation.rules import (
    COMMENT_MOVES,
    Channel,
    CommentState,
    Kind,
    ReviewReason,
    is_open,
    may_be_corrected,
    may_edit,
    target_of,
)
from dialog.db import Base, constant, local_day
from dialog.organisations.models import Mandate, Organisation
from dialog.people.models import Person
from dialog.plan.models import Area, Assignment, Goal, Paragraph

# What stands on a page by itself, or has a marker in its place because others have replied to it.
_THREAD = "parent_id IS NULL AND (state = 'published' OR reply_count > 0)"
_SHOWN_THREAD = "parent_id IS NULL AND state = 'published'"
_ON_ASSIGNMENT = "assignment_id IS NOT NULL AND"
_SEALED = text("sealed_for IS NOT NULL")


def _index(name: str, *columns: str | TextClause, of: str) -> Index:
    """An index of those rows alone that meet the condition `of`."""
    return Index(f"ix_comment_{name}", *columns, sqlite_where=text(of), postgresql_where=text(of))


class RegistrationYear(Base):
    """The last serial number given in a year. Raised in the comment's own transaction, so none is skipped."""

    __tablename__ = "registration_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Sitting(Base):
    """A meeting where several people were heard. How many were there is not how many held an opinion."""

    __tablename__ = "sitting"
    __table_args__ = (CheckConstraint("attending > 0", name="somebody_was_there"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    form_key: Mapped[str] = mapped_column(unique=True)  # the form it came from: sent twice, recorded once
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    place: Mapped[str]
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    held_on: Mapped[date]
    attending: Mapped[int]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    recorded_at: Mapped[datetime]

    goal: Mapped[Goal] = relationship()
    area: Mapped[Area | None] = relationship()


class Comment(Base):
    """What somebody said about a goal, an assignment, or one paragraph: a public record from its first moment."""

    __tablename__ = "comment"
    __table_args__ = (
        _index("of_goal", "goal_id", "id", of=_THREAD),
        _index("of_assignment", "assignment_id", "id", of=_THREAD),
        # One for each order in which a page can have them, and one for each choice that few may meet.
        _index("supported", "goal_id", "support", "id", of=_THREAD),
        _index("discussed", "goal_id", "reply_count", "id", of=_THREAD),
        _index("unanswered", "goal_id", "id", of=f"{_SHOWN_THREAD} AND answered_at IS NULL"),
        _index("supported_on_assignment", "assignment_id", "support", "id", of=f"{_ON_ASSIGNMENT} {_THREAD}"),
        _index(
            "discussed_on_assignment", "assignment_id", "reply_count", "id", of=f"{_ON_ASSIGNMENT} {_THREAD}"
        ),
        _index(
            "unanswered_on_assignment",
            "assignment_id",
            "id",
            of=f"{_ON_ASSIGNMENT} {_SHOWN_THREAD} AND answered_at IS NULL",
        ),
        _index("of_area", "goal_id", "area_id", "id", of=f"{_SHOWN_THREAD} AND area_id IS NOT NULL"),
        _index("by_organisation", "goal_id", "id", of=f"{_SHOWN_THREAD} AND organisation_id IS NOT NULL"),
        _index("of_paragraph", "paragraph_id", "id", of=f"{_SHOWN_THREAD} AND paragraph_id IS NOT NULL"),
        _index("reply", "parent_id", "id", of="parent_id IS NOT NULL AND state = 'published'"),
        _index("waiting", "review_since", "id", of="review_since IS NOT NULL"),
        _index("waiting_on_goal", "goal_id", "review_since", "id", of="review_since IS NOT NULL"),
        _index("waiting_because", "review_reason", "review_since", "id", of="review_since IS NOT NULL"),
        # Of what is reported, the most reported first.
        _index("reported", text("report_count DESC"), "review_since", "id", of="report_count > 0"),
        Index(None, "author_id", "id"),
        _index("registered_by", "registered_by_id", "id", of="registered_by_id IS NOT NULL"),
        _index("of_sitting", "sitting_id", "id", of="sitting_id IS NOT NULL"),
        CheckConstraint("sitting_id IS NULL OR channel = 'meeting'", name="sitting_is_a_meeting"),
        CheckConstraint("state <> 'received' OR review_since IS NOT NULL", name="received_waits_for_review"),
        CheckConstraint("(mandate_id IS NULL) = (organisation_id IS NULL)", name="organisation_by_mandate"),
        CheckConstraint("(registered_by_id IS NULL) = (received_on IS NULL)", name="registered_with_a_day"),
        CheckConstraint("registered_by_id IS NULL OR channel <> 'web'", name="registered_by_staff"),
        CheckConstraint("(parent_id IS NULL) = (parent_wording IS NULL)", name="reply_is_to_a_wording"),
        CheckConstraint("parent_id IS NULL OR reply_count = 0", name="one_level_of_replies"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    receipt_key: Mapped[str] = mapped_column(unique=True)  # the secret part of the receipt's address
    form_key: Mapped[str] = mapped_column(unique=True)  # the form it came from: sent twice, registered once
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    first_goal_id: Mapped[int | None] = mapped_column(
        ForeignKey("goal.id")
    )  # where it came, once it is moved
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    paragraph_id: Mapped[int | None] = mapped_column(ForeignKey("paragraph.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))
    kind: Mapped[Kind]
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    language: Mapped[str]
    channel: Mapped[Channel] = mapped_column(default=Channel.WEB)
    state: Mapped[CommentState]
    version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1)  # counts up whenever what a page shows of it changes
    wording: Mapped[int] = mapped_column(default=1)  # the number of the CommentWording in force
    submitted_at: Mapped[datetime]
    published_at: Mapped[datetime | None]  # None again from when it is sent again until it is let through
    review_since: Mapped[datetime | None]
    review_reason: Mapped[ReviewReason | None]
    answered_at: Mapped[datetime | None]
    received_on: Mapped[date | None]  # the day it reached the customer centre, where that put it on record
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))  # what a reply is a reply to
    parent_wording: Mapped[int | None]  # the wording of that which its author had read
    reply_count: Mapped[int] = mapped_column(default=0)  # of public replies
    replies_by_organisations: Mapped[int] = mapped_column(default=0)  # those of them said for an organisation
    support: Mapped[int] = mapped_column(default=0)  # how far up it stands by what is shown of stances on it
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sitting.id"))
    report_count: Mapped[int] = mapped_column(
        default=0
    )  # of those who have reported it and wait for a decision

    parent: Mapped["Comment | None"] = relationship(remote_side=[id])
    goal: Mapped[Goal] = relationship(foreign_keys=[goal_id])
    assignment: Mapped[Assignment | None] = relationship()
    paragraph: Mapped[Paragraph | None] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    organisation: Mapped[Organisation | None] = relationship()
    mandate: Mapped[Mandate | None] = relationship()
    area: Mapped[Area | None] = relationship()
    sitting: Mapped[Sitting | None] = relationship()
    wordings: Mapped[list["CommentWording"]] = relationship(order_by="CommentWording.number")
    words: Mapped["CommentWording"] = relationship(
        primaryjoin="and_(CommentWording.comment_id == Comment.id, CommentWording.number == Comment.wording)",
        foreign_keys="CommentWording.comment_id",
        viewonly=True,
        uselist=False,
    )

    @hybrid_property
    def is_public(self) -> bool:
        """Whether everybody may read it; on the class, the condition that it is so."""
        return self.state == CommentState.PUBLISHED

    @is_public.inplace.expression
    @classmethod
    def _is_public(cls) -> ColumnElement[bool]:
        return cls.state == constant(CommentState.PUBLISHED)

    @hybrid_property
    def leaves_a_marker(self) -> bool:
        """Whether it was withdrawn after everybody could read it: that it was there is said, and nothing else."""
        return self.state == CommentState.WITHDRAWN and self.published_at is not None

    @leaves_a_marker.inplace.expression
    @classmethod
    def _leaves_a_marker(cls) -> ColumnElement[bool]:
        return (cls.state == CommentState.WITHDRAWN) & cls.published_at.is_not(None)

    @hybrid_property
    def heads_a_thread(self) -> bool:
        """Whether it stands on a page by itself, or a marker in its place since others have replied to it."""
        return self.parent_id is None and (self.is_public or self.reply_count > 0)

    @heads_a_thread.inplace.expression
    @classmethod
    def _heads_a_thread(cls) -> ColumnElement[bool]:
        return cls.parent_id.is_(None) & (cls.is_public | (cls.reply_count > constant(0)))

    @property
    def has_a_page(self) -> bool:
        """Whether everybody finds something at its address: itself, or a marker in its place."""
        return self.is_public or self.leaves_a_marker or self.reply_count > 0

    def may_be_edited(self, now: datetime) -> bool:
        """Whether its author may give it another wording; for an organisation, only while the mandate holds."""
        in_time = may_edit(
            self.state,
            self.submitted_at,
            now,
            is_answered=self.answered_at is not None,
            has_replies=self.reply_count > 0,
            is_masked=self.is_masked,
        )
        return in_time and (self.mandate is None or self.mandate.holds(local_day(now)))

    @property
    def came_to_goal_id(self) -> int:
        """The id of the goal that it was sent about, wherever it has been moved."""
        return self.first_goal_id or self.goal_id

    @property
    def is_masked(self) -> bool:
        """Whether personal data has been taken out of the words that it has now."""
        return self.words.masks is not None

    @property
    def is_reply(self) -> bool:
        """Whether it is said to what somebody else has said, and not to the municipality."""
        return self.parent_id is not None

    @property
    def takes_replies(self) -> bool:
        """Whether others may reply to it, as far as that is its own matter."""
        return is_open(target_of(self.state, is_reply=self.is_reply))

    @property
    def is_about_an_earlier_wording(self) -> bool:
        """Whether what it is a reply to has been changed since its author read it."""
        return self.parent is not None and self.parent_wording != self.parent.wording

    @property
    def may_be_corrected(self) -> bool:
        """Whether the official who put it on record may put right a slip of the pen in it."""
        return self.registered_by_id is not None and may_be_corrected(self.state, self.review_reason)

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether its author may take it back as it is now."""
        return (self.state, CommentState.WITHDRAWN) in COMMENT_MOVES


class CommentWording(Base):
    """A comment's text in one version: as written, and as the page shows it.

    One that holds personal data which was taken out is sealed: it is read by nobody but a registrar, with a reason.
    """

    __tablename__ = "comment_wording"
    __table_args__ = (
        UniqueConstraint("comment_id", "number"),
        CheckConstraint("masks < number", name="masks_an_earlier_one"),
        CheckConstraint("sealed_for > number", name="sealed_for_a_later_one"),
        Index(None, "fingerprint", "written_at"),
        Index("ix_comment_wording_sealed", "comment_id", sqlite_where=_SEALED, postgresql_where=_SEALED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    number: Mapped[int]
    text: Mapped[str]
    html: Mapped[str]  # made from `text` by text.render when it was accepted
    written_at: Mapped[datetime]
    shown_from: Mapped[datetime | None]  # None until it is public, and again when it was hidden and replaced
    fingerprint: Mapped[int] = mapped_column(BigInteger)  # that of its text: see stems
    masks: Mapped[int | None]  # the number of the wording that it is without the personal data
    sealed_for: Mapped[int | None]  # the number of the wording that is shown instead of this one

    @hybrid_property
    def is_sealed(self) -> bool:
        """Whether nobody but a registrar may read it; on the class, the condition that it is so."""
        return self.sealed_for is not None

    @is_sealed.inplace.expression
    @classmethod
    def _is_sealed(cls) -> ColumnElement[bool]:
        return cls.sealed_for.is_not(None)
