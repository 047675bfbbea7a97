"""Putting a committee's meeting on record, and beginning the answers to what it decided."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select

from dialog import events
from dialog.db import db
from dialog.meetings.models import Meeting
from dialog.meetings.rules import reference
from dialog.people.models import Person
from dialog.plan.models import Committee
from dialog.response.models import Matter, Response
from dialog.response.operations import Draft, save_draft, start_draft


def record_meeting(
    committee: Committee, held_on: date, protocol: str | None, *, editor: Person, now: datetime
) -> Meeting:
    """Put a meeting on record. A day that has one keeps it, with the newest address of its protocol."""
    meeting = db.session.scalar(
        select(Meeting).where(Meeting.committee_id == committee.id, Meeting.held_on == held_on)
    )
    if meeting is not None and protocol in (None, meeting.protocol):
        return meeting
    if meeting is None:
        meeting = Meeting(
            committee_id=committee.id, held_on=held_on, recorded_by_id=editor.id, recorded_at=now
        )
        db.session.add(meeting)
    meeting.protocol = protocol
    db.session.flush()
    events.record("meeting.recorded", meeting, actor_id=editor.id, now=now)
    return meeting


def begin_decision(
    meeting: Meeting,
    paragraph: str,
    matters: Sequence[Matter],
    *,
    editor: Person,
    now: datetime,
    read: Mapping[int, int],
) -> Response:
    """Begin the answer to `matters`, all of one goal, with the decision it rests on; `read` as in `start_draft`.

    An answer that the editor had begun to just these keeps its words.
    """
    response = start_draft(meeting.committee, matters, officer=editor, now=now, read=read)
    words = Draft(
        you_said=response.you_said,
        we_decided=response.we_decided,
        because=response.because,
        outcome=response.outcome,
        decided_on=meeting.held_on,
        decision_reference=reference(paragraph, meeting.protocol),
    )
    save_draft(response, words, matters, seen=response.version, officer=editor, now=now, read=read)
    return response
