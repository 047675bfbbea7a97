"""Passing a matter on to the committee whose it is: with a reason, and with a clock of its own there."""

from datetime import datetime

from sqlalchemy import update

from dialog import events, states
from dialog.conversation.models import Comment
from dialog.db import changed, db
from dialog.people.models import Person
from dialog.plan.models import Committee
from dialog.plan.operations import change_shown
from dialog.response.models import Matter
from dialog.response.operations import change_load, open_matter
from dialog.response.queries import may_take_over
from dialog.response.rules import MATTER_MOVES, MatterState
from dialog.transitions import Transition


class NotToThem(Exception):
    """The matter can't be passed on to that committee: it has had it, or answers nothing."""


def forward(
    matter: Matter, to: Committee, reason: str, *, officer: Person, seen: int, now: datetime
) -> Transition | None:
    """Pass a matter seen at version `seen` on to another committee, which answers instead. None if it already was.

    Both keep their times: this one when it came and was passed on, the new one when it began to be waited for there.
    Raises NotToThem, states.ReasonMissing, states.Stale and states.UnlistedMove.
    """
    is_done = matter.state == MatterState.FORWARDED and matter.forwarded_to_id == to.id
    if not is_done and to.id not in {one.id for one in may_take_over(matter)}:
        raise NotToThem
    transition = states.move(
        matter,
        MATTER_MOVES,
        MatterState.FORWARDED,
        seen=seen,
        has_reason=bool(reason),
        forwarded_to_id=to.id,
        forwarded_at=now,
        forward_reason=reason,
    )
    if transition is None:
        return None
    change_load(matter.committee_id, waiting=-1)
    open_matter(matter.comment_id, to.id, to.answer_days, now)
    changed(update(Comment).where(Comment.id == matter.comment_id).values(revision=Comment.revision + 1))
    change_shown(db.session.get_one(Comment, matter.comment_id).goal_id)
    details = {"comment": matter.comment_id, "to": to.id}
    events.record("matter.forwarded", matter, actor_id=officer.id, now=now, details=details)
    return transition
