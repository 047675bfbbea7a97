"""Which comments that wait are about the same: the rule, without a database."""

import pytest

from dialog.response.likeness import MOST_TOGETHER, Group, Said, groups_of, likest_to, telling_words
from dialog.stems import words_of

LAMPS = ("Gatlyktorna på Storgatan är släckta.", "Släckta gatlyktor vid skolan, när byter ni lampan?")
BUSES = (
    "Bussen till Häggenås borde gå på kvällen.",
    "Det går ingen buss till Häggenås efter sju på kvällen.",
)
CHARGERS = ("Sätt laddare vid bygdegårdarna.", "Vi behöver fler laddare vid bygdegården i Lit.")
OTHER = "Mer mat från trakten i skolköken, tack!"


def said(*texts: str, about: int = 1) -> list[Said]:
    return [Said(number, about, words_of(text)) for number, text in enumerate(texts, 1)]


def ids(groups: list[Group]) -> list[list[int]]:
    return [group.ids for group in groups]


# What is like something that waits joins it; what is like nothing stands by itself.
@pytest.mark.parametrize(
    ("texts", "groups"),
    [
        ((), []),
        ((OTHER,), [[1]]),
        ((LAMPS[0], LAMPS[0]), [[1, 2]]),
        ((LAMPS[0], BUSES[0], LAMPS[1], BUSES[1]), [[1, 3], [2, 4]]),
        ((CHARGERS[0], OTHER, CHARGERS[1]), [[1, 3], [2]]),
        # One shared word is too little, and words that say nothing are none.
        (("Bussen är försenad varje morgon.", "Bussen luktar illa."), [[1], [2]]),
        (("Det är inte bra att ni inte gör något.", "Ni gör inte något och det är inte bra."), [[1], [2]]),
        (("", "!!!", "12"), [[1], [2], [3]]),
    ],
)
def test_what_shares_telling_words_is_put_together(texts, groups):
    assert ids(groups_of(said(*texts), {})) == groups


def test_the_same_texts_give_the_same_groups():
    texts = said(*LAMPS, *BUSES, *CHARGERS, OTHER, *BUSES, *LAMPS)
    assert ids(groups_of(texts, {})) == ids(groups_of(texts, {}))


def test_what_comes_later_moves_nothing_that_was_there():
    before = groups_of(said(*LAMPS, *BUSES, OTHER), {})
    after = groups_of(said(*LAMPS, *BUSES, OTHER, *CHARGERS), {})
    assert ids(after)[: len(before)] == ids(before)


def test_what_is_about_another_goal_is_never_in_the_group():
    texts = [Said(1, 1, words_of(LAMPS[0])), Said(2, 2, words_of(LAMPS[0]))]
    assert ids(groups_of(texts, {})) == [[1], [2]]
    assert ids(groups_of(texts, {1: 1, 2: 1})) == [[1], [2]], "One was moved since they were put together."


# Decided by somebody, whatever the words say.
@pytest.mark.parametrize(
    ("chosen", "groups"),
    [
        ({1: 1, 2: 2}, [[1], [2], [3, 4]]),  # taken out, both
        ({2: 2}, [[1], [2], [3, 4]]),  # taken out: no suggestion takes it back
        ({1: 1, 3: 1}, [[1, 3], [2], [4]]),  # put together: no other joins them
        ({1: 1, 2: 1, 3: 1, 4: 1}, [[1, 2, 3, 4]]),
    ],
)
def test_what_somebody_decided_stands(chosen, groups):
    assert ids(groups_of(said(*LAMPS, *BUSES), chosen)) == groups


def test_a_group_has_no_more_than_can_be_read():
    groups = groups_of(said(*[LAMPS[0]] * (MOST_TOGETHER + 3)), {})
    assert [len(group.ids) for group in groups] == [MOST_TOGETHER, 3]


def test_a_group_is_called_by_the_words_that_tell_most_as_they_are_written():
    texts = said(*LAMPS, OTHER)
    words = {one.id: one.words for one in texts}
    assert set(telling_words(groups_of(texts, {})[0], words)) >= {"gatlyktorna", "släckta"}


def test_what_could_belong_to_a_group_is_the_likest_first_and_nothing_unlike():
    bus = "Bussen till Häggenås är försenad."
    group, *others = groups_of(said(BUSES[0], OTHER, bus, BUSES[1]), {1: 1, 2: 2, 3: 3, 4: 4})
    assert ids(likest_to(group, others, 8)) == [[4], [3]]
    assert ids(likest_to(group, others, 1)) == [[4]]
