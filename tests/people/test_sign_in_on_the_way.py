"""Signing in on the way to another page: told why, led there afterwards, and never to another site."""

import re

import pytest
from sqlalchemy import select

from dialog.db import db, transaction
from dialog.notify.models import Letter
from dialog.notify.sending import send_waiting
from dialog.notify.transport import KeptForReading
from tests.people.test_sign_in import ADDRESS, ask, asked, newest_link


def test_whoever_was_on_the_way_somewhere_comes_there(world, client):
    asked_for = client.get("/mal/2024/naringsliv-och-tillvaxt/skriv?uppdrag=1")
    address = asked(client, page=asked_for.location)
    assert client.send(address).location == "/mal/2024/naringsliv-och-tillvaxt/skriv?uppdrag=1"


def test_whoever_is_sent_to_sign_in_is_told_why(world, client):
    words = "För att skriva behöver du logga in."
    assert words in client.get(client.get("/mal/2024/naringsliv-och-tillvaxt/skriv?uppdrag=1").location).text
    elsewhere = client.get(client.get("/konto").location).text
    assert "behöver du logga in" in elsewhere and words not in elsewhere
    assert "behöver du logga in" not in client.get("/logga-in").text


@pytest.mark.parametrize("email", [ADDRESS, "okand@example.org"])
def test_the_address_that_was_written_is_shown_and_can_be_corrected(world, client, app, email):
    sent = client.get(ask(client, email.upper(), "/logga-in?next=/konto").location).text
    assert email in sent
    assert 'href="/logga-in?next=/konto"' in sent
    assert email not in app.test_client().get("/logga-in/skickat").text


def test_the_way_is_kept_when_the_address_was_mistyped(world, client):
    wrong = client.send("/logga-in?next=/konto", {"email": "rut"})
    action = re.search(r'action="(/logga-in\?next=[^"]+)"', wrong.text).group(1)
    client.send("/logga-in", {"email": ADDRESS}, to=action)
    assert newest_link().next_path == "/konto"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "evil.example",
        "%20//evil.example",
        "/%09/evil.example",
        "/%0a/evil.example",
        "/%0d%0aSet-Cookie:x=1",
        "/%01",
        "%2f%2fevil.example",
        "/%5cevil.example",
        "@evil.example",
        "",
    ],
)
def test_nobody_is_ever_sent_to_another_site(world, client, target):
    assert 'action="/logga-in"' in client.get(f"/logga-in?next={target}").text
    address = asked(client, page=f"/logga-in?next={target}")
    assert newest_link().next_path is None
    assert client.send(address).location == "/"


def test_a_target_that_got_into_the_database_in_another_way_is_not_followed_either(world, client):
    address = asked(client)
    with transaction():
        newest_link().next_path = "https://evil.example/"
    assert client.send(address).location == "/"


def test_english_stays_english_all_the_way(world, client):
    start = client.get("/en/konto")
    assert start.location.startswith("/en/logga-in?next=")
    assert ask(client, page=start.location).location == "/en/logga-in/skickat?next=/en/konto"
    send_waiting(KeptForReading())
    letter = db.session.scalars(select(Letter)).one()
    address = re.search(r"http://localhost(/en/logga-in/\S+)", letter.body).group(1)
    assert "Your link" in letter.subject
    assert "You are signing in" in client.get(address).text
    assert client.send(address).location == "/en/konto"
