"""Which texts are new wordings of which: a document's against those that are stored."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from heapq import nlargest

SHORT = 10_000  # the product of two texts' lengths up to which they are soon compared letter by letter
ALMOST_AS_NEAR = 0.2  # how much less of its triplets than the nearest a text may share and still be compared
MOST_NEAR = 5  # how many of those are compared at a time; what then is left is tried once more


def pair(old: Sequence[str], new: Sequence[str], lowest: float) -> dict[int, int]:
    """Which old text each new one is or rewords, by their indexes: the same first, then the most alike, each once.

    This is slow for many long texts, so the answer is remembered: whoever asks ahead need not wait later.
    """
    return dict(_paired(tuple(old), tuple(new), lowest))


@lru_cache(maxsize=1000)  # one for each part of a goal or an assignment
def _paired(old: tuple[str, ...], new: tuple[str, ...], lowest: float) -> dict[int, int]:
    pairs: dict[int, int] = {}
    left = list(range(len(old)))
    for index, text in enumerate(new):
        same = next((number for number in left if old[number] == text), None)
        if same is not None:
            pairs[index] = same
            left.remove(same)
    while True:
        scored = sorted(
            (-_likeness(old[number], new[index], lowest), index, number)
            for index, number in _worth_comparing(
                old, new, set(left), set(range(len(new))) - set(pairs), lowest
            )
        )
        found = False
        for score, index, number in scored:
            if -score >= lowest and index not in pairs and number in left:
                pairs[index] = number
                left.remove(number)
                found = True
        if not found:
            return pairs


def _worth_comparing(
    old: Sequence[str], new: Sequence[str], olds: set[int], news: set[int], lowest: float
) -> Iterator[tuple[int, int]]:
    """The pairs, as indexes of a new and an old text, that can be alike.

    Long texts take long to compare letter by letter, so first by the share of their triplets of letters they have
    in common: only those that come near enough to the nearest are worth more. Half of what is to be alike letter
    by letter is little to ask: a changed letter changes three triplets, and a moved sentence hardly any.
    """
    triplets = {number: _triplets(old[number]) for number in olds}
    for index in news:
        own = _triplets(new[index])
        shares: dict[int, float] = {}
        for number in olds:
            if len(old[number]) * len(new[index]) <= SHORT:
                yield index, number
            else:
                total = len(own) + len(triplets[number])
                shares[number] = 2 * len(own & triplets[number]) / total
        enough = max(lowest / 2, max(shares.values(), default=0) - ALMOST_AS_NEAR)
        nearest = nlargest(MOST_NEAR, shares, key=lambda number: shares[number])
        yield from ((index, number) for number in nearest if shares[number] >= enough)


def _triplets(text: str) -> set[str]:
    return {text[start : start + 3] for start in range(max(len(text) - 2, 1))}


@lru_cache(maxsize=1 << 16)
def _likeness(one: str, other: str, lowest: float) -> float:
    """How alike two texts are, from 0 to 1; a quick guess that is too high will do where it is below `lowest`."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    guess = min(matcher.real_quick_ratio(), matcher.quick_ratio())
    return guess if guess < lowest else matcher.ratio()
