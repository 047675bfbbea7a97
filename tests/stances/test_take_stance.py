"""Saying what one thinks of a comment, changing it, and taking it back."""

import json

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from dialog.db import db, transaction
from dialog.dialogues.models import Dialogue
from dialog.dialogues.rules import DialogueState
from dialog.events import Event
from dialog.pace import Pace
from dialog.stances.models import StanceTaken
from dialog.stances.operations import NotTaken
from dialog.stances.queries import holder, stances_on
from dialog.stances.rules import MOST_A_MINUTE, Refusal
from tests import counts
from tests.threads import at_once
from tests.world import GOAL_2024

FRAGMENT = {"HX-Request": "true"}


def address(comment) -> str:
    return f"/inlagg/{comment.number}/stallning"


def stances_of(comment) -> list[tuple]:
    return db.session.execute(
        select(StanceTaken.stance, StanceTaken.counted).where(StanceTaken.comment_id == comment.id)
    ).all()


def test_one_says_what_one_thinks_changes_it_and_takes_it_back(world, client):
    comment = world.published(world.nils)
    world.sign_in(client, world.rut)
    for stance in ("agree", "disagree", "pass"):
        sent = client.send(address(comment), {"stance": stance})
        assert sent.status_code == 303
        assert sent.location == f"/inlagg/{comment.number}?gjort=svar#stallning-{comment.number}"
        assert stances_of(comment) == [(stance, None)]
        counts.assert_right()
    page = client.get(sent.location).text
    assert "Sparat." in page and 'value="pass" id' in page
    assert page.count('aria-pressed="true"') == 1
    client.send(address(comment), {"stance": "none"})
    assert stances_of(comment) == []
    assert 'aria-pressed="true"' not in client.get(address(comment)).text
    counts.assert_right()


def test_the_same_twice_is_once(world, client):
    comment = world.published(world.nils)
    world.sign_in(client, world.rut)
    for _ in range(2):
        assert client.send(address(comment), {"stance": "agree"}).status_code == 303
    for _ in range(2):
        assert client.send(address(comment), {"stance": "none"}).status_code == 303
    assert stances_of(comment) == []
    counts.assert_right()


def test_with_htmx_only_the_buttons_come_back(world, client):
    comment = world.published(world.nils)
    world.sign_in(client, world.rut)
    answer = client.send(address(comment), {"stance": "agree"}, headers=FRAGMENT)
    assert answer.status_code == 200
    assert answer.text.strip().startswith(f'<div class="stances" id="stallning-{comment.number}">')
    assert "Sparat." in answer.text


def test_a_visitor_is_asked_to_sign_in_and_comes_back_to_the_buttons(world, client):
    comment = world.published(world.nils)
    for page in (GOAL_2024, f"/inlagg/{comment.number}"):
        assert f'href="{address(comment)}"' in client.get(page).text
    asked = client.get(address(comment))
    assert asked.status_code == 303 and asked.location == f"/logga-in?next={address(comment)}"
    assert client.send("/logga-in", {"stance": "agree"}, to=address(comment)).status_code == 401
    assert stances_of(comment) == []


def test_one_takes_none_on_ones_own_comment(world, client):
    comment = world.published(world.nils)
    world.sign_in(client, world.nils)
    assert "Det här har du skrivit själv" in client.get(address(comment)).text
    refused = client.send("/logga-in", {"stance": "agree"}, to=address(comment))
    assert refused.status_code == 422 and "Det här har du skrivit själv" in refused.text
    assert f'action="{address(comment)}"' not in client.get(GOAL_2024).text
    assert stances_of(comment) == []


def test_none_is_taken_on_a_reply(world, client):
    reply = world.published(world.nils, "En replik till inlägget.", parent=world.published(world.vera))
    world.sign_in(client, world.rut)
    refused = client.send("/logga-in", {"stance": "agree"}, to=address(reply))
    assert refused.status_code == 422 and "Det här är en replik" in refused.text
    assert f'action="{address(reply)}"' not in client.get(f"/inlagg/{reply.number}").text


def test_none_is_taken_or_taken_back_when_the_dialogue_is_closed(world, client):
    comment = world.published(world.nils)
    dialogue = world.asked()
    world.thinks(world.rut, comment)
    with transaction():
        db.session.execute(
            Dialogue.__table__.update()
            .where(Dialogue.id == dialogue.id)
            .values(state=DialogueState.CLOSED, opened_at=dialogue.closes_on and comment.submitted_at)
        )
    world.sign_in(client, world.rut)
    for headers in ({}, FRAGMENT):
        refused = client.send("/logga-in", {"stance": "none"}, to=address(comment), headers=headers)
        assert refused.status_code == 422 and "Tiden för att säga vad man tycker är slut" in refused.text
    assert stances_of(comment) == [("agree", None)]
    page = client.get(f"/inlagg/{comment.number}").text
    assert "Du har svarat: håller med" in page and f'action="{address(comment)}"' not in page


@pytest.mark.parametrize("way", ["hide", "withdraw"])
def test_what_has_been_hidden_or_withdrawn_meanwhile_is_not_there(world, client, way):
    comment = world.published(world.nils)
    world.sign_in(client, world.rut)
    token = client.token(address(comment))
    world.decide(comment, "hide") if way == "hide" else world.withdraw(comment)
    for headers in ({}, FRAGMENT):
        data = {"csrf_token": token, "stance": "agree"}
        gone = client.post(address(comment), data=data, headers=headers)
        assert gone.status_code == 404 and "visas det som fanns här inte längre" in gone.text
    with pytest.raises(NotTaken) as refused:
        world.thinks(world.rut, comment)
    assert refused.value.refusal == Refusal.NOT_SHOWN
    assert stances_of(comment) == []


def test_those_who_see_a_hidden_comment_cannot_answer_it_either(world, client):
    comment = world.decide(world.published(world.nils), "hide")
    world.sign_in(client, world.mona)
    refused = client.send("/logga-in", {"stance": "agree"}, to=address(comment))
    assert refused.status_code == 422 and "Inlägget visas inte längre" in refused.text


@pytest.mark.parametrize("sent", [{}, {"stance": ""}, {"stance": "maybe"}, {"stance": "AGREE"}])
def test_what_no_button_sends_is_told_kindly(world, client, sent):
    comment = world.published(world.nils)
    world.sign_in(client, world.rut)
    refused = client.send(address(comment), sent)
    assert refused.status_code == 422 and "Tryck på en av knapparna" in refused.text
    assert stances_of(comment) == []


def test_a_comment_that_is_not_there_cannot_be_answered(world, client):
    world.sign_in(client, world.rut)
    assert client.get("/inlagg/2026-999999/stallning").status_code == 404
    sent = client.send("/logga-in", {"stance": "agree"}, to="/inlagg/2026-999999/stallning")
    assert sent.status_code == 404


def test_whoever_presses_without_end_is_asked_to_wait(world, client):
    comment = world.published(world.nils)
    world.sign_in(client, world.rut)
    world.app.extensions["pace_of_stances"] = Pace(MOST_A_MINUTE)
    data = {"csrf_token": client.token(address(comment)), "stance": "agree"}
    codes = [
        client.post(address(comment), data=data, headers=FRAGMENT).status_code
        for _ in range(MOST_A_MINUTE + 1)
    ]
    assert codes == [200] * MOST_A_MINUTE + [429]


def test_a_hundred_at_once_by_one_person_are_one(world):
    comment = world.published(world.nils)
    rut, stances = world.rut, ("agree", "disagree", "pass")
    at_once(world.app, 100, lambda n: world.thinks(rut, db.session.merge(comment), stances[n % 3]))
    assert len(stances_of(comment)) == 1
    counts.assert_right()


def test_the_database_refuses_a_second_stance_and_one_that_says_nothing(world):
    comment = world.published(world.nils)
    world.thinks(world.rut, comment)
    key = {"comment_id": comment.id, "holder": holder(world.rut, comment.goal_id)}
    for row in ({**key, "stance": "pass"}, {"comment_id": comment.id, "holder": "x"}):
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(StanceTaken.__table__.insert().values(**row))


def test_nothing_that_is_kept_says_who_or_when(world):
    comment = world.published(world.nils)
    before = db.session.scalars(select(Event.id)).all()
    for person in (world.rut, world.vera, world.gun, world.mona, world.max, world.olle, world.eva):
        world.thinks(person, comment)
    columns = {column["name"] for column in inspect(db.engine).get_columns("stance")}
    assert columns == {"comment_id", "holder", "stance", "counted"}  # no number, no time, nobody's id
    events = db.session.scalars(select(Event).where(Event.id.not_in(before))).all()
    assert [(event.kind, event.actor_id, event.details) for event in events] == [
        ("stances.renewed", None, {})
    ]
    assert "agree" not in json.dumps([event.details for event in db.session.scalars(select(Event))])


@pytest.mark.only_on("sqlite")
def test_rows_lie_in_the_order_of_their_hashes(world):
    comment = world.published(world.nils)
    for person in (world.rut, world.vera, world.gun, world.mona):
        world.thinks(person, comment)
    lying = db.session.scalars(select(StanceTaken.holder).where(StanceTaken.comment_id == comment.id)).all()
    assert lying == sorted(lying)
    with pytest.raises(Exception, match="rowid"):
        db.session.connection().exec_driver_sql("SELECT rowid FROM stance")


def test_one_sees_ones_own_and_nobody_elses(world, client):
    comment = world.published(world.nils)
    world.thinks(world.rut, comment, "disagree")
    for person, pressed in ((world.rut, 1), (world.vera, 0), (world.adam, 0)):
        world.sign_in(client, person)
        for page in (GOAL_2024, f"/inlagg/{comment.number}", address(comment)):
            assert client.get(page).text.count('aria-pressed="true"') == pressed, page
    assert stances_on(comment, world.nils)[1] == (None, True)
