"""What changed between two wordings, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.plan.rewording import Fate, pieces

KEPT, OUT, IN = Fate


@pytest.mark.parametrize(
    ("sentence", "before", "after", "found"),
    [
        ("The same words are kept.", "Vi bygger en väg.", "Vi bygger en väg.", [(KEPT, "Vi bygger en väg.")]),
        (
            "Another word takes the place of one.",
            "Vi bygger en väg i Lit.",
            "Vi bygger en bro i Lit.",
            [(KEPT, "Vi bygger en"), (OUT, "väg"), (IN, "bro"), (KEPT, "i Lit.")],
        ),
        (
            "Words are put in.",
            "Vi bygger en väg.",
            "Vi bygger nu en ny väg.",
            [(KEPT, "Vi bygger"), (IN, "nu"), (KEPT, "en"), (IN, "ny"), (KEPT, "väg.")],
        ),
        (
            "Words are taken out.",
            "Vi bygger en väg till.",
            "Vi bygger en väg",
            [(KEPT, "Vi bygger en väg"), (OUT, "till.")],
        ),
        (
            "White space is none of the words.",
            "Vi  bygger\nen väg.",
            "Vi bygger en väg.",
            [(KEPT, "Vi bygger en väg.")],
        ),
        ("All of it is new.", "", "Vi bygger.", [(IN, "Vi bygger.")]),
        ("All of it is gone.", "Vi bygger.", "", [(OUT, "Vi bygger.")]),
        (
            "What is hardly alike is told whole.",
            "Vi bygger en väg.",
            "Alla barn ska simma.",
            [(OUT, "Vi bygger en väg."), (IN, "Alla barn ska simma.")],
        ),
    ],
)
def test_what_changed(sentence, before, after, found):
    assert [tuple(one) for one in pieces(before, after)] == found, sentence


WORDS = st.lists(st.sampled_from(["en", "ny", "väg", "bro", "till", "Lit."]), max_size=12).map(" ".join)


@given(WORDS, WORDS)
def test_what_is_kept_and_put_in_is_the_new_wording_and_what_is_kept_and_taken_out_the_old(before, after):
    found = pieces(before, after)
    assert " ".join(one.words for one in found if one.fate != OUT) == after
    assert " ".join(one.words for one in found if one.fate != IN) == before
