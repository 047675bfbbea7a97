"""Whether two wordings of an assignment are the same: by their words, not by their letters.

Letters alone can't tell: "Stäng badplatsen …" is nearer to "Rusta badplatsen …" than most true rewordings are, and so
is every other place, number and "inte". tests/plan/test_matching.py measures it.
"""

from collections.abc import Iterable

from dialog.stems import stem, words_of

SAME_WORDS = 1.0
WORTH_ASKING = 0.5  # of the words shared: enough to be put before somebody who can tell
_LONGEST_ENDING = 2  # letters left of an ending when a stem has been taken: kommun|al
_SHORTEST_STEM = 4  # with an ending that may differ; shorter words and numbers are the same or not
# Words that a sentence can be given or spared without meaning something else. None of them says no.
_SMALL = frozenset(
    (
        *("att", "av", "de", "den", "det", "en", "ett", "för", "i"),
        *("inom", "med", "och", "på", "samt", "som", "så", "till", "vid"),
    )
)


def share_of_words(one: str, other: str) -> float:
    """How much of two wordings is the same words in any order and with any ending, from 0 to 1: all of both."""
    first, second = _telling(one), _telling(other)
    total = len(first) + len(second)
    if not total:
        return 0.0
    return (_in_common(first, second) + _in_common(second, first)) / total


def _telling(words: str) -> set[str]:
    found = words_of(words)
    return {stem(word) for word in found if word not in _SMALL} or set(found)


def _in_common(some: Iterable[str], others: set[str]) -> int:
    return sum(one in others or any(_same_but_for_ending(one, other) for other in others) for one in some)


def _same_but_for_ending(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return (
        len(shorter) >= _SHORTEST_STEM
        and len(longer) - len(shorter) <= _LONGEST_ENDING
        and longer.startswith(shorter)
        and shorter.isalpha()
        and longer.isalpha()
    )
