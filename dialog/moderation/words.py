"""The words readers see for grounds and decisions."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.moderation.rules import GROUND_SOURCES, Ground, Source

GROUNDS: dict[StrEnum, LazyString] = {
    Ground.OFF_TOPIC: lazy_gettext("Not about the municipality's goals or assignments"),
    Ground.PERSONAL_ATTACK: lazy_gettext("Personal attack"),
    Ground.PERSONAL_DATA: lazy_gettext("Personal data about somebody else"),
    Ground.ADVERTISING: lazy_gettext("Advertising"),
    Ground.DEFAMATION: lazy_gettext("Defamation"),
    Ground.THREAT: lazy_gettext("Unlawful threat"),
    Ground.INTRUSION: lazy_gettext("Unlawful breach of privacy"),
    Ground.INCITEMENT: lazy_gettext("Incitement to crime"),
    Ground.AGITATION: lazy_gettext("Agitation against a population group"),
    Ground.CHILD_ABUSE: lazy_gettext("Images of child sexual abuse"),
    Ground.VIOLENCE: lazy_gettext("Unlawful depiction of violence"),
    Ground.TERRORISM: lazy_gettext("Public incitement to terrorism"),
    Ground.COPYRIGHT: lazy_gettext("Breach of copyright"),
    Ground.SECRECY: lazy_gettext("Secrecy by law"),
}
SOURCES: dict[StrEnum, LazyString] = {
    Source.BBS_LAW: lazy_gettext("the act on electronic bulletin boards, section 5"),
    Source.SECRECY: lazy_gettext("the public access and secrecy act"),
    Source.HOUSE_RULE: lazy_gettext("the house rules"),
}
ACTS = {
    "publish": lazy_gettext("Publish"),
    "hide": lazy_gettext("Hide"),
    "restore": lazy_gettext("Show again"),
    "look": lazy_gettext("Leave it shown"),
}
# What the queue says after each decision; the comment's number takes the place of %s.
DECIDED = {
    "publish": lazy_gettext("%s is published."),
    "hide": lazy_gettext("%s is hidden, and its author gets the reasons."),
    "restore": lazy_gettext("%s is shown again."),
    "look": lazy_gettext("%s stays shown."),
}
WORDS = (GROUNDS, SOURCES)


def source_of(ground: Ground) -> str:
    """Where a ground comes from, in words."""
    return str(SOURCES[GROUND_SOURCES[ground]])
