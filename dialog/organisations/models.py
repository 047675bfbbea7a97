"""Organisations, who may speak for them, and who is asked to."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dialog.db import Base, local_day
from dialog.organisations.rules import (
    OFFER_HOLDS,
    End,
    OfferState,
    OrganisationKind,
    OrganisationState,
    mandate_holds,
)
from dialog.people.models import Person
from dialog.plan.models import Area

_OPEN = text("state = 'open'")
_TO_TELL = text("ended_at IS NULL AND expiry_noticed_at IS NULL")


class Organisation(Base):
    """An association, a village group, a company: a voice of its own beside the persons who carry it."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('confirmed', 'resting')) = (confirmed_at IS NOT NULL)", name="confirmed_has_a_time"
        ),
        CheckConstraint(
            "(state IN ('declined', 'resting')) = (reasons IS NOT NULL)", name="silenced_has_reasons"
        ),
        Index(None, "state", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[OrganisationKind]
    number: Mapped[str | None] = mapped_column(unique=True)  # organisationsnummer, as NNNNNN-NNNN
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    purpose: Mapped[str]
    state: Mapped[OrganisationState] = mapped_column(default=OrganisationState.PROPOSED)
    version: Mapped[int] = mapped_column(default=1)
    founded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # here, not in the world
    founded_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]  # it speaks in public once the municipality has confirmed it
    reasons: Mapped[str | None]  # why the municipality declined it, or lets it rest

    area: Mapped[Area | None] = relationship()
    mandates: Mapped[list["Mandate"]] = relationship(back_populates="organisation", order_by="Mandate.id")

    @property
    def is_public(self) -> bool:
        """Whether everybody may read about it."""
        return self.confirmed_at is not None

    def is_carried_by(self, person: Person, on: date) -> bool:
        """Whether the person founded it and it isn't confirmed yet, or holds one of its mandates on this day."""
        if not self.is_public and self.founded_by_id == person.id:
            return True
        return any(one.person_id == person.id and one.is_in_force(on) for one in self.mandates)


class Mandate(Base):
    """A person's right to speak for an organisation: on what basis, since when, until when."""

    __tablename__ = "mandate"
    __table_args__ = (
        Index(None, "person_id"),
        Index(None, "organisation_id"),
        Index("ix_mandate_to_tell", "expires_on", sqlite_where=_TO_TELL, postgresql_where=_TO_TELL),
        CheckConstraint("expires_on >= dated", name="expires_after_dated"),
        CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ended_for_a_cause"),
        CheckConstraint(
            "(ended_because = 'revoked') = (end_reasons IS NOT NULL) OR ended_because IS NULL",
            name="revoked_has_reasons",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    basis: Mapped[str]
    dated: Mapped[date]
    expires_on: Mapped[date]
    ended_at: Mapped[datetime | None]  # before its last day
    ended_because: Mapped[End | None]
    end_reasons: Mapped[str | None]  # for the one who held it
    expiry_noticed_at: Mapped[datetime | None]  # when whoever holds it was written to of its last day

    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation] = relationship(lazy="joined", back_populates="mandates")

    def holds(self, on: date) -> bool:
        """Whether the person may speak for the organisation on this day."""
        is_ended = self.ended_at is not None
        return mandate_holds(self.organisation.state, self.dated, self.expires_on, is_ended=is_ended, on=on)

    def is_in_force(self, on: date) -> bool:
        """Whether the mandate itself holds on this day, whatever has become of the organisation."""
        return self.ended_at is None and self.dated <= on <= self.expires_on


class MandateOffer(Base):
    """That somebody is asked, by e-mail, to speak for an organisation."""

    __tablename__ = "mandate_offer"
    __table_args__ = (
        Index(
            "uq_mandate_offer_open",
            "organisation_id",
            "email",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        CheckConstraint("expires_on >= dated", name="expires_after_dated"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    email: Mapped[str]
    language: Mapped[str]
    basis: Mapped[str]
    dated: Mapped[date]
    expires_on: Mapped[date]
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    offered_at: Mapped[datetime]
    hands_over_id: Mapped[int | None] = mapped_column(
        ForeignKey("mandate.id")
    )  # what ends when it is accepted
    state: Mapped[OfferState] = mapped_column(default=OfferState.OPEN)
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship()
    hands_over: Mapped[Mandate | None] = relationship()

    def can_be_accepted(self, today: date) -> bool:
        """Whether it is open, not too old, and the mandate it would give isn't over already."""
        is_fresh = today <= local_day(self.offered_at) + OFFER_HOLDS
        return self.state == OfferState.OPEN and is_fresh and today <= self.expires_on
