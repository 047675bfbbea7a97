"""The words readers see for the municipality's texts, and for how accessible the service is."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.texts.rules import Compliance, TextKey

TITLES: dict[StrEnum, LazyString] = {
    TextKey.ABOUT: lazy_gettext("How it works"),
    TextKey.HOUSE_RULES: lazy_gettext("House rules"),
    TextKey.NOTICE: lazy_gettext("Before you write"),
    TextKey.ACCESSIBILITY: lazy_gettext("Accessibility"),
    TextKey.PRIVACY: lazy_gettext("Personal data"),
    TextKey.EASY: lazy_gettext("Easy to read"),
}
COMPLIANCES: dict[StrEnum, LazyString] = {
    Compliance.FULLY: lazy_gettext("It meets all demands"),
    Compliance.PARTLY: lazy_gettext("It meets the demands in part"),
    Compliance.NOT: lazy_gettext("It does not meet the demands"),
}
WORDS = (TITLES, COMPLIANCES)
