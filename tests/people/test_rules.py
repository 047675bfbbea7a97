"""What a person may be called: pure rules."""

import pytest

from dialog.people.rules import is_the_municipalitys

ITS_NAMES = ("Östersunds kommun", "Tekniska nämnden", "teknisk nämnd", "TN", "Kommunstyrelsen")


@pytest.mark.parametrize(
    ("name", "is_its_own"),
    [
        ("Tekniska nämnden", True),  # a committee's name
        ("  TEKNISKA   Nämnden!", True),  # however it is written
        ("Eva, tekniska nämnden", True),  # or what stands around it
        ("Tekniska-nämnden", True),
        ("TN", True),  # its code alone
        ("Tom T. N.", False),  # letters of a code in somebody's name
        ("Moderator", True),  # an office here
        ("Anna (moderator)", True),
        ("Östersunds kommun", True),
        ("Tekniska Tina", False),  # a word of a committee's name
        ("Anna Kommunesson", False),  # a name that begins as one
        ("Östersund", False),
        ("", False),
    ],
)
def test_nobody_shows_a_name_of_the_municipalitys_own(name, is_its_own):
    assert is_the_municipalitys(name, ITS_NAMES) is is_its_own
