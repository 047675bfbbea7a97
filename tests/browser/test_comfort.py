"""What nobody notices until it is missing: where one stands on a page, and that it is seen in every light."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialog.db import clock, transaction
from dialog.response.revising import revise
from tests.browser.auditing import opened
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.inside import served, somebody
from tests.browser.keyboard import Keyboard
from tests.conftest import NOW
from tests.test_house_rules import EVERYBODY
from tests.world import ANSWER, GOAL_2024

pytestmark = pytest.mark.only_on("sqlite")  # the pages are the same on both

IN_FOCUS = "document.activeElement === document.body ? '' : document.activeElement.innerText.trim()"
OUTLINE = """() => {
  const style = getComputedStyle(document.activeElement);
  return document.activeElement.matches("body, main") ? null : [style.outlineStyle, style.outlineWidth];
}"""
MOVING = """all => all.filter((one) => {
  const style = getComputedStyle(one);
  return parseFloat(style.transitionDuration) || style.animationName !== "none";
}).map((one) => one.className)"""
PLACE = """() => {
  const here = document.activeElement;
  return [...document.querySelectorAll(".thread")].indexOf(here.closest(".thread"));
}"""
MOST_STEPS = 60
ROW = 44  # as high as what a finger is to meet
RULES = "/forvaltning/regler"


@pytest.fixture
def visit(world, app, browser):
    """Opens a browser of somebody's: `visit("nils", forced_colors="active")`."""
    opened_browsers = []
    with served(app) as address:

        def come(name: str = "visitor", **options):
            coming = somebody(world, app, browser, name, address, **options)
            opened_browsers.append(coming)
            return coming.__enter__().new_page()

        yield come
        for coming in opened_browsers:
            coming.__exit__(None, None, None)


def settled(page) -> None:
    """Wait until htmx has done with what it put there: until then its buttons are a plain form's."""
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-added, .htmx-settling')")


def test_whoever_presses_a_button_stands_at_what_came_in_its_place(world, visit):
    page = visit("nils")
    page.goto(f"/folj/uppdrag/{world.assignment(1).id}")
    for press, then in (("Följ", "Sluta följa"), ("Sluta följa", "Följ")):
        page.get_by_role("button", name=press, exact=True).focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name=then, exact=True).wait_for()
        settled(page)
        assert page.evaluate(IN_FOCUS) == then


def test_whoever_says_what_they_think_stays_at_the_buttons(world, visit):
    comment = world.published(world.rut)
    page = visit("nils")
    page.goto(f"/inlagg/{comment.number}/stallning")
    page.get_by_role("button", name="Håller med").focus()
    page.keyboard.press("Enter")
    page.locator("[aria-pressed=true]").wait_for()
    settled(page)
    assert "Håller med" in page.evaluate(IN_FOCUS)
    page.get_by_role("button", name="Ta tillbaka").focus()
    page.keyboard.press("Enter")
    page.locator("[aria-pressed=true]").wait_for(state="detached")
    settled(page)
    assert page.evaluate(IN_FOCUS) != ""


def test_whoever_asks_for_more_stands_at_the_first_that_came(world, visit):
    for number in range(25):
        world.published(
            world.prepared(world.gun) if number % 2 else world.rut, f"Inlägg nummer {number} om bussen."
        )
    page = visit()
    page.goto(GOAL_2024)
    shown = page.locator(".thread").count()
    page.get_by_role("link", name="Visa fler inlägg").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("shown => document.querySelectorAll('.thread').length > shown", arg=shown)
    assert page.evaluate(PLACE) == shown


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("forced", ["none", "active"])
def test_everything_that_has_the_focus_shows_it(world, visit, scheme, forced):
    world.answered(world.published())
    page = visit("nils", color_scheme=scheme, forced_colors=forced)
    page.goto(GOAL_2024)
    reached = 0
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        outline = page.evaluate(OUTLINE)
        assert outline is None or outline == ["solid", "3px"], page.evaluate(IN_FOCUS)
        reached += outline is not None
    assert reached > MOST_STEPS / 2


@pytest.mark.parametrize("what", [".comment", ".paragraph"])
def test_what_a_link_leads_to_stands_out(world, visit, what):
    world.published()
    page = visit()
    page.goto(GOAL_2024)
    target = page.locator(f"{what}[id]").first
    page.goto(f"{GOAL_2024}#{target.get_attribute('id')}")
    assert target.evaluate("it => getComputedStyle(it).outlineStyle") == "solid"
    assert target.evaluate(
        "it => it.getBoundingClientRect().top >= 0 && it.getBoundingClientRect().top < innerHeight"
    )


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}], ids=str)
def test_the_step_of_the_ladder_is_seen_in_every_light(world, visit, options):
    opened(world, 1)
    page = visit(**options)
    page.goto(f"/uppdrag/{world.assignment(1).id}")
    grounds = page.locator(".ladder__step").evaluate_all(
        "all => all.map(it => getComputedStyle(it).backgroundColor)"
    )
    here = page.locator(".ladder__step[aria-current]").evaluate("it => getComputedStyle(it).backgroundColor")
    assert grounds.count(here) == 1


def test_nothing_moves_for_whoever_wants_it_so(world, visit):
    page = visit()  # a browser that asks for reduced motion
    page.goto("/")
    moving = page.locator("*").evaluate_all(MOVING)
    assert moving == []


@pytest.mark.parametrize(
    ("days", "language", "told"),
    [
        (0, "", "i dag"),
        (1, "", "i går"),
        (3, "", "för 3 dagar sedan"),
        (3, "/en", "3 days ago"),
        (40, "", None),
    ],
)
def test_how_long_ago_it_is_stands_after_the_day(world, visit, days, language, told):
    number = world.published().number
    page = visit(viewport=DESKTOP)
    page.clock.set_fixed_time(NOW + timedelta(days=days))
    page.goto(f"{language}/inlagg/{number}")
    day = "11\u00a0March\u00a02026" if language else "11\u00a0mars\u00a02026"
    line = page.locator(".comment__meta").first.inner_text()
    assert line.endswith(f"{day} ({told})" if told else day)
    assert page.locator(".comment__meta time").first.inner_text() == day


def test_where_there_is_no_room_for_how_long_ago_it_is_nothing_moves_and_resting_on_the_day_tells(
    world, visit
):
    comment = world.published(world.nils)
    heights = []
    for with_script in (False, True):
        page = visit(java_script_enabled=with_script, viewport={"width": 320, "height": 740})
        page.clock.set_fixed_time(NOW + timedelta(days=3))
        page.goto(f"/inlagg/{comment.number}")
        heights.append(page.locator(".comment").first.bounding_box()["height"])
    assert heights[0] == heights[1]
    assert page.locator(".comment__meta time").first.get_attribute("title") == "för 3 dagar sedan"


def test_how_long_ago_it_is_makes_no_page_wider_than_a_telephone(world, visit):
    answer = world.answered(world.published())
    with transaction():
        words = replace(ANSWER, we_decided="Vi provar två turer.")
        revise(answer, words, "Det blir två turer.", seen=answer.version, editor=world.eva, now=clock.now())
    page = visit(viewport={"width": 320, "height": 740})
    page.clock.set_fixed_time(NOW + timedelta(days=20))
    page.goto(f"/svar/{answer.id}")
    page.locator("[aria-labelledby='tidigare'] time[title='för 20 dagar sedan']").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth === innerWidth")


def test_how_soon_an_answer_comes_stands_after_its_day(world, visit):
    world.published()
    page = visit(viewport=DESKTOP)
    page.clock.set_fixed_time(NOW)
    page.goto(GOAL_2024)
    assert page.locator(".standing").first.inner_text().endswith("25\u00a0mars\u00a02026 (om 14 dagar)")


def test_a_link_is_copied_with_a_script_and_is_a_link_without(world, visit):
    world.published()
    for with_script in (True, False):
        page = visit(java_script_enabled=with_script)
        page.goto(GOAL_2024)
        there = page.locator(".paragraph[id]").first.get_attribute("id")
        link = page.get_by_role("link", name="Länk till stycket").first
        if not with_script:
            link.click()
            page.wait_for_url(f"**{GOAL_2024}#{there}")
            continue
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        link.click()
        page.get_by_role("status").filter(has_text="Länken är kopierad").wait_for()
        assert page.evaluate("navigator.clipboard.readText()").endswith(f"{GOAL_2024}#{there}")
        assert page.locator(".hint", has_text="Länken är kopierad").is_visible()
        page.get_by_role("button", name="Dela").click()
        page.wait_for_function("navigator.clipboard.readText().then(one => one.endsWith('tillvaxt'))")
        assert page.get_by_role("button", name="Skriv ut").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_that_is_told_is_lost_on_paper(world, visit, scheme):
    world.answered(answered := world.published())
    page = visit(color_scheme=scheme)
    page.emulate_media(media="print", color_scheme=scheme)
    for path, parts in (
        (GOAL_2024, ".kind, .outcome, .ds-tag"),
        (f"/kvitto/{answered.receipt_key}", ".way__sign"),
    ):
        page.goto(path)
        inks = page.locator(parts).evaluate_all("all => all.map(one => getComputedStyle(one).color)")
        assert inks and set(inks) == {"rgb(0, 0, 0)"}, "Light words on a ground that isn't printed are gone."
    page.goto(GOAL_2024)
    kept = page.locator(".mark").evaluate_all("all => all.map(one => getComputedStyle(one).printColorAdjust)")
    assert set(kept) == {"exact"}


@pytest.mark.parametrize("language", ["", "/en"], ids=["sv", "en"])
def test_nobodys_own_menu_takes_more_than_two_rows_of_a_telephone(world, visit, language):
    for name in sorted(EVERYBODY - {"visitor"}):
        page = visit(name, java_script_enabled=False, viewport=PHONE)
        page.goto(f"{language}/konto")
        assert page.locator(".own-nav").bounding_box()["height"] <= 2 * ROW, name


def test_the_many_duties_are_unfolded_from_the_keyboard_and_lie_open_where_there_is_room(world, visit):
    page = visit("adam", java_script_enabled=False, viewport=PHONE)
    keys = Keyboard(page)
    page.goto(RULES)
    here = page.locator(f".own-nav a[href='{RULES}']")
    assert not here.is_visible()
    keys.unfold("Ditt arbete")
    assert here.get_attribute("aria-current") == "page" and here.is_visible()
    keys.follow("Register")
    page.wait_for_url("**/forvaltning/register")
    page.set_viewport_size(DESKTOP)
    assert here.is_visible() and not page.get_by_text("Ditt arbete").is_visible()
    keys.follow("Regler")
    page.wait_for_url(f"**{RULES}")
    assert page.locator(".own-nav").bounding_box()["height"] <= ROW + 1


def test_a_file_that_takes_a_while_is_made_once_and_said_to_be_under_way(world, visit):
    world.published()
    page = visit("olle")
    page.goto("/namnd/ks/bilaga")
    asked = []

    def hold(route) -> None:
        asked.append(route)

    page.route("**/bilaga.csv*", hold)
    link = page.get_by_role("link", name="CSV")
    link.dblclick()
    page.get_by_role("status").filter(has_text="Filen görs").wait_for()
    assert link.get_attribute("aria-busy") == "true"
    with page.expect_download() as fetched:
        asked[0].continue_()
    assert fetched.value.suggested_filename.endswith(".csv")
    page.get_by_role("status").filter(has_text="Filen är hämtad").wait_for()
    assert len(asked) == 1


def test_a_form_that_is_sent_twice_is_sent_once_and_says_that_it_is_under_way(world, visit):
    page = visit("rut")
    page.goto("/konto")
    sent = []

    def hold(route) -> None:
        if route.request.method == "GET":
            route.fallback()
        else:
            sent.append(route)

    page.route("**/konto", hold)
    button = page.get_by_role("button", name="Spara").first
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    for _ in range(2):
        page.mouse.click(box["x"] + 5, box["y"] + 5)
        page.wait_for_timeout(200)  # as far apart as in a double click
    page.wait_for_timeout(1_300)  # it says so when a second has gone
    for route in sent:
        route.fulfill(status=204)  # with which a browser stays where it is
    assert len(sent) == 1
    page.get_by_role("status").filter(has_text="Det skickas").wait_for(timeout=5_000)
