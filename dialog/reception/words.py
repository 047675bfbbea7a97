"""The words the customer centre sees."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.conversation.rules import Refusal
from dialog.conversation.words import CHANNELS as ALL_CHANNELS
from dialog.conversation.words import REFUSALS as WRITERS_REFUSALS
from dialog.organisations.rules import OrganisationKind
from dialog.organisations.words import ORGANISATION_KINDS
from dialog.reception.rules import CHANNELS as CHOSEN_FROM
from dialog.reception.rules import DayFlaw

CHANNELS: dict[StrEnum, LazyString] = {channel: ALL_CHANNELS[channel] for channel in CHOSEN_FROM}
DAY_FLAWS: dict[StrEnum, LazyString] = {
    DayFlaw.MISSING: lazy_gettext("Write the day it came."),
    DayFlaw.NOT_YET: lazy_gettext("That day has not come yet. Write the day it came."),
    DayFlaw.TOO_LONG_AGO: lazy_gettext("That is more than a year ago. There must be a mistake in the day."),
}
# What a group that is put on record with what it says can be.
GROUP_KINDS: dict[StrEnum, LazyString] = {
    kind: ORGANISATION_KINDS[kind]
    for kind in (OrganisationKind.VILLAGE_GROUP, OrganisationKind.ASSOCIATION, OrganisationKind.OTHER)
}
# What is said to an official otherwise than to somebody who writes.
REFUSALS: dict[StrEnum, LazyString] = {
    **WRITERS_REFUSALS,
    Refusal.DIALOGUE_OVER: lazy_gettext(
        "The time for comments was over on the day it came, so it can't be put on record here. "
        "Pass it on to the registrar, and tell the person."
    ),
    Refusal.NOT_A_REAL_NAME: lazy_gettext(
        "This dialogue asks for real names. Write the name of whoever said it. If they don't want to give it, "
        "pass it on to the registrar, and tell the person."
    ),
}
