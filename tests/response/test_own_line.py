"""Saying something to whoever wrote one of the comments that an answer covers."""

import pytest
from sqlalchemy import select

from dialog.db import clock, db, transaction
from dialog.notify.letters import write
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.response.models import Response
from dialog.response.operations import publish, save_draft
from dialog.response.quoting import answers_holding
from tests.response.test_publish import WORDS
from tests.world import ANSWER

LINE = "Din hållplats får ett väderskydd redan i vår."


@pytest.fixture
def eva(world, client):
    """The browser of an editor of KS."""
    world.sign_in(client, world.eva)
    return client


@pytest.fixture
def mine(world):
    return world.published(world.nils, "Sätt ett väderskydd vid min hållplats.")


@pytest.fixture
def hers(world):
    return world.published(world.rut, "Bussen borde gå oftare.")


def send(client, response, *matters, act: str = "", **lines):
    form = {**WORDS, "seen": response.version, "matter": [matter.id for matter in matters]}
    form |= {name.replace("_", "-", 2): line for name, line in lines.items()}
    return client.send("/konto", form, to=f"/namnd/ks/svar/{response.id}{act}")


def line(matter) -> str:
    return f"rad_{matter.id}_to_author"


def saved(response) -> dict[str, str | None]:
    db.session.expire_all()
    return {one.comment.number: one.to_author for one in db.session.get(Response, response.id).coverage}


def answered_with_a_line(world, eva, mine, hers) -> Response:
    response, (matter, other) = world.drafted(mine, hers), world.matters("KS", mine, hers)
    assert send(eva, response, matter, other, act="/publicera", **{line(matter): LINE}).status_code == 303
    return response


def test_the_line_is_kept_with_the_draft_and_stands_in_the_editor(world, eva, mine, hers):
    response, (matter, other) = world.drafted(mine, hers), world.matters("KS", mine, hers)
    sent = send(eva, response, matter, other, **{line(matter): f"  {LINE} ", line(other): ""})
    assert sent.status_code == 303
    assert saved(response) == {mine.number: LINE, hers.number: None}
    assert LINE in eva.get(f"/namnd/ks/svar/{response.id}").text


def test_everybody_reads_it_at_the_comment_and_on_the_answers_page(world, eva, mine, hers, app):
    response = answered_with_a_line(world, eva, mine, hers)
    visitor = app.test_client()
    for address in (f"/inlagg/{mine.number}", f"/svar/{response.id}"):
        page = visitor.get(address).text
        assert LINE in page
        assert "Särskilt till den som skrev det här" in page
    assert LINE not in visitor.get(f"/inlagg/{hers.number}").text


def test_whoever_wrote_it_reads_it_on_the_receipt_and_beside_the_question(world, eva, mine, hers, app):
    response = answered_with_a_line(world, eva, mine, hers)
    visitor = app.test_client()
    for address in ("", f"/svar/{response.id}/omdome"):
        page = visitor.get(f"/kvitto/{mine.receipt_key}{address}").text
        assert LINE in page
        assert "Till dig särskilt" in page
        assert LINE not in visitor.get(f"/kvitto/{hers.receipt_key}{address}").text


def test_it_stands_in_the_letter_to_whoever_it_is_for_and_in_no_other(world, eva, mine, hers):
    answered_with_a_line(world, eva, mine, hers)
    sent = db.session.scalars(select(Letter).where(Letter.kind == LetterKind.ANSWERED)).all()
    bodies = {letter.address: write(letter).body for letter in sent}
    assert f"Till dig särskilt:\n{LINE}" in bodies["nils@example.org"]
    assert LINE not in bodies["rut@example.org"]
    assert "Till dig särskilt" not in bodies["rut@example.org"]


def test_before_the_answer_is_published_nobody_outside_reads_it(world, eva, mine, hers, app):
    response, (matter, other) = world.drafted(mine, hers), world.matters("KS", mine, hers)
    send(eva, response, matter, other, **{line(matter): LINE})
    for address in (f"/inlagg/{mine.number}", f"/kvitto/{mine.receipt_key}"):
        assert LINE not in app.test_client().get(address).text


def test_it_goes_out_of_view_with_the_comment(world, eva, mine, hers, app):
    response = answered_with_a_line(world, eva, mine, hers)
    world.decide(mine, "hide")
    assert LINE not in app.test_client().get(f"/svar/{response.id}").text


@pytest.mark.parametrize(
    ("text", "says"),
    [("x" * 501, "501"), ("Hej 19811218-9876, tack!", "personnummer")],
)
def test_what_cannot_be_said_is_told_at_its_field_with_what_was_typed(world, eva, mine, hers, text, says):
    response, (matter, other) = world.drafted(mine, hers), world.matters("KS", mine, hers)
    for act in ("", "/publicera", "/granskning"):
        sent = send(eva, response, matter, other, act=act, **{line(matter): text})
        assert sent.status_code == 422
        assert f'id="rad-{matter.id}-to_author-error"' in sent.text
        assert text in sent.text
        assert WORDS["we_decided"] in sent.text
    assert set(saved(response).values()) == {None}


def test_a_form_that_does_not_hold_the_field_leaves_the_line_as_it_is(world, eva, mine, hers):
    response, (matter, other) = world.drafted(mine, hers), world.matters("KS", mine, hers)
    send(eva, response, matter, other, **{line(matter): LINE})
    db.session.refresh(response)
    send(eva, response, matter, other)
    assert saved(response)[mine.number] == LINE
    with transaction():
        save_draft(
            response, ANSWER, [matter, other], seen=response.version, officer=world.olle, now=clock.now()
        )
    assert saved(response)[mine.number] == LINE


def test_the_line_to_a_comment_that_is_unticked_goes_with_it(world, eva, mine, hers):
    response, (matter, other) = world.drafted(mine, hers), world.matters("KS", mine, hers)
    send(eva, response, matter, other, **{line(matter): LINE})
    db.session.refresh(response)
    send(eva, response, other, **{line(matter): LINE})
    assert saved(response) == {hers.number: None}


def test_a_line_saved_by_somebody_else_meanwhile_stands_beside_what_was_typed(world, eva, mine, hers):
    response, (matter, other) = world.drafted(mine, hers), world.matters("KS", mine, hers)
    seen = response.version
    with transaction():
        save_draft(
            response,
            ANSWER,
            [matter, other],
            seen=seen,
            officer=world.olle,
            now=clock.now(),
            lines={matter.id: "En annan rad."},
        )
    response.version = seen
    sent = send(eva, response, matter, other, **{line(matter): LINE})
    db.session.rollback()
    assert sent.status_code == 409
    assert LINE in sent.text
    assert "En annan rad." in sent.text


def test_who_takes_personal_data_out_is_told_that_the_line_holds_it(world, mine):
    response, [matter] = world.drafted(mine), world.matters("KS", mine)
    with transaction():
        save_draft(
            response,
            ANSWER,
            [matter],
            seen=response.version,
            officer=world.olle,
            now=clock.now(),
            lines={matter.id: "Hälsa Berit i Lit."},
        )
        publish(response, seen=response.version, editor=world.eva, now=clock.now())
    assert answers_holding(mine, ["Berit i Lit"]) == [response]
    assert answers_holding(mine, ["Arne i Lit"]) == []
