"""Every page with the eyes of everybody, in both languages, at four widths, in light and in the dark: `make audit`.

Not among the tests that are run each time: it takes half an hour or an hour.
What it looks for is in test_accessibility.py.
"""

import pytest

from tests.browser.auditing import WIDTHS, auditing, doors_of, every_state, look_at
from tests.test_house_rules import EVERYBODY, one_of_each


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("language", ["", "/en"], ids=["sv", "en"])
@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_every_page_is_sound_for(world, app, browser, name, language):
    things = one_of_each(world)
    states = [("GET", address) for who, address in every_state(world) if name in {who, "mona", "eva"}]
    with auditing(world, app, browser, name, WIDTHS) as audit:
        look_at(audit, {*doors_of(name, things), *states}, world, name, language)
