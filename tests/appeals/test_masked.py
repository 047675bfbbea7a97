"""Looking again at what was taken out of a comment: all of it back, or the decision stands."""

import pytest
from sqlalchemy import select

from dialog.appeals.operations import NotTaken
from dialog.db import clock, db
from dialog.events import first_broken
from dialog.moderation.models import Decision
from dialog.notify import letters
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from tests import counts
from tests.world import GOAL_2024

TEXT = "Rektorn Eva Strömberg har lovat oss en buss."
WHY = "Rektorn har själv gått ut med löftet i tidningen."


@pytest.fixture
def comment(world):
    return world.masked(world.published(world.nils, TEXT), "Eva Strömberg")


def texts(comment) -> list[tuple]:
    db.session.expire_all()
    return [(one.number, one.text, one.sealed_for) for one in comment.wordings]


def told(kind: LetterKind) -> dict[str, letters.Message]:
    found = db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id))
    return {letter.address: letters.write(letter) for letter in found}


def test_granting_gives_back_every_word_with_place_date_and_counts(world, app):
    visitor = app.test_client()
    world.published(world.rut, "Förstainlägget, som står längst ned.")
    comment = world.published(world.nils, TEXT, assignment=world.assignment(1))
    world.published(world.rut, "En replik som står kvar hela tiden.", parent=comment)
    response = world.answered(comment)
    world.published(world.rut, "Sistainlägget, som står längst upp.")
    db.session.expire_all()
    before = (comment.published_at, comment.reply_count, comment.answered_at, comment.number)
    clock.forward(days=3)
    world.masked(comment, "Eva Strömberg")
    appeal = world.appealed(comment, WHY)
    assert "Strömberg" not in visitor.get(GOAL_2024).text
    world.settle(appeal, "granted")
    masked = TEXT.replace("Eva Strömberg", "[personuppgift borttagen]")
    assert texts(comment) == [(1, TEXT, None), (2, masked, None), (3, TEXT, None)]
    assert (comment.published_at, comment.reply_count, comment.answered_at, comment.number) == before
    page = visitor.get(GOAL_2024).text
    assert page.find("Sistainlägget") < page.find("Strömberg") < page.find("Förstainlägget")
    assert comment.number in visitor.get("/sok?q=strömberg").text
    assert "En moderator tog bort" not in visitor.get(f"/inlagg/{comment.number}").text
    assert "tidigare version" not in visitor.get(f"/svar/{response.id}").text
    assert "det som var borttaget visas igen" in visitor.get("/moderering/logg").text
    counts.assert_right()
    assert first_broken() is None


def test_the_wrong_decision_stays_with_its_correction(world, comment):
    appeal = world.settle(world.appealed(comment, WHY), "granted")
    mask, unmask = db.session.scalars(
        select(Decision).where(Decision.act.in_(("mask", "unmask"))).order_by(Decision.id)
    ).all()
    assert mask.overturned_at == unmask.decided_at == appeal.settled_at
    assert unmask.decided_by_id == world.max.id


def test_both_are_told_when_it_is_granted(world, comment):
    world.settle(world.appealed(comment, WHY), "granted")
    assert "orden visas igen" in told(LetterKind.APPEAL_SETTLED)["mona@example.org"].body
    message = told(LetterKind.PUBLISHED)["nils@example.org"]
    assert "Hela ditt inlägg" in message.subject
    assert (
        "> Jag har läst inlägget med nya ögon." in message.body and "beslutet att ta bort ord" in message.body
    )
    with pytest.raises(letters.NotWanted):
        told(LetterKind.MASKED)  # which had not been sent yet


def test_both_are_told_when_it_is_denied_and_it_stays_sealed(world, comment):
    world.settle(world.appealed(comment, WHY), "denied")
    both = told(LetterKind.APPEAL_SETTLED)
    assert set(both) == {"nils@example.org", "mona@example.org"}
    assert "orden visas fortfarande inte" in both["nils@example.org"].body
    assert "beslutet står fast" in both["nils@example.org"].subject
    assert [sealed for *_, sealed in texts(comment)] == [2, None]


def test_the_pages_speak_of_words_that_are_taken_out(world, app, comment):
    visitor, max_ = app.test_client(), app.test_client()
    page = visitor.get(f"/kvitto/{comment.receipt_key}/ny-provning").text
    assert "Varför tycker du att orden ska visas?" in page and "beslutet att ta bort ord" in page
    response = visitor.send(f"/kvitto/{comment.receipt_key}/ny-provning", {"text": WHY})
    assert response.status_code == 303
    assert "Om du ändrar inlägget" not in visitor.get(response.location).text, "It can't be changed."
    world.sign_in(max_, world.max)
    page = max_.get("/moderering/provningar").text
    assert "Det som stod är förseglat" in page and "Visa orden igen" in page and "Strömberg" not in page


@pytest.mark.parametrize("then", ["hidden", "withdrawn", "masked more"])
def test_a_comment_that_goes_on_meanwhile_ends_the_request(world, comment, then):
    appeal = world.appealed(comment, WHY)
    if then == "hidden":
        world.decide(comment, "hide")
    elif then == "withdrawn":
        world.withdraw(comment)
    else:
        world.masked(comment, "buss")
    db.session.expire_all()
    assert appeal.state == "lapsed"


def test_it_can_be_asked_for_within_six_months(world, comment):
    clock.forward(days=185)
    with pytest.raises(NotTaken):
        world.appealed(comment, WHY)
