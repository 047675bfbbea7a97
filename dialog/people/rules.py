"""Who people are here: roles, kinds of organisation, and how long things hold."""

import hashlib
import hmac
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_network


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

BROWSERS_LISTED = 20  # more than a household has; those signed in earlier are still counted

SIGN_IN_ATTEMPTS_WITHIN = timedelta(minutes=5)
# From one network: a household or a library at its busiest asks for fewer, a machine that tries addresses for more.
MOST_SIGN_IN_ATTEMPTS = 10


def network_of(address: str, secret: str) -> str:
    """What is stored of the network address that a request came from: the same for the same network, and secret.

    With IPv6 a subscriber has a whole /64, so that is what counts as one.
    """
    try:
        network = str(ip_network((address, 64 if ":" in address else 32), strict=False))
    except ValueError:
        network = address
    return hmac.new(secret.encode(), network.encode(), hashlib.sha256).hexdigest()


def hash_of(key: str) -> str:
    """What is stored of a browser's secret key: enough to know it again, not to make a cookie of."""
    return hashlib.sha256(key.encode()).hexdigest()


# What a browser calls itself holds the names of others it wants to be taken for, so the order says who is who.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def kind_of_browser(user_agent: str) -> str | None:
    """What is stored of the browser's own description: such as "Chrome, Android", shared by millions; or None.

    Enough for its owner to know it again in a list, and nothing to know its owner by.
    """
    named = [
        next((name for sign, name in table if sign in user_agent), None) for table in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, named)) or None
