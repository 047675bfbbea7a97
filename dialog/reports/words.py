"""The words readers see for reasons to report, and for what became of a report."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.reports.rules import Reason, ReportState

REASON_WORDS: dict[StrEnum, LazyString] = {
    Reason.THREAT: lazy_gettext("It threatens somebody"),
    Reason.HATE: lazy_gettext(
        "It threatens or speaks with contempt of a group of people, such as an ethnic group"
    ),
    Reason.CRIME: lazy_gettext("It urges people to commit a crime"),
    Reason.TERRORISM: lazy_gettext("It urges people to commit terrorism"),
    Reason.PRIVACY: lazy_gettext(
        "It spreads something very private about somebody, such as their health or naked body"
    ),
    Reason.CHILD_ABUSE: lazy_gettext("It shows or links to sexual images of children"),
    Reason.VIOLENCE: lazy_gettext("It shows or links to brutal violence"),
    Reason.COPYRIGHT: lazy_gettext("It is copied from somebody who hasn't allowed it"),
    Reason.PERSONAL_DATA: lazy_gettext("It gives away somebody's personal data, such as a home address"),
    Reason.ATTACK: lazy_gettext("It insults somebody"),
    Reason.DEFAMATION: lazy_gettext("It says something false and damaging about somebody"),
    Reason.ADVERTISING: lazy_gettext("It is advertising"),
    Reason.OFF_TOPIC: lazy_gettext("It is not about the municipality's goals"),
    Reason.OTHER: lazy_gettext("Something else"),
}
REPORT_STATES: dict[StrEnum, LazyString] = {
    ReportState.OPEN: lazy_gettext("A moderator reads it"),
    ReportState.UPHELD: lazy_gettext("The comment is not shown any more"),
    ReportState.DISMISSED: lazy_gettext("The comment may be shown"),
    ReportState.LAPSED: lazy_gettext("Its author withdrew the comment"),
}
WORDS = (REASON_WORDS, REPORT_STATES)
