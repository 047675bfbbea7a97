"""The words readers see for matters, answers and outcomes."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.response.rules import Lateness, MatterState, Outcome, ResponseState

OUTCOMES: dict[StrEnum, LazyString] = {
    Outcome.WILL_DO: lazy_gettext("We will do it"),
    Outcome.ALREADY_DONE: lazy_gettext("Already done"),
    Outcome.PARTLY: lazy_gettext("We will do part of it"),
    Outcome.BEING_INVESTIGATED: lazy_gettext("We are looking into it"),
    Outcome.WILL_NOT: lazy_gettext("We will not do it"),
    Outcome.NOT_OURS: lazy_gettext("Not ours to decide"),
}
MATTER_STATES: dict[StrEnum, LazyString] = {
    MatterState.DUE: lazy_gettext("Waits for an answer"),
    MatterState.ANSWERED: lazy_gettext("Answered"),
    MatterState.FORWARDED: lazy_gettext("Passed on"),
    MatterState.CLOSED: lazy_gettext("Closed"),
}
LATENESS: dict[StrEnum, LazyString] = {
    Lateness.IN_TIME: lazy_gettext("In time"),
    Lateness.DUE_TODAY: lazy_gettext("Due today"),
    Lateness.LATE: lazy_gettext("Late"),
    Lateness.VERY_LATE: lazy_gettext("Very late"),
}
RESPONSE_STATES: dict[StrEnum, LazyString] = {
    ResponseState.DRAFT: lazy_gettext("Draft"),
    ResponseState.IN_REVIEW: lazy_gettext("Waiting for the editor"),
    ResponseState.PUBLISHED: lazy_gettext("Published"),
    ResponseState.SUPERSEDED: lazy_gettext("Replaced by a newer answer"),
}
WORDS = (OUTCOMES, MATTER_STATES, LATENESS, RESPONSE_STATES)
