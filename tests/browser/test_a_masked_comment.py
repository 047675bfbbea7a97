"""From a name in a comment to what everybody reads without it, and to the registrar who opens it for a reason."""

import pytest

from tests.browser.conftest import DESKTOP, PHONE, Somebody
from tests.browser.service import mark
from tests.browser.test_the_loop import GOAL, publish, sign_in_by_letter, write_on_the_first_paragraph


def take_out(moderator: Somebody, number: str, words: str) -> None:
    moderator.go(f"/inlagg/{number}")
    moderator.follow("Ta bort personuppgifter …")
    moderator.page.get_by_label("Orden som ska tas bort").fill(words)
    moderator.press("Granska hur det blir")
    moderator.page.get_by_role("heading", name="Så här kommer alla att läsa det").wait_for()
    assert "[personuppgift borttagen]" in moderator.page.locator(".preview").inner_text()
    moderator.press("Ta bort det och visa resten")
    moderator.page.get_by_text(f"{number} visas utan personuppgifterna").wait_for()


def open_for_a_reason(registrar: Somebody, number: str, why: str) -> None:
    registrar.be("Registrator")
    registrar.follow(number)
    registrar.page.get_by_label("Varför det måste öppnas").fill(why)
    registrar.press("Öppna och anteckna")
    registrar.page.get_by_role("heading", name="Det som stod").wait_for()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_name_is_taken_out_and_opened_by_the_registrar_alone(people, javascript, viewport):
    author, visitor, moderator, registrar = (
        people(javascript=javascript, viewport=viewport) for _ in range(4)
    )
    email, name = f"elsa-{mark()}@example.org", f"Berit {mark()}"
    sign_in_by_letter(author, email)
    number = write_on_the_first_paragraph(author, f"Min granne {name} i Lit får ingen hjälp med snön.")
    receipt = author.page.url.partition("#")[0]
    publish(moderator, number)
    visitor.go(GOAL)
    assert visitor.sees(name)

    take_out(moderator, number, name.upper())
    for address in (GOAL, f"/inlagg/{number}", f"/sok?q={name.split()[1]}"):
        visitor.go(address)
        assert not visitor.sees(name), address
    visitor.go(f"/inlagg/{number}")
    assert visitor.sees("Min granne [personuppgift borttagen] i Lit får ingen hjälp med snön.")
    assert visitor.sees("En moderator tog bort personuppgifter ur inlägget")
    letter = author.newest_letter(email, f"Personuppgifter är borttagna ur ditt inlägg {number}")
    assert name not in letter and "ny-provning" in letter
    author.page.goto(receipt)
    assert author.sees("Varför något är borttaget") and not author.sees(name)

    why = f"Någon har begärt ut handlingen. {mark()}"
    open_for_a_reason(registrar, number, why)
    assert registrar.sees(f"Min granne {name} i Lit")
    registrar.go(f"/registrator/forseglat/{number}")
    assert registrar.sees(why) and not registrar.sees(name)
    visitor.go("/moderering/logg")
    assert visitor.sees("Personuppgifter borttagna, resten visas") and not visitor.sees(name)
