"""Which comments are like a text: those that share its telling words. Pure."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from dialog.stems import stem

MOST_A_MINUTE = 40  # questions by one person: one for each pause in the fastest writing
MOST_SHOWN = 4
NEWEST_COMPARED = 200  # of what holds any of the telling words
SAMPLED = 300  # of the newest on the same goal, to learn which words tell anything there
MOST_TELLING = 8  # words that are looked up
FEWEST_SHARED = 2
_SHORTEST_STEM = 3
_COMMONEST = 0.3  # a word in a larger share of what is sampled tells nothing
_ENOUGH_TO_TELL = 20  # comments: among fewer, a word in most of them may still be what they are about

# Words that say nothing of what a text is about, in the languages that are written here most.
_EMPTY = """
    aldrig alla allt alltid andra att av bara behöver bli blir borde både båda bör de dem den denna deras dess
    det detta dig din dit ditt du där därför då efter eftersom ej eller en er era ett finns fler flera för från
    få får ge genom ger gå går gör göra ha hade han har hela henne hennes hit hon honom hos hur här i icke idag
    igen in inga ingen inget innan inte ja jag kan kanske kom komma kommer kommun kommunen kunna lite man med
    mellan men mer mest mig min mina minst mitt mot mycket måste ni nog nu när nära någon något några och också
    om oss på redan samma sedan ser sig sin sina sitt ska skall skulle som så sådan tack till tror tycker under
    upp ut utan vad var vara varför varit vem vet vi vid vilka vilken vill vår våra vårt väl än ändå ännu är
    även år åt över östersund
    about all also and any are because been but can could does for from had has have how its just like more most
    much need not now only our out should some such than that the their them then there these they this those
    too very was were what when where which who why will with would you your
"""
EMPTY = frozenset(stem(word) for word in _EMPTY.split())


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
        if len(one) >= _SHORTEST_STEM and one not in EMPTY and holding[one] <= most
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
