"""The words readers see for where a reported fault stands, and for moving it on."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.faults.rules import FaultState

FAULT_STATES: dict[StrEnum, LazyString] = {
    FaultState.RECEIVED: lazy_gettext("Received"),
    FaultState.UNDER_WAY: lazy_gettext("We look into it"),
    FaultState.ANSWERED: lazy_gettext("Answered"),
    FaultState.FIXED: lazy_gettext("Fixed"),
}
ACTS: dict[FaultState, LazyString] = {
    FaultState.UNDER_WAY: lazy_gettext("We have begun to look into it"),
    FaultState.ANSWERED: lazy_gettext("Answer; the fault is still there"),
    FaultState.FIXED: lazy_gettext("Answer; the fault is fixed"),
}
WORDS = (FAULT_STATES,)
