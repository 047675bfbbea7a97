"""What a dialogue must say before it opens, and where it stands on a day: the rule in words stands above its rows."""

from dataclasses import replace
from datetime import date

import pytest

from dialog.dialogues.operations import Terms
from dialog.dialogues.rules import (
    DialogueState,
    Flaw,
    Level,
    Phase,
    flaws,
    phase,
    phase_then,
)

TODAY = date(2026, 3, 11)
WHOLE = Terms(
    level=Level.CONSULTATION,
    can_change="Vilka tider bussarna går.",
    who_decides="Tekniska nämnden",
    closes_on=date(2026, 4, 1),
    decides_on=date(2026, 4, 20),
    feedback_on=date(2026, 5, 4),
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # One that says all opens.
        ({}, {}),
        # What can't change may be left out, and so may the two conditions.
        ({"cannot_change": "", "pre_moderated": False}, {}),
        # Each thing it must say keeps it from opening while it is missing.
        ({"level": None}, {"level": Flaw.MISSING}),
        ({"who_decides": ""}, {"who_decides": Flaw.MISSING}),
        ({"closes_on": None}, {"closes_on": Flaw.MISSING}),
        ({"decides_on": None}, {"decides_on": Flaw.MISSING}),
        ({"feedback_on": None}, {"feedback_on": Flaw.MISSING}),
        # If nothing can change it is information, and only that.
        ({"can_change": ""}, {"can_change": Flaw.NOTHING_CAN_CHANGE}),
        ({"can_change": "", "level": Level.INFORMATION}, {}),
        # The days come in order; the same day will do.
        ({"closes_on": date(2026, 3, 10)}, {"closes_on": Flaw.CLOSED_ALREADY}),
        ({"closes_on": TODAY}, {}),
        ({"decides_on": date(2026, 3, 31)}, {"decides_on": Flaw.DECIDED_BEFORE_IT_CLOSES}),
        ({"decides_on": date(2026, 4, 1)}, {}),
        ({"feedback_on": date(2026, 4, 19)}, {"feedback_on": Flaw.FEEDBACK_BEFORE_THE_DECISION}),
        ({"feedback_on": date(2026, 4, 20)}, {}),
    ],
)
def test_what_keeps_a_dialogue_from_opening(changes, expected):
    assert flaws(replace(WHOLE, **changes), TODAY) == expected


@pytest.mark.parametrize(
    ("state", "today", "expected"),
    [
        # Open through its whole last day.
        (DialogueState.OPEN, date(2026, 3, 11), Phase.OPEN),
        (DialogueState.OPEN, date(2026, 4, 1), Phase.OPEN),
        # The day after it is over by itself, and so is one that was closed early.
        (DialogueState.OPEN, date(2026, 4, 2), Phase.OVER),
        (DialogueState.CLOSED, date(2026, 3, 11), Phase.OVER),
        # The promised day itself is in time; after it the feedback is missing.
        (DialogueState.CLOSED, date(2026, 5, 4), Phase.OVER),
        (DialogueState.CLOSED, date(2026, 5, 5), Phase.UNREPORTED),
        (DialogueState.OPEN, date(2026, 5, 5), Phase.UNREPORTED),
        # Reported back is reported back.
        (DialogueState.REPORTED_BACK, date(2026, 5, 5), Phase.REPORTED),
    ],
)
def test_where_a_dialogue_stands_on_a_day(state, today, expected):
    assert phase(state, date(2026, 4, 1), date(2026, 5, 4), today) == expected


@pytest.mark.parametrize(
    ("received_on", "expected"),
    [
        # Before it opened there was no dialogue.
        (date(2026, 3, 10), None),
        # From its first day to its last, both whole.
        (TODAY, Phase.OPEN),
        (date(2026, 4, 1), Phase.OPEN),
        # After it nothing, on whatever day it is put on record.
        (date(2026, 4, 2), Phase.OVER),
    ],
)
def test_what_came_by_another_way_counts_from_the_day_it_came(received_on, expected):
    assert phase_then(TODAY, date(2026, 4, 1), received_on) == expected
