"""Writing a comment in a real browser: what is left to write, and how it will look."""

import pytest
from playwright.sync_api import expect

from dialog.conversation.rules import LONGEST_COMMENT
from dialog.formats import number
from dialog.text import clean
from tests.browser.conftest import DESKTOP, PHONE

FORM = "/mal/2024/naringsliv-och-tillvaxt/skriv"
WORDS = "Bussen borde gå på kvällen 👩‍👩‍👧.\n\n \n\n\nDa\u030a kommer ungdomarna hem. Aalkoe ïedtjh öö.  "


def test_the_counter_counts_what_will_be_stored(people):
    resident = people()
    resident.be("Invånare")
    resident.go(FORM)
    resident.page.get_by_label("Ditt inlägg").fill(WORDS)
    left = resident.page.locator("#text-count").inner_text().split(": ")[1]
    assert left.replace("\u00a0", " ") == number(LONGEST_COMMENT - len(clean(WORDS))).replace("\u00a0", " ")


@pytest.mark.parametrize(("javascript", "viewport"), [(True, DESKTOP), (False, PHONE)])
def test_a_preview_needs_no_script_and_keeps_the_form(people, javascript, viewport):
    resident = people(javascript=javascript, viewport=viewport)
    resident.be("Invånare")
    resident.go(FORM)
    resident.page.get_by_label("Förslag", exact=True).check()
    resident.page.get_by_label("Ditt inlägg").fill(WORDS)
    resident.press("Förhandsgranska")
    expect(resident.page.get_by_role("heading", name="Så här kommer det att se ut")).to_be_in_viewport()
    assert "Då kommer ungdomarna hem." in resident.page.locator("article.comment").inner_text()
    assert resident.page.get_by_label("Ditt inlägg").input_value() == clean(WORDS)
    assert resident.page.get_by_label("Förslag", exact=True).is_checked()


@pytest.mark.parametrize("javascript", [True, False])
def test_what_must_be_put_right_stands_in_view_on_a_telephone(people, javascript):
    resident = people(javascript=javascript, viewport=PHONE)
    resident.be("Invånare")
    resident.go(FORM)
    resident.press("Skicka inlägget")
    resident.faults.clear()  # the browser counts a refused form as one
    expect(resident.page.get_by_role("heading", name="Det här behöver rättas")).to_be_in_viewport()
    resident.faults.clear()
