"""Who may take a stance, what is shown of the sums, and what nobody can read out of them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.conversation.rules import CommentState
from dialog.stances.rules import (
    NOTHING,
    STEP,
    Refusal,
    Sums,
    holder_of,
    is_due,
    refusal,
    shown,
    support,
)

PUBLISHED = CommentState.PUBLISHED

# Who may take a stance: the comment's state, whether it is a reply, whether it is one's own, whether it is open.
ALLOWED = [
    # On others' comments that stand by themselves, while comments are taken.
    (PUBLISHED, False, False, True, None),
    # Not on one's own: what one thinks stands there already, and the first of few would be known.
    (PUBLISHED, False, True, True, Refusal.OWN),
    # Not once comments are no longer taken, or where there is only information; nor on one's own.
    (PUBLISHED, False, False, False, Refusal.OVER),
    (PUBLISHED, False, True, False, Refusal.OVER),
    # Not on replies.
    (PUBLISHED, True, False, True, Refusal.A_REPLY),
    (PUBLISHED, True, True, False, Refusal.A_REPLY),
    # On nothing that isn't shown, whatever else it is.
    *(
        (state, is_reply, is_own, True, Refusal.NOT_SHOWN)
        for state in CommentState
        for is_reply in (False, True)
        for is_own in (False, True)
        if state != PUBLISHED
    ),
]


@pytest.mark.parametrize(("state", "is_reply", "is_own", "is_open", "why"), ALLOWED)
def test_who_may_take_a_stance(state, is_reply, is_own, is_open, why):
    assert refusal(state, is_reply=is_reply, is_own=is_own, is_open=is_open) == why


def test_a_renewal_waits_for_five_beside_those_who_were_left_out():
    assert [is_due(waiting) for waiting in (0, 4, 5, 6, 7, 8)] == [False, False, False, False, True, True]


# What is counted, what was shown before, and what is shown now.
SHOWN = [
    # A sum under five isn't shown, and a zero isn't either: the others would be given away.
    ((4, 1, 0), NOTHING, NOTHING),
    ((5, 0, 0), NOTHING, Sums(5, None, None)),
    ((5, 5, 5), NOTHING, Sums(5, 5, 5)),
    # What is shown stays until it can move by five.
    ((9, 4, 0), Sums(5, None, None), Sums(5, None, None)),
    ((10, 5, 0), Sums(5, None, None), Sums(10, 5, None)),
    ((6, 10, 0), Sums(10, 5, None), Sums(10, 10, None)),
    ((5, 10, 0), Sums(10, 10, None), Sums(5, 10, None)),
    # What falls under five is no longer shown.
    ((4, 10, 0), Sums(5, 10, None), Sums(None, 10, None)),
]


@pytest.mark.parametrize(("counted", "before", "now"), SHOWN)
def test_what_is_shown_of_what_is_counted(counted, before, now):
    assert shown(counted, before) == now


@given(st.lists(st.tuples(*[st.integers(0, 40)] * 3), max_size=20))
def test_nothing_under_five_is_shown_and_no_two_moments_differ_by_less(moments):
    history = [NOTHING]
    for counted in moments:
        history.append(shown(counted, history[-1]))
    for before, now in pairwise(history):
        for then, number in zip(before, now, strict=True):
            assert number is None or number >= 5
            assert then is None or number is None or number == then or abs(number - then) >= STEP


# In the order they stand, the highest first.
BY_SUPPORT = [
    Sums(1000, 5, None),
    Sums(100, None, None),
    Sums(90, 10, None),
    Sums(20, None, 300),  # whoever passes has no view
    Sums(60, 50, None),
    Sums(5, None, None),
    Sums(5, 5, None),
    Sums(5, 500, None),
    Sums(None, 7, 9),
]


def test_more_support_is_a_larger_share_of_many_who_agree():
    assert [support(sums) for sums in BY_SUPPORT] == sorted(map(support, BY_SUPPORT), reverse=True)
    assert support(NOTHING) == support(Sums(None, 7, 9)) == 0
    assert support(Sums(90, 10, None)) == 8256  # 0.8256 by the formula of 1927


@given(st.tuples(*[st.none() | st.integers(5, 10**6)] * 3))
def test_support_is_a_share_in_ten_thousandths(sums):
    assert 0 <= support(Sums(*sums)) <= 10_000


def test_a_person_is_another_on_another_goal_and_without_the_secret_nobody():
    holders = {
        holder_of(person, goal, secret)
        for person in (1, 11)
        for goal in (1, 11)
        for secret in ("one", "another")
    }
    assert len(holders) == 8
    assert holder_of(1, 11, "one") == holder_of(1, 11, "one")
    assert all(len(holder) == 64 for holder in holders)
