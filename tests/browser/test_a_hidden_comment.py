"""From a report to a comment shown again: two decisions, new words between them, and another moderator's look."""

import pytest

from tests.browser.conftest import DESKTOP, PHONE, Somebody
from tests.browser.service import mark
from tests.browser.test_the_loop import (
    GOAL,
    publish,
    show_everything_until,
    sign_in_by_letter,
    write_on_the_first_paragraph,
)

MORE_OF_THE_QUEUE = "Visa det som har väntat kortare tid"


def report(visitor: Somebody, number: str) -> str:
    """Report the comment as somebody who isn't signed in; gives the address of the receipt."""
    visitor.go(f"/inlagg/{number}")
    visitor.follow("Anmäl")
    visitor.page.get_by_label("Det angriper eller förolämpar någon").check()
    visitor.press("Skicka anmälan")
    visitor.page.wait_for_url("**/anmalan/**")
    assert visitor.sees("En moderator läser")
    return visitor.page.url


def hide(moderator: Somebody, number: str, reasons: str) -> None:
    moderator.go("/moderering")
    show_everything_until(moderator, number, MORE_OF_THE_QUEUE)
    item = moderator.page.locator(f"#granska-{number}")
    item.get_by_text("Dölj …").click()
    item.get_by_label("Grund").select_option(label="Personangrepp")
    item.get_by_label("Nej", exact=True).check()
    item.get_by_label("Motivering").fill(reasons)
    item.get_by_role("button", name="Dölj", exact=True).click()
    moderator.page.locator("#queue .lead").filter(has_text=f"{number} är dolt.").wait_for()


def send_again(author: Somebody, receipt: str, words: str) -> None:
    author.page.goto(receipt)
    author.follow("Ändra inlägget och skicka det igen")
    author.page.get_by_label("Ditt inlägg").fill(words)
    author.press("Skicka inlägget igen")
    author.page.get_by_text("Ditt inlägg är ändrat. En moderator läser det innan det visas.").wait_for()


def ask_for_a_new_look(author: Somebody, receipt: str, words: str) -> None:
    author.page.goto(receipt)
    author.follow("Begär ny prövning")
    author.page.get_by_label("Varför tycker du att inlägget ska visas?").fill(words)
    author.press("Skicka begäran")
    author.page.wait_for_url("**/kvitto/**")
    assert author.sees("En annan moderator än den som beslutade läser")


def appeal_before(moderator: Somebody, number: str):
    """What was asked for about the comment, as it stands before this moderator; nothing if they don't look at it."""
    moderator.go("/moderering/provningar")
    return moderator.page.locator(".review").filter(has_text=number)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_hidden_twice_and_shown_again_by_another_moderator(people, javascript, viewport):
    author, visitor, moderator, other = (people(javascript=javascript, viewport=viewport) for _ in range(4))
    email = f"elsa-{mark()}@example.org"
    sign_in_by_letter(author, email)
    first = f"De som plogar i Lit borde väcka sig själva klockan fyra. {mark()}"
    number = write_on_the_first_paragraph(author, first)
    receipt = author.page.url.partition("#")[0]
    publish(moderator, number)

    told = report(visitor, number)
    moderator.go("/moderering")
    show_everything_until(moderator, number, MORE_OF_THE_QUEUE)
    assert "Anmält 1 gång" in moderator.page.locator(f"#granska-{number}").inner_text()
    hide(moderator, number, "Inlägget går åt dem som plogar, inte åt hur det plogas.")
    visitor.page.goto(told)
    assert visitor.sees("Grund: Personangrepp")
    visitor.go(GOAL)
    assert not visitor.sees(first)
    letter = author.newest_letter(email, "visas inte")
    assert "Inlägget går åt dem som plogar" in " ".join(letter.split())
    assert receipt in letter

    second = f"Plogningen i Lit behöver vara klar klockan fem. {mark()}"
    send_again(author, receipt, second)
    hide(moderator, number, "Det är fortfarande riktat mot några få personer.")

    author.page.goto(receipt)
    ask_for_a_new_look(author, receipt, "Nu står det bara när plogningen behöver vara klar.")
    moderator.be("Moderator")
    assert appeal_before(moderator, number).count() == 0
    assert moderator.sees("Andra prövar de här")
    other.be("En andra moderator")
    appeal = appeal_before(other, number)
    assert "Det är fortfarande riktat mot" in appeal.inner_text()
    appeal.get_by_label("Motivering").fill("Texten handlar om en tid och inte om någon person.")
    appeal.get_by_role("button", name="Visa inlägget igen").click()
    assert other.sees(number)

    letter = author.newest_letter(email, f"{number} visas igen")
    assert "Texten handlar om en tid" in " ".join(letter.split())
    visitor.go(f"/inlagg/{number}")
    assert visitor.sees(second)
    assert not visitor.sees(first)
    visitor.go("/moderering/logg")
    assert visitor.sees("Ändrat")
