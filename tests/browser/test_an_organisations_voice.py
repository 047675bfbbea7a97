"""A new user on a telephone, by keyboard alone: an organisation of their own, its word, and the letters about it."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.browser.conftest import PHONE
from tests.browser.keyboard import Keyboard
from tests.browser.service import mark
from tests.browser.test_the_loop import GOAL, publish


def sign_in(user, keys: Keyboard, email: str) -> None:
    user.go("/")
    keys.follow("Logga in")
    keys.write("Din e-postadress", email)
    keys.press("Skicka en länk till mig")
    open_from_letter(user, email, "Din länk för att logga in", r"http\S+/logga-in/\S+")
    keys.press("Logga in")


def open_from_letter(user, email: str, subject: str, address: str) -> None:
    """Open the address that the newest letter with this subject holds."""
    found = re.search(address, user.newest_letter(email, subject))
    assert found, f"The letter {subject!r} leads nowhere."
    user.page.goto(found.group())


def found(user, keys: Keyboard, name: str) -> None:
    keys.follow("Mitt konto")
    keys.follow("Anmäl en organisation")
    keys.write("Namn", name)
    keys.choose("Förening")
    keys.write("Vad den är till för", "Vi håller liv i bygdegården och vägarna dit.")
    keys.write("Vad som ger rätt att tala", "styrelsebeslut")
    today = datetime.now(UTC).date()
    keys.write("Dag för beslutet", str(today))
    keys.write("Mandatets sista dag", str(today + timedelta(days=300)))
    keys.press("Anmäl organisationen")
    keys.reads("Organisationen är anmäld.")


def confirm(official, name: str) -> None:
    official.be("Kundcenter")
    official.follow("Organisationer att bekräfta")
    official.follow(name)
    official.press("Bekräfta")
    official.page.get_by_text("Beslutat.").wait_for()


def comment_for(user, keys: Keyboard, name: str, words: str) -> str:
    """Comment on a paragraph for the organisation, by way of the notice; gives the registration number."""
    user.go(GOAL)
    keys.follow("Skriv om det här stycket")
    keys.write("Ditt namn, så som det visas", "Elsa Provar")
    keys.tick(user.page.get_by_label(re.compile("Jag har läst")))
    keys.press("Gå vidare")
    keys.choose("Förslag")
    keys.write("Ditt inlägg", words)
    keys.choose(name)
    keys.press("Förhandsgranska")
    keys.reads("Så här kommer det att se ut", "genom Elsa Provar, styrelsebeslut")
    keys.press("Skicka inlägget")
    user.page.wait_for_url("**/kvitto/*")
    return re.search(r"Kvitto (\d{4}-\d{6})", user.page.inner_text("h1")).group(1)


def follow_the_goal(user, keys: Keyboard) -> None:
    user.go(GOAL)
    keys.follow("Följ målet")
    keys.press("Följ")
    keys.reads("Du följer det här.")
    keys.follow("Allt du följer")
    keys.choose("Genast, ett mejl för varje sak som händer")
    keys.press("Spara hur ofta mejlen kommer")
    keys.reads("Dina ändringar är sparade.")


def say_something_else(other, words: str) -> None:
    other.be("Invånare i stan")
    other.go(f"{GOAL}/skriv")
    other.page.get_by_label("Fråga", exact=True).check()
    other.page.get_by_label("Ditt inlägg").fill(words)
    other.press("Skicka inlägget")
    other.page.wait_for_url("**/kvitto/*")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_by_keyboard_from_founding_it_to_ending_the_letters(people, javascript):
    own = mark()
    name, email = f"Provbyns bygdegård {own}", f"elsa-{own}@example.org"
    words = f"Vi i bygdegården vill ha belysning längs vägen hit. {own}"
    user = people(javascript=javascript, viewport=PHONE)
    keys = Keyboard(user.page)
    sign_in(user, keys, email)
    found(user, keys, name)
    official = people(javascript=javascript, viewport=PHONE)
    confirm(official, name)
    open_from_letter(user, email, f"{name} är bekräftad", r"http\S+/organisation/\S+")
    keys.reads("Organisationen har inte sagt något än.")

    number = comment_for(user, keys, name, words)
    publish(official, number)
    keys.page.reload()
    keys.follow("Publicerat")
    keys.reads(name, words)
    keys.follow("Följ inlägget")
    keys.reads_in_time("Du följer det här.")  # as everybody does what they have written themselves
    follow_the_goal(user, keys)

    say_something_else(official, f"Vem svarar för belysningen längs vägarna på landet? {own}")
    open_from_letter(user, email, "Nytt i det du följer", r"http\S+/brev/avsluta/\S+")
    keys.press("Ja, sluta följa")
    keys.reads("Du får inga fler mejl om det.")
    user.go("/konto/foljer")
    keys.reads(f"Inlägg {number}")
    assert not user.page.get_by_role("button", name="Sluta följa: Näringsliv och tillväxt").count()
