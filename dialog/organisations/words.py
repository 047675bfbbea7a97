"""The words readers see for organisations and mandates."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.organisations.rules import (
    End,
    Judgement,
    MandateFlaw,
    NumberFlaw,
    OrganisationKind,
    OrganisationState,
)

ORGANISATION_KINDS: dict[StrEnum, LazyString] = {
    OrganisationKind.ASSOCIATION: lazy_gettext("Association"),
    OrganisationKind.VILLAGE_GROUP: lazy_gettext("Village group"),
    OrganisationKind.COMPANY: lazy_gettext("Company"),
    OrganisationKind.OTHER: lazy_gettext("Organisation"),
}
ORGANISATION_STATES: dict[StrEnum, LazyString] = {
    OrganisationState.PROPOSED: lazy_gettext("Waits to be confirmed by the municipality"),
    OrganisationState.CONFIRMED: lazy_gettext("Confirmed"),
    OrganisationState.DECLINED: lazy_gettext("Not confirmed"),
    OrganisationState.RESTING: lazy_gettext("Rests"),
}
JUDGEMENTS: dict[StrEnum, LazyString] = {
    Judgement.CONFIRM: lazy_gettext("Confirm"),
    Judgement.DECLINE: lazy_gettext("Don't confirm"),
    Judgement.REST: lazy_gettext("Let it rest"),
    Judgement.WAKE: lazy_gettext("Let it speak again"),
}
ENDS: dict[StrEnum, LazyString] = {
    End.GIVEN_UP: lazy_gettext("Given up"),
    End.REVOKED: lazy_gettext("Revoked"),
    End.HANDED_OVER: lazy_gettext("Handed over"),
    End.RENEWED: lazy_gettext("Renewed"),
}
NUMBER_FLAWS: dict[StrEnum, LazyString] = {
    NumberFlaw.NOT_A_NUMBER: lazy_gettext(
        "This isn't an organisation number. It has ten digits, such as 212000-2528."
    ),
    NumberFlaw.A_PERSONS: lazy_gettext(
        "This is a personal identity number, which is never kept here. Leave the field empty and speak for yourself."
    ),
}
MANDATE_FLAWS: dict[StrEnum, LazyString] = {
    MandateFlaw.NOT_DECIDED_YET: lazy_gettext("The decision must have been taken. Write the day it was."),
    MandateFlaw.DECIDED_LONG_AGO: lazy_gettext(
        "The decision is more than two years old. Write the day of a newer one."
    ),
    MandateFlaw.OVER_ALREADY: lazy_gettext("This day has passed. Write a day to come."),
    MandateFlaw.TOO_LONG: lazy_gettext("At most two years from today."),
}
WORDS = (ORGANISATION_KINDS, ORGANISATION_STATES, JUDGEMENTS, ENDS)
