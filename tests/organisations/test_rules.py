"""Organisation numbers, how an organisation comes to speak, and when a mandate holds: rules alone."""

from datetime import date, timedelta

import pytest

from dialog.organisations.rules import (
    LONGEST_MANDATE,
    OLDEST_BASIS,
    ORGANISATION_MOVES,
    Judgement,
    MandateFlaw,
    NumberFlaw,
    OrganisationState,
    WrongNumber,
    mandate_flaws,
    mandate_holds,
    organisation_number,
)
from dialog.transitions import moves_from

TODAY = date(2026, 3, 11)
A_DAY = timedelta(days=1)
PROPOSED, CONFIRMED = OrganisationState.PROPOSED, OrganisationState.CONFIRMED
DECLINED, RESTING = OrganisationState.DECLINED, OrganisationState.RESTING


@pytest.mark.parametrize(
    "written", ["212000-2528", "2120002528", "16212000-2528", " 212000 - 2528 ", "212000-2528\n"]
)
def test_a_number_is_kept_in_its_one_form_however_it_is_written(written):
    assert organisation_number(written) == "212000-2528"


NOT_NUMBERS = ["", "abc", "212000-2529", "12345", "2" * 1000, "٢١٢٠٠٠-٢٥٢٨", "２１２０００-２５２８", "<b>"]


@pytest.mark.parametrize("written", NOT_NUMBERS)
def test_what_is_no_number_is_refused(written):
    with pytest.raises(WrongNumber) as refusal:
        organisation_number(written)
    assert refusal.value.flaw == NumberFlaw.NOT_A_NUMBER


@pytest.mark.parametrize("written", ["121212-1212", "19121212-1212", "850709-9805"])
def test_a_sole_traders_number_is_a_personnummer_and_is_refused_as_one(written):
    with pytest.raises(WrongNumber) as refusal:
        organisation_number(written)
    assert refusal.value.flaw == NumberFlaw.A_PERSONS


# The decision has been taken, at most two years ago; the mandate is not over already, and ends within two years.
TERMS = [
    (TODAY, TODAY, {}),
    (TODAY + A_DAY, TODAY + A_DAY, {"dated": MandateFlaw.NOT_DECIDED_YET}),
    (TODAY - OLDEST_BASIS, TODAY, {}),
    (TODAY - OLDEST_BASIS - A_DAY, TODAY, {"dated": MandateFlaw.DECIDED_LONG_AGO}),
    (TODAY, TODAY - A_DAY, {"expires_on": MandateFlaw.OVER_ALREADY}),
    (TODAY, TODAY + LONGEST_MANDATE, {}),
    (TODAY, TODAY + LONGEST_MANDATE + A_DAY, {"expires_on": MandateFlaw.TOO_LONG}),
    (
        TODAY + A_DAY,
        TODAY - A_DAY,
        {"dated": MandateFlaw.NOT_DECIDED_YET, "expires_on": MandateFlaw.OVER_ALREADY},
    ),
]


@pytest.mark.parametrize(("dated", "expires_on", "flaws"), TERMS)
def test_which_terms_a_mandate_can_have(dated, expires_on, flaws):
    assert mandate_flaws(dated, expires_on, TODAY) == flaws


FIRST, LAST = date(2026, 2, 1), date(2027, 2, 1)
# A mandate holds from its day to its last day, both included, while it isn't ended and its organisation is confirmed.
HOLDS = [
    (CONFIRMED, FIRST - A_DAY, False, False),
    (CONFIRMED, FIRST, False, True),
    (CONFIRMED, LAST, False, True),
    (CONFIRMED, LAST + A_DAY, False, False),
    (CONFIRMED, FIRST, True, False),
    (PROPOSED, FIRST, False, False),
    (DECLINED, FIRST, False, False),
    (RESTING, FIRST, False, False),
]


@pytest.mark.parametrize(("state", "on", "is_ended", "holds"), HOLDS)
def test_when_a_mandate_holds(state, on, is_ended, holds):
    assert mandate_holds(state, FIRST, LAST, is_ended=is_ended, on=on) is holds


# What was put forward is confirmed or declined; what was declined can be put forward again; what is confirmed can be
# let rest, and woken. Nothing that has been public is ever declined.
MOVES = {
    PROPOSED: {CONFIRMED: Judgement.CONFIRM, DECLINED: Judgement.DECLINE},
    CONFIRMED: {RESTING: Judgement.REST},
    RESTING: {CONFIRMED: Judgement.WAKE},
    DECLINED: {PROPOSED: "propose_again"},
}


@pytest.mark.parametrize("state", OrganisationState)
def test_what_can_become_of_an_organisation(state):
    assert {to: one.act for to, one in moves_from(ORGANISATION_MOVES, state).items()} == MOVES[state]
