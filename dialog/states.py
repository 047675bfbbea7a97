"""State machines as data: one table says which moves exist, one function makes them.

A thing with a state has the columns `id`, `state` and `version`. Each move says which version the person
saw; if the thing has changed since, the move is refused and nothing happens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import update

from dialog.db import changed, db

State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True)
class Transition:
    """One listed move: the act that makes it, and what follows from it."""

    act: str
    needs_reason: bool = False
    tells_author: bool = False


Table = Mapping[tuple[State, State], Transition]


class UnlistedMove(Exception):
    """There is no such move from the state the thing is in."""


class Stale(Exception):
    """Somebody changed the thing after it was shown. `thing` holds what it has become."""

    def __init__(self, thing: Any) -> None:
        super().__init__(f"{type(thing).__name__} {thing.id} is now {thing.state}, version {thing.version}.")
        self.thing = thing


def moves_from(table: Table[State], state: State) -> dict[State, Transition]:
    """The moves a thing in `state` can make: what the buttons offer."""
    return {to: transition for (start, to), transition in table.items() if start == state}


def find(table: Table[State], start: State, to: State) -> Transition:
    """The listed move from `start` to `to`. Raises UnlistedMove."""
    try:
        return table[start, to]
    except KeyError:
        raise UnlistedMove(f"There is no move from {start} to {to}.") from None


def move(thing: Any, table: Table[State], to: State, *, seen: int, **values: Any) -> Transition | None:
    """Move `thing`, seen at version `seen`, to the state `to`, setting `values` with it.

    Gives the transition, or None when it already was moved there (a repeated act is a no-op).
    Raises Stale when it has become something else since, and UnlistedMove when there is no such move.
    """
    model = type(thing)
    if thing.version == seen and thing.state != to:
        transition = find(table, thing.state, to)
        statement = (
            update(model)
            .where(model.id == thing.id, model.version == seen)
            .values(state=to, version=seen + 1, **values)
        )
        moved = changed(statement)
        db.session.refresh(thing)
        if moved:
            return transition
    else:
        db.session.refresh(thing)
    if thing.state == to:
        return None
    raise Stale(thing)


def change(thing: Any, *, seen: int, **values: Any) -> None:
    """Set `values` on `thing`, seen at version `seen`, without moving it. Raises Stale when it has changed since."""
    model = type(thing)
    if thing.version != seen:
        db.session.refresh(thing)
    was_changed = thing.version == seen and changed(
        update(model).where(model.id == thing.id, model.version == seen).values(version=seen + 1, **values)
    )
    db.session.refresh(thing)
    if not was_changed:
        raise Stale(thing)
