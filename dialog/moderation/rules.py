"""The grounds on which a comment may be hidden, and who may not decide."""

from enum import StrEnum


class Source(StrEnum):
    """Where a ground comes from."""

    BBS_LAW = "bbs_law"  # 5 § lagen (1998:112) om ansvar för elektroniska anslagstavlor
    SECRECY = "secrecy"  # offentlighets- och sekretesslagen (2009:400)
    HOUSE_RULE = "house_rule"


class Ground(StrEnum):
    """Why a comment is hidden. Each hiding carries exactly one."""

    THREAT = "threat"  # olaga hot
    INTRUSION = "intrusion"  # olaga integritetsintrång
    INCITEMENT = "incitement"  # uppvigling
    AGITATION = "agitation"  # hets mot folkgrupp
    CHILD_ABUSE = "child_abuse"  # barnpornografi
    VIOLENCE = "violence"  # olaga våldsskildring
    TERRORISM = "terrorism"  # offentlig uppmaning till terrorism
    COPYRIGHT = "copyright"  # upphovsrättsintrång
    SECRECY = "secrecy"
    PERSONAL_DATA = "personal_data"
    DEFAMATION = "defamation"  # not in the law's list, so a house rule
    PERSONAL_ATTACK = "personal_attack"
    OFF_TOPIC = "off_topic"
    ADVERTISING = "advertising"


GROUND_SOURCES: dict[Ground, Source] = {
    Ground.THREAT: Source.BBS_LAW,
    Ground.INTRUSION: Source.BBS_LAW,
    Ground.INCITEMENT: Source.BBS_LAW,
    Ground.AGITATION: Source.BBS_LAW,
    Ground.CHILD_ABUSE: Source.BBS_LAW,
    Ground.VIOLENCE: Source.BBS_LAW,
    Ground.TERRORISM: Source.BBS_LAW,
    Ground.COPYRIGHT: Source.BBS_LAW,
    Ground.SECRECY: Source.SECRECY,
    Ground.PERSONAL_DATA: Source.HOUSE_RULE,
    Ground.DEFAMATION: Source.HOUSE_RULE,
    Ground.PERSONAL_ATTACK: Source.HOUSE_RULE,
    Ground.OFF_TOPIC: Source.HOUSE_RULE,
    Ground.ADVERTISING: Source.HOUSE_RULE,
}

LOOK_WITHIN_DAYS = 2  # working days, a convention among municipalities
SHORTEST_REASONS = 10
LONGEST_REASONS = 2000


def may_decide(*, moderator_id: int, author_id: int) -> bool:
    """Nobody decides on their own comment."""
    return moderator_id != author_id
