"""What somebody has written survives what goes wrong: in a real browser, at a telephone's width."""

import re

import pytest

from tests.browser.conftest import PHONE
from tests.browser.service import mark

FORM = "/mal/2024/naringsliv-och-tillvaxt/skriv"
FOUND = "Det du skrev finns kvar"
# What the service answers a part of a page when its database is locked (see tests/test_web.py).
BUSY = {
    "headers": {"HX-Retarget": "#fel", "HX-Reswap": "innerHTML", "Content-Type": "text/html; charset=utf-8"},
    "body": "<p data-unless-kept>Gå tillbaka</p><p data-when-kept hidden>Det du skrev finns kvar här nedanför.</p>",
}


@pytest.fixture
def words() -> str:
    return f"Ställ en bänk vid hållplatsen i Lit. {mark()}"


@pytest.fixture
def resident(people, words):
    """A resident who has written a proposal and not sent it."""
    somebody = people(viewport=PHONE)
    somebody.be("Invånare")
    write(somebody, words)
    return somebody


def write(somebody, words: str, form: str = FORM) -> None:
    somebody.go(form)
    somebody.page.get_by_label("Förslag", exact=True).check()
    somebody.page.get_by_label("Ditt inlägg").fill(words)


def text_of(somebody) -> str:
    return somebody.page.get_by_label("Ditt inlägg").input_value()


def found(somebody):
    return somebody.page.get_by_role("status").filter(has_text=FOUND)


def kept_in(somebody) -> int:
    """How many drafts the browser keeps."""
    return somebody.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:')).length")


def send(somebody) -> str:
    """Send it, and give the number that it got."""
    somebody.press("Skicka inlägget")
    somebody.page.wait_for_url("**/kvitto/**")
    return re.search(r"\d{4}-\d{6}", somebody.page.inner_text("h1")).group()


def said(somebody, words: str) -> int:
    """How many of the person's own comments hold the words."""
    somebody.go("/mina-inlagg")
    return somebody.page.locator("article.comment").filter(has_text=words).count()


def forget_faults(somebody, pattern: str) -> None:
    """What the browser reports of a fault that was meant."""
    assert all(re.search(f"{pattern}|^htmx:", fault) for fault in somebody.faults), somebody.faults
    somebody.faults.clear()


def test_what_is_written_is_there_after_a_reload_and_goes_when_it_is_thrown_away(resident, words):
    assert resident.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    resident.page.reload()
    found(resident).wait_for()
    assert text_of(resident) == words
    assert resident.page.get_by_label("Förslag", exact=True).is_checked()
    assert resident.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    resident.press("Kasta det")
    assert text_of(resident) == ""
    assert not resident.page.get_by_label("Förslag", exact=True).is_checked()
    assert kept_in(resident) == 0
    resident.page.reload()
    assert not found(resident).is_visible()


def test_it_is_kept_for_its_own_form_and_no_other(resident, words):
    resident.go(f"{FORM}?uppdrag=1")
    assert text_of(resident) == ""
    assert not found(resident).is_visible()


def test_what_was_sent_is_kept_no_longer(resident, words):
    send(resident)
    assert kept_in(resident) == 0
    resident.go(FORM)
    assert text_of(resident) == ""
    assert said(resident, words) == 1


def test_a_lost_connection_leaves_the_text_and_it_is_sent_once(resident, words):
    resident.page.context.set_offline(True)
    resident.press("Skicka inlägget")
    lost = resident.page.get_by_role("alert").filter(has_text="Det gick inte att nå oss")
    lost.wait_for()
    assert text_of(resident) == words
    assert kept_in(resident) == 1
    resident.page.context.set_offline(False)
    forget_faults(resident, "ERR_INTERNET_DISCONNECTED")
    resident.press("Försök igen")
    resident.page.wait_for_url("**/kvitto/**")
    assert said(resident, words) == 1


def test_an_answer_that_was_lost_on_the_way_makes_no_second_comment(resident, words):
    def lose(route):
        route.fetch(max_redirects=0)  # the server has taken it
        route.abort()

    resident.page.route(f"**{FORM}", lose, times=1)
    resident.press("Skicka inlägget")
    resident.page.get_by_role("alert").filter(has_text="Det gick inte att nå oss").wait_for()
    resident.page.reload()
    found(resident).wait_for()
    forget_faults(resident, "ERR_FAILED")
    send(resident)
    assert said(resident, words) == 1
    assert kept_in(resident) == 0


def test_a_failed_save_leaves_the_text(resident, words):
    resident.page.route(f"**{FORM}", lambda route: route.fulfill(status=503, **BUSY), times=1)
    resident.press("Skicka inlägget")
    resident.page.get_by_text("Det du skrev finns kvar här nedanför.").wait_for()
    assert not resident.page.get_by_text("Gå tillbaka").is_visible()
    assert text_of(resident) == words
    assert kept_in(resident) == 1
    forget_faults(resident, "503|skriv")
    send(resident)
    assert said(resident, words) == 1


def test_a_session_that_ended_is_begun_anew_and_the_text_is_there(resident, words):
    resident.page.context.clear_cookies()
    resident.press("Skicka inlägget")
    resident.page.get_by_text(
        "Inget skickades, men det du skrev finns kvar i den här webbläsaren."
    ).wait_for()
    assert text_of(resident) == words
    forget_faults(resident, "401")
    resident.be("Invånare")
    resident.go(FORM)
    found(resident).wait_for()
    assert text_of(resident) == words
    send(resident)
    assert said(resident, words) == 1


@pytest.mark.parametrize("way", ["signs out", "another person signs in"])
def test_nothing_is_left_for_the_next_person_at_the_same_computer(resident, words, way):
    if way == "signs out":
        resident.go("/")
        resident.press("Logga ut")
        resident.page.get_by_role("link", name="Logga in").first.wait_for()
        assert kept_in(resident) == 0
        resident.be("Invånare")
    else:
        resident.page.context.clear_cookies()
        resident.be("Moderator")
        assert resident.sees("Att granska")
        assert kept_in(resident) == 0
    resident.go(FORM)
    assert text_of(resident) == ""


def test_without_javascript_the_page_that_refused_it_sends_it_later(people, words):
    somebody = people(javascript=False, viewport=PHONE)
    somebody.be("Invånare")
    write(somebody, words)
    somebody.page.context.clear_cookies()
    somebody.press("Skicka inlägget")
    assert somebody.sees("Du är inte längre inloggad")
    assert somebody.page.get_by_label("Det du skrev").input_value() == words
    forget_faults(somebody, "401")
    with somebody.page.context.expect_page() as opened:
        somebody.follow("Logga in i en ny flik")
    opened.value.goto(f"{somebody.address}/demo")
    opened.value.get_by_role("button", name="Invånare").first.click()
    opened.value.wait_for_load_state()
    somebody.press("Skicka det jag skrev")
    assert somebody.sees("Du har loggat in sedan du öppnade formuläret.")
    forget_faults(somebody, "400")
    somebody.press("Skicka det jag skrev")
    assert "/kvitto/" in somebody.page.url
    assert said(somebody, words) == 1
