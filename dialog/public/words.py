"""The words readers see for how comments can be ordered and narrowed."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.public.rules import Order, Speaker, Stage

ORDERS: dict[StrEnum, LazyString] = {
    Order.NEWEST: lazy_gettext("Newest first"),
    Order.OLDEST: lazy_gettext("Oldest first"),
    Order.SUPPORTED: lazy_gettext("Most supported first"),
    Order.DISCUSSED: lazy_gettext("Most replies first"),
    Order.UNANSWERED: lazy_gettext("Unanswered, those that have waited longest first"),
}
SPEAKERS: dict[StrEnum, LazyString] = {
    Speaker.ORGANISATION: lazy_gettext("Organisations"),
    Speaker.PERSON: lazy_gettext("Persons"),
}
STAGES: dict[StrEnum, LazyString] = {
    Stage.WAITING: lazy_gettext("Waits for an answer"),
    Stage.LATE: lazy_gettext("Waits longer than was promised"),
    Stage.ANSWERED: lazy_gettext("Answered"),
}
WORDS = (ORDERS, SPEAKERS, STAGES)
