"""Recording a meeting: what it decided becomes the answer, with the day and the paragraph of the decision."""

from datetime import date

import pytest
from sqlalchemy import func, select

from dialog.db import clock, db
from dialog.events import Event
from dialog.meetings.models import Meeting
from dialog.response.models import Matter, Response
from dialog.response.rules import MatterState
from tests.response.test_draft import WORDS

RECORD, ANNEX = "/namnd/ks/sammantrade", "/namnd/ks/bilaga"
PROTOCOL = "https://kommunen.example.org/protokoll/2026-03-10"
MEETING = {"held_on": "2026-03-10", "paragraph": "§ 42", "protocol": PROTOCOL}


@pytest.fixture
def eva(world, client):
    """The browser of an editor of KS."""
    world.sign_in(client, world.eva)
    return client


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_what_a_meeting_decided_is_published_as_the_answer_with_its_reference(world, eva, app):
    first, second = world.published(world.rut), world.published(world.nils, "Ett inlägg till om målet.")
    matters = [matter.id for matter in world.matters("KS", first, second)]
    assert RECORD in eva.get(ANNEX).text
    response = eva.send(RECORD, {**MEETING, "matter": matters})
    assert response.status_code == 303
    page = eva.get(response.headers["Location"])
    assert 'value="2026-03-10"' in page.text and f"§ 42, {PROTOCOL}" in page.text
    (draft,) = db.session.scalars(select(Response)).all()
    written = {
        **WORDS,
        "seen": draft.version,
        "matter": matters,
        "decided_on": "2026-03-10",
        "decision_reference": draft.decision_reference,
    }
    published = eva.send("/konto", written, to=f"/namnd/ks/svar/{draft.id}/publicera")
    assert published.status_code == 303
    answer = app.test_client().get(f"/svar/{draft.id}").text
    assert "10 mars 2026" in answer.replace("\u00a0", " ")
    assert f'§ 42, <a href="{PROTOCOL}" rel="nofollow ugc noopener">' in answer
    assert {one.state for one in db.session.scalars(select(Matter))} == {MatterState.ANSWERED}


def test_a_meeting_on_record_begins_the_next_period(world, eva):
    assert 'value="2026-02-09"' in eva.get(ANNEX).text  # thirty days before
    response = eva.send(RECORD, {"held_on": "2026-03-04"})
    assert response.headers["Location"].endswith(f"{ANNEX}?inskrivet=1")
    assert 'value="2026-03-04"' in eva.get(response.headers["Location"]).text
    assert count(Meeting) == 1 and count(Response) == 0


def test_the_same_twice_is_one_meeting_and_one_draft_that_keeps_its_words(world, eva):
    form = {**MEETING, "matter": [world.matters("KS", world.published())[0].id]}
    eva.send(RECORD, form)
    (draft,) = db.session.scalars(select(Response)).all()
    eva.send(
        "/konto", {**WORDS, "matter": form["matter"], "seen": draft.version}, to=f"/namnd/ks/svar/{draft.id}"
    )
    recorded = select(func.count()).where(Event.kind == "meeting.recorded")
    before = db.session.scalar(recorded)
    eva.send(RECORD, form)
    db.session.expire_all()
    (draft,) = db.session.scalars(select(Response)).all()
    assert draft.you_said == WORDS["you_said"] and draft.decided_on == date(2026, 3, 10)
    assert count(Meeting) == 1 and db.session.scalar(recorded) == before == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"held_on": ""}, "Skriv datumet som 2026-03-31."),
        ({"held_on": "i går"}, "Skriv datumet som 2026-03-31."),
        ({"held_on": "2026-02-30"}, "Den dagen finns inte."),
        ({"held_on": "2026-03-12"}, "Skriv ett datum som har varit."),
        ({"paragraph": ""}, "Skriv i vilken paragraf det beslutades."),
        (
            {"protocol": "javascript:alert(1)"},
            "Skriv adressen så som den börjar i webbläsaren, med https://.",
        ),
        ({"matter": [999]}, "Inget av inläggen som du valde väntar längre."),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_recorded(world, eva, changes, said):
    matter = world.matters("KS", world.published())[0]
    response = eva.send(RECORD, {**MEETING, "matter": [matter.id], **changes})
    assert response.status_code == 422
    assert said in response.text
    assert "matter" in changes or f'id="arende-{matter.id}" checked' in response.text
    assert count(Meeting) == 0 and count(Response) == 0


def test_matters_on_two_goals_are_two_answers(world, eva):
    other = world.goal("1-1", 2023)
    comments = world.published(), world.published(world.rut, "Ett inlägg om ett annat mål.", goal=other)
    matters = [matter.id for matter in world.matters("KS", *comments)]
    assert len(matters) == 2
    response = eva.send(RECORD, {**MEETING, "matter": matters})
    assert response.status_code == 422 and "samma mål" in response.text


@pytest.mark.parametrize("name", ["olle", "tore", "rut", "mona", "adam"])
def test_only_the_committees_editors_record_its_meetings(world, client, name):
    world.sign_in(client, world.people[name])
    assert client.get(RECORD).status_code == 403
    assert client.send("/konto", MEETING, to=RECORD).status_code == 403
    assert count(Meeting) == 0


def test_what_is_hidden_meanwhile_is_neither_shown_nor_answered(world, eva):
    comment = world.published(world.rut, "Ett gulsparvsinlägg om målet.")
    (matter,) = world.matters("KS", comment)
    world.decide(comment, "hide")
    assert "gulsparv" not in eva.get(RECORD).text
    assert eva.send(RECORD, {**MEETING, "matter": [matter.id]}).status_code == 422
    assert clock.today() > date(2026, 3, 10) and count(Response) == 0
