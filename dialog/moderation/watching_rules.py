"""What the administrators' rules look for in words that are sent, and what becomes of a comment they single out. Pure.

No rule hides anything: it asks a moderator for a look, and may have the comment wait for it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dialog.moderation.rules import SMALLEST_SHOWN, Share, share_of, too_few
from dialog.stems import TOKEN, stem, words_of
from dialog.transitions import Table, Transition


class WatchKind(StrEnum):
    """What a rule looks for."""

    WORDS = "words"
    LINKS = "links"  # from an account that is new
    REPEATED = "repeated"  # the same text again and again


class Effect(StrEnum):
    """What becomes of a comment that a rule singles out, until a moderator has looked."""

    FLAG = "flag"  # as of any other; moderators see why it is singled out
    HOLD = "hold"  # it waits as received


class FlagState(StrEnum):
    """What became of the look that a rule asked for."""

    OPEN = "open"
    UPHELD = "upheld"  # a moderator hid the words
    OVERRULED = "overruled"  # a moderator let them stand
    LAPSED = "lapsed"  # changed or withdrawn before anybody had looked


FLAG_MOVES: Table[FlagState] = {
    (FlagState.OPEN, FlagState.UPHELD): Transition("uphold"),
    (FlagState.OPEN, FlagState.OVERRULED): Transition("overrule"),
    (FlagState.OPEN, FlagState.LAPSED): Transition("lapse"),
    # What is decided last about the same words is what counts: an appeal can be granted, and a report upheld.
    (FlagState.UPHELD, FlagState.OVERRULED): Transition("overrule"),
    (FlagState.OVERRULED, FlagState.UPHELD): Transition("uphold"),
}

# What happens to a comment settles what rules have said of its words.
FLAGS_SETTLED_BY: dict[str, FlagState] = {
    "comment.hidden": FlagState.UPHELD,
    "comment.masked": FlagState.UPHELD,
    "comment.looked_at": FlagState.OVERRULED,
    "comment.published": FlagState.OVERRULED,
    "comment.withdrawn": FlagState.LAPSED,
    "comment.edited": FlagState.LAPSED,
}

SHORTEST_WATCHED, LONGEST_WATCHED = 3, 80  # characters of a word or phrase
MOST_DAYS = 365
FEWEST_TIMES, MOST_TIMES = 2, 50
MOST_HOURS = 24 * 30
SHORTEST_NOTE, LONGEST_NOTE = 10, 500


@dataclass(frozen=True)
class WatchTerms:
    """What a rule says: what it looks for, what it has done, and why administrators want it.

    For words: `words`, which stand there `exactly` so or in any form. For links: `days`, that an account is new.
    For what is repeated: `times` that the same text is sent within `hours`, `by_one` or by anybody.
    """

    kind: WatchKind
    effect: Effect
    note: str
    words: str | None = None
    exactly: bool = False
    days: int | None = None
    times: int | None = None
    hours: int | None = None
    by_one: bool = False


@dataclass(frozen=True)
class Before:
    """When the same text was sent before, and whether by the same person."""

    at: datetime
    is_own: bool


@dataclass(frozen=True)
class Said:
    """Words as rules see them: their stems, whether they hold a link, and what is known besides.

    `age` is that of the author's account, None where there is none.
    """

    words: Sequence[str]
    stems: Sequence[str]
    has_links: bool
    age: timedelta | None
    at: datetime
    before: Sequence[Before] = ()


def asks_for_a_look(terms: WatchTerms, said: Said) -> bool:
    """Whether a rule asks a moderator to look at what was said."""
    match terms.kind:
        case WatchKind.WORDS:
            found, wanted = (said.words, words_of(terms.words or ""))
            if not terms.exactly:
                found, wanted = said.stems, [stem(word) for word in wanted]
            return bool(_places(found, wanted))
        case WatchKind.LINKS:
            return said.has_links and said.age is not None and said.age < timedelta(days=terms.days or 0)
        case WatchKind.REPEATED:
            return _times(terms, said) >= (terms.times or MOST_TIMES)


def _times(terms: WatchTerms, said: Said) -> int:
    """How often the text has been sent within the rule's time, this time too."""
    since = said.at - timedelta(hours=terms.hours or 0)
    counted = [one for one in said.before if one.at > since and (one.is_own or not terms.by_one)]
    return len(counted) + 1


def _places(found: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Where the terms that are wanted stand next to each other among those found."""
    if not wanted or wanted[0] not in found:
        return []
    length = len(wanted)
    return [place for place in range(len(found)) if list(found[place : place + length]) == list(wanted)]


def words_watched(terms: WatchTerms, text: str) -> list[str]:
    """The words of a text that a rule about words asks for a look at, as they stand there, each once."""
    tokens = list(TOKEN.finditer(text))
    words = [token.group().lower() for token in tokens]
    wanted = words_of(terms.words or "")
    if not terms.exactly:
        words, wanted = [stem(word) for word in words], [stem(word) for word in wanted]
    found = (text[tokens[at].start() : tokens[at + len(wanted) - 1].end()] for at in _places(words, wanted))
    return list(dict.fromkeys(re.sub(r"\s+", " ", one) for one in found))


@dataclass(frozen=True)
class Measured:
    """How often a rule asked for a look, and what moderators then found. A count too small to be shown is None."""

    flagged: int | None
    upheld: int | None
    overruled: int | None
    share: Share  # of what was decided, that was let stand


def measured(flagged: int, upheld: int, overruled: int) -> Measured:
    """What is shown of a rule's counts: none that is small, nor one from which a small one could be computed."""
    parts = {FlagState.UPHELD: upheld, FlagState.OVERRULED: overruled, None: flagged - upheld - overruled}
    small = too_few(parts)
    return Measured(
        flagged=flagged if flagged == 0 or flagged >= SMALLEST_SHOWN else None,
        upheld=None if FlagState.UPHELD in small else upheld,
        overruled=None if FlagState.OVERRULED in small else overruled,
        share=share_of(overruled, upheld + overruled),
    )
