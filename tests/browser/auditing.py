"""Looking through pages with axe-core: with whose eyes, how wide, in which light, and at what there is to see."""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from dialog.conversation.models import Comment
from dialog.db import clock, db, transaction
from dialog.dialogues.operations import move_dialogue
from dialog.dialogues.rules import DialogueState
from dialog.faults.operations import move_case
from dialog.faults.rules import FaultState
from dialog.following.operations import follow
from dialog.following.rules import Thing
from dialog.notify.telling import read_the_log
from dialog.response.revising import revise
from dialog.response.scheduling import schedule
from dialog.texts.operations import Words, publish
from dialog.texts.queries import shipped
from dialog.texts.rules import TextKey
from tests.browser.axe import bring_to, faults
from tests.browser.inside import served, somebody
from tests.client import WHOLE_PAGES, without_what_is_new
from tests.test_house_rules import DOORS
from tests.world import ANSWER, World

NARROWEST = 320  # what is left of 1280 px at 400 %: WCAG 1.4.10
WIDTHS = (NARROWEST, 360, 768, 1280)
HEIGHT = 740
IS_CLOSED = "document.querySelector('details:not([open])') !== null"
OPEN_ALL = """() => {
  window.closed_parts = [...document.querySelectorAll("details:not([open])")];
  window.closed_parts.forEach((part) => { part.open = true; });
}"""
CLOSE_AGAIN = "window.closed_parts.forEach((part) => { part.open = false; })"
WHICH = re.compile(r' (?:action|href|value|hx-[a-z]+)="[^"]*"')  # which page it is, and not how it looks
ORIGIN = re.compile(r"http://127\.0\.0\.1:\d+")
FILES = re.compile(r"/static/|\.(pdf|odt|csv|svg)$")


@dataclass
class Audit:
    """Looks at pages, and keeps what is wrong with them. What looks the same as another isn't looked at again."""

    page: Page
    widths: tuple[int, ...]
    thorough: bool
    found: dict[str, list[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def look(self, name: str) -> None:
        """Look at the page as it now stands, with all open that can be opened on it; a thorough look, closed too."""
        looks = self._looks()
        if looks in self.seen or (self.thorough and _found_sound(looks).exists()):
            return
        self.seen.add(looks)
        wrong: list[str] = []
        for width in self.widths:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            wrong += [f"at {width} px: {fault}" for fault in self._in_both_lights()]
        if wrong:
            self.found[name] = wrong
        elif self.thorough:
            _found_sound(looks).touch()

    def _looks(self) -> str:
        if self.thorough:
            return ORIGIN.sub("", without_what_is_new(self.page.content()))
        return WHICH.sub("", self.page.inner_html("main"))

    def _in_both_lights(self) -> list[str]:
        look_closed = self.thorough and self.page.evaluate(IS_CLOSED)
        wrong = faults(self.page) if look_closed else []
        self.page.evaluate(OPEN_ALL)
        wrong += faults(self.page)
        self.page.emulate_media(color_scheme="dark")
        wrong += [f"in the dark: {fault}" for fault in faults(self.page, "color-contrast")]
        self.page.emulate_media(color_scheme="light")
        if look_closed:
            self.page.evaluate(CLOSE_AGAIN)
        return wrong


def _found_sound(looks: str) -> Path:
    """The file that tells all processes of a run that a page that looks so is sound: it is the same to many people."""
    return Path(os.environ[WHOLE_PAGES], sha256(f"with all eyes {looks}".encode()).hexdigest())


@contextmanager
def auditing(
    world: World, app: Flask, browser: Browser, name: str, widths: tuple[int, ...] = (NARROWEST,)
) -> Iterator[Audit]:
    """An audit with the eyes of `name`. At its end there is nothing wrong, or the test fails."""
    viewport = {"width": widths[0], "height": HEIGHT}
    with served(app) as address, somebody(world, app, browser, name, address, viewport=viewport) as context:
        bring_to(context)
        audit = Audit(context.new_page(), widths, thorough=len(widths) > 1)
        yield audit
    told = "\n".join(f"{name} at {where}: {fault}" for where, wrong in audit.found.items() for fault in wrong)
    assert not audit.found, told


def every_state(world: World) -> list[tuple[str, str]]:
    """Put the loop's things in all the states that they can be in, beside those of `one_of_each`; gives their doors.

    Each comes with who looks at it: Nils, who has written it, a visitor, or somebody who answers.
    """
    with transaction():
        follow(world.nils, Thing.COMMITTEE, world.committee("KS").id, now=clock.now())
    opened(world, 1)
    late = world.published(text="Ett inlägg som nämnden är mycket sen att svara på.")
    clock.forward(days=17)
    world.published(text="Ett inlägg som nämnden är sen att svara på.")
    clock.forward(days=16)
    dates = {"closes_on": date(2026, 6, 1), "decides_on": date(2026, 6, 15), "feedback_on": date(2026, 7, 1)}
    opened(world, 2, **dates)
    judged = world.published(text="Ett inlägg vars svar inte räckte till.")
    world.judged(judged, world.answered(judged), "no", "Det stod inget om kvällarna.")
    reported = world.published(text="Ett inlägg som döljs sedan någon har anmält det.")
    voice = world.reported(reported)
    fault = world.faulted("Kartan går inte att höra.")
    with transaction():
        words = "Tack. Vi byter kartan i vår."
        move_case(fault, FaultState.ANSWERED, words, seen=1, administrator=world.adam, now=clock.now())
    world.settle(world.appealed(world.decide(reported, "hide")), "denied")
    withdrawn = world.published(text="Ett inlägg som tas tillbaka, men har fått en replik.")
    world.published(world.rut, "En replik som står kvar.", parent=withdrawn)
    world.withdraw(withdrawn)
    world.held(world.published(text="Ett inlägg som programmet har tagit ur sikte."))
    world.edit(world.published(text="Ett inlägg."), "Ett inlägg med andra ord.")
    world.forwarded(world.matters("KS", late)[0])
    alike = [world.published(who, "Sätt laddare vid bygdegården i Lit.") for who in (world.nils, world.rut)]
    revised, scheduled = (
        world.answered(world.published()),
        world.drafted(world.published(world.rut, "Fler turer!")),
    )
    with transaction():
        words = replace(ANSWER, we_decided="Vi provar två turer i höst.")
        revise(revised, words, "Det blir två.", seen=revised.version, editor=world.eva, now=clock.now())
        at, now = clock.now() + timedelta(days=1), clock.now()
        schedule(scheduled, at, seen=scheduled.version, editor=world.eva, now=now)
        earlier = shipped(TextKey.ACCESSIBILITY)
        new = Words(earlier.sv, f"{earlier.en}\n\n- One more way.", earlier.statement)
        publish(TextKey.ACCESSIBILITY, new, seen=1, administrator=world.adam, now=now)
    read_the_log()
    comments = db.session.scalars(select(Comment).where(Comment.author_id == world.nils.id)).all()
    return [
        ("nils", "/konto/nytt"),
        ("visitor", f"/svar/{revised.id}"),
        ("eva", f"/namnd/ks/svar/{scheduled.id}"),
        ("olle", "/namnd/ks/inkorg/liknande"),
        ("olle", f"/namnd/ks/inkorg/liknande/{world.matters('KS', *alike)[0].id}"),
        ("visitor", f"/uppdrag/{world.assignment(1).id}"),
        ("visitor", f"/uppdrag/{world.assignment(2).id}"),
        ("visitor", f"/anmalan/{voice.key}"),
        ("visitor", f"/tillganglighet/arende/{fault.key}"),
        ("adam", f"/forvaltning/brister/{fault.id}"),
        ("visitor", f"/inlagg/{withdrawn.number}"),
        ("nils", f"/mandat/{world.offered(world.nils.email).id}"),
        *(("visitor", f"/kvitto/{comment.receipt_key}") for comment in comments),
        *(("nils", f"/inlagg/{comment.number}") for comment in comments),
    ]


def opened(world: World, assignment: int, **dates) -> None:
    """A dialogue about an assignment, to which everybody is asked."""
    dialogue = world.asked(assignment=world.assignment(assignment), **dates)
    with transaction():
        move_dialogue(dialogue, DialogueState.OPEN, seen=dialogue.version, editor=world.eva, now=clock.now())


def doors_of(
    name: str, things: dict[str, object], *, first_reader: bool = False
) -> Iterator[tuple[str, str]]:
    """The doors that `name` comes in by, each with its address."""
    for (method, _), (path, who) in DOORS.items():
        opens = name in who and not (first_reader and name != _first(who))
        if opens and not FILES.search(path):
            yield method, path.format(**things)


def _first(who: set[str]) -> str:
    return "visitor" if "visitor" in who else min(who)


def look_at(
    audit: Audit, doors: Iterable[tuple[str, str]], world: World, name: str, language: str = ""
) -> None:
    """Open every page, and then send every form without a word in it."""
    for method, address in sorted(doors):  # all that is only read comes before anything is changed
        where = f"{language}{address}"
        if method == "GET":
            audit.page.goto(where)
        elif not shown(audit.page, _sent_empty(world, name, where)):
            continue
        audit.look(f"{method} {where}")


def _sent_empty(world: World, name: str, address: str):
    return world.browser_of(name).send("/logga-in", to=address)


def shown(page: Page, response) -> bool:
    """Let the browser show what came of a form, if it is a page and no way to one."""
    if response.mimetype != "text/html" or response.status_code in {301, 302, 303}:
        return False
    page.route("**/shown", lambda route: route.fulfill(body=response.data, content_type="text/html"), times=1)
    page.goto("/shown")
    return True
