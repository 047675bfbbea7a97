"""What became of a commitment is told to those whose comments the answer covers, and to those who follow."""

from datetime import date

import pytest
from sqlalchemy import select

from dialog.commitments.rules import Promise
from dialog.db import clock, db, transaction
from dialog.following.operations import choose_letters, follow
from dialog.following.rules import HowOften, Thing
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.notify.sending import send_waiting
from dialog.notify.telling import tell_followers
from tests.notify.conftest import recorder

__all__ = ["recorder"]
INSTEAD = Promise("Vi kör på fredagar.", "Enheten för kollektivtrafik", date(2026, 9, 1))


@pytest.fixture
def asked(world):
    """What Rut has asked about KS's first assignment, from Häggenås."""
    return world.published(
        world.rut,
        "När börjar kvällsbussen till Häggenås gå?",
        assignment=world.assignment(1),
        area_id=world.nils.area_id,
    )


@pytest.fixture
def promised(world, asked):
    return world.promised(world.answered(asked))


def told(kind: LetterKind = LetterKind.COMMITMENT_SETTLED) -> list[str]:
    return list(db.session.scalars(select(Letter.address).where(Letter.kind == kind).order_by(Letter.id)))


def letters_of(recorder, kind: LetterKind = LetterKind.COMMITMENT_SETTLED) -> list:
    send_waiting(recorder)
    return [message for letter, message in recorder.sent if letter.kind == kind]


def test_whoever_wrote_what_the_answer_covers_is_told_by_a_letter(world, asked, promised, recorder):
    world.settled(promised)
    [message] = letters_of(recorder)
    assert message.subject == "Kommunstyrelsen har gjort det som var lovat"
    assert f"ditt inlägg {asked.number}" in message.body
    assert "> Vi kör en kvällstur på prov." in message.body
    assert "Turen har gått sedan i måndags." in message.body
    assert f"/svar/{promised.response_id}" in message.body


@pytest.mark.parametrize(
    ("to", "subject", "sentence"),
    [
        ("changed", "har ändrat det som var lovat", "I stället lovar nämnden, senast 1 september 2026:"),
        ("not_kept", "gör inte det som var lovat", "Nu säger nämnden att det inte blir gjort:"),
    ],
)
def test_the_letter_says_what_became_of_it(world, promised, recorder, to, subject, sentence):
    world.settled(promised, to, "Det fanns inga pengar.", INSTEAD if to == "changed" else None)
    [message] = letters_of(recorder)
    assert subject in message.subject and sentence in message.body
    assert ("> Vi kör på fredagar." in message.body) == (to == "changed")


def test_each_is_told_once_of_the_comment_that_is_shown(world, asked, recorder):
    more = world.published(world.rut, "Och när börjar den gå till Lit?")
    world.published(world.nils, "Ett inlägg av en annan.")
    response = world.answered(asked, more, *[one.comment for one in world.matters("KS")])
    promised = world.promised(response)
    world.decide(asked, "hide")
    world.settled(promised)
    assert told() == [world.rut.email, world.nils.email]
    messages = letters_of(recorder)
    assert any(f"ditt inlägg {more.number}" in message.body for message in messages)


def test_whoever_takes_the_comment_back_gets_no_letter(world, asked, promised, recorder):
    world.settled(promised)
    world.withdraw(asked)
    assert letters_of(recorder) == []


FOLLOWED = {
    "the goal": lambda world, asked: (Thing.GOAL, asked.goal_id),
    "the assignment": lambda world, asked: (Thing.ASSIGNMENT, asked.assignment_id),
    "the committee": lambda world, asked: (Thing.COMMITTEE, world.committee("KS").id),
    "the part of the municipality": lambda world, asked: (Thing.AREA, asked.area_id),
    "the comment": lambda world, asked: (Thing.COMMENT, asked.id),
}


def follows(world, person, thing, how_often=HowOften.AT_ONCE) -> None:
    with transaction():
        follow(person, *thing, now=clock.now())
        choose_letters(person, how_often, now=clock.now())


@pytest.mark.parametrize("to", ["kept", "changed", "not_kept"])
@pytest.mark.parametrize("thing", FOLLOWED.values(), ids=FOLLOWED.keys())
def test_those_who_follow_what_it_is_about_are_told(world, app, asked, promised, recorder, thing, to):
    follows(world, world.nils, thing(world, asked))
    world.settled(promised, to, instead=INSTEAD if to == "changed" else None)
    tell_followers()
    assert told(LetterKind.FOLLOWED) == [world.nils.email]
    [message] = letters_of(recorder, LetterKind.FOLLOWED)
    what = {"kept": "är hållet", "changed": "är ändrat", "not_kept": "är inte hållet"}[to]
    assert f"Ett åtagande {what}" in message.subject
    assert "> Vi kör en kvällstur på prov." in message.body
    client = app.test_client()
    world.sign_in(client, world.nils)
    page = client.get("/konto/nytt").text
    assert f"Ett åtagande {what}" in page and "Vi kör en kvällstur på prov." in page


def test_in_a_digest_too(world, asked, promised, recorder):
    follows(world, world.nils, FOLLOWED["the committee"](world, asked), HowOften.DAILY)
    world.settled(promised)
    clock.forward(days=1)
    tell_followers()
    [message] = letters_of(recorder, LetterKind.DIGEST)
    assert "Ett åtagande är hållet: Kommunstyrelsen" in message.body


def test_whoever_has_a_letter_of_their_own_is_not_told_again_and_nor_is_whoever_did_it(
    world, asked, promised
):
    follows(world, world.rut, FOLLOWED["the goal"](world, asked))
    follows(world, world.eva, FOLLOWED["the goal"](world, asked))
    world.settled(promised)
    tell_followers()
    assert told() == [world.rut.email]
    assert told(LetterKind.FOLLOWED) == []


def test_that_something_is_promised_is_on_record_but_no_letter(world, asked):
    follows(world, world.nils, FOLLOWED["the goal"](world, asked))
    response = world.answered(asked)
    tell_followers()
    before = told(LetterKind.FOLLOWED)
    world.promised(response)
    tell_followers()
    assert told(LetterKind.FOLLOWED) == before
