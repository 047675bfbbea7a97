"""A dialogue's states, what it must say before it opens, and where it stands on a given day. Pure."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from dialog.transitions import Table, Transition


class DialogueState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    REPORTED_BACK = "reported_back"


class Act(StrEnum):
    OPEN = "open"
    CLOSE = "close"
    REOPEN = "reopen"
    REPORT_BACK = "report_back"


class Level(StrEnum):
    """How much those who take part can decide: the ladder of Sveriges Kommuner och Regioner (delaktighetstrappan)."""

    INFORMATION = "information"
    CONSULTATION = "consultation"
    DIALOGUE = "dialogue"
    INFLUENCE = "influence"
    CO_DECISION = "co_decision"


class Phase(StrEnum):
    """Where a dialogue stands on a given day, for whoever thinks of writing."""

    OPEN = "open"
    OVER = "over"  # nothing more can be sent; the decision or the feedback is yet to come
    UNREPORTED = "unreported"  # the day promised for the feedback has passed without it
    REPORTED = "reported"


DIALOGUE_MOVES: Table[DialogueState] = {
    (DialogueState.DRAFT, DialogueState.OPEN): Transition(Act.OPEN),
    (DialogueState.OPEN, DialogueState.CLOSED): Transition(Act.CLOSE),
    (DialogueState.CLOSED, DialogueState.OPEN): Transition(Act.REOPEN),
    (DialogueState.CLOSED, DialogueState.REPORTED_BACK): Transition(Act.REPORT_BACK),
}

NEEDED_TO_OPEN = ("level", "who_decides", "closes_on", "decides_on", "feedback_on")
NEEDED_TO_REPORT = ("you_said", "we_decided", "because", "decided_on", "decision_reference")
LONGEST_PART = 2000
SHORTEST_CHANGE, LONGEST_CHANGE = 10, 1000
REMIND_BEFORE = timedelta(days=7)


class Flaw(StrEnum):
    """What keeps a dialogue from opening, at the field it concerns."""

    MISSING = "missing"
    NOTHING_CAN_CHANGE = "nothing_can_change"  # then it is information, and calling it more misleads
    CLOSED_ALREADY = "closed_already"
    DECIDED_BEFORE_IT_CLOSES = "decided_before_it_closes"
    FEEDBACK_BEFORE_THE_DECISION = "feedback_before_the_decision"
    NOT_DECIDED_YET = "not_decided_yet"


def flaws(dialogue: Any, today: date) -> dict[str, Flaw]:
    """What keeps `dialogue` (anything with its fields) from opening today, by the field; empty if nothing does."""
    found = {name: Flaw.MISSING for name in NEEDED_TO_OPEN if not getattr(dialogue, name)}
    if dialogue.level not in (None, Level.INFORMATION) and not dialogue.can_change:
        found["can_change"] = Flaw.NOTHING_CAN_CHANGE
    if "closes_on" not in found and dialogue.closes_on < today:
        found["closes_on"] = Flaw.CLOSED_ALREADY
    if not {"closes_on", "decides_on"} & set(found) and dialogue.decides_on < dialogue.closes_on:
        found["decides_on"] = Flaw.DECIDED_BEFORE_IT_CLOSES
    if not {"decides_on", "feedback_on"} & set(found) and dialogue.feedback_on < dialogue.decides_on:
        found["feedback_on"] = Flaw.FEEDBACK_BEFORE_THE_DECISION
    return found


def flaws_of_report(report: Any, today: date) -> dict[str, Flaw]:
    """What keeps `report` (anything with its fields) from being published today, by the field; empty if nothing does.

    What was said, what was decided, why, and where the decision can be read: without them nobody can see what their
    words led to.
    """
    found = {name: Flaw.MISSING for name in NEEDED_TO_REPORT if not getattr(report, name)}
    if "decided_on" not in found and report.decided_on > today:
        found["decided_on"] = Flaw.NOT_DECIDED_YET
    return found


class Reminder(StrEnum):
    """What the committee is reminded of about the feedback it has promised, each once."""

    SOON = "soon"  # seven days are left
    TODAY = "today"  # it is to come today


def reminder_due(state: DialogueState, feedback_on: date, today: date) -> Reminder | None:
    """Which reminder the day `today` calls for: that of the day itself still after it, if it wasn't given then."""
    if state not in (DialogueState.OPEN, DialogueState.CLOSED):
        return None
    if today >= feedback_on:
        return Reminder.TODAY
    return Reminder.SOON if today >= feedback_on - REMIND_BEFORE else None


def phase(state: DialogueState, closes_on: date, feedback_on: date, today: date) -> Phase:
    """Where a dialogue that has been opened stands on the day `today`. The last day is a whole day."""
    if state == DialogueState.REPORTED_BACK:
        return Phase.REPORTED
    if state == DialogueState.OPEN and today <= closes_on:
        return Phase.OPEN
    return Phase.UNREPORTED if today > feedback_on else Phase.OVER


class Ruling(NamedTuple):
    """What a dialogue says, on a given day, of what would be said then; `phase` is None before it has opened."""

    phase: Phase | None = None
    level: Level | None = None
    pre_moderated: bool = False
    real_names_only: bool = False


FREE = Ruling()  # where no dialogue has been opened


def phase_then(opened_on: date, last_day: date, received_on: date) -> Phase | None:
    """Where a dialogue stood for whoever said something on `received_on`, which is put on record later.

    `last_day` is the last day for comments, or the day the dialogue was closed if that was earlier. None before it
    opened.
    """
    if received_on < opened_on:
        return None
    return Phase.OPEN if received_on <= last_day else Phase.OVER
