"""Which comments are like a text: those that share its telling words. Pure."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from dialog.stems import says_something

MOST_A_MINUTE = 40  # questions by one person: one for each pause in the fastest writing
MOST_SHOWN = 4
NEWEST_COMPARED = 200  # of what holds any of the telling words
SAMPLED = 300  # of the newest on the same goal, to learn which words tell anything there
MOST_TELLING = 8  # words that are looked up
FEWEST_SHARED = 2
_COMMONEST = 0.3  # a word in a larger share of what is sampled tells nothing
_ENOUGH_TO_TELL = 20  # comments: among fewer, a word in most of them may still be what they are about


def telling(stems: Iterable[str], sample: Sequence[Sequence[str]]) -> dict[str, float]:
    """Those of a text's stems that tell what it is about, and how much each does: the rarer, the more.

    `sample` is the stems of what has been said about the same; a stem weighs by how few of those hold it (Spärck Jones
    1972, "A statistical interpretation of term specificity").
    """
    holding = Counter(one for said in sample for one in set(said))
    most = len(sample) * _COMMONEST if len(sample) >= _ENOUGH_TO_TELL else len(sample)
    weights = {
        one: math.log(1 + (len(sample) + 1) / (holding[one] + 0.5))
        for one in dict.fromkeys(stems)
        if says_something(one) and holding[one] <= most
    }
    rarest = sorted(weights, key=lambda one: -weights[one])
    known = [one for one in rarest if holding[one]]
    # What nobody in the sample has said may still have been said before it, but is looked up after what somebody has.
    chosen = (known + [one for one in rarest if not holding[one]])[:MOST_TELLING]
    return {one: weights[one] for one in chosen}


def likeness(stems: Sequence[str], weights: dict[str, float]) -> float:
    """How like a text with these stems is to one with these telling ones: 0 where it shares fewer than two of them."""
    shared = weights.keys() & set(stems)
    return sum(weights[one] for one in shared) if len(shared) >= FEWEST_SHARED else 0.0
