"""Sums that everybody may see: none that gives somebody away, nor one from which such a sum could be had."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.small_numbers import FEWEST_SHOWN, shown


@pytest.mark.parametrize(
    ("sums", "seen"),
    [
        # Nothing, where every sum is too small.
        ({"a": 2, "b": 2}, None),
        ({"a": 4, "b": 1, "c": 0}, None),
        ({"a": 0, "b": 0}, None),
        ({}, None),
        # Large sums are shown, and so is a zero.
        ({"a": 5, "b": 0}, {"a": 5, "b": 0}),
        ({"a": 9, "b": 7, "c": 5}, {"a": 9, "b": 7, "c": 5}),
        # A small one is left out, and the smallest of the others with it.
        ({"a": 9, "b": 7, "c": 1}, {"a": 9, "b": None, "c": None}),
        ({"a": 9, "b": 0, "c": 1}, {"a": 9, "b": None, "c": None}),
        # Two small ones hide each other.
        ({"a": 9, "b": 2, "c": 1}, {"a": 9, "b": None, "c": None}),
    ],
)
def test_what_is_shown(sums, seen):
    assert shown(sums) == seen


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12), min_size=2))
def test_no_small_sum_is_shown_or_can_be_had_from_the_total(sums):
    seen = shown(sums)
    if seen is None:
        return
    assert all(number is None or number == 0 or number >= FEWEST_SHOWN for number in seen.values())
    assert list(seen.values()).count(None) != 1
