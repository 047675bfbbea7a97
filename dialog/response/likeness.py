"""Which of the comments that wait are about the same, as far as their words tell. Pure: same texts, same groups.

They are gone through in the order in which they are to be answered. Each joins the group it is most like, by the cosine
of their weighed words (Salton & Buckley 1988, "Term-weighting approaches in automatic text retrieval"), or begins one.
So nothing that comes later moves those before it, and a group hangs together by its middle and not by a chain.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dialog.stems import says_something, stem

MOST_COMPARED = 500  # the most urgent: who has more waiting begins with those, or chooses an assignment
MOST_TOGETHER = 50  # more than that nobody reads before answering; the rest become a group beside it
# From how much likeness a text joins a group, by how many stems they share: two alone may share them by chance.
ALIKE_FROM = {2: 0.25, 3: 0.16}
_LOOKED_UP = 12  # of a text's stems, the heaviest: by which the groups are found that it may be like
_MOST_WORDS = 4

Vector = dict[str, float]


@dataclass(frozen=True)
class Said:
    """What waits: its id, what only those about the same can share, and its words in lower case."""

    id: int
    about: int
    words: Sequence[str]


@dataclass
class Group:
    """Texts that belong together, in their order, and how much each stem weighs in them all."""

    about: int
    is_chosen: bool = False  # by somebody, and not only suggested
    ids: list[int] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=dict)

    def add(self, one: int, vector: Vector) -> None:
        self.ids.append(one)
        for each, weight in vector.items():
            self.weights[each] = self.weights.get(each, 0.0) + weight

    def likeness(self, vector: Vector) -> float:
        """How like its middle a text is, from 0 to 1."""
        length = math.sqrt(sum(weight * weight for weight in self.weights.values())) or 1.0
        return sum(vector[each] * self.weights[each] for each in self.shared(vector)) / length

    def shared(self, vector: Vector) -> list[str]:
        """The stems that a text shares with it."""
        return [each for each in vector if each in self.weights]

    def takes(self, vector: Vector) -> float:
        """How like it a text is that is like enough to join it; 0 for any other."""
        shared = min(len(self.shared(vector)), max(ALIKE_FROM))
        alike = self.likeness(vector) if shared in ALIKE_FROM else 0.0
        return alike if alike >= ALIKE_FROM.get(shared, 1.0) else 0.0


def vectors(said: Sequence[Said]) -> dict[int, Vector]:
    """How much each telling stem weighs in each text: more where it is said often, and where few others say it."""
    counted = {one.id: Counter(filter(says_something, map(stem, one.words))) for one in said}
    holding = Counter(each for counts in counted.values() for each in counts)
    found = {}
    for number, counts in counted.items():
        weights = {
            each: (1 + math.log(times)) * math.log(1 + len(said) / holding[each])
            for each, times in counts.items()
        }
        found[number] = _unit(weights)
    return found


def groups_of(said: Sequence[Said], chosen: Mapping[int, int]) -> list[Group]:
    """All of `said` in groups, in the order of their first texts; what is like no other is a group of its own.

    `chosen` is what somebody has decided, by the ids of the texts: those with the same number are a group, whatever
    they are like, and no other joins it.
    """
    weighed = vectors(said)
    groups: list[Group] = []
    of_choice: dict[tuple[int, int], Group] = {}
    holding: dict[tuple[int, str], list[int]] = defaultdict(list)  # which groups hold a stem, by their places
    for one in said:
        vector = weighed[one.id]
        if one.id in chosen:
            choice = (
                one.about,
                chosen[one.id],
            )  # a comment that was moved since shares its goal with them no more
            group = of_choice.get(choice)
            if group is None:
                group = of_choice[choice] = Group(one.about, is_chosen=True)
                groups.append(group)
            group.add(one.id, vector)
            continue
        heaviest = sorted(vector, key=lambda each: -vector[each])[:_LOOKED_UP]
        near = dict.fromkeys(place for each in heaviest for place in holding[one.about, each])
        place = _likest(vector, groups, list(near))
        if place is None:
            place = len(groups)
            groups.append(Group(one.about))
        for each in vector:
            if each not in groups[place].weights:
                holding[one.about, each].append(place)
        groups[place].add(one.id, vector)
    return groups


def _likest(vector: Vector, groups: Sequence[Group], near: Sequence[int]) -> int | None:
    """The place of the group that a text joins; None where it is like none that has room."""
    with_room = [place for place in near if len(groups[place].ids) < MOST_TOGETHER]
    alike = [(groups[place].takes(vector), -place) for place in with_room]
    likest = max(alike, default=(0.0, 0))
    return -likest[1] if likest[0] else None


def likest_to(group: Group, others: Sequence[Group], most: int) -> list[Group]:
    """The `most` of `others` about the same that share two stems or more with a group, the likest first."""
    near = [(_unit(one.weights), one) for one in others if one.about == group.about]
    scored = [(group.likeness(vector), one) for vector, one in near if len(group.shared(vector)) > 1]
    return [one for _, one in sorted(scored, key=lambda pair: -pair[0])][:most]


def telling_words(group: Group, words: Mapping[int, Sequence[str]]) -> list[str]:
    """The words that tell most of what a group is about, in the form they have first; `words` are its texts'."""
    holding = Counter(each for one in group.ids for each in set(map(stem, words[one])))
    held = [each for each in group.weights if holding[each] * 2 >= len(group.ids) and not each.isdigit()]
    chosen = sorted(held, key=lambda each: -group.weights[each])[:_MOST_WORDS]
    written: dict[str, str] = {}
    for one in group.ids:
        for word in words[one]:
            written.setdefault(stem(word), word)
    return [written[each] for each in chosen]


def _unit(weights: Vector) -> Vector:
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {each: weight / length for each, weight in weights.items()}
