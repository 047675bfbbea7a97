"""Reading about organisations, and whom a person may speak for.

Everybody may read about an organisation that has been confirmed. One that hasn't is for those who carry it, and for
the municipality's staff who are to confirm it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, false, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from dialog.alphabet import alphabetical
from dialog.db import clock, db
from dialog.events import Event
from dialog.organisations.models import Mandate, MandateOffer, Organisation
from dialog.organisations.rules import (
    EDITED_IS_SHOWN_FOR,
    EXPIRED_IS_SHOWN_FOR,
    OfferState,
    OrganisationKind,
    OrganisationState,
)
from dialog.people.models import Person
from dialog.permissions import allowed
from dialog.plan.slugs import slug_of

PAGE_SIZE = 50
_MANDATES = select(Mandate).where(Mandate.person_id == bindparam("person_id")).order_by(Mandate.id)


def mandates_of(person: Person, today: date) -> list[Mandate]:
    """The mandates with which `person` may speak for an organisation today."""
    mandates = db.session.scalars(_MANDATES, {"person_id": person.id})
    return [mandate for mandate in mandates if mandate.holds(today)]


def carried_by(person_id: int | BindParameter[int], today: date | BindParameter[date]) -> Select[int]:
    """The ids of the organisations for which a person holds a mandate that is in force today."""
    return select(Mandate.organisation_id).where(
        Mandate.person_id == person_id,
        Mandate.ended_at.is_(None),
        Mandate.dated <= today,
        Mandate.expires_on >= today,
    )


class Own(NamedTuple):
    """What a person has to do with organisations: mandates in force, those that ran out lately and that no other has
    taken the place of, offers to answer, and what was founded."""

    mandates: list[Mandate]
    expired: list[Mandate]
    offers: list[MandateOffer]
    proposals: Sequence[Organisation]


def own(person: Person) -> Own:
    """What `person` has to do with organisations today."""
    today = clock.today()
    offers = db.session.scalars(
        select(MandateOffer)
        .where(MandateOffer.email == person.email, MandateOffer.state == OfferState.OPEN)
        .options(joinedload(MandateOffer.organisation))
        .order_by(MandateOffer.id)
    )
    held = [
        one
        for one in db.session.scalars(_MANDATES, {"person_id": person.id})
        if one.ended_at is None and one.organisation.is_public
    ]
    expired = [one for one in held if today - EXPIRED_IS_SHOWN_FOR <= one.expires_on < today]
    proposals = db.session.scalars(
        select(Organisation)
        .where(Organisation.founded_by_id == person.id, Organisation.confirmed_at.is_(None))
        .order_by(Organisation.id)
    )
    return Own(
        [one for one in held if one.is_in_force(today)],
        expired,
        [one for one in offers if one.can_be_accepted(today)],
        proposals.all(),
    )


def visible_to(person: Person | None) -> ColumnElement[bool]:
    """The condition on organisations that `person` may read about."""
    if allowed("see_proposals", person):
        return true()
    own = Organisation.founded_by_id == person.id if person is not None else false()
    return or_(Organisation.confirmed_at.is_not(None), own)


def organisation_at(slug: str, person: Person | None) -> Organisation | None:
    """The organisation with this address, if `person` may read about it."""
    return db.session.scalar(
        select(Organisation)
        .where(Organisation.slug == slug, visible_to(person))
        .options(
            joinedload(Organisation.area), selectinload(Organisation.mandates).joinedload(Mandate.person)
        )
    )


class Listed(NamedTuple):
    """A page of organisations by name, and the name the next page starts after."""

    organisations: Sequence[Organisation]
    next_cursor: str | None


def confirmed_organisations(after: str | None = None) -> Listed:
    """The organisations that speak here, or have spoken, by name; all names are few enough to be sorted here."""
    named = db.session.execute(
        select(Organisation.id, Organisation.slug, Organisation.name).where(
            Organisation.confirmed_at.is_not(None)
        )
    ).all()
    rows = sorted(named, key=lambda row: (alphabetical(row.name), row.id))
    slugs = [row.slug for row in rows]
    start = slugs.index(after) + 1 if after in slugs else 0
    shown = rows[start : start + PAGE_SIZE]
    statement = select(Organisation).where(Organisation.id.in_([row.id for row in shown]))
    found = {one.id: one for one in db.session.scalars(statement.options(joinedload(Organisation.area)))}
    next_cursor = shown[-1].slug if len(rows) > start + PAGE_SIZE else None
    return Listed([found[row.id] for row in shown], next_cursor)


def proposals() -> Sequence[Organisation]:
    """What waits for the municipality to confirm it, the longest waiting first; so many at a time."""
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.state == OrganisationState.PROPOSED)
        .order_by(Organisation.founded_at, Organisation.id)
        .limit(PAGE_SIZE)
        .options(joinedload(Organisation.area))
    ).all()


class Edited(NamedTuple):
    """An organisation that has changed what it says of itself, and when it last did."""

    organisation: Organisation
    at: datetime


def edited_lately(now: datetime) -> list[Edited]:
    """The organisations that have changed what everybody reads about them, the latest first; so many at a time."""
    last = (
        select(func.max(Event.at))
        .where(
            Event.subject_type == "organisation",
            Event.subject_id == Organisation.id,
            Event.kind == "organisation.edited",
            Event.at >= Organisation.confirmed_at,
        )
        .correlate(Organisation)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Organisation, last)
        .where(Organisation.confirmed_at.is_not(None), last > now - EDITED_IS_SHOWN_FOR)
        .order_by(last.desc(), Organisation.id)
        .limit(PAGE_SIZE)
        .options(joinedload(Organisation.area))
    )
    return [Edited(*row) for row in rows]


def with_number(number: str, *, but: Organisation | None = None) -> Organisation | None:
    """The organisation that has this number, whatever has become of it; `but` is not looked for."""
    statement = select(Organisation).where(Organisation.number == number)
    if but is not None:
        statement = statement.where(Organisation.id != but.id)
    return db.session.scalar(statement)


class Namesake(NamedTuple):
    """Another organisation, as far as it takes to tell the two apart."""

    slug: str
    name: str
    kind: OrganisationKind
    state: OrganisationState


def namesakes_of(organisation: Organisation) -> list[Namesake]:
    """The others of the same name, but for capitals and signs, whatever has become of them.

    Names are compared here, and not by the database: SQLite knows no other capitals than A to Z.
    """
    columns = (getattr(Organisation, field) for field in Namesake._fields)
    others = select(*columns).where(Organisation.id != organisation.id).order_by(Organisation.id)
    name = slug_of(organisation.name)
    return [Namesake(*row) for row in db.session.execute(others) if slug_of(row.name) == name]


def founder_of(organisation: Organisation) -> Person | None:
    """Who founded an organisation here; None for one that the municipality entered."""
    return db.session.get(Person, organisation.founded_by_id) if organisation.founded_by_id else None


def open_offers(organisation: Organisation) -> Sequence[MandateOffer]:
    """What the organisation has offered and nobody has answered yet."""
    return db.session.scalars(
        select(MandateOffer)
        .where(MandateOffer.organisation_id == organisation.id, MandateOffer.state == OfferState.OPEN)
        .order_by(MandateOffer.id)
    ).all()


def offer_to(person: Person, offer_id: int) -> MandateOffer | None:
    """The offer with this id, if it was made to `person`."""
    return db.session.scalar(
        select(MandateOffer)
        .where(MandateOffer.id == offer_id, MandateOffer.email == person.email)
        .options(joinedload(MandateOffer.organisation))
    )
