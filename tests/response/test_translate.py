"""A published answer in other languages: marked up as such, for everybody, and told apart once the answer changes."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.response.quoting import answers_holding
from dialog.response.revising import revise
from dialog.response.translating import translate, translations_of
from dialog.states import UnlistedMove
from tests.response.test_revise import CHANGED
from tests.world import ANSWER

ENGLISH = "You want an evening bus. We will try one this autumn."


@pytest.fixture
def eva(world, client):
    """The browser of an editor of KS."""
    world.sign_in(client, world.eva)
    return client


@pytest.fixture
def answer(world):
    return world.answered(world.published(world.nils, "Bussen går för sällan."))


def send(client, answer, text=ENGLISH, *, code="en", seen=0, committee="ks"):
    address = f"/namnd/{committee}/svar/{answer.id}/sprak/{code}"
    return client.send("/konto", {"text": text, "seen": seen}, to=address)


def said(answer) -> dict[str, str]:
    db.session.expire_all()
    return {one.language: one.text for one in translations_of(answer)}


def test_everybody_reads_it_with_its_language_marked_up(world, eva, answer, app):
    assert send(eva, answer).location == f"/namnd/ks/svar/{answer.id}/sprak?sparat=1"
    visitor = app.test_client()
    page = visitor.get(f"/svar/{answer.id}").text
    assert ENGLISH in page
    assert '<div class="words" lang="en">' in page
    assert '<details class="background" open>' in visitor.get(f"/en/svar/{answer.id}").text
    assert ENGLISH in eva.get(f"/namnd/ks/svar/{answer.id}/sprak/en").text


def test_there_can_be_one_in_each_language(world, eva, answer):
    send(eva, answer)
    send(eva, answer, "Buerie", code="sma")
    assert said(answer) == {"en": ENGLISH, "sma": "Buerie"}


def test_it_can_be_changed_and_taken_away(world, eva, answer, app):
    send(eva, answer)
    send(eva, answer, "We will try one in October.", seen=1)
    assert said(answer) == {"en": "We will try one in October."}
    send(eva, answer, "", seen=2)
    assert not said(answer)
    assert "We will try" not in app.test_client().get(f"/svar/{answer.id}").text
    log = select(Event).where(Event.kind == "response.translated").order_by(Event.id)
    events = db.session.scalars(log).all()
    assert [one.details["taken_away"] for one in events] == [False, False, True]


def test_after_the_answer_is_changed_it_says_so_until_it_is_looked_at_again(world, eva, answer, app):
    send(eva, answer)
    clock.forward(hours=1)
    words = replace(ANSWER, we_decided="Vi provar två turer.")
    with transaction():
        revise(answer, words, CHANGED, seen=answer.version, editor=world.eva, now=clock.now())
    visitor = app.test_client()
    told = "Svaret har ändrats sedan det här översattes."
    assert told in visitor.get(f"/svar/{answer.id}").text
    clock.forward(hours=1)
    world.sign_in(eva, world.eva)
    send(eva, answer, seen=1)  # the same words, which still hold
    assert told not in visitor.get(f"/svar/{answer.id}").text


def test_sent_twice_is_the_same_as_once(eva, answer):
    assert [send(eva, answer).status_code for _ in range(2)] == [303, 303]
    assert len(db.session.scalars(select(Event).where(Event.kind == "response.translated")).all()) == 1


def test_what_somebody_wrote_meanwhile_is_shown_and_nothing_is_saved(eva, answer):
    send(eva, answer, "Their words.")
    sent = send(eva, answer, "My words.")
    assert sent.status_code == 409
    for words in ("Their words.", "My words."):
        assert words in sent.text
    assert said(answer) == {"en": "Their words."}


def test_bad_input_is_told_at_its_field(eva, answer):
    sent = send(eva, answer, "Call 19811218-9876")
    assert sent.status_code == 422
    assert 'id="text-error"' in sent.text
    assert "Call 19811218-9876" in sent.text


@pytest.mark.parametrize("code", ["sv", "xx", "EN"])
def test_a_language_that_is_none_of_them_is_not_there(eva, answer, code):
    assert eva.get(f"/namnd/ks/svar/{answer.id}/sprak/{code}").status_code == 404
    assert send(eva, answer, code=code).status_code == 404


def test_nobody_but_the_committees_editors_translates(world, client, answer):
    for name in ("olle", "tore", "rut"):
        world.sign_in(client, world.people[name])
        assert send(client, answer).status_code == 403
    world.sign_in(client, world.tore)
    assert send(client, answer, committee="tn").status_code == 404
    assert not said(answer)


def test_a_draft_is_not_translated(world, eva):
    draft = world.drafted(world.published())
    assert eva.get(f"/namnd/ks/svar/{draft.id}/sprak").status_code == 404
    with pytest.raises(UnlistedMove), transaction():
        translate(draft, "en", ENGLISH, seen=0, editor=world.eva, now=clock.now())


def test_who_takes_personal_data_out_is_told_that_a_translation_holds_it(eva, answer):
    send(eva, answer, "We have talked to Berit in Lit.")
    assert answers_holding(answer.coverage[0].comment, ["Berit in Lit"]) == [answer]
