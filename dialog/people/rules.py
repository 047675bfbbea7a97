"""Who people are here: their roles, and how long things hold."""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_network
from typing import Any

from personnummer.personnummer import Personnummer, PersonnummerException


class Role(StrEnum):
    """A duty the municipality has given a person. Everybody else is a resident or a visitor."""

    MODERATOR = "moderator"
    OFFICER = "officer"
    EDITOR = "editor"
    REGISTRAR = "registrar"
    CUSTOMER_CENTRE = "customer_centre"
    ADMINISTRATOR = "administrator"


COMMITTEE_ROLES = frozenset({Role.OFFICER, Role.EDITOR})  # held for one committee at a time


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


def owner_of_drafts(person_id: int, secret: str) -> str:
    """By what a browser knows whose unsent text it holds: the same for the same person, and says nothing of who."""
    key = hmac.digest(secret.encode(), b"dialog: unsent text in a browser", "sha256")
    return hmac.new(key, str(person_id).encode(), hashlib.sha256).hexdigest()[:20]


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


# --- Proving who one is, with an e-legitimation

PROOF_HOLDS = timedelta(minutes=30)  # time to read a page, and for a letter that takes its time


class NotANumber(Exception):
    """What was given as a personal identity number is none. The number itself is nowhere in this."""


@dataclass(frozen=True)
class Proof:
    """What a provider has vouched for. `identity` tells one human being from all others, and nobody who it is."""

    identity: str
    name: str | None
    email: str | None  # only where the provider vouches for it too


def identity_of(claims: Mapping[str, Any], number_claim: str, secret: str) -> str:
    """What is stored of a human being: the same for the same personal identity number, and secret.

    The number is only here, and on its way. Where the provider gives none, its own name for the person serves.
    Raises NotANumber.
    """
    proven = f"subject\n{claims['iss']}\n{claims['sub']}"
    if claims.get(number_claim) is not None:
        proven = f"number\n{_whole_number_of(claims[number_claim])}"
    key = hmac.digest(secret.encode(), b"dialog: identity by e-legitimation", "sha256")
    return hmac.new(key, proven.encode(), hashlib.sha256).hexdigest()


def _whole_number_of(given: Any) -> str:
    """The twelve digits that are a personal identity number, or a coordination number."""
    if not isinstance(given, str) or not re.fullmatch("[0-9]{12}", given):
        raise NotANumber
    try:
        Personnummer(given)
    except PersonnummerException:
        raise NotANumber from None  # its own words hold the number
    return given


class Failure(StrEnum):
    """Why nobody could be told who somebody is."""

    UNREACHABLE = "unreachable"  # the provider doesn't answer
    CANCELLED = "cancelled"  # by the person
    STRAY = "stray"  # not an answer to anything this browser asked, or too late
    REFUSED = "refused"  # the answer doesn't hold
    NUMBER = "number"  # the personal identity number is none


FAILURE_STATUS = {Failure.UNREACHABLE: 503, Failure.CANCELLED: 200}  # 400 for the others


class Owner(StrEnum):
    """Whose account an identity belongs to, seen by the reader."""

    NOBODY = "nobody"
    READER = "reader"
    SOMEBODY = "somebody"  # another than the reader, who may be a visitor


class Address(StrEnum):
    """The e-mail address that came with a proof."""

    NONE = "none"
    FREE = "free"
    TAKEN = "taken"  # an account has it


class Step(StrEnum):
    """What can be done with a proof."""

    SIGN_IN = "sign_in"
    SIGN_UP = "sign_up"
    ASK_ADDRESS = "ask_address"
    PROVE_ADDRESS = "prove_address"
    LINK = "link"
    LINKED = "linked"
    TAKEN = "taken"  # the identity is another account's
    HAS_ANOTHER = "has_another"  # the account has another identity


def step_of(*, is_signed_in: bool, owner: Owner, has_identity: bool, address: Address) -> Step:
    """What is to be done with a proof: one human being, one account; letters need an address that is proven.

    `has_identity` says whether the reader's account has an identity already.
    """
    if is_signed_in:
        if owner == Owner.NOBODY:
            return Step.HAS_ANOTHER if has_identity else Step.LINK
        return Step.LINKED if owner == Owner.READER else Step.TAKEN
    if owner != Owner.NOBODY:
        return Step.SIGN_IN
    return {
        Address.NONE: Step.ASK_ADDRESS,
        Address.FREE: Step.SIGN_UP,
        Address.TAKEN: Step.PROVE_ADDRESS,
    }[address]


# What those who speak for the municipality here are called, in Swedish and in English.
_OFFICES = {
    *("administratör", "dialog", "handläggare", "kommun", "kommunen", "kundcenter", "moderator"),
    *("moderatorn", "nämnden", "redaktör", "registrator"),
    *("administrator", "committee", "editor", "municipality", "registrar"),
}
_SHORTEST_PART = 4  # letters: a committee's code of two may be in anybody's name


def is_the_municipalitys(name: str, its_names: Iterable[str]) -> bool:
    """Whether a name that somebody chooses is that of an office here, or holds one of the municipality's own names."""
    words = _only_letters(name).split()
    shown = f" {' '.join(words)} "
    parts = (_only_letters(one) for one in its_names)
    return bool(_OFFICES.intersection(words)) or any(
        f" {part} " in shown for part in parts if len(part) >= _SHORTEST_PART or part == shown.strip()
    )


def _only_letters(name: str) -> str:
    """A name's words without their capitals, and without what stands between and around them."""
    return " ".join(re.findall(r"[^\W\d_]+", name.casefold()))
