"""An answer that didn't answer: four people, from the comment to the second answer, the receipt followed unsigned."""

import re

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.service import mark
from tests.browser.test_the_loop import (
    publish,
    show_everything_until,
    sign_in_by_letter,
    write_on_the_first_paragraph,
)


def draft(officer, number: str, decided: str) -> None:
    """Draft an answer, and send it to the committee's editor."""
    officer.go("/namnd/ks/inkorg")
    show_everything_until(officer, number, "Visa inlägg som ska besvaras senare")
    officer.page.get_by_role("checkbox", name=re.compile(number)).check(force=True)
    officer.press("Skriv svar på valda inlägg")
    officer.page.get_by_label("Ni sa").fill("Du vill veta när bänken kommer.")
    officer.page.get_by_label("Vi beslutade").fill(decided)
    officer.page.get_by_label("Därför").fill("Den som väntar ska kunna sitta.")
    officer.page.get_by_label("Utfall").select_option(label="Vi gör det")
    officer.press("Skicka till redaktören")
    officer.page.wait_for_url("**/inkorg**")


def publish_what_waits(editor, decided: str) -> None:
    """Find the answer that holds these words among what waits for the editor, and publish it."""
    editor.go("/namnd/ks/inkorg")
    for address in editor.page.locator("a[href*='/namnd/ks/svar/']").evaluate_all(
        "all => all.map(one => one.href)"
    ):
        editor.page.goto(address)
        if editor.page.get_by_label("Vi beslutade").input_value() == decided:
            editor.press("Publicera svaret")
            assert editor.sees("Svaret är publicerat.")
            return
    raise AssertionError("No such answer waits for the editor.")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_a_comment_by_a_no_to_the_second_answer(people, javascript, viewport):
    resident, moderator, officer, editor = (
        people(javascript=javascript, viewport=viewport) for _ in range(4)
    )
    email, words = f"elsa-{mark()}@example.org", f"När kommer bänken vid hållplatsen i Lit? {mark()}"
    first, second = f"Vi ställer dit en bänk. {mark()}", f"Bänken kommer i maj. {mark()}"
    sign_in_by_letter(resident, email)
    number = write_on_the_first_paragraph(resident, words)
    receipt = resident.page.url.partition("#")[0]
    publish(moderator, number)

    officer.be("Handläggare, kommunstyrelsen")
    draft(officer, number, first)
    editor.be("Redaktör, kommunstyrelsen")
    publish_what_waits(editor, first)

    # From here on the resident has the receipt's address, and isn't signed in.
    follower = people(javascript=javascript, viewport=viewport)
    follower.page.goto(receipt)
    assert follower.sees(first)
    follower.follow("Nej")
    follower.page.get_by_label("Nej, jag fick inte svar").check()
    follower.page.get_by_label("Vad saknas?").fill("Jag frågade när den kommer.")
    follower.press("Skicka")
    follower.page.wait_for_url("**/kvitto/**")
    assert follower.sees("Jag frågade när den kommer.")

    draft(officer, number, second)
    publish_what_waits(editor, second)
    resident.newest_letter(email, "har svarat på ditt inlägg", holding=second)
    follower.page.goto(receipt)
    assert follower.sees(first)
    assert follower.sees(second)
    follower.press("Ja")
    follower.page.wait_for_url("**/kvitto/**")
    assert follower.sees("Ja, jag fick svar")
    follower.go(f"/inlagg/{number}")
    assert follower.sees(second)
    assert not follower.sees("Jag frågade när den kommer.")
