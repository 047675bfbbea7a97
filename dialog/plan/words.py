"""The words readers see for the plan's terms."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.plan.rules import FundingKind, Origin, Settlement

FUNDING_KINDS: dict[StrEnum, LazyString] = {
    FundingKind.ONE_YEAR: lazy_gettext("For one year"),
    FundingKind.PERMANENT: lazy_gettext("Every year from then on"),
}
ORIGINS: dict[StrEnum, LazyString] = {
    Origin.COUNCIL: lazy_gettext("Given by the municipal council"),
    Origin.COMMITTEE: lazy_gettext("The committee's own assignment"),
}
SETTLEMENTS: dict[StrEnum, LazyString] = {
    Settlement.TOWN: lazy_gettext("Town"),
    Settlement.COUNTRYSIDE: lazy_gettext("Countryside"),
}
WORDS = (FUNDING_KINDS, ORIGINS, SETTLEMENTS)
