"""Noticing what is late, each once: the log, the committee and whoever asked are told. On working days alone."""

from collections import Counter
from datetime import date, datetime

from sqlalchemy import ColumnElement, select, update

from dialog import events
from dialog.db import changed, db, local_day
from dialog.plan.models import Committee
from dialog.response.models import Matter
from dialog.response.rules import NOTICED_AT_A_TIME, MatterState
from dialog.workdays import is_working_day


def is_anything_newly_late(now: datetime) -> bool:
    """Whether there is something to notice at `now`."""
    if not is_working_day(local_day(now)):
        return False
    found = (select(Matter.id).where(condition).limit(1) for _, condition in _newly(local_day(now)))
    return any(db.session.scalar(one) is not None for one in found)


def notice_lateness(now: datetime) -> None:
    """Notice what has become late or very late, so many matters at a time.

    Each matter gets an event of its own, and each committee one for all of its matters: its letter tells how many.
    """
    for kind, condition in _newly(local_day(now)):
        statement = (
            select(Matter).where(condition).order_by(Matter.due_on, Matter.id).limit(NOTICED_AT_A_TIME)
        )
        matters = db.session.scalars(statement).all()
        for matter in matters:
            details = {"comment": matter.comment_id, "committee": matter.committee_id}
            events.record(f"matter.{kind}", matter, actor_id=None, now=now, details=details)
        column = getattr(Matter, f"{kind}_noticed_at")
        ids = [matter.id for matter in matters]
        changed(update(Matter).where(Matter.id.in_(ids)).values({column: now}))
        for committee_id, number in Counter(matter.committee_id for matter in matters).items():
            committee = db.session.get_one(Committee, committee_id)
            events.record(f"committee.{kind}", committee, actor_id=None, now=now, details={"matters": number})


def _newly(today: date) -> list[tuple[str, ColumnElement[bool]]]:
    """What makes a matter newly late, and newly very late, on the day `today`."""
    is_due = Matter.state == MatterState.DUE
    return [
        ("late", is_due & Matter.late_noticed_at.is_(None) & (Matter.due_on < today)),
        ("very_late", is_due & Matter.very_late_noticed_at.is_(None) & (Matter.very_late_on < today)),
    ]
