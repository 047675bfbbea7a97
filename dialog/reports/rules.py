"""What a report is, what ends it, and when many of them take a comment out of view. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from dialog.moderation.rules import GROUND_SOURCES, Ground, Source
from dialog.transitions import Table, Transition


class ReportState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"  # a moderator found that the comment isn't to be shown
    DISMISSED = "dismissed"  # a moderator found that it is
    LAPSED = "lapsed"  # its author withdrew it before anybody had decided


REPORT_MOVES: Table[ReportState] = {
    (ReportState.OPEN, ReportState.UPHELD): Transition("uphold"),
    (ReportState.OPEN, ReportState.DISMISSED): Transition("dismiss"),
    (ReportState.OPEN, ReportState.LAPSED): Transition("lapse"),
}

# What happens to the comment settles what was said of it.
SETTLED_BY: dict[str, ReportState] = {
    "comment.hidden": ReportState.UPHELD,
    "comment.masked": ReportState.UPHELD,
    "comment.looked_at": ReportState.DISMISSED,
    "comment.published": ReportState.DISMISSED,
    "comment.withdrawn": ReportState.LAPSED,
}


class Reason(StrEnum):
    """What somebody says is wrong with a comment, in their own terms."""

    THREAT = "threat"
    HATE = "hate"
    CRIME = "crime"
    TERRORISM = "terrorism"
    PRIVACY = "privacy"
    CHILD_ABUSE = "child_abuse"
    VIOLENCE = "violence"
    COPYRIGHT = "copyright"
    PERSONAL_DATA = "personal_data"
    ATTACK = "attack"
    DEFAMATION = "defamation"
    ADVERTISING = "advertising"
    OFF_TOPIC = "off_topic"
    OTHER = "other"


@dataclass(frozen=True)
class ReasonRule:
    """The ground that a reason speaks of (None where it is for a moderator to find), and whether it takes words."""

    ground: Ground | None
    needs_words: bool = False


# Words are asked for only where nobody can judge without them: whose picture it is, what is untrue, what is meant.
REASONS: dict[Reason, ReasonRule] = {
    Reason.THREAT: ReasonRule(Ground.THREAT),
    Reason.HATE: ReasonRule(Ground.AGITATION),
    Reason.CRIME: ReasonRule(Ground.INCITEMENT),
    Reason.TERRORISM: ReasonRule(Ground.TERRORISM),
    Reason.PRIVACY: ReasonRule(Ground.INTRUSION),
    Reason.CHILD_ABUSE: ReasonRule(Ground.CHILD_ABUSE),
    Reason.VIOLENCE: ReasonRule(Ground.VIOLENCE),
    Reason.COPYRIGHT: ReasonRule(Ground.COPYRIGHT, needs_words=True),
    Reason.PERSONAL_DATA: ReasonRule(Ground.PERSONAL_DATA),
    Reason.ATTACK: ReasonRule(Ground.PERSONAL_ATTACK),
    Reason.DEFAMATION: ReasonRule(Ground.DEFAMATION, needs_words=True),
    Reason.ADVERTISING: ReasonRule(Ground.ADVERTISING),
    Reason.OFF_TOPIC: ReasonRule(Ground.OFF_TOPIC),
    Reason.OTHER: ReasonRule(None, needs_words=True),
}

SHORTEST_WORDS, LONGEST_WORDS = 10, 1000

# Whoever comes upon a whole thread that has gone wrong reports ten comments; a campaign reports more.
MOST_BY_ONE = 10  # by the same person, or in the name of the same address
MOST_BY_A_NETWORK = 20  # a library or a school has several people in it
ATTEMPTS_WITHIN = timedelta(hours=1)
MOST_UNCONFIRMED = 5  # letters to an address nobody has confirmed; the rest is somebody else's mischief
DISMISSED_LATELY = timedelta(days=90)

USUAL_THRESHOLD = 3
LOWEST_THRESHOLD, HIGHEST_THRESHOLD = 2, 100  # nobody takes down another's words alone
OFF = 0


def is_unlawful(reason: Reason) -> bool:
    """Whether a reason says that the law demands the comment be taken away (5 § lagen 1998:112)."""
    ground = REASONS[reason].ground
    return ground is not None and GROUND_SOURCES[ground] == Source.BBS_LAW


def is_threshold(number: int) -> bool:
    """Whether administrators may set this number: none at all, or several people."""
    return number == OFF or LOWEST_THRESHOLD <= number <= HIGHEST_THRESHOLD


@dataclass(frozen=True)
class Said:
    """What weighs in what somebody has reported.

    `address` is that of the account or the one confirmed by a letter, None for whoever nobody knows; `network` says
    which reports of the same comment came from the same one; `of_this_wording` whether the comment still has the
    words that were reported.
    """

    reason: Reason
    address: str | None
    network: str | None
    of_this_wording: bool = True


def different_people(said: Iterable[Said]) -> int:
    """How many different people say that the law forbids the comment's words as they stand.

    Nobody counts who is not known by an account or a confirmed address, and nobody who shares either the address or
    the network with somebody counted before. A family behind one network is then one, as is whoever has several
    addresses: a moderator reads the comment all the same, only not first of all.
    """
    addresses: set[str] = set()
    networks: set[str] = set()
    for one in said:
        if one.address is None or not one.of_this_wording or not is_unlawful(one.reason):
            continue
        address = mailbox(one.address)
        if address in addresses or one.network in networks:
            continue
        addresses.add(address)
        if one.network is not None:
            networks.add(one.network)
    return len(addresses)


def mailbox(address: str) -> str:
    """The mailbox an address leads to: what stands after a plus only sorts the letters of one."""
    name, _, host = address.lower().rpartition("@")
    return f"{name.partition('+')[0]}@{host}"


def is_held(people: int, threshold: int, *, has_been_judged: bool) -> bool:
    """Whether the software takes a comment out of view until a moderator has decided.

    `people` is as `different_people` counts. Not where the rule is off, and never words that a moderator has read and
    let stand: a person's judgement is not undone by a count.
    """
    return threshold != OFF and people >= threshold and not has_been_judged


def network_at(network: str, comment_id: int) -> str:
    """What is kept of a network (see people.rules.network_of) beside a report while it is open.

    Another for each comment, so that nobody can be followed from one to the next by it.
    """
    return hashlib.sha256(f"{network}\n{comment_id}".encode()).hexdigest()
