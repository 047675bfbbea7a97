"""Committees are reminded of what they have promised: before the day, and when it has passed without a word."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from dialog.commitments import operations
from dialog.commitments.rules import Promise
from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.notify.letters import NotWanted, write
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.notify.telling import remind_of_commitments


@pytest.fixture
def answer(world):
    return world.answered(world.published(world.rut, "När börjar kvällsbussen till Häggenås gå?"))


@pytest.fixture
def promised(world, answer):
    """What KS has promised by Monday 1 June 2026."""
    return world.promised(answer)


def at(day: str) -> None:
    clock.set(datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=UTC))
    remind_of_commitments(clock.now())


def letters() -> list[Letter]:
    statement = select(Letter).where(Letter.kind == LetterKind.COMMITMENTS_DUE).order_by(Letter.id)
    return list(db.session.scalars(statement))


def days_of_reminders() -> list[str]:
    reminded = select(Event.at).where(Event.kind == "committee.reminded").order_by(Event.id)
    return [moment.date().isoformat() for moment in db.session.scalars(reminded)]


def test_twice_before_the_day_and_every_other_week_after_it(world, promised):
    for month, days in ((4, 30), (5, 31), (6, 30)):
        for day in range(1, days + 1):
            at(f"2026-{month:02d}-{day:02d}")
            remind_of_commitments(clock.now())
    assert days_of_reminders() == ["2026-05-18", "2026-05-29", "2026-06-02", "2026-06-16"]
    assert {letter.address for letter in letters()} == {world.olle.email, world.eva.email}


def test_the_committees_own_address_is_reminded_too(world, promised):
    with transaction():
        world.committee("KS").email = "ks@example.org"
    at("2026-05-18")
    assert "ks@example.org" in {letter.address for letter in letters()}


def test_nobody_is_reminded_on_a_day_off(world, promised):
    at("2026-05-23")  # a Saturday, when the reminder of the 18th hasn't gone yet
    assert letters() == []
    at("2026-05-25")
    assert days_of_reminders() == ["2026-05-25"]


def test_one_letter_tells_of_all_that_a_committee_has_promised_by_then(world, answer, promised):
    world.promised(answer, "Vi skyltar hållplatsen i Häggenås.")
    other = world.published(world.rut, "Ett inlägg om vägen till Lit.", assignment=world.assignment(2))
    world.promised(world.answered(other, committee="TN"))
    at("2026-05-18")
    assert [one.address for one in letters()] == [world.olle.email, world.eva.email, world.tore.email]
    [_, message, theirs] = [write(letter) for letter in letters()]
    assert message.subject == "Det här har Kommunstyrelsen lovat"
    assert "Vi kör en kvällstur på prov." in message.body
    assert "Vi skyltar hållplatsen" in message.body
    assert "Ska vara gjort senast 1 juni 2026." in message.body
    assert f"/namnd/ks/ataganden/{promised.id}" in message.body
    assert "Vi skyltar hållplatsen" not in theirs.body


def test_the_letter_says_that_it_is_late(world, promised):
    at("2026-06-02")
    assert "Skulle ha varit gjort senast 1 juni 2026, så det är försenat." in write(letters()[0]).body


def test_what_became_of_meanwhile_is_not_in_the_letter_and_none_is_sent_about_nothing(
    world, answer, promised
):
    other = world.promised(answer, "Vi skyltar hållplatsen i Häggenås.")
    at("2026-05-18")
    world.settled(promised)
    assert "kvällstur" not in write(letters()[0]).body
    world.settled(other)
    with pytest.raises(NotWanted):
        write(letters()[0])


def test_nobody_is_reminded_of_what_is_settled(world, promised):
    instead = Promise("Vi kör på fredagar.", "Enheten för kollektivtrafik", date(2026, 9, 1))
    world.settled(promised, "changed", instead=instead)
    at("2026-06-02")
    assert letters() == []
    at("2026-08-18")
    assert "Vi kör på fredagar." in write(letters()[0]).body, "What is promised instead is followed."


def test_many_are_reminded_of_a_part_at_a_time(world, answer, monkeypatch):
    monkeypatch.setattr(operations, "REMINDED_AT_A_TIME", 2)
    for number in range(5):
        world.promised(answer, f"Vi gör sak nummer {number}.")
    at("2026-05-18")
    assert len(days_of_reminders()) == 3
    remind_of_commitments(clock.now())
    assert len(days_of_reminders()) == 3
