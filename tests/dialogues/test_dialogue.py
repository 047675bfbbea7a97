"""A committee prepares a dialogue, opens and closes it; what it says stands before anybody is asked for a word."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from dialog.conversation.models import Comment
from dialog.conversation.rules import CommentState
from dialog.db import changed, clock, db, transaction
from dialog.dialogues import operations
from dialog.dialogues.models import Dialogue
from dialog.dialogues.operations import NotReady
from dialog.dialogues.queries import ruling
from dialog.dialogues.rules import DialogueState, Phase, Ruling
from dialog.states import Stale
from tests.world import TERMS, WORDS

LIST = "/namnd/ks/dialoger"
FORM = {
    "level": "consultation",
    "can_change": "Vilka vägar som plogas först.",
    "cannot_change": "Budgeten för året.",
    "who_decides": "Kommunstyrelsen",
    "closes_on": "2026-04-01",
    "decides_on": "2026-04-20",
    "feedback_on": "2026-05-04",
}


def address(dialogue: Dialogue) -> str:
    return f"{LIST}/{dialogue.id}"


def test_an_officer_prepares_and_an_editor_opens(client, world):
    world.sign_in(client, world.olle)
    sent = client.send(LIST, {"about": f"mal-{world.goal().id}"})
    page = client.get(sent.location)
    assert sent.status_code == 303
    assert "En redaktör i nämnden öppnar" in page.text
    assert client.send(sent.location, {**FORM, "seen": 1}).status_code == 303
    world.sign_in(client, world.eva)
    assert client.send(sent.location, {**FORM, "seen": 2}, to=f"{sent.location}/oppna").status_code == 303
    dialogue = db.session.get(Dialogue, 1)
    assert (dialogue.state, dialogue.can_change) == (DialogueState.OPEN, FORM["can_change"])
    goal = client.application.test_client().get("/mal/2024/naringsliv-och-tillvaxt").text
    for words in (
        "Skriv senast",
        FORM["can_change"],
        FORM["cannot_change"],
        "Samråd",
        "4\u00a0maj\u00a02026",
    ):
        assert words in goal or words == "Samråd"


def test_a_goal_says_so_before_it_asks_for_a_word(client, world):
    world.opened()
    for page in ("/mal/2024/naringsliv-och-tillvaxt", "/en/mal/2024/naringsliv-och-tillvaxt"):
        text = client.get(page).text
        assert 0 < text.index(TERMS.can_change) < text.index("/skriv")


@pytest.mark.parametrize("missing", ["level", "who_decides", "closes_on", "decides_on", "feedback_on"])
def test_it_does_not_open_without_saying_everything(client, world, missing):
    dialogue = world.asked(**{missing: "" if missing == "who_decides" else None})
    form = {**FORM, "seen": dialogue.version}
    del form[missing]
    world.sign_in(client, world.eva)
    sent = client.send(address(dialogue), form, to=f"{address(dialogue)}/oppna")
    assert sent.status_code == 422
    assert f'href="#{missing}"' in sent.text
    assert FORM["can_change"] in sent.text
    assert db.session.get(Dialogue, dialogue.id, populate_existing=True).state == DialogueState.DRAFT


def test_the_database_refuses_one_that_says_too_little(world):
    dialogue = world.asked(decides_on=None)
    with transaction(), pytest.raises(IntegrityError):
        changed(
            update(Dialogue).where(Dialogue.id == dialogue.id).values(state="open", opened_at=clock.now())
        )


def test_an_open_one_cannot_take_back_what_it_says(world):
    dialogue = world.opened()
    terms = replace(TERMS, feedback_on=None)
    with transaction(), pytest.raises(NotReady):
        operations.save_terms(dialogue, terms, seen=dialogue.version, officer=world.olle, now=clock.now())


@pytest.mark.parametrize(
    "changes",
    [
        {"closes_on": "i morgon"},
        {"closes_on": "2026-13-40"},
        {"decides_on": "0001-01-01"},
        {"who_decides": "x" * 5000},
        {"can_change": "\u202e"},
        {"level": "allt"},
        {"seen": "inget"},
    ],
)
def test_bad_input_is_said_at_the_field_and_what_was_typed_stays(client, world, changes):
    dialogue = world.asked()
    world.sign_in(client, world.olle)
    sent = client.send(address(dialogue), {**FORM, "seen": dialogue.version, **changes})
    assert sent.status_code == 422
    assert FORM["cannot_change"] in sent.text


def test_only_the_committees_own_people_come_here(client, world):
    dialogue = world.asked()
    for person, status in (
        (None, 303),
        (world.nils, 403),
        (world.mona, 403),
        (world.adam, 403),
        (world.tore, 403),
    ):
        visitor = client.application.test_client()
        if person is not None:
            world.sign_in(visitor, person)
        assert visitor.get(address(dialogue)).status_code == status
    world.sign_in(client, world.olle)
    assert client.send(address(dialogue), FORM, to=f"{address(dialogue)}/oppna").status_code == 403


def test_a_goal_of_another_committee_can_not_be_asked_about(client, world):
    world.sign_in(client, world.olle)
    for about in ("mal-999", "uppdrag-999", "mal-", "", "annat-1", f"uppdrag-{world.assignment(3).id}"):
        assert client.send(LIST, {"about": about}).status_code == 404


def test_there_is_one_at_a_time(client, world):
    dialogue = world.asked()
    world.sign_in(client, world.olle)
    sent = client.send(LIST, {"about": f"mal-{world.goal().id}"})
    assert sent.location.endswith(address(dialogue))
    assert world.asked().id == dialogue.id
    with transaction(), pytest.raises(IntegrityError):
        db.session.execute(
            insert(Dialogue).values(goal_id=dialogue.goal_id, committee_id=dialogue.committee_id)
        )


def test_one_whose_last_day_has_passed_can_be_closed_and_put_right(client, world):
    dialogue = world.opened()
    clock.forward(days=(TERMS.closes_on - clock.today()).days + 1)
    world.sign_in(client, world.eva)
    form = {**FORM, "seen": dialogue.version, "cannot_change": "Det som står i budgeten."}
    assert client.send(address(dialogue), form, to=f"{address(dialogue)}/stang").status_code == 303
    db.session.refresh(dialogue)
    assert (dialogue.state, dialogue.cannot_change) == (DialogueState.CLOSED, "Det som står i budgeten.")
    again = client.send(
        address(dialogue), {**form, "seen": dialogue.version}, to=f"{address(dialogue)}/oppna"
    )
    assert again.status_code == 422


def test_a_stale_form_shows_both(client, world):
    dialogue = world.asked()
    world.sign_in(client, world.olle)
    sent = client.send(address(dialogue), {**FORM, "seen": 1, "who_decides": "Fullmäktige"})
    assert sent.status_code == 409
    assert "Fullmäktige" in sent.text
    assert "Nu står det: Kommunstyrelsen" in sent.text
    with transaction(), pytest.raises(Stale):
        operations.save_terms(dialogue, TERMS, seen=1, officer=world.olle, now=clock.now())


def test_opening_twice_changes_nothing(world):
    dialogue = world.opened()
    before = dialogue.version
    world.moved_on(dialogue, DialogueState.OPEN)
    assert dialogue.version == before


def test_a_closed_one_takes_no_comments_and_the_words_stay(client, world):
    dialogue = world.opened()
    world.sign_in(client, world.trusted(world.nils))
    write = "/mal/2024/naringsliv-och-tillvaxt/skriv"
    form = {"kind": "proposal", "text": WORDS, "form_key": "nyckel-1", "language": "sv"}
    assert TERMS.can_change in client.get(write).text
    token = client.token(write)
    world.moved_on(dialogue, DialogueState.CLOSED)
    sent = client.post(write, data={**form, "csrf_token": token})
    assert sent.status_code == 409
    assert WORDS in sent.text
    assert "Tiden för inlägg är slut" in sent.text
    assert db.session.query(Comment).count() == 1


def test_the_last_day_is_a_whole_day(client, world):
    world.opened()
    goal, last = world.goal(), TERMS.closes_on
    assert ruling(goal.id, None, last) == Ruling(Phase.OPEN, TERMS.level)
    assert ruling(goal.id, None, last + timedelta(days=1)) == Ruling(Phase.OVER, TERMS.level)


def test_an_assignments_own_dialogue_goes_before_its_goals(world):
    assignment, goal = world.assignment(1), world.goal()
    whole = world.opened()
    assert ruling(goal.id, assignment.id, clock.today()) == Ruling(Phase.OPEN, TERMS.level)
    world.opened(assignment=assignment, pre_moderated=True)
    world.moved_on(whole, DialogueState.CLOSED)
    assert ruling(goal.id, assignment.id, clock.today()) == Ruling(
        Phase.OPEN, TERMS.level, pre_moderated=True
    )
    assert ruling(goal.id, None, clock.today()) == Ruling(Phase.OVER, TERMS.level)
    assert ruling(goal.id, world.assignment(2).id, clock.today()).phase == Phase.OVER


def test_in_a_pre_moderated_dialogue_known_people_wait_too(world):
    world.trusted(world.nils)
    world.opened(pre_moderated=True)
    assert (
        world.say(world.nils, "Ännu ett inlägg om samma mål, som ska vänta.").state == CommentState.RECEIVED
    )
