"""Every page, every form that failed and every step of the loop, looked through by axe-core.

Each is looked at once, as narrow as 400 % zoom makes it, in light and in the dark. `make audit` looks at all of them
with the eyes of everybody (see every_eye.py).
"""

import pytest

from dialog.errors import ERRORS, show_error
from dialog.permissions import permitted
from tests.browser.auditing import Audit, auditing, doors_of, every_state, look_at, shown
from tests.people.conftest import provider, set_up_for
from tests.people.e_legitimation import LINUS, START, came_back
from tests.people.provider import NUMBER
from tests.people.test_sign_in import asked
from tests.test_house_rules import EVERYBODY, ROOT, one_of_each
from tests.world import GOAL_2024

__all__ = ["provider", "set_up_for"]
pytestmark = pytest.mark.only_on("sqlite")  # the pages are the same on both

TEMPLATES = {str(path.relative_to(ROOT / "templates")) for path in (ROOT / "templates").rglob("*.html")}
LOOKED_AT_ELSEWHERE = {
    "moderation/_left.html": "test_the_queue_stays_sound_while_it_is_worked_through",
    "people/open_link.html": "test_the_ways_in_are_sound",
    "people/proof.html": "test_the_ways_in_are_sound",
    "people/proof_failed.html": "test_the_ways_in_are_sound",
    "response/_arrived.html": "test_an_answer_stays_sound_while_it_is_written",
    "response/_checked.html": "test_an_answer_stays_sound_while_it_is_written",
    "search/_answered.html": "test_writing_stays_sound_from_the_first_word_to_the_receipt",
}


def test_each_page_and_each_form_that_failed_is_sound(world, app, browser, monkeypatch):
    used = record_templates(app, monkeypatch)
    things = one_of_each(world)
    states = every_state(world)
    for name in sorted(EVERYBODY):
        doors = set(doors_of(name, things, first_reader=True))
        doors |= {("GET", address) for who, address in states if who == name}
        if doors:
            with auditing(world, app, browser, name) as audit:
                look_at(audit, doors, world, name)
    never = TEMPLATES - used - set(LOOKED_AT_ELSEWHERE)
    assert not never, (
        f"No page that this test looks at shows {sorted(never)}: give it a door or a state here."
    )


def record_templates(app, monkeypatch) -> set[str]:
    """The names of all templates that are used from now on, parts of pages and macros too."""
    used: set[str] = set()
    find = app.jinja_env.get_template

    def note(name, *args, **kwargs):
        used.add(name)
        return find(name, *args, **kwargs)

    monkeypatch.setattr(app.jinja_env, "get_template", note)
    return used


def show(audit: Audit, name: str, response) -> None:
    assert shown(audit.page, response), f"{name} is no page."
    audit.look(name)


def test_the_ways_in_are_sound(world, app, browser, client, provider, monkeypatch):
    used = record_templates(app, monkeypatch)
    with auditing(world, app, browser, "visitor") as audit:
        show(audit, "the link in a letter", client.get(asked(client)))
        show(audit, "nobody has gone to the provider", client.get(f"{START}/klar"))
        for says in ({}, {"email": "linus@example.org", "email_verified": True}):
            provider.says = {NUMBER: LINUS, "name": "Linus Ny", **says}
            show(audit, f"proven: {says}", came_back(app.test_client()))
    assert {"people/open_link.html", "people/proof.html", "people/proof_failed.html"} <= used


def test_writing_stays_sound_from_the_first_word_to_the_receipt(world, app, browser, monkeypatch):
    used = record_templates(app, monkeypatch)
    world.published(text="Bussen till Häggenås borde gå också på kvällen.")
    with auditing(world, app, browser, "rut") as audit:
        page = audit.page
        page.goto(f"{GOAL_2024}/skriv")
        page.get_by_role("button", name="Skicka inlägget").click()
        page.locator("[role=alert]:focus").wait_for()
        audit.look("nothing is written")
        page.get_by_label("Ditt inlägg").fill("Bussen till Häggenås måste gå på kvällen.")
        page.locator("#liknande-antal a").wait_for()
        audit.look("others have said something like it")
        page.locator(".stances button").first.click()
        page.locator(".stances [aria-pressed=true]").wait_for()
        audit.look("the writer agrees with one of them")
        page.get_by_role("button", name="Förhandsgranska").click()
        page.locator("#forhandsgranskning, [data-focus]").first.wait_for()
        audit.look("as it will be shown")
        page.goto(f"{GOAL_2024}/skriv")
        audit.look("a draft is found")
        page.get_by_label("Fråga").check()
        page.get_by_role("button", name="Skicka inlägget").click()
        page.wait_for_url("**/kvitto/*")
        audit.look("the receipt")
    assert "search/_answered.html" in used


def test_the_queue_stays_sound_while_it_is_worked_through(world, app, browser, monkeypatch):
    used = record_templates(app, monkeypatch)
    ticked, decided, hidden = (
        world.say(author) for author in (world.nils, world.vera, world.prepared(world.gun))
    )
    with auditing(world, app, browser, "mona") as audit:
        page = audit.page
        page.goto("/moderering")
        card = page.locator(f"#granska-{hidden.number}")
        card.locator(".hide-form > summary").click()
        card.locator(".hide-form button[type=submit]").last.click()
        page.locator("[role=alert]:focus").wait_for()
        audit.look("no ground is given")
        page.goto("/moderering")
        for comment in (ticked, decided):
            page.locator(f"#valj-{comment.number}").check()
        world.decide(decided, "hide", world.max)
        page.get_by_role("button", name="Släpp fram de ikryssade").click()
        page.locator("[role=alert]:focus").wait_for()
        audit.look("one was decided meanwhile")
    assert "moderation/_left.html" in used


def test_an_answer_stays_sound_while_it_is_written(world, app, browser, monkeypatch):
    used = record_templates(app, monkeypatch)
    draft = world.drafted(world.published(world.rut, "Ett inlägg som väntar på svar."))
    with auditing(world, app, browser, "eva") as audit:
        page = audit.page
        page.clock.install()
        page.goto(f"/namnd/ks/svar/{draft.id}")
        page.get_by_label("Därför").fill(
            "Verkställigheten m.m. effektueras i enlighet med ärendets beredning."
        )
        page.clock.run_for(2_000)
        page.locator(".advice").wait_for()
        world.published(world.nils, "Ett inlägg som kommer medan svaret skrivs.")
        page.clock.run_for(61_000)
        page.locator("#nya .notice").wait_for()
        page.clock.resume()
        audit.look("advice on the language, and a comment that has come meanwhile")
    assert {"response/_arrived.html", "response/_checked.html"} <= used


@pytest.mark.parametrize("language", ["", "/en"], ids=["sv", "en"])
def test_whatever_goes_wrong_is_told_on_a_sound_page(world, app, browser, monkeypatch, language):
    codes = list(ERRORS)
    monkeypatch.setitem(app.view_functions, "public.about", permitted("read")(lambda: show_error(codes[-1])))
    with auditing(world, app, browser, "rut") as audit:
        while codes:
            assert audit.page.goto(f"{language}/om").status == codes[-1]
            audit.look(f"{codes.pop()}")
