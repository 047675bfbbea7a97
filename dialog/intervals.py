"""How sure a share is that was counted among few."""

import math
from typing import NamedTuple

_Z = 1.96  # of a normal distribution: within it lie 95 of 100


class Interval(NamedTuple):
    """From where to where a share lies with 95 % certainty; 0 to 1."""

    low: float
    high: float


def wilson(part: int, whole: int) -> Interval:
    """Wilson's interval for the share of `part` in `whole`, which is at least 1.

    E. B. Wilson (1927), "Probable Inference, the Law of Succession, and Statistical Inference". It never leaves 0 to 1,
    and holds for few and for shares near either end, where the usual one doesn't.
    """
    share, square = part / whole, _Z * _Z
    middle = share + square / (2 * whole)
    half = _Z * math.sqrt((share * (1 - share) + square / (4 * whole)) / whole)
    scale = 1 + square / whole
    return Interval(max((middle - half) / scale, 0.0), min((middle + half) / scale, 1.0))
