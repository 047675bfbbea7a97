"""How long people wait for a committee, and how it keeps what it promises: counted as it comes, in public."""

import pytest

from dialog.db import clock
from dialog.dialogues.rules import DialogueState
from dialog.response.queries import workload_of
from dialog.response.rules import Kept, kept_of
from dialog.response.waiting import record_of
from tests.counts import assert_right
from tests.world import WORDS


@pytest.mark.parametrize(
    ("waited", "overdue", "expected"),
    [
        # Under five that have come there is nothing to measure, however many are late.
        ({}, 0, None),
        ({(3, True): 4}, 0, None),
        ({(3, True): 4}, 30, None),
        # Five of five in time; and it is still not sure that all are.
        ({(3, True): 5}, 0, (3, 5, 1.0)),
        # Half came within so many days: the lower of the two in the middle.
        ({(1, True): 2, (4, True): 1, (9, True): 3}, 0, (4, 6, 1.0)),
        # The same number of days can be in time for one and not for another, whose clock stood still.
        ({(12, True): 3, (12, False): 3}, 0, (12, 6, 0.5)),
        # What is late and still waits counts as not in time, and has no number of days yet.
        ({(2, True): 5}, 5, (2, 10, 0.5)),
    ],
)
def test_how_a_promise_has_been_kept(waited, overdue, expected):
    kept = kept_of(waited, overdue=overdue)
    assert (kept and kept[:3]) == expected


def test_few_say_less_than_many():
    few, many = kept_of({(1, True): 5}), kept_of({(1, True): 500})
    assert isinstance(few, Kept)
    assert few.low < many.low < 1.0 == few.high


def record(world):
    committee = world.committee("KS")
    return record_of(committee, workload_of(committee, clock.today()).late)


def test_the_days_until_an_answer_are_counted_when_it_comes(world):
    comments = [world.published(world.nils, f"{WORDS} {n}") for n in range(6)]
    clock.forward(days=7)  # five working days
    world.answered(*comments[:5])
    assert record(world).answered[:3] == (5, 5, 1.0)
    clock.forward(days=28)
    assert record(world).answered[:3] == (5, 6, 5 / 6)  # the sixth is late now
    world.answered(comments[5])
    kept = record(world).answered
    assert kept[:3] == (5, 6, 5 / 6)
    assert 0.4 < kept.low < 5 / 6 < kept.high < 1
    assert_right()


def test_what_waits_in_time_counts_against_nobody(world):
    world.answered(*[world.published(world.nils, f"{WORDS} {n}") for n in range(5)])
    for n in range(20):
        world.published(world.nils, f"{WORDS} Och ett till, {n}.")
    assert record(world).answered[:3] == (0, 5, 1.0)


def test_an_answer_to_a_no_is_measured_by_its_own_clock(world):
    comments = [world.published(world.nils, f"{WORDS} {n}") for n in range(5)]
    clock.forward(days=7)
    response = world.answered(*comments)
    clock.forward(days=7)
    world.judged(comments[0], response, "no", "Det var inte det jag frågade om.")
    clock.forward(days=1)
    world.answered(comments[0])
    assert record(world).answered[:3] == (5, 6, 1.0)
    assert_right()


def test_being_passed_on_is_measured_apart_from_being_answered(world):
    dialogue = world.opened(pre_moderated=True)
    waits = [world.say(world.nils, f"{WORDS} {n}") for n in range(5)]
    clock.forward(days=7)
    for comment in waits:
        world.decide(comment, "publish")
    world.moved_on(dialogue, DialogueState.CLOSED)
    found = record(world)
    assert found.asked == 5
    assert found.passed_on[:3] == (5, 5, 0.0)
    assert found.answered is None
    assert_right()


def test_what_is_shown_at_once_is_passed_on_at_once(world):
    trusted = world.trusted(world.nils)
    before = record(world).asked
    for n in range(5):
        world.say(trusted, f"{WORDS} {n}")
    found = record(world)
    assert found.asked == before + 5
    assert (found.passed_on.median_days, found.passed_on.share) == (0, 1.0)
    assert_right()


def test_another_committee_is_asked_when_it_is_passed_on_and_the_first_still_has_been(world):
    world.forwarded(world.matters("KS", world.published(world.nils))[0])
    assert record(world).asked == 1
    assert record_of(world.committee("TN"), 0).asked == 1
    assert_right()


def test_everybody_reads_it_on_the_committees_page(client, world):
    assert "Visas när det finns fem att mäta" in client.get("/namnd/ks").text
    comments = [world.published(world.nils, f"{WORDS} {n}") for n in range(5)]
    clock.forward(days=7)
    world.answered(*comments)
    page = client.get("/namnd/ks").text
    for words in (
        "Arbetsdagar som mest, för hälften av dem</dt><dd>5<",
        "I tid, av 5 inlägg",
        "100 %",
        "57 och 100 %",
    ):
        assert words in page.replace("\u00a0", " "), words
    english = client.get("/en/namnd/ks").text
    for words in (
        "Working days at the most, for half of them</dt><dd>5<",
        "most likely between 57 and 100 %",
    ):
        assert words in english.replace("\u00a0", " "), words
