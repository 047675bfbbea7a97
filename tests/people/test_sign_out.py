"""Signing out, and the ends of being signed in."""

import re

import pytest
from sqlalchemy import select, update

from dialog.db import clock, db, transaction
from dialog.people.models import SignedIn
from dialog.people.operations import close_browser, open_browser
from dialog.people.queries import person_signed_in
from dialog.people.rules import owner_of_drafts


def is_signed_in(client) -> bool:
    return client.get("/konto").status_code == 200


def cookie_of(client) -> str:
    return client.get_cookie("dialog").value


def test_signing_out_ends_the_browser_here_and_at_the_service(world, client, app):
    world.sign_in(client, world.rut)
    kept = cookie_of(client)
    assert client.send("/konto", to="/logga-ut").location == "/"
    assert not is_signed_in(client)
    assert db.session.scalars(select(SignedIn.ended_at)).one() == clock.now()
    thief = app.test_client()
    thief.set_cookie("dialog", kept)
    assert not is_signed_in(thief)


def test_signing_out_leaves_the_persons_other_browsers_alone(world, client, app):
    telephone = app.test_client()
    world.sign_in(client, world.rut)
    world.sign_in(telephone, world.rut)
    client.send("/konto", to="/logga-ut")
    assert is_signed_in(telephone)


def test_a_visitor_has_nothing_to_sign_out_of(world, client):
    response = client.send("/logga-in", to="/logga-ut")
    assert response.status_code == 401


def test_signing_out_twice_changes_nothing_more(world):
    with transaction():
        key = open_browser(world.rut, now=clock.now())
    first = clock.now()
    for _ in range(2):
        with transaction():
            close_browser(key, now=clock.now())
        clock.forward(minutes=1)
    assert db.session.scalars(select(SignedIn.ended_at)).one() == first


def test_signing_out_is_never_a_link(world, client):
    world.sign_in(client, world.rut)
    assert client.get("/logga-ut").status_code == 405
    assert is_signed_in(client)


def test_a_browser_is_signed_in_for_thirty_days(world, client):
    world.sign_in(client, world.rut)
    clock.forward(days=30, seconds=-1)
    assert is_signed_in(client)
    clock.forward(seconds=1)
    assert not is_signed_in(client)


def test_a_browser_ended_by_somebody_else_is_signed_out_at_once(world, client):
    world.sign_in(client, world.rut)
    assert is_signed_in(client)
    with transaction():
        db.session.execute(update(SignedIn).values(ended_at=clock.now()))
    assert not is_signed_in(client)


@pytest.mark.parametrize("key", ["", "x", "1", "å", "x" * 1000])
def test_a_key_that_nobody_was_given_signs_nobody_in(world, client, key):
    assert person_signed_in(key, clock.now()) is None
    with client.session_transaction() as session:
        session["_user_id"] = key
    assert not is_signed_in(client)


def test_a_cookie_that_has_been_tampered_with_signs_nobody_in(world, client):
    world.sign_in(client, world.rut)
    kept = cookie_of(client)
    for cookie in (kept[:-1], kept[1:], "x" + kept, kept.replace(".", "", 1), "", "x.y.z"):
        client.set_cookie("dialog", cookie)
        assert not is_signed_in(client)


def test_whose_unsent_text_a_browser_holds_is_told_apart_and_says_nothing_of_who():
    marks = [owner_of_drafts(person_id, secret) for person_id in (1, 2) for secret in ("a", "b")]
    assert len(set(marks)) == 4
    assert owner_of_drafts(1, "a") == marks[0]


def test_only_pages_of_whoever_is_signed_in_say_whose_unsent_text_they_keep(world, client):
    assert "data-owner" not in client.get("/").text
    shown = set()
    for person in (world.nils, world.rut, world.nils):
        world.sign_in(client, person)
        shown |= {
            re.search(r'<body[^>]* data-owner="(\w+)">', client.get(page).text).group(1)
            for page in ("/", "/konto")
        }
    assert len(shown) == 2
