"""The words readers see for roles and kinds of organisation."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.people.rules import OrganisationKind, Role

ROLES: dict[StrEnum, LazyString] = {
    Role.MODERATOR: lazy_gettext("Moderator"),
    Role.OFFICER: lazy_gettext("Officer"),
    Role.EDITOR: lazy_gettext("Editor"),
    Role.REGISTRAR: lazy_gettext("Registrar"),
    Role.CUSTOMER_CENTRE: lazy_gettext("Customer centre"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
}
ORGANISATION_KINDS: dict[StrEnum, LazyString] = {
    OrganisationKind.ASSOCIATION: lazy_gettext("Association"),
    OrganisationKind.VILLAGE_GROUP: lazy_gettext("Village group"),
    OrganisationKind.COMPANY: lazy_gettext("Company"),
    OrganisationKind.OTHER: lazy_gettext("Organisation"),
}
WORDS = (ROLES, ORGANISATION_KINDS)

# The languages letters are written in, by their own names.
LETTER_LANGUAGES = {"sv": "Svenska", "en": "English"}
