"""Everybody's main task by keyboard alone, and how each page of it is gone through: where Tab leads, and that it shows.

With JavaScript on a desktop, and without it on a telephone. What a person new to it all does, from the founding of an
organisation to the last letter, is walked by keyboard in test_an_organisations_voice.
"""

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.inside import served, somebody
from tests.browser.stops import Walker
from tests.world import GOAL_2024, World

Task = Callable[[World, Walker], None]


def visitor(world: World, keys: Walker) -> None:
    """Reads a goal, reports a comment, and follows the receipt of another."""
    answered = world.published(world.nils)
    world.answered(answered)
    keys.open(GOAL_2024)
    keys.follow("Visa inlägget")
    keys.follow("Anmäl")
    keys.choose("Det är reklam")
    keys.write("Berätta mer för moderatorn", "Det säljer en resa.")
    keys.press("Skicka anmälan")
    keys.reads("En moderator läser")
    keys.open(f"/kvitto/{answered.receipt_key}")
    keys.follow("Öppna svaret på en egen sida")
    keys.reads("Vi provar en kvällstur i höst.")


def rut(world: World, keys: Walker) -> None:
    """Comments, says what she thinks of what another says, and follows it."""
    said = world.published(world.nils)
    keys.open(GOAL_2024)
    keys.follow("Skriv om målet")
    keys.choose("Förslag")
    keys.write("Ditt inlägg", "Sätt upp en bänk vid hållplatsen i Lit.")
    keys.press("Skicka inlägget")
    keys.reads("Kvitto")
    keys.open(f"/inlagg/{said.number}")
    keys.press("Håller med")
    keys.reads("Sparat.")
    keys.follow("Följ inlägget")
    keys.press("Följ")
    keys.reads("Du följer det här.")


def vera(world: World, keys: Walker) -> None:
    """Speaks for her village group, and looks at how she may."""
    keys.open(f"{GOAL_2024}/skriv")
    keys.choose("Fråga")
    keys.write("Ditt inlägg", "När får vägen till bygdegården belysning?")
    keys.choose("Lockne byalag")
    keys.press("Skicka inlägget")
    keys.reads("Kvitto", "Lockne byalag")
    keys.open("/organisation/lockne-byalag/mandat")


def mona(world: World, keys: Walker) -> None:
    """Publishes one comment and hides another."""
    world.say(world.nils)
    world.say(world.prepared(world.gun), "Ett annat inlägg som också väntar.")
    keys.open("/moderering")
    keys.press("Publicera")
    keys.reads("är publicerat")
    keys.unfold("Dölj\u00a0…")
    keys.pick("Grund", "Personuppgifter")
    keys.write("Motivering till den som skrev", "Inlägget berättar om en annan människas hälsa.")
    keys.press("Dölj")
    keys.reads("är dolt")


def olle(world: World, keys: Walker) -> None:
    """Drafts an answer for his committee and sends it to the editor."""
    world.published(world.nils)
    keys.open("/namnd/ks/inkorg")
    keys.tick(keys.page.locator(".matter input[type=checkbox]").first)
    keys.press("Skriv svar på valda inlägg")
    keys.write("Ni sa", "Ni vill att bussen går på kvällen.")
    keys.write("Vi beslutade", "Vi provar en kvällstur i höst.")
    keys.write("Därför", "Många har sagt att det behövs.")
    keys.pick("Utfall", "Vi gör det")
    keys.press("Skicka till redaktören")
    keys.reads("redaktör")


def eva(world: World, keys: Walker) -> None:
    """Publishes an answer that is drafted."""
    draft = world.drafted(world.published(world.nils))
    keys.open(f"/namnd/ks/svar/{draft.id}")
    keys.press("Publicera svaret")
    keys.reads("Svaret är publicerat.")


def rikard(world: World, keys: Walker) -> None:
    """Opens what a comment said before personal data was taken out of it."""
    sealed = world.masked(world.published(world.nils, "Ett inlägg om en person som heter Eva."), "Eva")
    keys.open("/registrator/forseglat")
    keys.follow(sealed.number)
    keys.write("Varför det måste öppnas", "En begäran om allmän handling den 2 mars.")
    keys.press("Öppna och anteckna")
    keys.reads("en person som heter Eva")


def karin(world: World, keys: Walker) -> None:
    """Puts on record what somebody says on the telephone."""
    keys.open("/kundcenter")
    keys.follow("Näringsliv och tillväxt")
    keys.choose("På telefon")
    keys.choose("Förslag")
    keys.write("Orden som de sades eller skrevs", "Det behövs en bänk vid hållplatsen i Lit.")
    keys.tick(keys.page.get_by_label("Jag har berättat för personen"))
    keys.press("Registrera")
    keys.reads("Det är registrerat med numret")


def adam(world: World, keys: Walker) -> None:
    """Changes the register, and how many reports take a comment out of view."""
    keys.open("/forvaltning/register")
    keys.follow("Tekniska nämnden")
    keys.write("Arbetsdagar som nämnden har på sig att svara", "12")
    keys.press("Spara")
    keys.reads("sparad")
    if keys.page.get_by_text("Ditt arbete").is_visible():
        keys.unfold("Ditt arbete")
    keys.follow("Anmälningar")
    keys.write("Antal personer", "6")
    keys.press("Spara")
    keys.reads("Sparat. Det gäller från och med nu.")


TASKS: tuple[Task, ...] = (visitor, rut, vera, mona, olle, eva, rikard, karin, adam)


@pytest.mark.only_on("sqlite")  # the pages are the same on both
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.__name__)
def test_the_task_is_done_by_keyboard_alone(world, app, browser, task, javascript):
    options = {"java_script_enabled": javascript, "viewport": DESKTOP if javascript else PHONE}
    with (
        served(app) as address,
        somebody(world, app, browser, task.__name__, address, **options) as context,
    ):
        keys = Walker(context.new_page())
        task(world, keys)
        keys.go_through()
        assert len(keys.gone_through) >= 2, "Too few pages were looked at."


# What is wrong with a page, in so many words, and the page.
WRONG = {
    "outside the order": "<a class=ds-skip-link href=#x>1</a><a href=#a tabindex=2>2</a><a href=#b>3</a>",
    "is seen before": "<a class=ds-skip-link href=#x>1</a><div style='display:flex;flex-direction:column-reverse'>"
    "<a href=#a>2</a><a href=#b>3</a></div>",
    "skip link": "<a href=#a>1</a><a href=#b>2</a>",
    "doesn't show": "<a class=ds-skip-link href=#x>1</a><br><br><button style='outline:0'>2</button>",
}


@pytest.mark.parametrize("told", WRONG)
def test_a_page_that_is_hard_to_go_through_would_be_found(browser, told):
    page = browser.new_page(viewport=DESKTOP)
    page.set_content(f"<main><h1>Sida</h1>{WRONG[told]}</main>")
    with pytest.raises(AssertionError, match=re.escape(told)):
        Walker(page).go_through()
    page.close()
