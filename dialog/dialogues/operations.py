"""Starting a dialogue, saying what it is about, opening and closing it."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from dialog import events, states
from dialog.db import db, local_day
from dialog.dialogues.models import Dialogue
from dialog.dialogues.queries import current_dialogue
from dialog.dialogues.rules import DIALOGUE_MOVES, DialogueState, Flaw, Level, flaws
from dialog.people.models import Person
from dialog.plan.models import Assignment, Committee, Goal
from dialog.plan.operations import change_shown


@dataclass(frozen=True)
class Terms:
    """What a dialogue says of itself. Anything may be empty until it opens."""

    level: Level | None = None
    can_change: str = ""
    cannot_change: str = ""
    who_decides: str = ""
    closes_on: date | None = None
    decides_on: date | None = None
    feedback_on: date | None = None
    pre_moderated: bool = False
    real_names_only: bool = False
    consultation_duty: bool = False


class NotReady(Exception):
    """The dialogue doesn't say all that it must before it opens; `flaws` says what, by the field."""

    def __init__(self, found: dict[str, Flaw]) -> None:
        super().__init__(", ".join(f"{name}: {flaw}" for name, flaw in found.items()))
        self.flaws = found


def start_dialogue(
    committee: Committee, goal: Goal, assignment: Assignment | None, *, officer: Person, now: datetime
) -> Dialogue:
    """Begin a dialogue about a goal, or about one of its assignments, as a draft.

    Where there is one already that hasn't been reported back, that one is given, whichever committee's it is:
    there is one at a time, and the database refuses a second.
    """
    if current := current_dialogue(goal, assignment):
        return current
    dialogue = Dialogue(
        goal_id=goal.id, assignment_id=assignment.id if assignment else None, committee_id=committee.id
    )
    db.session.add(dialogue)
    db.session.flush()
    events.record("dialogue.drafted", dialogue, actor_id=officer.id, now=now)
    return dialogue


def save_terms(dialogue: Dialogue, terms: Terms, *, seen: int, officer: Person, now: datetime) -> None:
    """Keep what a dialogue seen at version `seen` says.

    Raises states.Stale, and NotReady for one that has opened and would no longer say all that it must. Its last
    day may have passed since.
    """
    if dialogue.opened_at and (found := flaws(terms, local_day(dialogue.opened_at))):
        raise NotReady(found)
    promised_anew = {"reminded": None} if terms.feedback_on != dialogue.feedback_on else {}
    states.change(dialogue, seen=seen, **asdict(terms), **promised_anew)
    events.record(
        "dialogue.changed", dialogue, actor_id=officer.id, now=now, details={"version": dialogue.version}
    )
    if dialogue.state != DialogueState.DRAFT:
        change_shown(dialogue.goal_id, by_plan=True)


def move_dialogue(dialogue: Dialogue, to: DialogueState, *, seen: int, editor: Person, now: datetime) -> None:
    """Open, close or reopen a dialogue seen at version `seen`; a repeated act changes nothing.

    Raises NotReady when it can't open, states.Stale and states.UnlistedMove.
    """
    if to == DialogueState.OPEN and dialogue.state != to and (found := flaws(dialogue, local_day(now))):
        raise NotReady(found)
    opened_at = dialogue.opened_at or (now if to == DialogueState.OPEN else None)
    if states.move(dialogue, DIALOGUE_MOVES, to, seen=seen, opened_at=opened_at) is not None:
        events.record(f"dialogue.{to}", dialogue, actor_id=editor.id, now=now)
        change_shown(dialogue.goal_id, by_plan=True)
