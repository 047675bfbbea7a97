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


LIKE_ANOTHERS = "Tänk på kvällsbussar och på ställen där unga kan vara, också på landsbygden."


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_while_one_writes_one_sees_what_others_have_said_and_agrees_without_losing_a_word(people, viewport):
    resident = people(viewport=viewport)
    resident.be("Invånare")
    resident.go(FORM)
    resident.page.get_by_label("Ditt inlägg").press_sequentially(LIKE_ANOTHERS)
    said = resident.page.locator("#liknande-antal")
    expect(said).to_contain_text("liknar ditt")
    expect(resident.page.get_by_label("Ditt inlägg")).to_be_focused()
    said.get_by_role("link").click()
    first = resident.page.locator("#liknande li").first
    expect(first).to_be_in_viewport()
    first.get_by_role("button", name="Håller med", exact=True).click()
    expect(first.get_by_role("button", name="Håller med", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    assert resident.page.get_by_label("Ditt inlägg").input_value() == LIKE_ANOTHERS


def test_without_javascript_what_is_like_it_stands_beside_the_preview(people):
    resident = people(javascript=False, viewport=PHONE)
    resident.be("Invånare")
    resident.go(FORM)
    resident.page.get_by_label("Förslag", exact=True).check()
    resident.page.get_by_label("Ditt inlägg").fill(LIKE_ANOTHERS)
    resident.press("Förhandsgranska")
    first = resident.page.locator("#liknande li").first
    with resident.page.context.expect_page() as opened:
        first.get_by_role("button", name="Håller med", exact=True).click()
    assert "Sparat." in opened.value.inner_text("main")
    assert resident.page.get_by_label("Ditt inlägg").input_value() == LIKE_ANOTHERS
