"""The words readers see for the plan's terms."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.plan.rules import FundingKind, Origin, Period, Progress, Settlement

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
PERIODS: dict[StrEnum, LazyString] = {
    Period.T1: lazy_gettext("January to April (T1)"),
    Period.T2: lazy_gettext("January to August (T2)"),
    Period.YEAR_END: lazy_gettext("The whole year"),
}
PROGRESS: dict[StrEnum, LazyString] = {
    Progress.NOT_STARTED: lazy_gettext("Not begun"),
    Progress.UNDER_WAY: lazy_gettext("Under way"),
    Progress.DELAYED: lazy_gettext("Delayed"),
    Progress.DONE: lazy_gettext("Done"),
    Progress.STOPPED: lazy_gettext("Stopped"),
}
WORDS = (FUNDING_KINDS, ORIGINS, SETTLEMENTS, PERIODS, PROGRESS)
