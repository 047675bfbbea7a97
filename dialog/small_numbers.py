"""Sums that may be shown without giving anybody away: small ones identify people."""

from collections.abc import Mapping
from typing import TypeVar

Key = TypeVar("Key")

FEWEST_SHOWN = 5


def shown(sums: Mapping[Key, int]) -> dict[Key, int | None] | None:
    """The sums as everybody may see them: None in place of one that is too small, and for all where none is left.

    A sum of 1 to 4 is left out, and then a second one too, the smallest of the others: else the first could be had
    from the total. A zero is shown, unless it is that second one.
    """
    left_out = {key for key, number in sums.items() if 0 < number < FEWEST_SHOWN}
    others = [key for key in sums if key not in left_out]
    if len(left_out) == 1 and others:
        left_out.add(min(others, key=lambda key: sums[key]))
    if all(key in left_out or not number for key, number in sums.items()):
        return None
    return {key: None if key in left_out else number for key, number in sums.items()}
