"""Who people are here: roles, kinds of organisation, and how long things hold."""

from datetime import timedelta
from enum import StrEnum


class Role(StrEnum):
    """A duty the municipality has given a person. Everybody else is a resident or a visitor."""

    MODERATOR = "moderator"
    OFFICER = "officer"
    EDITOR = "editor"
    REGISTRAR = "registrar"
    CUSTOMER_CENTRE = "customer_centre"
    ADMINISTRATOR = "administrator"


COMMITTEE_ROLES = frozenset({Role.OFFICER, Role.EDITOR})  # held for one committee at a time


class OrganisationKind(StrEnum):
    ASSOCIATION = "association"
    VILLAGE_GROUP = "village_group"
    COMPANY = "company"
    OTHER = "other"


SIGN_IN_LINK_HOLDS = timedelta(minutes=15)  # long enough for slow mail, short enough for a lost telephone
SIGNED_IN_HOLDS = timedelta(days=30)
SIGN_IN_LINKS_PER_ADDRESS = (
    5  # unused links an address can have waiting; the rest is somebody else's mischief
)
