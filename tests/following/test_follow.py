"""Following a thing, and no longer following it."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.following.models import Follow
from dialog.following.rules import Thing
from dialog.plan.models import Area
from tests.world import GOAL_2024


def followed(person):
    rows = db.session.execute(select(Follow.thing, Follow.thing_id).where(Follow.person_id == person.id))
    return {(str(row.thing), row.thing_id) for row in rows}


def things(world):
    area = db.session.scalars(select(Area)).first()
    comment = world.published(world.nils)
    return {
        "mal": world.goal(),
        "uppdrag": world.assignment(1),
        "namnd": world.committee("KS"),
        "omrade": area,
        "inlagg": comment,
    }


def test_each_kind_of_thing_can_be_followed_and_left_again(world, client):
    world.sign_in(client, world.rut)
    for name, it in things(world).items():
        page = f"/folj/{name}/{it.id}"
        sent = client.send(page)
        assert sent.status_code == 303 and sent.location.startswith(page)
        assert (it.__tablename__, it.id) in followed(world.rut)
        assert "Du följer det här" in client.get(sent.location).text
        left = client.send(page, to=f"{page}/sluta")
        assert left.status_code == 303
        assert followed(world.rut) == set()
        assert "Du följer inte det här längre" in client.get(left.location).text


def test_following_twice_is_following_once(world, client):
    world.sign_in(client, world.rut)
    page = f"/folj/mal/{world.goal().id}"
    for _ in range(2):
        assert client.send(page).status_code == 303
    assert len(followed(world.rut)) == 1
    for _ in range(2):
        assert client.send(page, to=f"{page}/sluta").status_code == 303
    assert followed(world.rut) == set()


def test_the_database_refuses_a_second_row_for_the_same_thing(world, follows):
    follows(world.rut, world.goal())
    again = Follow(
        person_id=world.rut.id,
        thing=Thing.GOAL,
        thing_id=world.goal().id,
        since_event_id=0,
        followed_at=clock.now(),
    )
    with pytest.raises(IntegrityError), transaction():
        db.session.add(again)


def test_with_htmx_only_the_button_comes_back(world, client):
    world.sign_in(client, world.rut)
    page = f"/folj/mal/{world.goal().id}"
    answer = client.send(page, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.strip().startswith('<div id="folj">') and "Sluta följa" in answer.text


def test_the_log_keeps_that_something_was_followed_and_not_what(world, follows):
    follows(world.rut, world.assignment(1))
    event = db.session.scalars(select(Event).where(Event.kind == "person.followed")).one()
    assert (event.subject_id, event.details) == (world.rut.id, {"thing": "assignment"})


def test_a_visitor_is_asked_to_sign_in_and_comes_back_to_the_button(world, client):
    page = f"/folj/mal/{world.goal().id}"
    assert page in client.get(GOAL_2024).text
    asked = client.get(page)
    assert asked.status_code == 303 and asked.location == f"/logga-in?next={page}"


@pytest.mark.parametrize("address", ["/folj/mal/99999", "/folj/nagot/1", "/folj/inlagg/99999"])
def test_what_is_not_there_cannot_be_followed(world, client, address):
    world.sign_in(client, world.rut)
    token = client.token("/konto")
    assert client.get(address).status_code == 404
    assert client.post(address, data={"csrf_token": token}).status_code == 404
    assert client.post(f"{address}/sluta", data={"csrf_token": token}).status_code == 404


def test_what_one_may_not_see_cannot_be_followed(world, client):
    waiting = world.say(world.nils)
    world.sign_in(client, world.rut)
    token = client.token("/konto")
    assert client.get(f"/folj/inlagg/{waiting.id}").status_code == 404
    assert client.post(f"/folj/inlagg/{waiting.id}", data={"csrf_token": token}).status_code == 404
    assert followed(world.rut) == set()


def test_what_has_been_hidden_since_is_listed_without_a_link_and_can_be_left(world, client, follows):
    comment = world.published(world.nils)
    follows(world.rut, comment)
    world.decide(comment, "hide")
    world.sign_in(client, world.rut)
    page = client.get("/konto/foljer").text
    assert "Det visas inte längre" in page and comment.number not in page
    left = client.send("/konto/foljer", to=f"/folj/inlagg/{comment.id}/sluta")
    assert left.status_code == 303 and left.location == "/konto/foljer"
    assert followed(world.rut) == set()


def test_the_list_shows_what_one_follows_a_page_at_a_time(world, client, follows):
    comments = [world.published(world.nils, f"Inlägg nummer {number} om vägarna.") for number in range(22)]
    for comment in comments:
        follows(world.rut, comment)
    world.sign_in(client, world.rut)
    first = client.get("/konto/foljer").text
    assert comments[-1].number in first and comments[0].number not in first
    assert "Inlägg nummer 21 om vägarna." in first  # nobody knows a comment by its number
    more = first.split('href="?efter=')[1].split('"')[0]
    second = client.get(f"/konto/foljer?efter={more}").text
    assert comments[0].number in second and comments[-1].number not in second


def test_nobody_else_sees_what_one_follows(world, client, follows):
    follows(world.rut, world.assignment(1))
    world.sign_in(client, world.adam)
    assert "Du följer ingenting än" in client.get("/konto/foljer").text
