"""What isn't public is on no page that anybody else can fetch: a word that stands nowhere else is looked for."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dialog.conversation.models import Comment
from dialog.db import clock, db, transaction
from dialog.following.operations import follow
from dialog.following.rules import Thing
from dialog.notify.telling import read_the_log
from dialog.plan.queries import wording_of
from dialog.response.models import Response
from tests.files import words_in
from tests.test_house_rules import DOORS, one_of_each
from tests.world import GOAL_2024

CANARY = "Gulsparvkanariefågel"
TEXT = f"{CANARY} är ett ord som inte står någon annanstans."

# The demonstration's letters are everybody's to read, since nobody in it exists.
LETTERS = {"demo.letters", "demo.letter"}
PAGES = [
    path for (method, endpoint), (path, _) in DOORS.items() if method == "GET" and endpoint not in LETTERS
]
OTHERS = ["visitor", "rut", "vera", "olle", "eva", "tore", "rikard", "karin", "adam"]


def kept_from_others(world) -> list[Comment]:
    """Comments by Nils with the word in them, in every state that isn't public, on a goal that all others follow."""
    with transaction():
        for name in OTHERS[1:]:
            follow(world.people[name], Thing.GOAL, world.goal().id, now=clock.now())
    goal, task, paragraph, answered, withdrawn = (
        world.published(text=f"Inlägget om {about}. {TEXT}", **subject)
        for about, subject in (
            ("målet", {}),
            ("uppdraget", {"assignment": world.assignment(1)}),
            ("stycket", {"paragraph": wording_of(world.goal()).summary[0]}),
            ("det som får svar", {}),
            ("det som dras tillbaka", {}),
        )
    )
    world.drafted(goal, task, paragraph)  # they stood in somebody's draft before they were hidden
    world.answered(answered)
    for comment in (goal, task, paragraph, withdrawn):  # others have replied, and that stays
        world.published(world.rut, f"En replik till {comment.number}, med egna ord.", parent=comment)
    for comment in (goal, task, paragraph, answered):
        world.decide(comment, "hide")
    world.appealed(goal, f"Det borde visas. {TEXT}")
    world.settle(world.appealed(task, f"Det borde också visas. {TEXT}"), "denied")
    parent = world.published(world.rut, "Ett inlägg med en replik som döljs.")
    hidden_reply = world.decide(world.published(text=f"Repliken döljs. {TEXT}", parent=parent), "hide")
    world.say(world.prepared(world.gun), text=f"Repliken väntar. {TEXT}", parent=parent)
    world.withdraw(withdrawn)
    received = world.say(world.gun, text=TEXT)
    held = world.held(world.published(text=f"Inlägget tas ur sikte av en regel. {TEXT}"))
    return [goal, task, paragraph, answered, withdrawn, received, hidden_reply, held]


def walk(world, app, name: str, things, comments, more=()) -> list[str]:
    """The addresses where `name` finds the word, of all that there are."""
    read_the_log()
    client = FlaskClient(
        app, app.response_class, use_cookies=True
    )  # whether the pages are whole is asked elsewhere
    if name != "visitor":
        world.sign_in(client, world.people[name])
    addresses = [*(path.format(**things) for path in PAGES), *more]
    addresses += [f"/inlagg/{comment.number}" for comment in comments]
    addresses += [f"{GOAL_2024}?efter=2026-999999", f"{GOAL_2024}?efter={things['number']}"]
    for response_id in db.session.scalars(select(Response.id)):
        addresses += [f"/svar/{response_id}", f"/namnd/ks/svar/{response_id}"]
    found, read = [], 0
    for address in [*addresses, *(f"/en{one}" for one in addresses if not one.startswith("/static"))]:
        for headers in ({}, {"HX-Request": "true"}):
            response = client.get(address, headers=headers)
            read += response.status_code == 200
            if CANARY in words_in(response.data, response.mimetype):
                found.append(address)
    assert read >= 40, "The walk must come in by most doors to say anything."
    return found


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_finds_what_is_not_public(world, app, name):
    app.test_client().get(GOAL_2024)  # the page is kept before anything happens
    assert walk(world, app, name, one_of_each(world), kept_from_others(world)) == []


def masked_in_every_way(world) -> list[Comment]:
    """Comments with the word taken out of them, shown, hidden and withdrawn since; one was answered and replied to."""
    shown, edited, hidden, withdrawn = (
        world.published(text=f"Inlägget som {fate}. {TEXT}")
        for fate in ("visas", "ändras", "döljs", "tas tillbaka")
    )
    waiting = world.say(world.prepared(world.gun), text=f"Inlägget som väntar. {TEXT}")
    world.published(world.rut, "En replik som står kvar.", parent=shown)
    reply = world.say(world.gun, text=f"Repliken. {TEXT}", parent=shown)
    world.drafted(hidden)
    world.answered(shown)
    world.reported(hidden, world.rut)
    world.edit(edited, f"Andra ord än {CANARY}.")
    comments = [shown, edited, hidden, withdrawn, waiting, reply]
    for comment in comments:
        world.masked(comment, CANARY)
    world.appealed(shown, "Det borde visas, tycker jag som skrev.")
    world.decide(hidden, "hide")
    world.withdraw(withdrawn)
    return comments


@pytest.mark.parametrize("name", [*OTHERS, "gun", "nils", "mona", "max"])
def test_nobody_finds_what_was_taken_out_not_even_who_wrote_it_or_took_it_out(world, app, name):
    visitor = app.test_client()
    things, comments = one_of_each(world), masked_in_every_way(world)
    receipts = [f"/kvitto/{comment.receipt_key}" for comment in comments]
    sealed = [f"/registrator/forseglat/{comment.number}" for comment in comments]
    assert walk(world, app, name, things, comments, [*receipts, *sealed]) == []
    assert CANARY not in visitor.get(receipts[0]).text
    if name == "rikard":
        registrar = app.test_client()
        world.sign_in(registrar, world.rikard)
        for address in sealed:  # the one door, and each time it leaves a trace
            assert CANARY in registrar.send(address, {"reason": "Någon har begärt ut den."}).text


@pytest.mark.parametrize("name", ["visitor", "vera"])
def test_everybody_finds_what_is_public(world, app, name):
    things = one_of_each(world)
    comment = world.published(text=TEXT)
    found = set(walk(world, app, name, things, [comment]))
    assert {GOAL_2024, f"/en{GOAL_2024}", "/", f"/inlagg/{comment.number}"} <= found


def test_its_author_finds_it_on_their_own_pages_alone(world, app):
    things = one_of_each(world)
    own = [comment for comment in kept_from_others(world) if comment.author_id == world.nils.id]
    found = {address.removeprefix("/en") for address in walk(world, app, "nils", things, own)}
    assert found == {"/mina-inlagg", *(f"/inlagg/{comment.number}" for comment in own)}


def test_a_page_kept_while_it_was_public_is_not_shown_when_it_is_hidden(world, app):
    comment = world.published(text=TEXT)
    visitor = app.test_client()
    assert CANARY in visitor.get(GOAL_2024).text
    tag = visitor.get(GOAL_2024).headers["ETag"]
    world.decide(comment, "hide")
    response = visitor.get(GOAL_2024, headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert CANARY not in response.text
