"""The words readers see for what can be found, and in which order."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.search.rules import EntryKind, Order

ENTRY_KINDS: dict[StrEnum, LazyString] = {
    EntryKind.GOAL: lazy_gettext("Goal"),
    EntryKind.ASSIGNMENT: lazy_gettext("Assignment"),
    EntryKind.ANSWER: lazy_gettext("Answer"),
    EntryKind.COMMENT: lazy_gettext("Comment"),
}
ORDERS: dict[StrEnum, LazyString] = {
    Order.BEST: lazy_gettext("Most about this"),
    Order.NEWEST: lazy_gettext("Newest first"),
}
WORDS = (ENTRY_KINDS, ORDERS)
