"""Having the language of an answer looked through while it is written: advice, and nothing is saved or stopped."""

import pytest
from sqlalchemy import func, select

from dialog.db import db
from dialog.events import Event
from dialog.response.models import Response
from tests.response.test_publish import WORDS

LONG = "Vi beaktar det samt " + "kör " * 26 + "nu."


@pytest.fixture
def olle(world, client):
    """The browser of an officer of KS."""
    world.sign_in(client, world.olle)
    return client


def send(client, response, *, act="/klarsprak", htmx=False, **changes):
    form = {**WORDS, "seen": response.version, **changes}
    headers = {"HX-Request": "true"} if htmx else {}
    return client.send("/konto", form, to=f"/namnd/ks/svar/{response.id}{act}", headers=headers)


def events() -> int:
    return db.session.scalar(select(func.count()).select_from(Event))


def test_what_is_typed_is_looked_through_and_kept_on_the_page_but_not_saved(world, olle):
    response = world.drafted(world.published())
    before = events()
    sent = send(olle, response, we_decided=LONG)
    assert sent.status_code == 200
    for said in ("3 råd om språket", "ta hänsyn till", "En mening på 31 ord.", LONG):
        assert said in sent.text
    db.session.expire_all()
    assert db.session.get(Response, response.id).we_decided != LONG
    assert events() == before


def test_htmx_gets_the_advice_alone(world, olle):
    response = world.drafted(world.published())
    sent = send(olle, response, htmx=True, we_decided=LONG)
    assert "<html" not in sent.text
    assert "ta hänsyn till" in sent.text
    assert 'id="sprak-antal"' in sent.text


def test_the_saved_draft_is_looked_through_when_it_is_opened(world, olle):
    response = world.drafted(world.published())
    assert "råd om språket" not in olle.get(f"/namnd/ks/svar/{response.id}").text
    send(olle, response, act="", we_decided=LONG, matter=[one.id for one in world.matters("KS")])
    assert "3 råd om språket" in olle.get(f"/namnd/ks/svar/{response.id}").text


def test_advice_stops_nothing(world, client):
    response = world.drafted(world.published())
    world.sign_in(client, world.eva)
    matters = [one.id for one in world.matters("KS")]
    assert send(client, response, act="/publicera", we_decided=LONG, matter=matters).status_code == 303


def test_bad_input_is_looked_through_like_any_other(world, olle):
    response = world.drafted(world.published())
    for typed in ("", "\x00 samt \u202e", "x" * 20_000, "19811218-9876 samt"):
        assert send(olle, response, we_decided=typed, seen="x").status_code == 200


@pytest.mark.parametrize("name", ["rut", "tore", None])
def test_nobody_else_reads_the_draft_by_it(world, client, name):
    response = world.drafted(world.published())
    if name:
        world.sign_in(client, world.people[name])
        page = "/konto"
    else:
        page = "/logga-in"
    sent = client.send(page, dict(WORDS), to=f"/namnd/ks/svar/{response.id}/klarsprak")
    assert sent.status_code in {303, 401, 403}
    assert response.we_decided not in sent.text


def test_an_answer_that_is_not_there_is_not_looked_through(world, olle):
    assert olle.send("/konto", dict(WORDS), to="/namnd/ks/svar/999/klarsprak").status_code == 404
