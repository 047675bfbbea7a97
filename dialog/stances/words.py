"""The words readers see for stances, and why one isn't taken."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.stances.rules import Refusal, Stance

STANCES: dict[StrEnum, LazyString] = {
    Stance.AGREE: lazy_gettext("Agree"),
    Stance.DISAGREE: lazy_gettext("Disagree"),
    Stance.PASS: lazy_gettext("Don't know, or skip"),
}
REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.NOT_SHOWN: lazy_gettext("The comment is not shown any longer, so no answers to it are taken."),
    Refusal.A_REPLY: lazy_gettext(
        "This is a reply. You can say what you think of the comment that it is a reply to."
    ),
    Refusal.OVER: lazy_gettext(
        "The time for saying what you think is over. Nothing can be changed any more."
    ),
    Refusal.OWN: lazy_gettext("You have written this yourself. What others think of it is for them to say."),
}
WORDS = (STANCES, REFUSALS)
UNREADABLE = lazy_gettext("Press one of the buttons to say what you think.")
