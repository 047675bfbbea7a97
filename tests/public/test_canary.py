"""What isn't public is on no page that anybody else can fetch: words that stand nowhere else are looked for."""

from itertools import product

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

CANARY, TAKEN_OUT = "Gulsparvkanariefågel", "Bofinkskanariefågel"
TEXT, TEXT_TO_MASK = (f"{word} är ett ord som inte står någon annanstans." for word in (CANARY, TAKEN_OUT))

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


def masked_in_every_way(world) -> list[Comment]:
    """Comments with the other word taken out of them, shown, hidden and withdrawn since; one was answered."""
    shown, edited, hidden, withdrawn = (
        world.published(text=f"Inlägget som {fate}. {TEXT_TO_MASK}")
        for fate in ("visas", "ändras", "döljs", "tas tillbaka")
    )
    waiting = world.say(world.prepared(world.gun), text=f"Inlägget som väntar. {TEXT_TO_MASK}")
    world.published(world.rut, "En replik som står kvar.", parent=shown)
    reply = world.say(world.gun, text=f"Repliken. {TEXT_TO_MASK}", parent=shown)
    world.drafted(hidden)
    world.answered(shown)
    world.reported(hidden, world.rut)
    world.edit(edited, f"Andra ord än {TAKEN_OUT}.")
    comments = [shown, edited, hidden, withdrawn, waiting, reply]
    for comment in comments:
        world.masked(comment, TAKEN_OUT)
    world.appealed(shown, "Det borde visas, tycker jag som skrev.")
    world.decide(hidden, "hide")
    world.withdraw(withdrawn)
    return comments


def walk(world, app, name: str, things, comments, more=()) -> dict[str, list[str]]:
    """For each of the two words the addresses where `name` finds it, of all that there are."""
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
    found: dict[str, list[str]] = {CANARY: [], TAKEN_OUT: []}
    read = 0
    in_english = [f"/en{one}" for one in addresses if not one.startswith("/static")]
    for address, headers in product([*addresses, *in_english], ({}, {"HX-Request": "true"})):
        response = client.get(address, headers=headers)
        read += response.status_code == 200
        words = words_in(response.data, response.mimetype)
        for word in found:
            if word in words:
                found[word].append(address)
    assert read >= 40, "The walk must come in by most doors to say anything."
    return found


@pytest.mark.parametrize("name", [*OTHERS, "gun", "nils", "mona", "max"])
def test_nobody_finds_what_is_not_public_or_was_taken_out_but_those_whose_it_is(world, app, name):
    """What was taken out isn't even for who wrote it or took it out."""
    visitor = app.test_client()
    visitor.get(GOAL_2024)  # the page is kept before anything happens
    things, hidden, masked = one_of_each(world), kept_from_others(world), masked_in_every_way(world)
    receipts = [f"/kvitto/{comment.receipt_key}" for comment in masked]
    sealed = [f"/registrator/forseglat/{comment.number}" for comment in masked]
    found = walk(world, app, name, things, [*hidden, *masked], [*receipts, *sealed])
    assert found[TAKEN_OUT] == []
    assert bool(found[CANARY]) == (name not in OTHERS)
    assert TAKEN_OUT not in visitor.get(receipts[0]).text


def test_the_registrar_opens_what_was_taken_out_by_the_one_door_that_leaves_a_trace(world, client):
    masked = masked_in_every_way(world)
    world.sign_in(client, world.rikard)
    for comment in masked:
        address = f"/registrator/forseglat/{comment.number}"
        assert TAKEN_OUT in client.send(address, {"reason": "Någon har begärt ut den."}).text


@pytest.mark.parametrize("name", ["visitor", "vera"])
def test_everybody_finds_what_is_public(world, app, name):
    things = one_of_each(world)
    comment = world.published(text=TEXT)
    found = set(walk(world, app, name, things, [comment])[CANARY])
    assert {GOAL_2024, f"/en{GOAL_2024}", "/", f"/inlagg/{comment.number}"} <= found


def test_its_author_finds_it_on_their_own_pages_alone(world, app):
    things = one_of_each(world)
    own = [comment for comment in kept_from_others(world) if comment.author_id == world.nils.id]
    found = {address.removeprefix("/en") for address in walk(world, app, "nils", things, own)[CANARY]}
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
