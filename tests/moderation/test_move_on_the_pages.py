"""The moderators' page for moving a comment, and what those who follow it see."""

import re

import pytest
from sqlalchemy import select

from dialog.db import db
from dialog.moderation.models import Relocation

REASONS = "Det handlar om vägarna och inte om företagen."


def page(comment) -> str:
    return f"/moderering/{comment.number}/flytta"


def send(client, comment, **changes):
    seen = re.search(r'name="seen" value="(\d+)"', client.get(page(comment)).text)
    data = {"seen": seen.group(1) if seen else "1", "reasons": REASONS, **changes}
    return client.send("/logga-in", data, to=page(comment))


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_moderator_moves_a_comment_and_all_see_where_from_and_why(world, client, prefix):
    comment = world.published(world.rut, assignment=world.assignment(1))
    world.sign_in(client, world.mona)
    assert page(comment) in client.get(f"/inlagg/{comment.number}").text
    assert client.get(prefix + page(comment)).status_code == 200
    answer = send(client, comment, to=f"uppdrag-{world.assignment(3).id}")
    assert (answer.status_code, answer.location) == (303, f"/inlagg/{comment.number}?gjort=flyttat")
    assert "Inlägget är flyttat." in client.get(answer.location).text
    visitor = world.app.test_client()
    for address in (f"/inlagg/{comment.number}", f"/kvitto/{comment.receipt_key}"):
        shown = visitor.get(prefix + address).text
        assert REASONS in shown and f"{prefix}/uppdrag/{world.assignment(1).id}" in shown
    assert "Flyttat dit det hör hemma" in visitor.get(f"/kvitto/{comment.receipt_key}").text
    again = send(client, comment, to=f"uppdrag-{world.assignment(3).id}")
    assert again.status_code == 303
    assert len(db.session.scalars(select(Relocation)).all()) == 1


def test_it_can_be_moved_from_the_queue_before_it_is_shown(world, client):
    comment = world.say(world.nils)
    world.sign_in(client, world.mona)
    assert page(comment) in client.get("/moderering").text
    assert send(client, comment, to=f"uppdrag-{world.assignment(1).id}").status_code == 303


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to": ""}, "to"),
        ({"to": "mal-99999"}, "to"),
        ({"reasons": ""}, "reasons"),
        ({"reasons": "kort"}, "reasons"),
        ({"reasons": "Ring 890201-3286 om det här."}, "reasons"),
    ],
)
def test_bad_input_is_told_at_its_field_and_stays(world, client, changes, field):
    comment = world.published()
    world.sign_in(client, world.mona)
    answer = send(client, comment, **{"to": f"uppdrag-{world.assignment(1).id}"} | changes)
    assert answer.status_code == 422
    assert re.findall(r'id="(\w+)-error"', answer.text) == [field]
    assert db.session.scalars(select(Relocation)).all() == []


def test_what_stays_where_it_is_says_why(world, client):
    answered = world.published(assignment=world.assignment(1))
    world.answered(answered)
    reply = world.published(world.nils, "En replik till det besvarade.", parent=answered)
    world.sign_in(client, world.mona)
    assert "En nämnd har svarat på inlägget" in client.get(page(answered)).text
    assert "Flytta det i stället" in client.get(page(reply)).text
    assert send(client, answered, to=f"mal-{world.goal().id}").status_code == 409


def test_a_stale_page_and_one_that_another_looks_at_are_told_kindly(world, client):
    comment = world.published(assignment=world.assignment(1))
    world.sign_in(client, world.mona)
    stale = send(client, comment, to=f"mal-{world.goal().id}", seen="1")
    assert stale.status_code == 409 and "sedan du öppnade sidan" in stale.text and REASONS in stale.text
    assert client.get("/moderering/2026-999999/flytta").status_code == 404


@pytest.mark.parametrize("name", ["rut", "eva", "karin", "adam"])
def test_only_moderators_move(world, client, name):
    comment = world.published()
    world.sign_in(client, world.people[name])
    assert client.get(page(comment)).status_code == 403
    assert client.send("/logga-in", {"to": "mal-1"}, to=page(comment)).status_code == 403
    assert page(comment) not in client.get(f"/inlagg/{comment.number}").text
