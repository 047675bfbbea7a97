"""What in people's text tells who somebody is: found where it stands, and not where something else does."""

import pytest

from dialog.text import personal_numbers, ways_to_reach_somebody

# Numbers made for tests: the check digits fit.
PERSONAL_NUMBERS = [
    ("Jag heter Nils, 890201-3286.", ["890201-****"]),
    ("19890201-3286", ["19890201-****"]),
    ("198902013286", ["19890201****"]),
    ("8902013286", ["890201****"]),
    ("890201+3286", ["890201+****"]),
    ("890201 3286", ["890201 ****"]),
    ("890201–3286", ["890201–****"]),
    ("samordningsnummer 701063-2391", ["701063-****"]),
    ("197010632391", ["19701063****"]),
    ("(890201-3286)", ["890201-****"]),
    ("890201-3286, 701063-2391", ["890201-****", "701063-****"]),
    ("https://example.org/890201-3286", ["890201-****"]),
    # The check digit doesn't fit, or there is no such day.
    ("890201-3287", []),
    ("890231-3286", []),
    ("8902013287", []),
    # What else has many digits.
    ("Mitt inlägg 2026-000123 är från 2026-03-11.", []),
    ("2026-000123456", []),
    ("20260311 kl 12.35", []),
    ("organisationsnummer 556016-0680 och 802002-5123", []),
    ("165560160680", []),
    ("Det kostar 1 250 000 000 kronor", []),
    ("12345678901234567890", []),
    ("https://example.org/198902013286", []),
    ("070-174 06 05", []),
    ("", []),
]

WAYS_TO_REACH_SOMEBODY = [
    ("Ring 070-174 06 05 i kväll", ["070-174 06 05"]),
    ("0701740605", ["0701740605"]),
    ("070 174 06 05", ["070 174 06 05"]),
    ("070-1740605", ["070-1740605"]),
    ("070-174-06-05", ["070-174-06-05"]),
    ("063-14 30 00", ["063-14 30 00"]),
    ("(063) 14 30 00", ["(063) 14 30 00"]),
    ("0691-100 50", ["0691-100 50"]),
    ("08-465 004 00", ["08-465 004 00"]),
    ("+46701740605", ["+46701740605"]),
    ("+46 70 174 06 05", ["+46 70 174 06 05"]),
    ("+46 (0)70-174 06 05", ["+46 (0)70-174 06 05"]),
    ("0046 63 14 30 00", ["0046 63 14 30 00"]),
    ("rut@example.org.", ["rut@example.org"]),
    ("styrelsen@lockne-byalag.example.se", ["styrelsen@lockne-byalag.example.se"]),
    ("åsa.öberg+bussen@example.org", ["åsa.öberg+bussen@example.org"]),
    ("rut@example.org eller rut@example.org", ["rut@example.org"]),
    ("Mitt inlägg 2026-000123 är från 2026-03-11.", []),
    ("2026-012345678", []),
    ("den 03-11-2026", []),
    ("07-09 2024", []),
    ("08-12 2024", []),
    ("kl 08.00-17.00 och 08:15-09:45", []),
    ("1 012 345 678 kronor", []),
    ("0,123456789", []),
    ("1 200 000 kr och 250 000 kr", []),
    ("556016-0680", []),
    ("2040 ska vi vara 75 000", []),
    ("https://example.org/?q=0701740605&to=rut@example.org", []),
    ("@bussen och rut@", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "found"), PERSONAL_NUMBERS)
def test_a_personal_number_is_found_where_it_can_be_one_and_is_never_given_whole(text, found):
    assert personal_numbers(text) == found


@pytest.mark.parametrize(("text", "found"), WAYS_TO_REACH_SOMEBODY)
def test_telephone_numbers_and_addresses_are_found_as_they_are_written(text, found):
    assert ways_to_reach_somebody(text) == found


def test_ten_digits_from_nought_on_are_a_telephone_number_though_they_could_be_a_day():
    could_be_both = next(
        digits for last in range(10) if personal_numbers(f"{(digits := f'070123456{last}')[:6]}-{digits[6:]}")
    )
    assert personal_numbers(could_be_both) == []
    assert ways_to_reach_somebody(could_be_both) == [could_be_both]


def test_looking_takes_no_longer_than_the_text_is_long():
    """A text of a million characters is looked through without going back over it again and again."""
    for one in ("1", "0", "a", "a.", "+46", "070 ", "a@a", "www."):
        text = one * (1_000_000 // len(one))
        personal_numbers(text)
        ways_to_reach_somebody(text)
