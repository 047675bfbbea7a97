"""Which texts the municipality owns, and what an accessibility statement must say. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class TextKey(StrEnum):
    ABOUT = "about"
    HOUSE_RULES = "house_rules"
    NOTICE = "notice"  # each new version is read and acknowledged before the next comment (BBS-lagen 3 §)
    ACCESSIBILITY = "accessibility"  # a statement with fields, and a text that may be empty
    PRIVACY = "privacy"
    EASY = "easy"  # about the service, in easy Swedish


SLUGS: dict[TextKey, str] = {
    TextKey.ABOUT: "om",
    TextKey.HOUSE_RULES: "husregler",
    TextKey.NOTICE: "fore-du-skriver",
    TextKey.ACCESSIBILITY: "tillganglighet",
    TextKey.PRIVACY: "personuppgifter",
    TextKey.EASY: "lattlast",
}
KEYS_AT: dict[str, TextKey] = {slug: key for key, slug in SLUGS.items()}

SHORTEST_TEXT, LONGEST_TEXT = 20, 20_000
LONGEST_LINE, LONGEST_WORDS = 200, 2000  # of a statement's fields
MOST_FAULTS = 30
COMPLAINTS = "https://www.digg.se/tdosanmalan"  # where Digg, the supervisory authority, takes complaints


class Compliance(StrEnum):
    """How far a service meets the demands (Digg's words for it, MDFFS 2019:2)."""

    FULLY = "fully"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True)
class KnownFault:
    """What doesn't work for everybody, why, and by when it is mended; None where no day is set yet."""

    what_sv: str
    what_en: str
    why_sv: str
    why_en: str
    by: date | None


@dataclass(frozen=True)
class Statement:
    """What an accessibility statement says (10 § förordningen 2018:1938, domain of DOS-lagen)."""

    who: str
    service_sv: str
    service_en: str
    compliance: Compliance
    faults: Sequence[KnownFault]
    assessed_on: date
    method_sv: str
    method_en: str
    complaints: str = COMPLAINTS


def fits(compliance: Compliance, faults: int) -> bool:
    """Whether a statement's faults fit with how compliant it says that the service is: none exactly if fully."""
    return (compliance == Compliance.FULLY) == (faults == 0)
