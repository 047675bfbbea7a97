"""Who is who by an e-legitimation: the rules."""

import itertools

import pytest

from dialog.people.rules import Address, NotANumber, Owner, Step, identity_of, step_of
from tests.people.e_legitimation import LINUS, OTHER
from tests.people.provider import NUMBER

SECRET = "s" * 32
CLAIMS = {"iss": "https://login.example", "sub": "person-1"}

# Whoever is signed in links; a visitor signs in, or becomes somebody new; nobody has two accounts.
STEPS = [
    # signed in, the identity's account, has an identity, address → step
    (True, Owner.NOBODY, False, "any", Step.LINK),
    (True, Owner.NOBODY, True, "any", Step.HAS_ANOTHER),
    (True, Owner.READER, "any", "any", Step.LINKED),
    (True, Owner.SOMEBODY, "any", "any", Step.TAKEN),
    (False, Owner.SOMEBODY, "any", "any", Step.SIGN_IN),
    (False, Owner.NOBODY, "any", Address.NONE, Step.ASK_ADDRESS),
    (False, Owner.NOBODY, "any", Address.FREE, Step.SIGN_UP),
    (False, Owner.NOBODY, "any", Address.TAKEN, Step.PROVE_ADDRESS),
]


@pytest.mark.parametrize(("is_signed_in", "owner", "has_identity", "address", "step"), STEPS)
def test_a_proof_can_be_used_for_one_thing(is_signed_in, owner, has_identity, address, step):
    both = (False, True) if has_identity == "any" else (has_identity,)
    for has, one in itertools.product(both, Address if address == "any" else (address,)):
        found = step_of(is_signed_in=is_signed_in, owner=owner, has_identity=has, address=one)
        assert found == step


def test_the_same_number_is_the_same_person_whatever_the_provider_calls_them():
    first = identity_of({**CLAIMS, NUMBER: LINUS}, NUMBER, SECRET)
    assert identity_of({"iss": "https://other.example", "sub": "x", NUMBER: LINUS}, NUMBER, SECRET) == first
    assert identity_of({**CLAIMS, NUMBER: OTHER}, NUMBER, SECRET) != first
    assert LINUS not in first


def test_without_a_number_the_providers_own_name_tells_people_apart():
    first = identity_of(CLAIMS, NUMBER, SECRET)
    assert identity_of(CLAIMS, NUMBER, SECRET) == first
    assert identity_of({**CLAIMS, NUMBER: None}, NUMBER, SECRET) == first
    for other in ({"iss": "https://other.example"}, {"sub": "person-2"}):
        assert identity_of({**CLAIMS, **other}, NUMBER, SECRET) != first


def test_nobody_can_call_themselves_by_somebody_elses_number():
    by_number = identity_of({**CLAIMS, NUMBER: LINUS}, NUMBER, SECRET)
    for sub in (LINUS, f"number\n{LINUS}", f"\nnumber\n{LINUS}"):
        assert identity_of({**CLAIMS, "sub": sub}, NUMBER, SECRET) != by_number


def test_an_identity_is_worth_nothing_without_the_secret():
    claims = {**CLAIMS, NUMBER: LINUS}
    assert identity_of(claims, NUMBER, SECRET) != identity_of(claims, NUMBER, SECRET + "s")


@pytest.mark.parametrize(
    "number",
    [
        "199001012384",  # the wrong check digit
        "199013012385",
        "199001320000",
        "199001010003",
        "9001012385",
        "19900101-2385",
        "19900101238",
        "1990010123850",
        "١٩٩٠٠١٠١٢٣٨٥",
        " 199001012385",
        "199001012385\n",
        "",
        "Linus",
        199001012385,
        ["199001012385"],
        {},
        False,
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_without_being_repeated(number):
    with pytest.raises(NotANumber) as refusal:
        identity_of({**CLAIMS, NUMBER: number}, NUMBER, SECRET)
    assert str(refusal.value) == ""
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


def test_a_coordination_number_is_a_number_too():
    assert identity_of({**CLAIMS, NUMBER: "198507699802"}, NUMBER, SECRET)
