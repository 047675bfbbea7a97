"""The letters about organisations, and about speaking for them."""

from flask import current_app
from flask_babel import gettext

from dialog.db import clock, db
from dialog.events import Event
from dialog.notify.models import Letter
from dialog.notify.writing import Message, NotWanted, address_of, message
from dialog.organisations.models import Mandate, MandateOffer, Organisation
from dialog.organisations.rules import OFFER_HOLDS, OrganisationState
from dialog.people.models import Person


def organisation_judged(letter: Letter) -> Message:
    """What the municipality has decided about an organisation. Raises NotWanted."""
    organisation = db.session.get_one(Organisation, letter.subject_id, populate_existing=True)
    if db.session.get_one(Event, letter.event_id).kind != f"organisation.{organisation.state}":
        raise NotWanted("the organisation has been judged otherwise since")
    is_confirmed = organisation.state == OrganisationState.CONFIRMED
    subject = (
        gettext("%(name)s is confirmed", name=organisation.name)
        if is_confirmed
        else gettext("%(name)s: the municipality has decided", name=organisation.name)
    )
    address = address_of("public.organisation", letter.language, slug=organisation.slug)
    return message("organisation_judged", subject, organisation=organisation, address=address)


def mandate_offered(letter: Letter) -> Message:
    """Somebody is asked to speak for an organisation. Raises NotWanted."""
    offer = db.session.get_one(MandateOffer, letter.subject_id, populate_existing=True)
    if not offer.can_be_accepted(clock.today()):
        raise NotWanted("the offer has been answered or taken back, or is too old")
    subject = gettext("Will you speak for %(name)s?", name=offer.organisation.name)
    address = address_of("organisations.offered", letter.language, offer_id=offer.id)
    return message(
        "mandate_offered", subject, offer=offer, asker=_asker(offer), address=address, days=OFFER_HOLDS.days
    )


def _asker(offer: MandateOffer) -> str:
    """Who asks, by the name they are known by here: a representative's own, or the municipality's."""
    person = db.session.get_one(Person, offer.offered_by_id)
    is_one_of_them = offer.organisation.is_carried_by(person, clock.today())
    return (is_one_of_them and person.name) or current_app.config["SETTINGS"].municipality


def mandate_expires(letter: Letter) -> Message:
    """A mandate soon runs out, and how it goes on. Raises NotWanted."""
    mandate = db.session.get_one(Mandate, letter.subject_id, populate_existing=True)
    if not mandate.holds(clock.today()):
        raise NotWanted("the mandate doesn't hold any longer")
    subject = gettext("Your mandate to speak for %(name)s soon runs out", name=mandate.organisation.name)
    address = address_of("organisations.mandates", letter.language, slug=mandate.organisation.slug)
    return message("mandate_expires", subject, mandate=mandate, address=address)


def mandate_ended(letter: Letter) -> Message:
    """A mandate was revoked, and why."""
    mandate = db.session.get_one(Mandate, letter.subject_id, populate_existing=True)
    subject = gettext("You no longer speak for %(name)s", name=mandate.organisation.name)
    return message("mandate_ended", subject, mandate=mandate)
