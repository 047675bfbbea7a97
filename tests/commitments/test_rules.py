"""What can become of a commitment, for when one can be made, and when its committee is reminded of it."""

from datetime import date

import pytest

from dialog.commitments.rules import (
    MOVES,
    CommitmentState,
    WhyNotBy,
    is_late,
    next_reminder,
    why_not_by,
)

OPEN, KEPT, CHANGED, NOT_KEPT = CommitmentState


def test_a_commitment_is_settled_or_put_right_with_words_and_those_concerned_are_told():
    settled = {(OPEN, KEPT), (OPEN, CHANGED), (OPEN, NOT_KEPT)}
    assert set(MOVES) == settled | {(KEPT, OPEN), (NOT_KEPT, OPEN)}
    assert all(move.needs_reason and move.tells_author for move in MOVES.values())


@pytest.mark.parametrize(
    ("sentence", "day", "why"),
    [
        ("From tomorrow on.", "2026-03-12", None),
        ("Not today: then it is no promise.", "2026-03-11", WhyNotBy.PAST),
        ("Not a day that has been.", "2025-03-11", WhyNotBy.PAST),
        ("Within ten years.", "2036-03-18", None),
        ("Not further away.", "2036-03-19", WhyNotBy.TOO_FAR),
    ],
)
def test_by_which_days_something_can_be_promised(sentence, day, why):
    assert why_not_by(date.fromisoformat(day), date(2026, 3, 11)) == why, sentence


@pytest.mark.parametrize(
    ("sentence", "state", "today", "late"),
    [
        ("Before the day it is in time.", OPEN, "2026-05-31", False),
        ("On the day too.", OPEN, "2026-06-01", False),
        ("The day after it is late.", OPEN, "2026-06-02", True),
        ("What is settled is never late.", NOT_KEPT, "2026-06-02", False),
    ],
)
def test_when_a_commitment_is_late(sentence, state, today, late):
    assert is_late(state, date(2026, 6, 1), date.fromisoformat(today)) == late, sentence


# By Tuesday 2 June 2026. Reminded on 19 May (two weeks before), on Monday 1 June (the last working day before), on
# Wednesday 3 June (it has passed), and then every ten working days: midsummer's eve, 19 June, isn't one.
@pytest.mark.parametrize(
    ("sentence", "due_on", "today", "reminded_on"),
    [
        ("Two weeks before.", "2026-06-02", "2026-03-11", "2026-05-19"),
        ("Then on the last working day before.", "2026-06-02", "2026-05-19", "2026-06-01"),
        ("Promised with less than two weeks to go: that day alone.", "2026-06-02", "2026-05-25", "2026-06-01"),
        ("Then when the day has passed.", "2026-06-02", "2026-06-01", "2026-06-03"),
        ("Promised for tomorrow: when it has passed.", "2026-03-12", "2026-03-11", "2026-03-13"),
        ("On the day itself nothing more.", "2026-06-02", "2026-06-02", "2026-06-03"),
        ("Every ten working days after it.", "2026-06-02", "2026-06-03", "2026-06-17"),
        ("Over midsummer a day later.", "2026-06-02", "2026-06-17", "2026-07-02"),
        ("Where nobody was reminded for long, once and not for each time.", "2026-06-02", "2026-09-01", "2026-09-10"),
        ("Two weeks before on Good Friday: after Easter.", "2026-04-17", "2026-03-11", "2026-04-07"),
        ("By a Sunday: on the Friday before.", "2026-06-14", "2026-06-01", "2026-06-12"),
        ("By the Saturday after Midsummer: on the Thursday before.", "2026-06-20", "2026-06-08", "2026-06-18"),
    ],
)  # fmt: skip
def test_when_a_committee_is_reminded_next(sentence, due_on, today, reminded_on):
    found = next_reminder(date.fromisoformat(due_on), date.fromisoformat(today))
    assert found == date.fromisoformat(reminded_on), sentence
