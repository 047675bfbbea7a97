"""What a moderator can decide, the grounds on which a comment may be hidden, and how soon one is to look."""

from datetime import date
from enum import StrEnum

from dialog.conversation.rules import COMMENT_MOVES, Act, CommentState
from dialog.transitions import moves_from
from dialog.workdays import working_days_between

DECISIONS = (
    Act.PUBLISH,
    Act.LOOK,
    Act.RESTORE,
    Act.HIDE,
)  # in the order they are offered: the likeliest first
STATE_AFTER: dict[Act, CommentState] = {
    Act(transition.act): to for (_, to), transition in COMMENT_MOVES.items() if transition.act in DECISIONS
}
NEED_REASONS = {Act(transition.act) for transition in COMMENT_MOVES.values() if transition.needs_reason}


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


def acts_on(state: CommentState, *, waits: bool) -> list[Act]:
    """The decisions a moderator can take about a comment in `state`; `waits` says whether it is in the queue."""
    possible = {transition.act for transition in moves_from(COMMENT_MOVES, state).values()}
    if state == CommentState.PUBLISHED and waits:
        possible.add(Act.LOOK)
    return [act for act in DECISIONS if act in possible]


def waits_too_long(since: date, today: date) -> bool:
    """Whether a comment that has waited since that day should have been looked at before today."""
    return working_days_between(since, today) > LOOK_WITHIN_DAYS
