"""What tells who somebody is, or how to reach them, is stopped or asked about before everybody reads it."""

import pytest
from sqlalchemy import func, select

from dialog.conversation.models import Comment, CommentWording
from dialog.db import db
from tests.conversation import test_edit, test_reply, test_submit
from tests.world import GOAL_2024

NUMBER = "Jag heter Nils och mitt nummer är 890201-3286."
MASKED = "890201-****"
CONTACT = "Skriv till styrelsen@lockne.example.org eller ring 063-14 30 00."
TICK = 'name="shown_to_all"'


@pytest.fixture
def ways(world, client):
    """Each way of saying something to everybody: a function that sends a text, and how many are on record."""
    parent = world.published(world.rut, "Bussen borde gå hela kvällen till Häggenås.")
    own = world.say(world.nils, "Det här är mina första ord i saken.")
    world.sign_in(client, world.nils)
    return {
        "comment": lambda **changes: test_submit.fill_in(client, **changes),
        "reply": lambda **changes: test_reply.fill_in(client, parent, **changes),
        "edit": lambda **changes: test_edit.send(client, own, **changes),
    }


def wordings() -> int:
    return db.session.scalar(select(func.count()).select_from(CommentWording))


@pytest.mark.parametrize("way", ["comment", "reply", "edit"])
def test_a_personal_number_is_refused_however_often_it_is_sent_and_the_text_is_kept(ways, way):
    before = wordings()
    for changes in ({}, {"shown_to_all": "1"}):
        response = ways[way](text=NUMBER, **changes)
        assert response.status_code == 422
        assert MASKED in response.text
        assert "personnummer" in response.text
        assert response.text.count("890201-3286") == 1  # in the field, where its author takes it out
        assert TICK not in response.text
    assert wordings() == before


@pytest.mark.parametrize("way", ["comment", "reply", "edit"])
def test_a_way_to_reach_somebody_is_asked_about_once_and_sent_when_ticked(ways, way):
    before = wordings()
    response = ways[way](text=CONTACT)
    assert response.status_code == 422
    assert "styrelsen@lockne.example.org, 063-14 30 00" in response.text
    assert CONTACT in response.text
    assert TICK in response.text
    assert wordings() == before
    assert ways[way](text=CONTACT, shown_to_all="1").status_code == 303
    assert (
        db.session.scalars(select(CommentWording.text).order_by(CommentWording.id.desc())).first() == CONTACT
    )


def test_nobody_is_asked_about_what_is_not_there(world, client, ways):
    assert TICK not in client.get(f"{GOAL_2024}/skriv").text
    harmless = "Mitt förra inlägg, 2026-000001 från den 2026-03-11, gällde 1 250 000 kronor."
    assert ways["comment"](text=harmless).status_code == 303


def test_an_english_reader_is_asked_in_english(world, client):
    world.sign_in(client, world.nils)
    asked = test_submit.fill_in(client, page=f"/en{GOAL_2024}/skriv", text=CONTACT).text
    assert "Take it out, or tick the box below the text if it is to be shown." in asked
    refused = test_submit.fill_in(client, page=f"/en{GOAL_2024}/skriv", text=NUMBER).text
    assert f"This looks like a personal identity number: {MASKED}." in refused


def test_what_is_refused_is_in_no_log(world, client, capfd):
    world.sign_in(client, world.nils)
    test_submit.fill_in(client, text=NUMBER)
    told = capfd.readouterr()
    assert "890201" not in told.out + told.err
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 0
