"""A letter to the committee's editors when an answer waits for them: once, on working days, while it waits."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from dialog.db import clock, db, transaction
from dialog.notify.letters import write
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.notify.telling import remind_of_reviews
from dialog.notify.writing import NotWanted
from dialog.response.reviewing import send_back, send_to_review

FRIDAY, SATURDAY, MONDAY = (datetime(2026, 3, day, 9, tzinfo=UTC) for day in (13, 14, 16))


@pytest.fixture
def response(world):
    return world.drafted(world.published(world.nils, "Bussen går för sällan."))


def sent(world, response):
    with transaction():
        send_to_review(response, seen=response.version, officer=world.olle, now=clock.now())
    return response


def letters() -> list[Letter]:
    statement = select(Letter).where(Letter.kind == LetterKind.REVIEW_WAITS).order_by(Letter.id)
    return db.session.scalars(statement).all()


def test_the_committees_editors_and_nobody_else_are_told_what_waits_and_where(world, response):
    sent(world, response)
    remind_of_reviews(clock.now())
    [letter] = letters()
    assert letter.address == "eva@example.org"
    message = write(letter)
    assert "väntar på att du läser det" in message.subject
    assert f"/namnd/ks/svar/{response.id}" in message.body
    assert response.we_decided in message.body


def test_it_is_sent_once_however_often_the_worker_looks(world, response):
    sent(world, response)
    for _ in range(3):
        remind_of_reviews(clock.now())
        clock.forward(days=1)
    assert len(letters()) == 1


def test_on_days_off_nobody_is_written_to_until_the_next_working_day(world, response):
    clock.set(SATURDAY)
    sent(world, response)
    remind_of_reviews(clock.now())
    assert not letters()
    clock.set(MONDAY)
    remind_of_reviews(clock.now())
    assert len(letters()) == 1


def test_what_was_sent_back_and_sent_again_is_told_of_again(world, response):
    clock.set(FRIDAY)
    sent(world, response)
    remind_of_reviews(clock.now())
    with transaction():
        send_back(response, "Skriv kortare.", seen=response.version, officer=world.eva, now=clock.now())
    remind_of_reviews(clock.now())
    assert len(letters()) == 1
    sent(world, response)
    remind_of_reviews(clock.now())
    assert len(letters()) == 2


def test_a_letter_about_what_no_longer_waits_is_not_sent(world, response):
    sent(world, response)
    remind_of_reviews(clock.now())
    with transaction():
        send_back(response, None, seen=response.version, officer=world.olle, now=clock.now())
    with pytest.raises(NotWanted):
        write(letters()[0])


def test_a_draft_is_nothing_to_be_told_of(world, response):
    remind_of_reviews(clock.now())
    assert not letters()
