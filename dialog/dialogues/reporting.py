"""Reporting a dialogue back: you said, we decided, because; and reminding the committee that it has promised to."""

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, select

from dialog import events, states
from dialog.db import db, local_day
from dialog.dialogues.models import Dialogue, EarlierReport
from dialog.dialogues.operations import NotReady, move_dialogue
from dialog.dialogues.queries import earlier_reports
from dialog.dialogues.rules import (
    DIALOGUE_MOVES,
    REMIND_BEFORE,
    DialogueState,
    Phase,
    Reminder,
    flaws_of_report,
    reminder_due,
)
from dialog.people.models import Person
from dialog.plan.operations import change_shown


@dataclass(frozen=True)
class Report:
    """What a dialogue led to. Anything may be empty until it is published."""

    you_said: str = ""
    we_decided: str = ""
    because: str = ""
    decided_on: date | None = None
    decision_reference: str = ""

    @classmethod
    def of(cls, dialogue: Dialogue) -> "Report":
        """What a dialogue's report says."""
        return cls(**{field.name: getattr(dialogue, field.name) for field in fields(cls)})


class StillOpen(Exception):
    """Comments can still be sent: what they will say can't be reported yet."""


def save_report(dialogue: Dialogue, report: Report, *, seen: int, officer: Person, now: datetime) -> None:
    """Keep the draft of a report on a dialogue seen at version `seen`.

    Raises states.Stale, and states.UnlistedMove for a dialogue that has not opened or has been reported back.
    """
    _require_opened(dialogue)
    states.change(dialogue, seen=seen, **asdict(report))
    details = {"version": dialogue.version, "report": True}
    events.record("dialogue.changed", dialogue, actor_id=officer.id, now=now, details=details)


def report_back(dialogue: Dialogue, report: Report, *, seen: int, editor: Person, now: datetime) -> None:
    """Publish the report on a dialogue seen at version `seen`; a repeated act changes nothing.

    One whose last day for comments has passed is closed with it. Raises NotReady when the report doesn't say all
    that it must, StillOpen while comments can be sent, states.Stale and states.UnlistedMove.
    """
    if dialogue.state == DialogueState.REPORTED_BACK:
        if report != Report.of(dialogue):
            raise states.Stale(dialogue)  # another has published it meanwhile, in words of their own
        return
    _require_opened(dialogue)
    if found := flaws_of_report(report, local_day(now)):
        raise NotReady(found)
    if dialogue.phase(local_day(now)) == Phase.OPEN:
        raise StillOpen
    if dialogue.state == DialogueState.OPEN:
        move_dialogue(dialogue, DialogueState.CLOSED, seen=seen, editor=editor, now=now)
        seen = dialogue.version
    to = DialogueState.REPORTED_BACK
    if states.move(dialogue, DIALOGUE_MOVES, to, seen=seen, reported_at=now, **asdict(report)) is not None:
        events.record("dialogue.reported_back", dialogue, actor_id=editor.id, now=now)
        change_shown(dialogue.goal_id, by_plan=True)


def revise_report(
    dialogue: Dialogue, report: Report, what_changed: str, *, seen: int, editor: Person, now: datetime
) -> bool:
    """Give the report on a dialogue, seen at version `seen`, other words; those it had stay in view.

    Everybody who took part is told what was changed. False when it says just that already. Raises NotReady,
    states.Stale, and states.UnlistedMove for a dialogue that isn't reported back.
    """
    db.session.refresh(dialogue)
    if dialogue.state != DialogueState.REPORTED_BACK:
        raise states.UnlistedMove("What nobody can read yet is saved as a draft.")
    before = Report.of(dialogue)
    if report == before:
        return False
    if found := flaws_of_report(report, local_day(now)):
        raise NotReady(found)
    shown_from = dialogue.report_revised_at or dialogue.reported_at
    states.change(dialogue, seen=seen, report_revised_at=now, **asdict(report))
    number = 1 + len(earlier_reports(dialogue))
    earlier = EarlierReport(
        dialogue_id=dialogue.id,
        number=number,
        **asdict(before),
        shown_from=shown_from,
        replaced_at=now,
        replaced_by_id=editor.id,
        what_changed=what_changed,
    )
    db.session.add(earlier)
    details = {"version": number + 1}
    events.record("dialogue.report_revised", dialogue, actor_id=editor.id, now=now, details=details)
    change_shown(dialogue.goal_id, by_plan=True)
    return True


def _require_opened(dialogue: Dialogue) -> None:
    if dialogue.state in (DialogueState.DRAFT, DialogueState.REPORTED_BACK):
        raise states.UnlistedMove(f"A dialogue that is {dialogue.state} has nothing to report.")


def is_any_reminder_due(now: datetime) -> bool:
    """Whether a committee is to be reminded at `now` of the feedback it has promised."""
    return db.session.scalar(select(Dialogue.id).where(_not_reminded(local_day(now))).limit(1)) is not None


def remind_of_feedback(now: datetime) -> None:
    """Put on record that each committee is reminded of the feedback it has promised; its letter follows from that."""
    today = local_day(now)
    for dialogue in db.session.scalars(
        select(Dialogue).where(_not_reminded(today)).order_by(Dialogue.id)
    ).all():
        assert dialogue.feedback_on is not None
        dialogue.reminded = reminder_due(dialogue.state, dialogue.feedback_on, today)
        db.session.flush()
        events.record(f"dialogue.feedback_{dialogue.reminded}", dialogue, actor_id=None, now=now)


def _not_reminded(today: date) -> ColumnElement[bool]:
    """The dialogues that `reminder_due` calls for a reminder of today, which hasn't been given."""
    promised, reminded = Dialogue.feedback_on, Dialogue.reminded
    return and_(
        Dialogue.state.in_([DialogueState.OPEN, DialogueState.CLOSED]),
        (promised <= today) & reminded.is_distinct_from(Reminder.TODAY)
        | (promised > today) & (promised <= today + REMIND_BEFORE) & reminded.is_(None),
    )
