"""Who of a committee sees to a matter, and what its officers note about it. Nothing of this is public."""

from datetime import datetime

from dialog import events, states
from dialog.db import db
from dialog.people.models import Person
from dialog.response.models import Matter, MatterNote
from dialog.response.rules import MatterState


def take(matter: Matter, *, officer: Person, seen: int, now: datetime) -> None:
    """Let the committee's others see that `officer` sees to a matter seen at version `seen`.

    It may be taken over from a colleague, by whoever has seen that it is theirs. Doing it twice changes nothing.
    Raises states.Stale, and UnlistedMove where no answer is owed.
    """
    if matter.taken_by_id == officer.id:
        return
    if matter.state != MatterState.DUE:
        raise states.UnlistedMove("Nobody sees to what needs no answer.")
    states.change(matter, seen=seen, taken_by_id=officer.id, taken_at=now)
    events.record("matter.taken", matter, actor_id=officer.id, now=now)


def let_go(matter: Matter, *, officer: Person, seen: int, now: datetime) -> None:
    """Let a matter that `officer` sees to be anybody's again; another's stays theirs. Raises states.Stale."""
    if matter.taken_by_id != officer.id:
        return
    states.change(matter, seen=seen, taken_by_id=None, taken_at=None)
    events.record("matter.left", matter, actor_id=officer.id, now=now)


def note(matter: Matter, text: str, *, officer: Person, now: datetime) -> MatterNote:
    """Note something about a matter, in any state. The log keeps that it was, and not what."""
    written = MatterNote(matter_id=matter.id, author_id=officer.id, text=text, written_at=now)
    db.session.add(written)
    events.record("matter.noted", matter, actor_id=officer.id, now=now)
    return written
