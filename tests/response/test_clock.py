"""The clock of an answer: working days with the Swedish calendar, by the day it is in Sweden."""

from datetime import UTC, date, datetime

import pytest

from dialog.db import STOCKHOLM, clock, local_day, transaction
from dialog.plan.operations import edit_entry
from dialog.response.rules import Lateness, lateness
from dialog.workdays import after_working_days, is_working_day, working_days_between

# A comment is to be answered within ten working days. The day it is published isn't counted. Saturdays, Sundays,
# public holidays and the eves of midsummer, Christmas and New Year are no working days.
DUE = [
    ("2026-03-11 10:00", "2026-03-25", "an ordinary Wednesday: Wednesday two weeks later"),
    ("2026-03-13 10:00", "2026-03-27", "an ordinary Friday"),
    ("2026-03-14 10:00", "2026-03-27", "a Saturday is as the Friday before"),
    ("2026-03-15 10:00", "2026-03-27", "and so is a Sunday"),
    ("2026-03-16 00:00", "2026-03-30", "Monday begins at midnight"),
    ("2026-03-26 10:00", "2026-04-13", "over Easter: Good Friday and Easter Monday aren't counted"),
    ("2026-04-02 10:00", "2026-04-20", "Maundy Thursday is a working day, the last before Easter"),
    ("2026-04-03 10:00", "2026-04-20", "published on Good Friday"),
    ("2026-04-30 10:00", "2026-05-18", "over the first of May and Ascension Day"),
    ("2025-06-05 10:00", "2025-06-23", "over the national day and midsummer eve"),
    ("2026-06-12 10:00", "2026-06-29", "over midsummer: the eve, a Friday, isn't counted"),
    ("2026-06-19 10:00", "2026-07-03", "published on midsummer eve"),
    ("2026-12-16 10:00", "2027-01-05", "over Christmas and New Year with both eves"),
    ("2026-12-17 10:00", "2027-01-07", "and over Epiphany"),
    ("2026-12-24 10:00", "2027-01-13", "published on Christmas Eve"),
    ("2026-12-31 23:59", "2027-01-18", "published on New Year's Eve"),
    ("2027-01-01 00:00", "2027-01-18", "published a minute later"),
    ("2028-02-15 10:00", "2028-02-29", "a leap day is a day"),
    ("2026-03-26 23:30", "2026-04-13", "late on Thursday before summer time begins"),
    ("2026-03-27 00:30", "2026-04-14", "an hour later it is Friday, though still Thursday in UTC"),
    ("2026-03-29 23:30", "2026-04-14", "late on the Sunday when summer time began"),
    ("2026-03-30 00:30", "2026-04-15", "an hour later it is Monday, though still Sunday in UTC"),
    ("2026-03-30 23:59", "2026-04-15", "late on Monday in summer time"),
    ("2026-03-31 01:59", "2026-04-16", "two hours later it is Tuesday, though still Monday in UTC"),
    ("2026-10-22 23:59", "2026-11-05", "late on Thursday before summer time ends"),
    ("2026-10-23 01:30", "2026-11-06", "then it is Friday, though still Thursday in UTC"),
    ("2026-10-25 23:30", "2026-11-06", "late on the Sunday when summer time ended"),
    ("2026-10-26 00:30", "2026-11-09", "an hour later it is Monday, though still Sunday in UTC"),
    ("2026-10-26 23:59", "2026-11-09", "late on Monday in winter time"),
]


def moment(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=STOCKHOLM).astimezone(UTC)


@pytest.mark.parametrize(("published", "due", "sentence"), DUE, ids=[row[2] for row in DUE])
def test_an_answer_is_due_after_ten_working_days(published, due, sentence):
    assert after_working_days(local_day(moment(published)), 10) == date.fromisoformat(due)


def test_the_hour_that_comes_twice_belongs_to_its_day():
    for utc in ("2026-10-25T00:30:00+00:00", "2026-10-25T01:30:00+00:00"):
        assert local_day(datetime.fromisoformat(utc)) == date(2026, 10, 25)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-01-05", True),  # the eve of Epiphany
        ("2026-01-06", False),
        ("2026-04-03", False),
        ("2026-04-04", False),
        ("2026-04-06", False),
        ("2026-05-01", False),
        ("2026-05-14", False),
        ("2026-05-15", True),  # the Friday after Ascension Day
        ("2025-06-06", False),
        ("2026-06-18", True),
        ("2026-06-19", False),
        ("2026-10-30", True),  # the Friday before All Saints' Day
        ("2026-12-23", True),
        ("2026-12-24", False),
        ("2026-12-31", False),
        ("2027-01-01", False),
    ],
)
def test_which_days_are_working_days(day, works):
    assert is_working_day(date.fromisoformat(day)) == works


# What isn't answered is late from the day after it was due, and very late from the day after the twentieth
# working day.
LATENESS = [
    ("2026-03-11", Lateness.IN_TIME),
    ("2026-03-24", Lateness.IN_TIME),
    ("2026-03-25", Lateness.DUE_TODAY),
    ("2026-03-26", Lateness.LATE),
    ("2026-04-10", Lateness.LATE),
    ("2026-04-11", Lateness.VERY_LATE),
    ("2027-03-11", Lateness.VERY_LATE),
]


@pytest.mark.parametrize(("today", "expected"), LATENESS)
def test_how_late_an_unanswered_comment_is(today, expected):
    due_on, very_late_on = (after_working_days(date(2026, 3, 11), days) for days in (10, 20))
    assert lateness(due_on, very_late_on, date.fromisoformat(today)) == expected
    assert expected.is_late == (date.fromisoformat(today) > due_on)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-03-11", "2026-03-11", 0),
        ("2026-03-12", "2026-03-11", 0),
        ("2026-03-11", "2026-03-12", 1),
        ("2026-03-13", "2026-03-15", 0),
        ("2026-03-13", "2026-03-16", 1),
        ("2026-04-02", "2026-04-07", 1),
        ("2026-03-11", "2026-03-25", 10),
    ],
)
def test_how_many_working_days_have_been_waited(start, end, days):
    assert working_days_between(date.fromisoformat(start), date.fromisoformat(end)) == days


@pytest.mark.parametrize("published", ["2026-03-27 00:30", "2026-03-30 23:59", "2026-10-26 00:30"])
def test_the_clock_of_a_comment_starts_on_the_day_it_is_in_sweden(world, published):
    comment = world.say()
    clock.set(moment(published))
    world.publish_comment(comment)
    (matter,) = world.matters("KS", comment)
    assert matter.opened_at == moment(published)
    assert str(matter.due_on) == next(due for when, due, _ in DUE if when == published)


@pytest.mark.parametrize(
    ("days", "due", "very_late_from"),
    [(1, "2026-03-12", "2026-04-11"), (20, "2026-04-10", "2026-04-12"), (30, "2026-04-24", "2026-04-26")],
)
def test_a_committee_that_promises_otherwise_has_another_clock(world, days, due, very_late_from):
    with transaction():
        board = world.committee("KS")
        edit_entry(board, seen=board.version, actor_id=world.adam.id, now=clock.now(), answer_days=days)
    (matter,) = world.matters("KS", world.published())
    assert str(matter.due_on) == due
    very_late = date.fromisoformat(very_late_from)
    assert matter.lateness(very_late) == Lateness.VERY_LATE
    day_before = date.fromordinal(very_late.toordinal() - 1)
    assert matter.lateness(day_before) == Lateness.LATE
