"""The words readers see for what becomes of commitments."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.commitments.rules import CommitmentState, WhyNotBy

# What can be said of one, as it is chosen in a form.
OUTCOMES: dict[StrEnum, LazyString] = {
    CommitmentState.KEPT: lazy_gettext("We have done it"),
    CommitmentState.CHANGED: lazy_gettext("We promise something else instead, or another day"),
    CommitmentState.NOT_KEPT: lazy_gettext("We will not do it"),
}
STATES: dict[StrEnum, LazyString] = {
    CommitmentState.OPEN: lazy_gettext("Not settled yet"),
    CommitmentState.KEPT: lazy_gettext("Kept"),
    CommitmentState.CHANGED: lazy_gettext("Changed"),
    CommitmentState.NOT_KEPT: lazy_gettext("Not kept"),
}
WHY_NOT_BY: dict[StrEnum, LazyString] = {
    WhyNotBy.PAST: lazy_gettext("Choose a day that is still to come."),
    WhyNotBy.TOO_FAR: lazy_gettext("Choose a day within ten years."),
}
WORDS = (STATES,)
