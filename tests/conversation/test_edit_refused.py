"""Changing a comment that isn't one's own, keeps its words, or has become something else meanwhile."""

import re

import pytest
from sqlalchemy import select

from dialog.conversation.editing import MayNotChange, NoLongerEdited, edit_comment
from dialog.conversation.models import Comment
from dialog.conversation.rules import MOST_EDITS_AN_HOUR
from dialog.db import clock, db, transaction
from dialog.notify.letters import NotWanted, write
from dialog.notify.models import Letter
from dialog.organisations.operations import end_mandate
from dialog.states import Stale
from dialog.text import render
from tests.conversation.test_edit import HIDDEN, NEW, OLD, log, page_of, send, wordings
from tests.threads import at_once


def test_a_visitor_is_asked_to_sign_in(world, client):
    comment = world.published()
    page = f"{page_of(comment)}/andra"
    response = client.get(page)
    assert (response.status_code, response.location) == (303, f"/logga-in?next={page}")
    assert send(client, comment).status_code == 401
    assert "/andra" not in client.get(page_of(comment)).text


@pytest.mark.parametrize("name", ["rut", "mona", "eva"])
def test_nobody_changes_what_somebody_else_wrote(world, client, name):
    comment = world.published()
    world.sign_in(client, world.people[name])
    assert client.get(f"{page_of(comment)}/andra").status_code == 403
    assert send(client, comment).status_code == 403
    assert "/andra" not in client.get(page_of(comment)).text
    with pytest.raises(MayNotChange), transaction():
        edit_comment(comment, NEW, render(NEW), author=world.people[name], seen=2, now=clock.now())
    assert len(wordings(comment)) == 1


def test_what_one_may_not_see_does_not_exist_for_changing_either(world, client):
    comment = world.say()
    world.sign_in(client, world.rut)
    assert client.get(f"{page_of(comment)}/andra").status_code == 404
    assert send(client, comment).status_code == 404
    world.sign_in(client, world.mona)
    assert client.get(f"{page_of(comment)}/andra").status_code == 403


@pytest.mark.parametrize("number", ["2026-999999", "x", "2026-000001x", "%20"])
def test_there_is_nothing_to_change_that_does_not_exist(world, client, number):
    world.sign_in(client, world.nils)
    assert client.get(f"/inlagg/{number}/andra").status_code == 404
    token = client.token("/logga-in")
    assert client.post(f"/inlagg/{number}/andra", data={"csrf_token": token}).status_code == 404


def refused(world, client, comment: Comment, why: str) -> None:
    """The page says why, the form is not there, and what is sent all the same is kept on the page alone."""
    world.sign_in(client, world.nils)
    page = client.get(f"{page_of(comment)}/andra")
    assert page.status_code == 200
    assert why in page.text
    assert 'name="text"' not in page.text
    assert "/andra" not in client.get(page_of(comment)).text
    before = wordings(comment)
    response = send(client, comment)
    assert response.status_code == 409
    assert why in response.text
    assert NEW in response.text
    assert wordings(comment) == before
    with pytest.raises(NoLongerEdited):
        world.edit(comment, NEW)


def test_a_day_after_it_was_sent_it_keeps_its_words(world, client):
    comment = world.published()
    clock.forward(hours=24)
    world.edit(comment, OLD)
    clock.forward(seconds=1)
    refused(world, client, comment, "den tiden är slut")


def test_what_is_answered_keeps_its_words(world, client):
    comment = world.published()
    world.answered(comment)
    refused(world, client, comment, "En nämnd har svarat på inlägget")


def test_what_is_withdrawn_keeps_its_words(world, client):
    comment = world.published()
    world.withdraw(comment)
    refused(world, client, comment, "Inlägget är tillbakadraget")


def test_who_no_longer_speaks_for_an_organisation_does_not_change_what_it_said(world, client):
    comment = world.published(world.vera, mandate=world.mandate)
    world.decide(comment, "hide")
    with transaction():
        end_mandate(world.mandate, actor=world.vera, now=clock.now())
    world.sign_in(client, world.vera)
    assert "Du får inte längre tala för Lockne byalag" in client.get(f"{page_of(comment)}/andra").text
    assert send(client, comment).status_code == 409
    assert len(wordings(comment)) == 1


BAD_INPUT = [
    {"text": ""},
    {"text": "För kort."},
    {"text": "å" * 5001},
    {"text": NEW + "\x00"},
    {"text": "\u202e" + NEW},
    {"seen": ""},
    {"seen": "x"},
]


@pytest.mark.parametrize("changes", BAD_INPUT)
def test_bad_input_is_refused_and_what_was_typed_stays(world, client, changes):
    comment = world.published(text=OLD)
    world.sign_in(client, world.nils)
    response = send(client, comment, **changes)
    assert response.status_code == 422
    assert ("text" in changes) == ('id="text-error"' in response.text)
    typed = changes.get("text", NEW).replace("\x00", "").replace("\u202e", "")
    assert f"\n{typed}</textarea>" in response.text
    assert wordings(comment) == [(1, OLD, True)]


def test_the_same_words_again_change_nothing(world, client):
    comment = world.published(text=OLD)
    before = (comment.version, comment.revision, log(comment))
    world.sign_in(client, world.nils)
    assert send(client, comment, OLD).status_code == 303
    db.session.refresh(comment)
    assert (comment.version, comment.revision, log(comment)) == before
    assert comment.review_since is None


def test_a_hidden_comment_is_not_sent_again_with_the_words_it_was_hidden_for(world, client):
    comment = world.published(text=OLD)
    world.decide(comment, "hide")
    world.sign_in(client, world.nils)
    response = send(client, comment, OLD)
    assert response.status_code == 422
    assert "Det här är texten som inte visas." in response.text
    db.session.refresh(comment)
    assert (comment.state, comment.wording) == (HIDDEN, 1)


def test_the_same_form_sent_twice_makes_one_wording(world, client):
    comment = world.published(text=OLD)
    world.sign_in(client, world.nils)
    seen = str(comment.version)
    assert [send(client, comment, seen=seen).status_code for _ in range(2)] == [303, 303]
    assert len(wordings(comment)) == 2


def test_many_at_once_make_one_wording_each_time_they_have_seen_the_newest(world):
    comment = world.published(text=OLD)
    number, version = comment.id, comment.version

    def change(n: int) -> bool:
        one = db.session.get_one(Comment, number)
        text = f"Nummer {n} av många som skickas på en gång."
        try:
            with transaction():
                edit_comment(one, text, render(text), author=one.author, seen=version, now=clock.now())
        except Stale:
            return False
        return True

    assert sum(at_once(world.app, 6, change)) == 1
    assert len(wordings(comment)) == 2


def test_nobody_changes_comments_more_often_in_an_hour_than_anybody_reads(world, client):
    comment, other = world.published(text=OLD), world.published(text=f"{OLD} Ett till.")
    for n in range(MOST_EDITS_AN_HOUR):
        world.edit(comment, f"{NEW} Ändring nummer {n}.")
        clock.forward(minutes=1)
    world.sign_in(client, world.nils)
    refused = send(client, other)
    assert refused.status_code == 409
    assert "ändrat inlägg många gånger den senaste timmen" in refused.text
    assert f"\n{NEW}</textarea>" in refused.text
    assert len(wordings(other)) == 1
    world.edit(world.published(world.rut, OLD), NEW)  # anybody else may
    clock.forward(minutes=31)  # an hour after the first of them
    assert send(client, other).status_code == 303


def test_a_form_filled_in_before_something_happened_is_shown_again_with_what_was_typed(world, client):
    comment = world.say(world.trusted(world.nils), OLD)
    seen = str(comment.version)
    world.decide(comment, "look")
    world.sign_in(client, world.nils)
    response = send(client, comment, seen=seen)
    assert response.status_code == 409
    assert "Något har hänt med inlägget" in response.text
    assert f"\n{NEW}</textarea>" in response.text
    assert "pulkabacken" in response.text
    assert len(wordings(comment)) == 1
    again = re.search(r'name="seen" value="(\d+)"', response.text).group(1)
    assert send(client, comment, seen=again).status_code == 303
    assert len(wordings(comment)) == 2


def test_a_moderators_decision_on_words_that_have_changed_is_refused(world, client):
    comment = world.published(text=OLD)
    seen = str(comment.version)
    world.edit(comment, NEW)
    world.sign_in(client, world.mona)
    sent = {"csrf_token": client.token("/moderering"), "seen": seen, "act": "look"}
    response = client.post(f"/moderering/{comment.number}", data=sent)
    assert response.status_code == 409
    assert "Den som skrev det ändrade det 11\u00a0mars" in response.text
    db.session.refresh(comment)
    assert comment.review_since is not None


def test_the_letter_about_a_hiding_leads_to_the_page_and_is_not_sent_once_it_is_used(world):
    comment = world.published(text=OLD)
    world.decide(comment, "hide")
    letter = db.session.scalars(select(Letter).where(Letter.kind == "hidden")).one()
    assert f"http://localhost{page_of(comment)}/andra" in write(letter).body
    world.edit(comment, NEW)
    with pytest.raises(NotWanted):
        write(letter)
