"""The whole loop in a real browser, as three different people, ending with the letter."""

import re

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.service import mark

GOAL = "/mal/2024/naringsliv-och-tillvaxt"


def sign_in_by_letter(resident, email: str) -> None:
    resident.go("/logga-in")
    resident.page.get_by_label("Din e-postadress").fill(email)
    resident.press("Skicka en länk till mig")
    letter = resident.newest_letter(email, "Din länk för att logga in")
    resident.page.goto(re.search(r"http\S+/logga-in/\S+", letter).group())
    resident.press("Logga in")


def write_on_the_first_paragraph(resident, words: str) -> str:
    """Comment on a paragraph, by way of the notice; gives the registration number."""
    resident.go(GOAL)
    resident.page.get_by_role("link", name="Skriv om det här stycket").first.click()
    resident.page.get_by_label("Ditt namn").fill("Elsa Provar")
    resident.page.get_by_label(re.compile("Jag har läst")).check()
    resident.press("Gå vidare")
    resident.page.get_by_label("Förslag", exact=True).check()
    resident.page.get_by_label("Ditt inlägg").fill(words)
    resident.press("Skicka inlägget")
    resident.page.wait_for_url("**/kvitto/**")
    return re.search(r"\d{4}-\d{6}", resident.page.inner_text("h1")).group()


def publish(moderator, number: str) -> None:
    moderator.be("Moderator")
    show_everything_until(moderator, number, "Visa det som har väntat kortare tid")
    item = moderator.page.locator(f"#granska-{number}")
    item.get_by_role("button", name="Publicera").click()
    moderator.page.locator("#queue .lead").filter(has_text=f"{number} är publicerat.").wait_for()
    assert moderator.page.locator(f"#granska-{number}").count() == 0


def answer(editor, number: str) -> None:
    editor.be("Redaktör, kommunstyrelsen")
    show_everything_until(editor, number, "Visa inlägg som ska besvaras senare")
    editor.page.get_by_role("checkbox", name=re.compile(number)).check(force=True)
    editor.press("Skriv svar på valda inlägg")
    editor.page.get_by_label("Ni sa").fill("Du vill ha en bänk vid hållplatsen.")
    editor.page.get_by_label("Vi beslutade").fill("Vi ställer dit en bänk före midsommar.")
    editor.page.get_by_label("Därför").fill("Den som väntar ska kunna sitta.")
    editor.page.get_by_label("Utfall").select_option(label="Vi gör det")
    assert editor.sees("Svaret blir synligt för alla och skickas med mejl till 1 person.")
    editor.press("Publicera svaret")
    assert editor.sees("Svaret är publicerat. 1 person får ett mejl.")
    assert "/svar/" in editor.page.url


def show_everything_until(official, number: str, more: str) -> None:
    """The newest comment stands last: it may be on a later page of the queue or the inbox."""
    while not official.sees(number):
        with official.page.expect_navigation():
            official.follow(more)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_a_comment_to_the_letter_with_the_answer(people, javascript, viewport):
    words = f"Ställ en bänk vid hållplatsen i Lit, så att man kan sitta och vänta. {mark()}"
    email = f"elsa-{mark()}@example.org"
    resident = people(javascript=javascript, viewport=viewport)
    sign_in_by_letter(resident, email)
    number = write_on_the_first_paragraph(resident, words)
    receipt = resident.page.url
    assert resident.sees("En moderator läser")

    visitor = people(javascript=javascript, viewport=viewport)
    visitor.go(GOAL)
    assert not visitor.sees(words)

    publish(people(javascript=javascript, viewport=viewport), number)
    visitor.go(GOAL)
    assert visitor.sees(words)

    answer(people(javascript=javascript, viewport=viewport), number)
    letter = resident.newest_letter(email, "har svarat på ditt inlägg")
    assert words in " ".join(letter.split())
    assert "Vi ställer dit en bänk före midsommar." in letter

    visitor.page.goto(receipt)
    assert visitor.sees("Vi ställer dit en bänk före midsommar.")
    visitor.go(GOAL)
    assert visitor.sees("Vi ställer dit en bänk före midsommar.")
    visitor.go(f"/inlagg/{number}")
    assert visitor.sees("Vi ställer dit en bänk före midsommar.")
