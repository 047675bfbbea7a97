"""The rows there are, and what a row gives."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.stage import Stage

Measure = Callable[["Stage"], list["Result"]]


@dataclass(frozen=True)
class Result:
    """One figure beside its target. `value` is a ratio or a count; `ours` and `limit` are what it was made of."""

    what: str
    value: float
    target: float
    at_least: bool = True  # else the target is a ceiling
    ours: str = ""
    limit: str = ""
    note: str = ""
    details: dict[str, Any] = field(default_factory=dict)  # every round, for the file

    @property
    def holds(self) -> bool:
        return self.value >= self.target if self.at_least else self.value <= self.target


@dataclass(frozen=True)
class Row:
    name: str  # as in the table of figures: P1, P2 …
    what: str
    limit: str  # what it is measured beside
    measure: Measure


ROWS: dict[str, Row] = {}


def row(name: str, what: str, limit: str) -> Callable[[Measure], Measure]:
    """Put the function into the table of rows."""

    def put(measure: Measure) -> Measure:
        ROWS[name] = Row(name, what, limit, measure)
        return measure

    return put
