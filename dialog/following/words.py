"""The words readers see for what can be followed, and for what happens there."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.following.rules import HowOften, Thing, What

THINGS: dict[StrEnum, LazyString] = {
    Thing.GOAL: lazy_gettext("Goal"),
    Thing.ASSIGNMENT: lazy_gettext("Assignment"),
    Thing.COMMITTEE: lazy_gettext("Committee"),
    Thing.AREA: lazy_gettext("Area"),
    Thing.COMMENT: lazy_gettext("Comment"),
}
WHAT: dict[StrEnum, LazyString] = {
    What.COMMENTED: lazy_gettext("New comment"),
    What.ANSWERED: lazy_gettext("New answer"),
    What.CHANGED: lazy_gettext("Changed comment"),
    What.REPLIED: lazy_gettext("New reply"),
    What.KEPT: lazy_gettext("A commitment is kept"),
    What.PROMISED_OTHERWISE: lazy_gettext("A commitment is changed"),
    What.NOT_KEPT: lazy_gettext("A commitment is not kept"),
    What.REOPENED: lazy_gettext("A commitment is followed again"),
    What.FOLLOWED_UP: lazy_gettext("New follow-up of an assignment"),
    What.DIALOGUE_OPENED: lazy_gettext("A dialogue has opened"),
    What.DIALOGUE_CLOSED: lazy_gettext("A dialogue has closed"),
    What.REPORTED_BACK: lazy_gettext("The result of a dialogue is reported back"),
}
HOW_OFTEN: dict[StrEnum, LazyString] = {
    HowOften.AT_ONCE: lazy_gettext("At once, a letter for each thing that happens"),
    HowOften.DAILY: lazy_gettext("Once a day at the most, in the morning"),
    HowOften.WEEKLY: lazy_gettext("Once a week at the most, on Monday morning"),
    HowOften.NEVER: lazy_gettext("Never, I read it here"),
}
WORDS = (THINGS, WHAT, HOW_OFTEN)
