"""What a visit to the largest page costs somebody on a slow line, and that nothing on it moves while it comes."""

import subprocess
from random import Random

import pytest
from playwright.sync_api import Browser

from dialog.db import clock
from dialog.plan.queries import wording_of
from tests.browser.inside import served
from tests.world import ANSWER, GOAL_2024

THREADS = 20
REPLIES = 2
MOST_REQUESTS = 6
MOST_BYTES = 90_000
MOST_BYTES_AGAIN = 15_000  # when there is something new on the page
MOST_BYTES_UNCHANGED = 1_000
WATCH = """new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.moved += one.value;
}).observe({ type: "layout-shift", buffered: true }); window.moved = 0;"""


class Visit:
    """What the browser asked for while a page was opened."""

    def __init__(self, page, address: str) -> None:
        self.asked: list = []

        def note(request) -> None:
            self.asked.append(request)

        page.on("requestfinished", note)
        page.goto(address, wait_until="networkidle")
        page.remove_listener("requestfinished", note)

    @property
    def bytes(self) -> int:
        """Headers and all, as compressed; what the browser had already costs nothing."""
        sizes = [request.sizes() for request in self.asked]
        return sum(max(0, size["responseBodySize"] + size["responseHeadersSize"]) for size in sizes)


def busy_goal(world) -> None:
    """A goal with as many threads as its page shows, each with replies, and some answered."""
    chance = Random(20)  # each text of its own: what is repeated would be compressed to nothing
    words = " ".join(part.text for part in wording_of(world.goal("1-1", 2023)).summary).split()

    def text(sentence: str, length: int) -> str:
        return f"{sentence} {' '.join(chance.choices(words, k=length))}."

    for number in range(THREADS):
        clock.forward(hours=1)  # nobody may say more than so much in an hour
        author = world.nils if number % 2 else world.rut
        comment = world.published(author, text(f"Inlägg nummer {number}.", chance.randint(20, 120)))
        for reply in range(REPLIES):
            world.published(world.vera, text(f"Replik {reply} till {number}.", 30), parent=comment)
        if number % 4 == 0:
            world.answered(comment)


@pytest.mark.only_on("sqlite")  # the page is the same on both
@pytest.mark.parametrize("width", [360, 1280])
def test_a_visit_to_a_busy_goal_costs_little_and_nothing_on_it_moves(world, app, browser: Browser, width):
    busy_goal(world)
    with served(app) as address:
        context = browser.new_context(viewport={"width": width, "height": 740})
        page = context.new_page()
        page.add_init_script(WATCH)
        visit = Visit(page, address + GOAL_2024)
        assert page.locator(".thread").count() == THREADS
        assert all(request.url.startswith(address) for request in visit.asked), "It asks another site."
        assert len(visit.asked) <= MOST_REQUESTS
        assert visit.bytes <= MOST_BYTES
        for step in range(0, page.evaluate("document.body.scrollHeight"), 600):
            page.mouse.wheel(0, step)
        assert page.evaluate("window.moved") == 0
        unchanged = Visit(page, address + GOAL_2024)
        assert unchanged.bytes <= MOST_BYTES_UNCHANGED
        world.published(world.nils, "Ett inlägg till, som har kommit sedan sist.")
        again = Visit(page, address + GOAL_2024)
        assert "som har kommit sedan sist" in page.content()
        assert again.bytes <= MOST_BYTES_AGAIN
        context.close()


def test_a_move_would_be_seen(browser: Browser):
    page = browser.new_page()
    page.add_init_script(WATCH)
    page.goto("about:blank")
    page.set_content("<div id=before></div><p>Words that are pushed down.</p>")
    page.wait_for_timeout(100)
    page.evaluate("document.getElementById('before').style.height = '300px'")
    page.wait_for_function("window.moved > 0")
    page.close()


@pytest.mark.w3m
@pytest.mark.only_on("sqlite")
def test_a_goal_can_be_read_and_followed_in_a_browser_that_shows_nothing_but_text(world, app):
    comment = world.published(text="Ett inlägg om bussen.")
    world.answered(comment)
    with served(app) as address:
        for path, in_order in {
            GOAL_2024: ["Hoppa till innehållet", "Mål", "Näringsliv och tillväxt", "Svar", ANSWER.we_decided,
                        "Inlägg", "Ett inlägg om bussen.", "Så fungerar det"],
            f"/kvitto/{comment.receipt_key}": [comment.number, "Publicerat", "har svarat", ANSWER.because],
            "/logga-in": ["Logga in", "Din e-postadress", "Skicka en länk till mig"],
        }.items():  # fmt: skip
            shown = as_text(address + path)
            rest = shown
            for words in in_order:
                _, found, rest = rest.partition(words)
                assert found, f"{path} doesn't say {words!r} where it should:\n{shown}"


def as_text(address: str) -> str:
    command = ["w3m", "-dump", "-cols", "200", "-O", "UTF-8", address]
    return subprocess.run(command, capture_output=True, check=True, text=True, timeout=20).stdout
