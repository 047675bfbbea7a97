"""Asking for a new look: what the author is told, who may ask, until when, and what the municipality keeps."""

import re

import pytest
from sqlalchemy import func, select

from dialog.appeals.models import Appeal
from dialog.appeals.operations import NotTaken, send_appeal
from dialog.appeals.rules import LONGEST_APPEAL
from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.moderation.models import Decision
from dialog.moderation.queries import decision_in_force

WORDS = "Inlägget handlar om bussen, och bussen står i målet."


@pytest.fixture
def hidden(world):
    return world.decide(world.published(world.nils), "hide")


def page(comment) -> str:
    return f"/kvitto/{comment.receipt_key}/ny-provning"


def appeals() -> list[Appeal]:
    db.session.expire_all()
    return list(db.session.scalars(select(Appeal).order_by(Appeal.id)))


STATEMENT = (
    "beslutade",
    "Handlar inte om kommunens mål eller uppdrag",
    "Inlägget handlar om något annat än det kommunen vill eller gör.",
    "Det handlar inte om målet.",
    "Det var en människa som bestämde",
)


def test_the_receipt_gives_the_reasons_and_what_can_be_done(app, hidden):
    text = app.test_client().get(f"/kvitto/{hidden.receipt_key}").text
    for words in (*STATEMENT, "/andra", "till och med", page(hidden)):
        assert words in text, words
    until = re.search(r"till och med[^.]*", text).group()
    assert "september" in until, "Six months from the decision, as a date."


def test_the_authors_own_page_gives_them_too_and_nobody_elses_does(world, app, hidden):
    client = app.test_client()
    world.sign_in(client, world.nils)
    text = client.get(f"/inlagg/{hidden.number}").text
    for words in (*STATEMENT, page(hidden)):
        assert words in text, words
    world.sign_in(client, world.mona)
    assert page(hidden) not in client.get(f"/inlagg/{hidden.number}").text


def test_the_ground_of_the_act_on_bulletin_boards_is_told_with_its_paragraph(world, app):
    from dialog.conversation.rules import Act
    from dialog.moderation.operations import decide
    from dialog.moderation.rules import Ground

    comment = world.say(world.nils)
    with transaction():
        decide(
            comment,
            Act.HIDE,
            moderator=world.mona,
            seen=comment.version,
            now=clock.now(),
            ground=Ground.THREAT,
            reasons="Du hotar en granne i sista meningen.",
        )
    text = app.test_client().get(f"/kvitto/{comment.receipt_key}").text
    assert "4 kap. 5 § brottsbalken" in text and "5 § lagen (1998:112)" in text
    assert "Allas första inlägg väntar" in text


def test_whoever_has_the_receipts_address_can_ask_without_signing_in(app, hidden):
    client = app.test_client()
    response = client.send(page(hidden), {"text": WORDS})
    assert (response.status_code, response.headers["Location"]) == (
        303,
        f"/kvitto/{hidden.receipt_key}#ny-provning",
    )
    [appeal] = appeals()
    assert (appeal.text, appeal.state, appeal.decision_id) == (WORDS, "open", decision_in_force(hidden).id)
    receipt = client.get(f"/kvitto/{hidden.receipt_key}").text
    assert WORDS in receipt and "En annan moderator ska pröva" in receipt
    assert page(hidden) not in receipt
    event = db.session.scalar(select(Event).where(Event.kind == "appeal.sent"))
    assert event.actor_id is None and WORDS not in str(event.details)
    assert decision_in_force(hidden).appealed_at == appeal.sent_at


def test_the_author_signed_in_asks_as_themselves(world, app, hidden):
    client = app.test_client()
    world.sign_in(client, world.nils)
    client.send(page(hidden), {"text": WORDS})
    assert db.session.scalar(select(Event.actor_id).where(Event.kind == "appeal.sent")) == world.nils.id


def test_whoever_was_heard_by_the_customer_centre_can_ask(world, app):
    heard = world.decide(world.heard(), "hide")
    receipt = app.test_client().get(f"/kvitto/{heard.receipt_key}").text
    assert page(heard) in receipt and "/andra" not in receipt
    assert app.test_client().send(page(heard), {"text": WORDS}).status_code == 303
    assert len(appeals()) == 1


def test_asked_twice_is_asked_once_with_the_first_words(world, app, hidden):
    client = app.test_client()
    token = client.token(page(hidden))
    for text in (WORDS, "Jag skriver en gång till, med andra ord."):
        response = client.post(page(hidden), data={"csrf_token": token, "text": text})
        assert response.status_code == 303
    assert [appeal.text for appeal in appeals()] == [WORDS]
    assert client.get(page(hidden)).status_code == 303


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Skriv varför du tycker det."),
        ("Fel.", "Skriv minst 20 tecken."),
        ("a" * (LONGEST_APPEAL + 1), "Skriv högst 5\u00a0000 tecken."),
        ("Mitt nummer är 19811218-9876, ring mig.", "personnummer"),
    ],
)
def test_what_does_not_fit_is_said_at_the_field_and_stays(app, hidden, text, problem):
    response = app.test_client().send(page(hidden), {"text": text})
    assert response.status_code == 422
    assert problem in response.text and text in response.text
    assert appeals() == []


@pytest.mark.parametrize("act", ["restore", "edit"])
def test_what_is_not_hidden_any_more_is_not_looked_at_and_what_was_typed_stays(world, app, hidden, act):
    client = app.test_client()
    token = client.token(page(hidden))
    world.edit(hidden, "Helt andra ord om bussen.") if act == "edit" else world.decide(hidden, "restore")
    response = client.post(page(hidden), data={"csrf_token": token, "text": WORDS})
    assert response.status_code == 409
    assert "Hela inlägget visas, eller så har det hänt" in response.text and WORDS in response.text
    assert "Hela inlägget visas, eller så har det hänt" in client.get(page(hidden)).text
    assert appeals() == []


def test_after_six_months_it_is_too_late(world, app, hidden):
    clock.forward(days=190)
    text = app.test_client().get(page(hidden)).text
    assert "Tiden för att begära ny prövning är slut" in text and "<textarea" not in text
    receipt = app.test_client().get(f"/kvitto/{hidden.receipt_key}").text
    assert "gick ut" in receipt and page(hidden) not in receipt
    with pytest.raises(NotTaken), transaction():
        send_appeal(hidden, WORDS, language="sv", sender=None, now=clock.now())


def test_a_key_that_is_no_receipts_leads_nowhere(app):
    client = app.test_client()
    assert client.get("/kvitto/finns-inte/ny-provning").status_code == 404
    assert client.send("/logga-in", {"text": WORDS}, to="/kvitto/finns-inte/ny-provning").status_code == 404


def test_a_new_decision_can_be_asked_about_anew(world, hidden):
    world.settle(world.appealed(hidden), "granted")
    world.decide(hidden, "hide", world.max)
    world.appealed(hidden, WORDS)
    assert [appeal.state for appeal in appeals()] == ["granted", "open"]
    assert db.session.scalar(select(func.count()).select_from(Decision)) == 4
