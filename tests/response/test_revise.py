"""Giving a published answer other words: told to those covered, once each, with what it said before in view."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.notify.letters import write
from dialog.notify.models import Letter
from dialog.notify.writing import NotWanted
from dialog.response.models import EarlierAnswer, Response
from dialog.response.operations import Incomplete
from dialog.response.quoting import answers_holding
from dialog.response.revising import revise
from dialog.states import UnlistedMove
from tests.response.test_publish import assert_counts_are_right
from tests.world import ANSWER, GOAL_2024

CHANGED = "Turen börjar i oktober, och inte i augusti."
WORDS = {
    "you_said": ANSWER.you_said,
    "we_decided": "Vi provar en kvällstur i oktober.",
    "because": ANSWER.because,
    "outcome": "will_do",
    "decided_on": "",
    "decision_reference": "",
    "what_changed": CHANGED,
}


@pytest.fixture
def eva(world, client):
    """The browser of an editor of KS."""
    world.sign_in(client, world.eva)
    return client


@pytest.fixture
def answer(world):
    """An answer to comments by Nils and Rut, published an hour ago."""
    comments = (
        world.published(world.nils, "Bussen går för sällan."),
        world.published(world.rut, "Fler turer!"),
    )
    answer = world.answered(*comments)
    clock.forward(hours=1)
    return answer


def send(client, answer, *, committee="ks", **changes):
    form = {**WORDS, "seen": answer.version, **changes}
    return client.send("/konto", form, to=f"/namnd/{committee}/svar/{answer.id}/andra")


def fresh(answer) -> Response:
    db.session.expire_all()
    return db.session.get(Response, answer.id)


def versions() -> list[EarlierAnswer]:
    return db.session.scalars(select(EarlierAnswer).order_by(EarlierAnswer.number)).all()


def told() -> list[Letter]:
    revised = select(Event.id).where(Event.kind == "response.revised")
    return db.session.scalars(select(Letter).where(Letter.event_id.in_(revised)).order_by(Letter.id)).all()


def test_everybody_reads_the_new_words_what_was_changed_and_what_it_said_before(world, eva, answer, app):
    published_at = answer.published_at
    sent = send(eva, answer)
    assert (sent.status_code, sent.location) == (303, f"/svar/{answer.id}?andrat=1")
    assert "Den nya versionen är publicerad." in eva.get(sent.location).text
    page = app.test_client().get(f"/svar/{answer.id}").text
    for said in (WORDS["we_decided"], CHANGED, ANSWER.we_decided, "Version 1, visad från"):
        assert said in page
    assert (fresh(answer).published_at, fresh(answer).revised_at) == (published_at, clock.now())
    [before] = versions()
    assert (before.we_decided, before.shown_from, before.replaced_by_id) == (
        ANSWER.we_decided,
        published_at,
        world.eva.id,
    )
    assert_counts_are_right()


def test_the_new_words_stand_everywhere_the_answer_does(world, eva, answer, app):
    comment = answer.coverage[0].comment
    visitor = app.test_client()
    pages = [
        GOAL_2024,
        f"/inlagg/{comment.number}",
        f"/kvitto/{comment.receipt_key}",
        "/namnd/ks",
    ]
    for page in pages:
        visitor.get(page)  # a page that is kept is made anew
    send(eva, answer)
    for page in pages:
        assert "i oktober" in visitor.get(page).text, page
    assert ">oktober</mark>" in visitor.get("/sok?q=oktober").text


def test_each_covered_is_told_once_what_was_changed(world, eva, answer):
    send(eva, answer)
    letters = told()
    assert sorted(one.address for one in letters) == ["nils@example.org", "rut@example.org"]
    message = write(letters[0])
    assert "har ändrats" in message.subject
    for said in (CHANGED, "Bussen går för sällan.", WORDS["we_decided"]):
        assert said in message.body


def test_a_letter_of_a_change_that_has_been_changed_again_is_not_sent(world, eva, answer):
    send(eva, answer)
    earlier = told()
    send(
        eva, fresh(answer), we_decided="Vi provar i november.", what_changed="Nu är det november som gäller."
    )
    for letter in earlier:
        with pytest.raises(NotWanted):
            write(letter)
    assert "november" in write(told()[-1]).body


def test_whoever_wrote_what_is_hidden_is_not_told(world, eva, answer):
    world.decide(answer.coverage[0].comment, "hide")
    send(eva, fresh(answer))
    with pytest.raises(NotWanted):
        write(next(one for one in told() if one.address == "nils@example.org"))


def test_versions_are_counted_and_every_one_stays(world, eva, answer, app):
    for number in range(3):
        clock.forward(hours=1)
        world.sign_in(eva, world.eva)
        assert send(eva, fresh(answer), we_decided=f"Vi ändrar oss för gång {number}.").status_code == 303
    assert [one.number for one in versions()] == [1, 2, 3]
    page = app.test_client().get(f"/svar/{answer.id}").text
    assert [f"Vi ändrar oss för gång {number}." in page for number in range(3)] == [True] * 3


def test_sent_twice_is_one_new_version(world, eva, answer):
    seen = answer.version
    assert [send(eva, answer, seen=seen).status_code for _ in range(2)] == [303, 303]
    assert len(versions()) == 1
    assert len(told()) == 2


def test_the_same_words_are_no_new_version(world, eva, answer):
    assert send(eva, answer, we_decided=ANSWER.we_decided).status_code == 303
    assert not versions()
    assert not told()


def test_what_was_changed_meanwhile_is_shown_and_nothing_is_saved(world, eva, answer):
    seen = answer.version
    send(eva, answer)
    sent = send(eva, answer, seen=seen, we_decided="Mina ord som jag skrev samtidigt.")
    assert sent.status_code == 409
    for said in (
        "Mina ord som jag skrev samtidigt.",
        WORDS["we_decided"],
        "har ändrats sedan du öppnade sidan",
    ):
        assert said in sent.text
    assert len(versions()) == 1


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("what_changed", ""),
        ("what_changed", "Kort."),
        ("because", ""),
        ("outcome", ""),
        ("decided_on", "i går"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field_with_what_was_typed(world, eva, answer, field, typed):
    sent = send(eva, answer, **{field: typed})
    assert sent.status_code == 422
    assert f'id="{field}-error"' in sent.text
    assert WORDS["we_decided"] in sent.text
    assert not versions()


@pytest.mark.parametrize(("name", "status"), [(None, 303), ("rut", 403), ("olle", 403), ("tore", 403)])
def test_nobody_but_the_committees_editors_changes_it(world, client, answer, name, status):
    if name:
        world.sign_in(client, world.people[name])
    address = f"/namnd/ks/svar/{answer.id}/andra"
    assert client.get(address).status_code == status
    sent = client.send("/konto" if name else "/logga-in", dict(WORDS), to=address)
    assert sent.status_code in {status, 401}
    assert not versions()
    assert "Ändra svaret" not in client.get(f"/svar/{answer.id}").text


def test_another_committees_answer_is_not_there(world, client, answer):
    world.sign_in(client, world.tore)
    assert send(client, answer, committee="tn").status_code == 404


def test_a_draft_is_not_changed_by_it(world, eva):
    draft = world.drafted(world.published())
    assert eva.get(f"/namnd/ks/svar/{draft.id}/andra").status_code == 404
    with pytest.raises(UnlistedMove), transaction():
        revise(draft, ANSWER, CHANGED, seen=draft.version, editor=world.eva, now=clock.now())


def test_what_was_said_of_it_and_its_links_hold(world, eva, answer, app):
    comment = answer.coverage[0].comment
    world.judged(comment, answer, "yes")
    send(eva, fresh(answer))
    page = app.test_client().get(f"/kvitto/{comment.receipt_key}/svar/{answer.id}/omdome")
    assert page.status_code == 200
    assert WORDS["we_decided"] in page.text


def test_who_takes_personal_data_out_is_told_of_what_the_answer_said_before(world, eva, answer):
    send(eva, answer, we_decided="Vi har talat med Berit i Lit.")
    send(eva, fresh(answer))
    assert answers_holding(answer.coverage[0].comment, ["Berit i Lit"]) == [fresh(answer)]


def test_incomplete_words_are_refused_by_the_operation_itself(world, answer):
    words = replace(ANSWER, because="")
    with pytest.raises(Incomplete), transaction():
        revise(answer, words, CHANGED, seen=answer.version, editor=world.eva, now=clock.now())
