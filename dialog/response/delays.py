"""Saying why an answer is late, and when it will come instead. The clock goes on all the same."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select, update

from dialog import events, states
from dialog.conversation.models import Comment
from dialog.db import changed, db, local_day
from dialog.people.models import Person
from dialog.plan.operations import change_shown
from dialog.response.models import Delay, Matter
from dialog.response.rules import MatterState, WhyNotThen, why_not_then


class NotThen(Exception):
    """An answer can't be promised for that day; `why` says why not."""

    def __init__(self, why: WhyNotThen) -> None:
        super().__init__(str(why))
        self.why = why


def explain_delay(
    matter: Matter, reason: str, promised_on: date, *, officer: Person, now: datetime
) -> Delay | None:
    """Say why the answer takes longer, and promise it for another day. Whoever asked is told.

    None when just this has been said last. Raises NotThen, and states.UnlistedMove where no answer is owed.
    """
    db.session.refresh(matter)
    if matter.state != MatterState.DUE:
        raise states.UnlistedMove("What needs no answer isn't late.")
    last = next(reversed(delays_of([matter])[matter.id]), None)
    if last is not None and (last.reason, last.promised_on) == (reason, promised_on):
        return None
    if why := why_not_then(promised_on, matter.due_on, local_day(now)):
        raise NotThen(why)
    delay = Delay(
        matter_id=matter.id, reason=reason, promised_on=promised_on, said_by_id=officer.id, said_at=now
    )
    db.session.add(delay)
    comment = Comment.id == matter.comment_id
    changed(update(Comment).where(comment).values(revision=Comment.revision + 1))
    change_shown(matter.comment.goal_id)
    details = {"comment": matter.comment_id, "promised_on": promised_on.isoformat()}
    events.record("matter.delay_explained", matter, actor_id=officer.id, now=now, details=details)
    return delay


def delays_of(matters: Sequence[Matter]) -> dict[int, list[Delay]]:
    """What has been said of why each of `matters` takes longer, by the matter's id, the newest last.

    What was said before it was asked again is about the answer that has come since.
    """
    found: dict[int, list[Delay]] = defaultdict(list)
    since = {matter.id: matter.runs_from for matter in matters}
    about = select(Delay).where(Delay.matter_id.in_(since)).order_by(Delay.id)
    for delay in db.session.scalars(about) if matters else ():
        if delay.said_at >= since[delay.matter_id]:
            found[delay.matter_id].append(delay)
    return found
