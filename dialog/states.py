"""Changing a thing by what its table of moves lists (see transitions): one function makes every move.

A thing with a state has the columns `id`, `state` and `version`. Each move says which version the person
saw; if the thing has changed since, the move is refused and nothing happens.
"""

from typing import Any

from sqlalchemy import update

from dialog.db import changed, db
from dialog.transitions import State, Table, Transition


class UnlistedMove(Exception):
    """There is no such move from the state the thing is in."""


class ReasonMissing(Exception):
    """The move needs a reason, and none was given."""


class Stale(Exception):
    """Somebody changed the thing after it was shown. `thing` holds what it has become."""

    def __init__(self, thing: Any) -> None:
        state = getattr(thing, "state", "changed")  # what only has versions can be changed under somebody too
        super().__init__(f"{type(thing).__name__} {thing.id} is now {state}, version {thing.version}.")
        self.thing = thing


def find(table: Table[State], start: State, to: State) -> Transition:
    """The listed move from `start` to `to`. Raises UnlistedMove."""
    try:
        return table[start, to]
    except KeyError:
        raise UnlistedMove(f"There is no move from {start} to {to}.") from None


def move(
    thing: Any, table: Table[State], to: State, *, seen: int, has_reason: bool = False, **values: Any
) -> Transition | None:
    """Move `thing`, seen at version `seen`, to the state `to`, setting `values` with it.

    Gives the transition, or None when it already was moved there (a repeated act is a no-op).
    Raises Stale when it has become something else since, UnlistedMove when there is no such move, and
    ReasonMissing when the move needs a reason and it isn't said that there is one.
    """
    model = type(thing)
    if thing.version == seen and thing.state != to:
        transition = find(table, thing.state, to)
        if transition.needs_reason and not has_reason:
            raise ReasonMissing(f"To {transition.act} needs a reason.")
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
