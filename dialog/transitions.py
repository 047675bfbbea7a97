"""State machines as data: which moves exist, and what follows from each. Pure, so that rules stay so."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True)
class Transition:
    """One listed move: the act that makes it, and what follows from it."""

    act: str
    needs_reason: bool = False
    tells_author: bool = False


Table = Mapping[tuple[State, State], Transition]


def moves_from(table: Table[State], state: State) -> dict[State, Transition]:
    """The moves a thing in `state` can make: what the buttons offer."""
    return {to: transition for (start, to), transition in table.items() if start == state}
