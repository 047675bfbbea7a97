"""The words readers see for the plan's terms."""

from flask_babel import lazy_gettext

from dialog.plan.rules import FundingKind, Origin, Settlement

WORDS = {
    FundingKind.ONE_YEAR: lazy_gettext("For one year"),
    FundingKind.PERMANENT: lazy_gettext("Every year from then on"),
    Origin.COUNCIL: lazy_gettext("Given by the municipal council"),
    Origin.COMMITTEE: lazy_gettext("The committee's own"),
    Settlement.TOWN: lazy_gettext("Town"),
    Settlement.COUNTRYSIDE: lazy_gettext("Countryside"),
}
