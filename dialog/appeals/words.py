"""The words readers see for what becomes of a request for another look."""

from enum import StrEnum

from flask_babel import LazyString, gettext, lazy_gettext

from dialog.appeals.rules import AppealState, Refusal
from dialog.events import Event
from dialog.formats import moment

APPEAL_STATES: dict[StrEnum, LazyString] = {
    AppealState.OPEN: lazy_gettext("Another moderator is to look at it"),
    AppealState.GRANTED: lazy_gettext("Changed, as you asked"),
    AppealState.DENIED: lazy_gettext("Not changed: the decision stands"),
    AppealState.LAPSED: lazy_gettext("Ended, since the comment has gone on meanwhile"),
}
REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.NOT_HIDDEN: lazy_gettext(
        "All of the comment is shown, or it has gone on since, so there is no decision to look at again."
    ),
    Refusal.TOO_LATE: lazy_gettext("The time for asking is over. You can still write to the municipality."),
}
# What is said to the moderator after each outcome; the comment's number takes the place of %s.
SETTLED: dict[StrEnum, LazyString] = {
    AppealState.GRANTED: lazy_gettext("The decision about %s is changed, and both are told why."),
    AppealState.DENIED: lazy_gettext("The decision about %s stands, and both are told why."),
}
WORDS = (APPEAL_STATES, REFUSALS)


def last_happening(event: Event) -> str | None:
    """What happened to an appeal and when, for those who decide; nobody's name."""
    when = moment(event.at)
    match event.kind:
        case "appeal.granted":
            return gettext("Another moderator had the comment shown again %(when)s.", when=when)
        case "appeal.denied":
            return gettext("Another moderator let the decision stand %(when)s.", when=when)
        case "appeal.lapsed":
            return gettext("The comment was shown again or sent again %(when)s.", when=when)
    return None
