"""What an organisation is here, how it comes to speak in public, and how long somebody may speak for it. Pure."""

from datetime import date, timedelta
from enum import StrEnum

from organisationsnummer.organisationsnummer import Organisationsnummer, OrganisationsnummerException

from dialog.transitions import Table, Transition


class OrganisationKind(StrEnum):
    ASSOCIATION = "association"
    VILLAGE_GROUP = "village_group"
    COMPANY = "company"
    OTHER = "other"


class OrganisationState(StrEnum):
    PROPOSED = "proposed"  # founded, and waiting for the municipality to confirm it
    CONFIRMED = "confirmed"  # speaks in public, through those who hold its mandates
    DECLINED = "declined"
    RESTING = "resting"  # what it has said stays; it says nothing more until it is confirmed again


class Judgement(StrEnum):
    """What the municipality can do about an organisation."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    REST = "rest"
    WAKE = "wake"


class End(StrEnum):
    """Why a mandate ended before its last day."""

    GIVEN_UP = "given_up"  # by whoever held it
    REVOKED = "revoked"  # by another representative, or by the municipality
    HANDED_OVER = "handed_over"
    RENEWED = "renewed"  # another has taken its place, on a newer basis


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


_PROPOSED, _CONFIRMED = OrganisationState.PROPOSED, OrganisationState.CONFIRMED
_DECLINED, _RESTING = OrganisationState.DECLINED, OrganisationState.RESTING

ORGANISATION_MOVES: Table[OrganisationState] = {
    (_PROPOSED, _CONFIRMED): Transition(Judgement.CONFIRM, tells_author=True),
    (_PROPOSED, _DECLINED): Transition(Judgement.DECLINE, needs_reason=True, tells_author=True),
    (_DECLINED, _PROPOSED): Transition("propose_again"),
    (_CONFIRMED, _RESTING): Transition(Judgement.REST, needs_reason=True, tells_author=True),
    (_RESTING, _CONFIRMED): Transition(Judgement.WAKE, tells_author=True),
}
STATE_AFTER = {
    Judgement(transition.act): to
    for (_, to), transition in ORGANISATION_MOVES.items()
    if transition.act in list(Judgement)
}
NEED_REASONS = {Judgement.DECLINE, Judgement.REST}

OFFER_MOVES: Table[OfferState] = {
    (OfferState.OPEN, OfferState.ACCEPTED): Transition("accept"),
    (OfferState.OPEN, OfferState.DECLINED): Transition("decline"),
    (OfferState.OPEN, OfferState.WITHDRAWN): Transition("withdraw"),
}

LONGEST_NAME = 120
SHORTEST_PURPOSE, LONGEST_PURPOSE = 10, 1000
SHORTEST_BASIS, LONGEST_BASIS = 5, 120
SHORTEST_REASONS, LONGEST_REASONS = 10, 1000
# Two annual meetings: a board is seldom elected for longer, and who was elected before is no longer sure to speak
# for those who are members now.
LONGEST_MANDATE = timedelta(days=731)
TOLD_BEFORE = timedelta(days=14)  # its last day: time for a board to meet
OLDEST_BASIS = timedelta(days=731)  # before the day it is stated: an older decision has to be taken again
OFFER_HOLDS = timedelta(days=30)
EXPIRED_IS_SHOWN_FOR = timedelta(days=180)  # to whoever held it: until the next annual meeting, or near it
EDITED_IS_SHOWN_FOR = timedelta(days=30)  # to the municipality, which supervises what is said here
MOST_OPEN_OFFERS = 20  # by one organisation, so that nobody floods mailboxes in its name
OFFERS_WITHIN = timedelta(days=1)  # nor by taking each back and sending it anew: so many a day
MOST_PROPOSALS = 5  # by one person waiting to be confirmed, so that nobody floods the municipality

# A company always has a number. Associations and village groups have one only if they have asked the Swedish Tax
# Agency for it, and most small ones never do.
NUMBER_NEEDED = frozenset({OrganisationKind.COMPANY})


class NumberFlaw(StrEnum):
    """Why what was written is no organisation number."""

    NOT_A_NUMBER = "not_a_number"  # the form or the check digit is wrong
    A_PERSONS = "a_persons"  # a sole trader's, which is a personnummer: that is never stored


class WrongNumber(Exception):
    """What was written can't be kept as an organisation number; `flaw` says why."""

    def __init__(self, flaw: NumberFlaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


def organisation_number(written: str) -> str:
    """The number as NNNNNN-NNNN. Raises WrongNumber.

    The check digit and the third digit (2 or more, which is what tells it from a personnummer) are those of lagen
    (1974:174) om identitetsbeteckning för juridiska personer m.fl.
    """
    if not written.isascii():  # there are other digits than 0 to 9
        raise WrongNumber(NumberFlaw.NOT_A_NUMBER)
    try:
        number = Organisationsnummer.parse("".join(written.split()))
    except OrganisationsnummerException:
        raise WrongNumber(NumberFlaw.NOT_A_NUMBER) from None
    if number.is_personnummer():
        raise WrongNumber(NumberFlaw.A_PERSONS)
    return str(number.format(True))


class MandateFlaw(StrEnum):
    """What is wrong with the days of a mandate, at the field it concerns."""

    NOT_DECIDED_YET = "not_decided_yet"
    DECIDED_LONG_AGO = "decided_long_ago"
    OVER_ALREADY = "over_already"
    TOO_LONG = "too_long"


def mandate_flaws(dated: date, expires_on: date, today: date) -> dict[str, MandateFlaw]:
    """What keeps a mandate decided on the day `dated`, until `expires_on`, from being taken today, by the field."""
    found = {}
    if dated > today:
        found["dated"] = MandateFlaw.NOT_DECIDED_YET
    elif dated < today - OLDEST_BASIS:
        found["dated"] = MandateFlaw.DECIDED_LONG_AGO
    if expires_on < today:
        found["expires_on"] = MandateFlaw.OVER_ALREADY
    elif expires_on > today + LONGEST_MANDATE:
        found["expires_on"] = MandateFlaw.TOO_LONG
    return found


def mandate_holds(
    state: OrganisationState, dated: date, expires_on: date, *, is_ended: bool, on: date
) -> bool:
    """Whether somebody may speak for an organisation in `state` on the day `on`: the first day and the last too."""
    return state == OrganisationState.CONFIRMED and not is_ended and dated <= on <= expires_on
