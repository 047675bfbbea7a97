"""The words readers see for dialogues: their states, the steps of the ladder, and what keeps one from opening."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.dialogues.rules import DialogueState, Flaw, Level, Phase

STATES: dict[StrEnum, LazyString] = {
    DialogueState.DRAFT: lazy_gettext("Not open yet"),
    DialogueState.OPEN: lazy_gettext("Open"),
    DialogueState.CLOSED: lazy_gettext("Closed"),
    DialogueState.REPORTED_BACK: lazy_gettext("Reported back"),
}
LEVELS: dict[StrEnum, LazyString] = {
    Level.INFORMATION: lazy_gettext("Information: we tell what has been decided"),
    Level.CONSULTATION: lazy_gettext("Consultation: we ask what you think before we decide"),
    Level.DIALOGUE: lazy_gettext("Dialogue: we reason together before we decide"),
    Level.INFLUENCE: lazy_gettext("Influence: you help to work out the proposals"),
    Level.CO_DECISION: lazy_gettext("Co-decision: we decide together"),
}
PHASES: dict[StrEnum, LazyString] = {
    Phase.OPEN: lazy_gettext("You can have your say now"),
    Phase.OVER: lazy_gettext("The time for comments is over"),
    Phase.UNREPORTED: lazy_gettext("The feedback that was promised has not come"),
    Phase.REPORTED: lazy_gettext("The result has been reported back"),
}
FLAWS: dict[StrEnum, LazyString] = {
    Flaw.MISSING: lazy_gettext("Fill this in first."),
    Flaw.NOTHING_CAN_CHANGE: lazy_gettext("Say what can still change. If nothing can, choose information."),
    Flaw.CLOSED_ALREADY: lazy_gettext("Choose a day that has not passed."),
    Flaw.DECIDED_BEFORE_IT_CLOSES: lazy_gettext("The decision can't come before the last day for comments."),
    Flaw.FEEDBACK_BEFORE_THE_DECISION: lazy_gettext("The feedback can't come before the decision."),
    Flaw.NOT_DECIDED_YET: lazy_gettext("Choose the day of the decision; it can't lie ahead."),
}
WORDS = (STATES, LEVELS, PHASES, FLAWS)
