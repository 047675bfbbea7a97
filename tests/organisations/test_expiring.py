"""Whoever speaks for an organisation is told two weeks before that their mandate runs out: once, on a working day."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from dialog.db import clock, db, transaction
from dialog.notify.letters import write
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.notify.telling import remind_of_mandates
from dialog.notify.writing import NotWanted
from dialog.organisations.models import Mandate
from dialog.organisations.operations import Term, end_mandate, renew_mandate


def letters(*days: str) -> list[Letter]:
    """Those that are queued when the worker looks on these days, twice on each."""
    for day in days:
        clock.set(datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=UTC))
        for _ in range(2):
            remind_of_mandates(clock.now())
    about = select(Letter).where(Letter.kind == LetterKind.MANDATE_EXPIRES).order_by(Letter.id)
    return list(db.session.scalars(about))


def lasting_until(world, day: str) -> Mandate:
    with transaction():
        world.mandate.expires_on = date.fromisoformat(day)
    return world.mandate


# Two weeks before Saturday 20 June is Saturday 6 June, which is the National Day too; the next working day is 8 June.
@pytest.mark.parametrize(
    ("sentence", "days", "number"),
    [
        ("Not before.", ["2026-06-05"], 0),
        ("Not on a day off.", ["2026-06-06", "2026-06-07"], 0),
        ("On the first working day after.", ["2026-06-08"], 1),
        ("Once.", ["2026-06-08", "2026-06-09", "2026-06-15"], 1),
        ("Later where the worker stood still.", ["2026-06-18"], 1),
        ("Not when it is over.", ["2026-06-22"], 0),
    ],
)
def test_on_which_days_it_is_said(world, sentence, days, number):
    lasting_until(world, "2026-06-20")
    assert len(letters(*days)) == number, sentence


def test_it_says_for_whom_until_when_and_where_it_is_renewed(world):
    lasting_until(world, "2026-06-20")
    [letter] = letters("2026-06-08")
    assert (letter.address, letter.person_id) == (world.vera.email, world.vera.id)
    message = write(letter)
    assert "Lockne byalag" in message.subject and "snart slut" in message.subject
    assert "20 juni 2026" in message.body and "årsmötet 2026-02-01" in message.body
    assert "/organisation/lockne-byalag/mandat" in message.body


def test_what_is_renewed_or_given_up_before_it_leaves_is_not_told(world):
    mandate = lasting_until(world, "2026-06-20")
    [letter] = letters("2026-06-08")
    term = Term("styrelsebeslut 2026-06-08", date(2026, 6, 8), date(2027, 6, 1))
    with transaction():
        renew_mandate(mandate, term, person=world.vera, now=clock.now())
    with pytest.raises(NotWanted):
        write(letter)
    assert len(letters("2026-06-09")) == 1, "The new one lasts."


def test_an_ended_mandate_is_not_told_of(world):
    mandate = lasting_until(world, "2026-06-20")
    with transaction():
        end_mandate(mandate, actor=world.vera, now=clock.now())
    assert letters("2026-06-08") == []
