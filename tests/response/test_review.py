"""From an officer's draft to the editor who publishes it, and back: who may do what with an answer, and when."""

from datetime import date

import pytest
from sqlalchemy import select

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.response import reviewing
from dialog.response.models import Matter, Response
from dialog.response.operations import Draft, Incomplete
from dialog.response.rules import MatterState, Outcome, ResponseState, Work, may_work
from dialog.states import Stale
from tests.response.test_draft import INBOX, START, WORDS
from tests.world import ANSWER

DRAFT, IN_REVIEW, SCHEDULED = ResponseState.DRAFT, ResponseState.IN_REVIEW, ResponseState.SCHEDULED
PUBLISHED, SUPERSEDED = ResponseState.PUBLISHED, ResponseState.SUPERSEDED
SAVE, SEND, BACK, PUBLISH, TIME = (
    Work.SAVE,
    Work.SEND_TO_REVIEW,
    Work.SEND_BACK,
    Work.PUBLISH,
    Work.SCHEDULE,
)


@pytest.mark.parametrize(
    ("sentence", "state", "officers", "editors"),
    [
        ("Officers write drafts, editors publish them.", DRAFT, {SAVE, SEND}, {SAVE, SEND, TIME, PUBLISH}),
        (
            "What waits is the editor's; officers take it back.",
            IN_REVIEW,
            {BACK},
            {SAVE, BACK, TIME, PUBLISH},
        ),
        (
            "What has a time of its own is left alone, but anybody who answers may stop it.",
            SCHEDULED,
            {BACK},
            {BACK},
        ),
        ("What everybody has read isn't worked on.", PUBLISHED, set(), set()),
        ("Nor is what a newer one has replaced.", SUPERSEDED, set(), set()),
    ],
)
def test_what_can_be_done_with_an_answer(sentence, state, officers, editors):
    assert {work for work in Work if may_work(work, state, is_editor=False)} == officers, sentence
    assert {work for work in Work if may_work(work, state, is_editor=True)} == editors, sentence


def waiting(world, *comments, words=ANSWER):
    """An answer of KS that waits for an editor."""
    response = world.drafted(*(comments or [world.published()]), words=words)
    with transaction():
        reviewing.send_to_review(response, seen=response.version, officer=world.olle, now=clock.now())
    return response


def state_of(response) -> ResponseState:
    db.session.expire_all()
    return db.session.get(Response, response.id).state


def press(client, response, where: str = "", **changes):
    """Send the editor's form by one of its buttons."""
    matters = [one.matter_id for one in db.session.get(Response, response.id).coverage]
    form = {**WORDS, "seen": response.version, "matter": matters, **changes}
    return client.send("/konto", form, to=f"{START}/{response.id}{where}")


# Role × committee × state, by the doors: whoever works for the committee may, as the table above says.
EVERYBODY_ELSE = ["rut", "vera", "mona", "rikard", "karin", "adam", "tore"]


@pytest.mark.parametrize("where", ["", "/granskning", "/tillbaka", "/publicera"])
@pytest.mark.parametrize("name", EVERYBODY_ELSE)
def test_nobody_who_does_not_work_for_the_committee_does_anything(world, client, name, where):
    response = waiting(world)
    world.sign_in(client, world.people[name])
    assert press(client, response, where).status_code == 403
    assert state_of(response) == IN_REVIEW


@pytest.mark.parametrize(
    ("name", "start", "where", "status", "end"),
    [
        ("olle", DRAFT, "", 303, DRAFT),
        ("olle", DRAFT, "/granskning", 303, IN_REVIEW),
        ("olle", DRAFT, "/publicera", 403, DRAFT),
        ("olle", IN_REVIEW, "", 409, IN_REVIEW),
        ("olle", IN_REVIEW, "/granskning", 303, IN_REVIEW),
        ("olle", IN_REVIEW, "/tillbaka", 303, DRAFT),
        ("olle", IN_REVIEW, "/publicera", 403, IN_REVIEW),
        ("eva", DRAFT, "", 303, DRAFT),
        ("eva", DRAFT, "/granskning", 303, IN_REVIEW),
        ("eva", DRAFT, "/tillbaka", 303, DRAFT),
        ("eva", DRAFT, "/publicera", 303, PUBLISHED),
        ("eva", IN_REVIEW, "", 303, IN_REVIEW),
        ("eva", IN_REVIEW, "/tillbaka", 303, DRAFT),
        ("eva", IN_REVIEW, "/publicera", 303, PUBLISHED),
    ],
)
def test_officers_draft_and_editors_publish(world, client, name, start, where, status, end):
    comment, draft = (
        world.published(),
        Draft(**{**WORDS, "outcome": Outcome.PARTLY, "decided_on": date(2026, 3, 3)}),
    )
    response = waiting(world, comment, words=draft) if start == IN_REVIEW else world.drafted(comment)
    world.sign_in(client, world.people[name])
    assert press(client, response, where).status_code == status
    assert state_of(response) == end


@pytest.fixture
def olle(world, client):
    world.sign_in(client, world.olle)
    return client


def test_it_waits_with_the_words_that_were_sent_and_is_found_in_the_inbox(world, olle, app):
    response = world.drafted(world.published())
    sent = press(olle, response, "/granskning", we_decided="Vi kör fler turer från hösten.")
    assert (sent.status_code, sent.location) == (303, f"{INBOX}?gjort=granskning")
    page = olle.get(sent.location).text
    assert "Svaret väntar på en redaktör nu." in page
    part = page[page.index('id="granskas"') : page.index('id="vantar"')]
    assert "Vi kör fler turer från hösten." in part
    editor = app.test_client()
    world.sign_in(editor, world.eva)
    page = editor.get(f"{START}/{response.id}").text
    assert "Svaret har väntat på en redaktör sedan" in page
    assert "Publicera svaret" in page
    assert "Ta tillbaka" not in page


def test_what_is_not_whole_is_not_sent(world, olle):
    response = world.drafted(world.published())
    sent = press(olle, response, "/granskning", because="")
    assert sent.status_code == 422
    assert WORDS["we_decided"] in sent.text
    assert state_of(response) == DRAFT
    begun = world.drafted(
        world.published(world.rut, "Bussen går för sällan."), words=Draft(you_said="Ni vill ha fler bussar.")
    )
    with pytest.raises(Incomplete):
        reviewing.send_to_review(begun, seen=begun.version, officer=world.olle, now=clock.now())


def test_an_editor_sends_it_back_and_says_why_and_the_officer_sends_it_again(world, olle, app):
    response = waiting(world)
    editor = app.test_client()
    world.sign_in(editor, world.eva)
    why = "Skriv när det börjar gälla."
    assert press(editor, response, "/tillbaka", sent_back_because=why).status_code == 303
    page = olle.get(f"{START}/{response.id}").text
    assert why in page
    assert "Tillbakaskickat" in olle.get(INBOX).text
    db.session.refresh(response)
    assert press(olle, response, "/granskning").status_code == 303
    assert why not in editor.get(f"{START}/{response.id}").text


def test_an_officers_words_are_kept_when_it_was_sent_meanwhile_and_can_be_saved(world, olle):
    response = world.drafted(world.published())
    seen = response.version
    with transaction():
        reviewing.send_to_review(response, seen=seen, officer=world.eva, now=clock.now())
    said = press(olle, response, seen=seen, you_said="Det här hann jag inte spara.")
    assert said.status_code == 409
    assert "Det här hann jag inte spara." in said.text
    assert "Ta tillbaka" in said.text
    db.session.refresh(response)
    assert press(olle, response, "/tillbaka", you_said="Det här hann jag inte spara.").status_code == 303
    db.session.refresh(response)
    assert (response.state, response.you_said) == (DRAFT, "Det här hann jag inte spara.")


def test_sent_twice_is_sent_once(world, olle):
    response = world.drafted(world.published())
    assert {press(olle, response, "/granskning").status_code for _ in range(2)} == {303}
    kinds = select(Event.kind).where(Event.subject_type == "response").order_by(Event.id)
    assert db.session.scalars(kinds).all().count("response.sent_to_review") == 1


def test_what_somebody_changed_meanwhile_is_not_sent_back_unseen(world):
    response = waiting(world)
    with pytest.raises(Stale), transaction():
        reviewing.send_back(response, None, seen=response.version + 1, officer=world.olle, now=clock.now())


def test_it_answers_nobody_while_it_waits(world, app):
    comment = world.published()
    waiting(world, comment)
    [matter] = db.session.scalars(select(Matter).where(Matter.comment_id == comment.id))
    assert matter.state == MatterState.DUE
    visitor = app.test_client()
    assert WORDS["we_decided"] not in visitor.get(f"/inlagg/{comment.number}").text


def test_a_note_of_what_to_change_is_no_longer_than_a_reason(world, client):
    response = waiting(world)
    world.sign_in(client, world.eva)
    sent = press(client, response, "/tillbaka", sent_back_because="x" * 1001)
    assert sent.status_code == 422
    assert state_of(response) == IN_REVIEW
