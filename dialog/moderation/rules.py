"""What a moderator can decide and on which grounds, who may while another looks, and how soon one is to look."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

from dialog.conversation.rules import (
    COMMENT_MOVES,
    MASKING_MOVES,
    Act,
    CommentState,
    Refusal,
    ReviewReason,
    is_registration_number,
)
from dialog.transitions import Table, Transition, moves_from
from dialog.workdays import is_working_day, working_days_between

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

# What takes a decision back where another decision does so at once: to hide again takes a ground and reasons.
UNDONE_BY: dict[Act, Act] = {Act.HIDE: Act.RESTORE}


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

# What a ground is called in addresses.
GROUND_SLUGS: dict[Ground, str] = {
    Ground.OFF_TOPIC: "utanfor-amnet",
    Ground.PERSONAL_ATTACK: "personangrepp",
    Ground.PERSONAL_DATA: "personuppgifter",
    Ground.ADVERTISING: "reklam",
    Ground.DEFAMATION: "fortal",
    Ground.THREAT: "olaga-hot",
    Ground.INTRUSION: "integritetsintrang",
    Ground.INCITEMENT: "uppvigling",
    Ground.AGITATION: "hets-mot-folkgrupp",
    Ground.CHILD_ABUSE: "overgrepp-mot-barn",
    Ground.VIOLENCE: "valdsskildring",
    Ground.TERRORISM: "terroristbrott",
    Ground.COPYRIGHT: "upphovsratt",
    Ground.SECRECY: "sekretess",
}

# House rules on which criticism could be taken away. A municipality that hides what is said against itself is to have
# two people think so. Personal data never waits: it harms whoever it is about for as long as it is shown.
_MAY_TAKE_TWO = {ground for ground, source in GROUND_SOURCES.items() if source == Source.HOUSE_RULE} - {
    Ground.PERSONAL_DATA
}


class HowToHide(StrEnum):
    """What it takes to hide a comment on a ground."""

    AT_ONCE = "at_once"
    BY_TWO = "by_two"  # one moderator proposes it, and another confirms
    NOT_SAID = "not_said"  # whether it criticises the municipality is to be said first


def asks_whether_it_criticises(ground: Ground | None) -> bool:
    """Whether hiding on a ground asks if the comment criticises the municipality, its elected or its staff as such."""
    return ground in _MAY_TAKE_TWO


def how_to_hide(ground: Ground, criticises: bool | None, *, was_said_to: bool = False) -> HowToHide:
    """What it takes to hide a wording on a ground; `criticises` is what the moderator says, None where nothing is.

    `was_said_to` is whether any moderator has said before that this wording criticises: it then does, whatever
    another says.
    """
    if not asks_whether_it_criticises(ground):
        return HowToHide.AT_ONCE
    if criticises or was_said_to:
        return HowToHide.BY_TWO
    return HowToHide.NOT_SAID if criticises is None else HowToHide.AT_ONCE


class ProposalState(StrEnum):
    """Where a proposal to hide a comment stands."""

    OPEN = "open"
    CONFIRMED = "confirmed"  # by another moderator: the comment is hidden
    DECLINED = "declined"  # by another moderator: the comment is shown
    LAPSED = "lapsed"  # the comment was changed, withdrawn, masked, or hidden on another ground meanwhile


PROPOSAL_MOVES: Table[ProposalState] = {
    (ProposalState.OPEN, ProposalState.CONFIRMED): Transition("confirm"),
    (ProposalState.OPEN, ProposalState.DECLINED): Transition("decline", needs_reason=True),
    (ProposalState.OPEN, ProposalState.LAPSED): Transition("lapse"),
}
PROPOSAL_OUTCOMES = (ProposalState.CONFIRMED, ProposalState.DECLINED)  # what another moderator decides


class WhyNotMoved(StrEnum):
    """Why a comment isn't moved to another goal or assignment."""

    NOT_SHOWN = "not_shown"  # hidden, withdrawn or masked
    A_REPLY = "a_reply"  # it goes with what it is a reply to
    ANSWERED = "answered"  # a committee has answered it where it is
    ANOTHER_PLAN = "another_plan"  # the other goal is of another year
    OUT_OF_THE_PLAN = "out_of_the_plan"  # the assignment there no longer stands in the plan
    DIALOGUE_OVER = "dialogue_over"  # nothing more is taken there
    NOT_A_REAL_NAME = "not_a_real_name"  # the dialogue there asks for real names


def why_not_moved(
    state: CommentState, *, is_reply: bool, is_answered: bool, is_same_plan: bool, refused: Refusal | None
) -> WhyNotMoved | None:
    """Why a comment isn't moved; None when it can be. The first that holds is told.

    `refused` is why nothing of the sort is taken there now, of anybody.
    """
    if state not in (CommentState.RECEIVED, CommentState.PUBLISHED):
        return WhyNotMoved.NOT_SHOWN
    if is_reply:
        return WhyNotMoved.A_REPLY
    if is_answered:
        return WhyNotMoved.ANSWERED
    if not is_same_plan:
        return WhyNotMoved.ANOTHER_PLAN
    return WhyNotMoved(refused) if refused else None


LOOK_WITHIN_DAYS = 2  # working days, a convention among municipalities
SHORTEST_REASONS = 10
LONGEST_REASONS = 2000
SHORTEST_PASSAGE, LONGEST_PASSAGE = 2, 200
MOST_PASSAGES = 20  # to take out at once; more than that is a text to hide

APPEAL_WITHIN_MONTHS = (
    6  # as article 20 of regulation (EU) 2022/2065 has it for platforms, by convention here
)


def appeal_until(decided_on: date) -> date:
    """The last day on which a decision of that day can be asked to be looked at again."""
    months = decided_on.month - 1 + APPEAL_WITHIN_MONTHS
    year, month = decided_on.year + months // 12, months % 12 + 1
    return date(year, month, min(decided_on.day, monthrange(year, month)[1]))


# What a moderator may decide about a comment that another one is looking at. Two who read the same text to let it
# through do one's work twice, and can wait; what must be taken away by law (5 § lagen 1998:112) can't.
MAY_WHILE_ANOTHER_LOOKS: dict[Act, bool] = {
    Act.PUBLISH: False,
    Act.LOOK: False,
    Act.RESTORE: False,
    Act.HIDE: True,
}


def acts_on(
    state: CommentState, *, waits: bool, another_looks: bool = False, is_proposed: bool = False
) -> list[Act]:
    """The decisions a moderator can take about a comment in `state`.

    `waits` says whether it is in the queue, `another_looks` whether another moderator has taken it, and
    `is_proposed` whether hiding it waits for a second one, who says yes or no to that instead.
    """
    if is_proposed:
        return [Act.HIDE]
    possible = {transition.act for transition in moves_from(COMMENT_MOVES, state).values()}
    if state == CommentState.PUBLISHED and waits:
        possible.add(Act.LOOK)
    return [
        act for act in DECISIONS if act in possible and (MAY_WHILE_ANOTHER_LOOKS[act] or not another_looks)
    ]


def may_be_masked(state: CommentState, *, is_proposed: bool = False) -> bool:
    """Whether a moderator can take personal data out of a comment in `state`, at once and whoever else looks at it.

    That shows it. Where hiding it waits for a second moderator (`is_proposed`), what isn't shown is for that one.
    """
    return (state, CommentState.PUBLISHED) in MASKING_MOVES and (
        state == CommentState.PUBLISHED or not is_proposed
    )


def waits_too_long(since: date, today: date) -> bool:
    """Whether a comment that has waited since that day should have been looked at before today."""
    return working_days_between(since, today) > LOOK_WITHIN_DAYS


def in_time_since(today: date) -> date:
    """The earliest day since which a comment can have waited and still be looked at in time today."""
    day, left = today, LOOK_WITHIN_DAYS
    while left or not is_working_day(day):
        left -= is_working_day(day)
        day -= timedelta(days=1)
    return day


# Whoever takes a comment has this long to read, decide and give reasons; then it lapses, whether they came back or not.
CLAIM_HOLDS = timedelta(minutes=15)


class Age(StrEnum):
    """How long a comment has waited, beside the promise, by its name in the address."""

    LATE = "for-lange"
    IN_TIME = "i-tid"


class Order(StrEnum):
    """What comes first in the queue, by its name in the address."""

    OLDEST = "aldst"
    MOST_REPORTED = "mest-anmalt"


# Why a comment waits, as it stands in addresses.
REASON_SLUGS: dict[ReviewReason, str] = {
    ReviewReason.FIRST_COMMENT: "forsta-inlagget",
    ReviewReason.NEW_COMMENT: "nytt",
    ReviewReason.EDITED: "andrat",
    ReviewReason.SENT_AGAIN: "sant-igen",
    ReviewReason.REPORTED: "anmalt",
    ReviewReason.PENDING: "dolt-av-regel",
    ReviewReason.SECOND_LOOK: "foreslaget-dolt",
    ReviewReason.WATCHED: "uppmarksammat-av-regel",
}


@dataclass(frozen=True)
class Choice:
    """Which part of the queue a moderator has chosen to see, and what first; None leaves that open."""

    goal_id: int | None = None
    committee: str | None = None  # its slug
    reason: ReviewReason | None = None
    age: Age | None = None
    order: Order = Order.OLDEST

    @property
    def narrowing(self) -> int:
        """How many choices narrow what is shown."""
        return sum(one is not None for one in (self.goal_id, self.committee, self.reason, self.age))

    def parameters(self) -> dict[str, str]:
        """How the choice is written in an address: what is chosen alone, always in the same order."""
        written = {
            "mal": self.goal_id,
            "namnd": self.committee,
            "skal": REASON_SLUGS[self.reason] if self.reason else None,
            "alder": self.age,
            "ordning": self.order if self.order != Order.OLDEST else None,
        }
        return {name: str(value) for name, value in written.items() if value is not None}


@dataclass(frozen=True)
class Cursor:
    """The comment after which a page of the queue starts: its number, and how many had reported it by then."""

    number: str
    reports: int = 0

    def __str__(self) -> str:
        """As it stands in an address."""
        return f"{self.number}.{self.reports}" if self.reports else self.number

    @classmethod
    def read(cls, written: str) -> "Cursor | None":
        """The cursor that stands in an address; None where none does."""
        number, _, reports = written.partition(".")
        if not is_registration_number(number) or not re.fullmatch("[0-9]{0,9}", reports):
            return None
        return cls(number, int(reports or 0))


REMINDERS_GO_AT = time(8)  # in Sweden, when offices open
DAYS_SHOWN = 31  # of the record of supervision, on a page


def may_remind(local: datetime) -> bool:
    """Whether moderators are told at `local`, a moment in Sweden, that something waits too long: in office days."""
    return is_working_day(local.date()) and local.time() >= REMINDERS_GO_AT


Cell = TypeVar("Cell")
LONGEST_COUNTED_HOURS = 240  # ten days: what waited longer is counted as that, so that a year's sums are few
NOT_WAITED = -1  # in the place of hours, for what was decided without having waited for it
SMALLEST_SHOWN = 5  # smaller counts could point somebody out


def hours_waited(since: datetime | None, until: datetime) -> int:
    """For how many whole hours something had waited, `LONGEST_COUNTED_HOURS` at the most; or NOT_WAITED."""
    if since is None:
        return NOT_WAITED
    return max(0, min(int((until - since).total_seconds()) // 3600, LONGEST_COUNTED_HOURS))


def median_of(counts: Mapping[int, int]) -> int | None:
    """The median of values, by how many there are of each; the lower of two. None when there are none."""
    left = (sum(counts.values()) + 1) // 2
    for value in sorted(counts):
        left -= counts[value]
        if left <= 0:
            return value
    return None


def too_few(counts: Mapping[Cell, int]) -> set[Cell]:
    """Which of the parts of a sum that is shown are not: those too small, and one more if only one is."""
    small = {cell for cell, count in counts.items() if 0 < count < SMALLEST_SHOWN}
    others = sorted(
        (cell for cell, count in counts.items() if count and cell not in small), key=counts.__getitem__
    )
    return small | set(others[:1]) if len(small) == 1 else small


@dataclass(frozen=True)
class Share:
    """How many percent of a whole; None where the part, or the rest, is too small to be shown."""

    percent: int | None


def share_of(part: int, whole: int) -> Share:
    """The share of `part` in `whole`: shown when there is none of it, or neither it nor the rest is too small."""
    rest = whole - part
    is_shown = whole >= SMALLEST_SHOWN and not 0 < part < SMALLEST_SHOWN and not 0 < rest < SMALLEST_SHOWN
    return Share(round(100 * part / whole) if is_shown else None)
