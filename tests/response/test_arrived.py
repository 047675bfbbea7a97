"""What comes on the same goal while an answer is written is said, once; and how much is in each part of the inbox."""

import re

import pytest

from dialog.db import clock, transaction
from dialog.response.handling import take
from dialog.response.inbox import Choice, counts_of_parts, inbox
from dialog.response.rules import Part


@pytest.fixture
def olle(world, client):
    """The browser of an officer of KS."""
    world.sign_in(client, world.olle)
    return client


@pytest.fixture
def response(world):
    return world.drafted(world.published(world.trusted(world.rut), "Bussen går för sällan."))


def asked(client, response) -> str:
    """Where the page asks what has come."""
    page = client.get(f"/namnd/ks/svar/{response.id}").text
    return re.search(r'id="nya"[^>]* hx-get="([^"]+)"', page)[1].replace("&amp;", "&")


def ask(client, address, said: int | None = None):
    address += f"&sagt={said}" if said is not None else ""
    return client.get(address, headers={"HX-Request": "true"})


def test_what_has_come_since_the_page_was_opened_is_said(world, olle, response):
    address = asked(olle, response)
    assert ask(olle, address).status_code == 204
    world.say(world.rut, "Ett inlägg till om samma mål.")
    assert "1 inlägg till om samma mål har kommit" in ask(olle, address).text
    world.say(world.rut, "Och ännu ett.")
    assert "2 inlägg till om samma mål har kommit" in ask(olle, address).text


def test_what_has_been_said_is_not_said_again(world, olle, response):
    address = asked(olle, response)
    world.say(world.rut, "Ett inlägg till om samma mål.")
    assert 'name="sagt" value="1"' in ask(olle, address).text
    assert ask(olle, address, said=1).status_code == 204


def test_what_is_on_another_goal_hidden_or_at_another_committee_is_not_said(world, olle, response):
    address = asked(olle, response)
    world.say(world.rut, "Ett inlägg om ett annat mål.", goal=world.goal("1-1", 2023))
    world.say(world.rut, "Ett inlägg till en annan nämnd.", assignment=world.assignment(3))
    world.decide(world.say(world.rut, "Ett inlägg som döljs."), "hide")
    assert ask(olle, address).status_code == 204


def test_without_scripts_it_is_there_when_the_page_is_opened_again(world, olle, response):
    address = asked(olle, response)
    world.say(world.rut, "Ett inlägg till om samma mål.")
    assert olle.get(address).location == f"/namnd/ks/svar/{response.id}"
    assert "Ett inlägg till om samma mål." in olle.get(f"/namnd/ks/svar/{response.id}").text


def test_another_committees_officers_are_told_nothing(world, client, response):
    world.sign_in(client, world.tore)
    assert ask(client, f"/namnd/ks/svar/{response.id}/nya?sedan=0").status_code == 403
    assert ask(client, f"/namnd/tn/svar/{response.id}/nya?sedan=0").status_code == 404


def test_bad_input_is_taken_as_nothing(world, olle, response):
    assert ask(olle, f"/namnd/ks/svar/{response.id}/nya?sedan=x&sagt=y").status_code == 200


def test_each_part_of_the_inbox_says_how_much_is_in_it_as_it_shows_it(world, olle):
    world.trusted(world.rut)
    for days in (0, 1, 13, 1):
        clock.forward(days=days)
        for number in range(2):
            world.say(world.rut, f"Inlägg {number} efter {days} dagar, {clock.now()}.")
    world.say(world.rut, "Ett inlägg om uppdraget.", assignment=world.assignment(1))
    with transaction():
        for matter in world.matters("KS")[:2]:
            take(matter, officer=world.olle, seen=matter.version, now=clock.now())
    committee, today = world.committee("KS"), clock.today()
    for assignment_id in (None, world.assignment(1).id):
        counts = counts_of_parts(committee, assignment_id, world.olle, today)
        for part in Part:
            shown = inbox(committee, Choice(part, assignment_id), officer=world.olle, today=today)
            assert counts[part] == len(shown.matters), (part, assignment_id)
    world.sign_in(olle, world.olle)
    page = olle.get("/namnd/ks/inkorg").text
    total = counts_of_parts(committee, None, world.olle, today)
    assert f">Alla ({total[Part.ALL]})<" in page
    assert f"({total[Part.MINE]})</a>" in page
    assert total[Part.ALL] == len(world.matters("KS"))
