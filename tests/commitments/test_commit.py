"""An editor promises something in a published answer: everybody reads it there, at the goal and at the committee."""

import pytest

from dialog.commitments.models import Commitment
from dialog.commitments.operations import commit
from dialog.commitments.rules import Promise
from dialog.db import clock, transaction
from dialog.states import UnlistedMove
from tests import counts
from tests.world import GOAL_2024

FORM = {
    "text": "Vi kör en kvällstur till Häggenås på prov.",
    "owner": "Enheten för kollektivtrafik",
    "due_on": "2026-06-01",
}


@pytest.fixture
def answer(world):
    """A published answer of KS."""
    return world.answered(world.published(world.rut, "När börjar kvällsbussen till Häggenås gå?"))


@pytest.fixture
def eva(world, client, answer):
    world.sign_in(client, world.eva)
    return client


def page(answer) -> str:
    return f"/namnd/ks/svar/{answer.id}/atagande"


def send(client, answer, **changes):
    return client.send(page(answer), FORM | changes)


def test_everybody_reads_what_an_editor_promises(eva, app, answer):
    visitor = app.test_client()
    visitor.get(GOAL_2024)  # kept before anything is promised
    assert send(eva, answer).location == f"/svar/{answer.id}?gjort=atagande#ataganden"
    assert "Sparat" in eva.get(f"/svar/{answer.id}?gjort=atagande").text
    for shown in (f"/svar/{answer.id}", GOAL_2024, "/namnd/ks/ataganden"):
        text = visitor.get(shown).text
        assert FORM["text"] in text and FORM["owner"] in text, shown
        assert 'Ska vara gjort senast <time datetime="2026-06-01"' in text, shown
        assert "Säg hur det gick" not in text, shown
    assert "/namnd/ks/ataganden" in visitor.get("/namnd/ks").text
    assert "Sparat" not in visitor.get(f"/svar/{answer.id}?gjort=atagande").text
    counts.assert_right()


def test_promised_twice_is_promised_once_and_another_day_is_another(eva, answer):
    assert {send(eva, answer).status_code for _ in range(2)} == {303}
    assert counts.count(Commitment) == 1
    send(eva, answer, due_on="2026-07-01")
    assert counts.count(Commitment) == 2
    counts.assert_right()


@pytest.mark.parametrize(
    "changes",
    [
        {"text": ""},
        {"text": "kort"},
        {"text": "x" * 501},
        {"owner": ""},
        {"owner": "x" * 101},
        {"owner": "Ring 070-174 06 05"},
        {"owner": "rut@example.org"},
        {"due_on": ""},
        {"due_on": "i vår"},
        {"due_on": "2026-03-11"},
        {"due_on": "2026-01-01"},
        {"due_on": "2099-01-01"},
    ],
)
def test_bad_input_promises_nothing_and_stays_as_typed(eva, answer, changes):
    sent = send(eva, answer, **changes)
    assert sent.status_code == 422
    assert sent.text.count('class="field-error"') == 1
    assert all(value in sent.text for value in (FORM | changes).values())
    assert counts.count(Commitment) == 0


def test_what_is_written_is_shown_as_text(eva, app, answer):
    send(eva, answer, text="Vi gör <b>det</b> & mer.\n\nOch sedan mer.", owner="<i>Gatuenheten</i>")
    for shown in (f"/svar/{answer.id}", GOAL_2024, "/namnd/ks/ataganden"):
        text = app.test_client().get(shown).text
        assert "&lt;b&gt;det&lt;/b&gt; &amp; mer." in text and "&lt;i&gt;Gatuenheten" in text, shown


def test_a_draft_promises_nothing(world, eva):
    draft = world.drafted(world.published(world.rut, "Ett inlägg som väntar på svar."))
    assert eva.get(page(draft)).status_code == 404
    assert eva.send("/konto", FORM, to=page(draft)).status_code == 404
    promise = Promise(FORM["text"], FORM["owner"], clock.today())
    with pytest.raises(UnlistedMove), transaction():
        commit(draft, promise, editor=world.eva, now=clock.now())


def test_another_committees_answer_is_not_there(world, eva):
    other = world.answered(
        world.published(world.rut, "Ett inlägg om vägen till Lit.", assignment=world.assignment(2)),
        committee="TN",
    )
    for address in (page(other), "/namnd/ks/svar/999999/atagande"):
        assert eva.get(address).status_code == 404
        assert eva.send("/konto", FORM, to=address).status_code == 404
    assert eva.send("/konto", FORM, to=page(other).replace("/ks/", "/tn/")).status_code == 403
    assert counts.count(Commitment) == 0


def test_whoever_is_not_signed_in_is_asked_to_and_keeps_the_words(app, answer):
    client = app.test_client()
    assert client.get(page(answer)).location.startswith("/logga-in")
    sent = client.send("/logga-in", FORM, to=page(answer))
    assert (sent.status_code, FORM["text"] in sent.text) == (401, True)
    assert counts.count(Commitment) == 0
