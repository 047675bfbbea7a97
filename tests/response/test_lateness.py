"""What is late: noticed once, on a working day; who owes and who waits are told, in the end the chair and KS."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.notify.letters import NotWanted, write
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.notify.telling import remind_of_what_is_late
from dialog.response import reminders
from dialog.response.reminders import is_anything_newly_late

DUE, LATE, VERY_LATE = (
    datetime(2026, 3, 25, 9, tzinfo=UTC),  # a Wednesday: ten working days after the comment
    datetime(2026, 3, 26, 9, tzinfo=UTC),
    datetime(2026, 4, 13, 9, tzinfo=UTC),  # the first working day after the twentieth, with Easter in between
)


@pytest.fixture
def waiting(world):
    """A comment that KS owes an answer to, since Wednesday 11 March 2026."""
    clock.set(datetime(2026, 3, 11, 9, tzinfo=UTC))
    return world.published(world.rut, "När börjar kvällsbussen till Häggenås gå?")


def at(moment) -> None:
    clock.set(moment)
    remind_of_what_is_late(clock.now())


def happened(kind: str) -> int:
    return db.session.scalar(select(func.count()).where(Event.kind == kind)) or 0


def letters(kind: LetterKind) -> list[str]:
    return list(db.session.scalars(select(Letter.address).where(Letter.kind == kind).order_by(Letter.id)))


def test_nothing_is_late_on_the_day_it_is_due(waiting):
    at(DUE)
    assert (happened("matter.late"), letters(LetterKind.LATE)) == (0, [])


def test_the_day_after_the_committee_and_whoever_asked_are_told_once(world, waiting):
    at(LATE)
    at(LATE)
    clock.forward(days=1)
    at(clock.now())
    assert (happened("matter.late"), happened("committee.late")) == (1, 1)
    assert letters(LetterKind.LATE) == [world.rut.email]
    assert letters(LetterKind.COMMITTEE_LATE) == [world.olle.email, world.eva.email]


def test_at_very_late_the_chair_and_the_executive_board_are_told_too(world, waiting):
    tn, ks = world.committee("TN"), world.committee("KS")
    with transaction():
        for committee, chair in ((tn, "ordforande.tn@example.org"), (ks, "ordforande.ks@example.org")):
            committee.chair_email = chair
        tn.email, ks.email = "tn@example.org", "ks@example.org"
    world.published(world.rut, "När plogas vägen till Lit på vintern?", assignment=world.assignment(2))
    at(LATE)
    told_when_late = letters(LetterKind.COMMITTEE_LATE)
    assert not [one for one in told_when_late if one.startswith("ordforande")]
    at(VERY_LATE)
    very_late = letters(LetterKind.COMMITTEE_LATE)[len(told_when_late) :]
    assert happened("matter.very_late") == happened("matter.late")
    assert {
        "ordforande.tn@example.org",
        "ordforande.ks@example.org",
        "ks@example.org",
        world.tore.email,
    } <= set(very_late)
    assert letters(LetterKind.LATE).count(world.rut.email) == 2 * happened("matter.late")


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        (datetime(2026, 3, 28, 9, tzinfo=UTC), "a Saturday"),
        (datetime(2026, 4, 3, 9, tzinfo=UTC), "Good Friday"),
        (datetime(2026, 4, 6, 9, tzinfo=UTC), "Easter Monday"),
    ],
)
def test_nobody_is_told_on_a_day_off(waiting, moment, why):
    at(moment)
    assert happened("matter.late") == 0, why


def test_what_was_answered_or_hidden_in_time_is_never_late(world, waiting):
    hidden = world.published(world.rut, "Ett inlägg som döljs innan det har fått svar.")
    world.answered(waiting)
    world.decide(hidden, "hide")
    at(VERY_LATE)
    assert happened("matter.late") + happened("matter.very_late") == 0


def test_a_letter_about_what_was_answered_meanwhile_is_not_sent(world, waiting):
    at(LATE)
    kinds = (LetterKind.LATE, LetterKind.COMMITTEE_LATE)
    queued = db.session.scalars(select(Letter).where(Letter.kind.in_(kinds))).all()
    bodies = [write(letter).body for letter in queued]
    assert "är försenat. Det skulle ha kommit senast 25 mars 2026." in bodies[0]
    assert "När börjar kvällsbussen" in bodies[0]
    assert "/namnd/ks/inkorg" in bodies[1]
    assert "När börjar kvällsbussen" not in bodies[1]
    world.answered(waiting)
    for letter in queued:
        with pytest.raises(NotWanted):
            write(letter)


def test_what_is_asked_again_can_be_late_again(world, waiting):
    at(LATE)
    response = world.answered(waiting)
    world.judged(waiting, response, "no", "Det står inte vilken dag den börjar gå.")
    at(datetime(2026, 4, 13, 9, tzinfo=UTC))
    assert happened("matter.late") == 1
    at(datetime(2026, 4, 14, 9, tzinfo=UTC))  # ten working days from 26 March end on 13 April
    assert happened("matter.late") == 2


def test_many_are_noticed_a_part_at_a_time(world, waiting, monkeypatch):
    monkeypatch.setattr(reminders, "NOTICED_AT_A_TIME", 2)
    for number in range(4):
        world.published(world.rut, f"Fråga nummer {number} om bussen på kvällen.")
    at(LATE)
    assert (happened("matter.late"), happened("committee.late")) == (5, 3)
    assert not is_anything_newly_late(clock.now())
