"""When a comment is moved: those who answer there owe the answer, with clocks of their own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from dialog import events, states
from dialog.conversation.models import Comment
from dialog.db import db
from dialog.events import Event
from dialog.moderation.models import Relocation
from dialog.response.clocks import clock_from
from dialog.response.models import Coverage, Matter, Response
from dialog.response.operations import change_load, open_matter
from dialog.response.queries import owners_of
from dialog.response.rules import MATTER_MOVES, UNPUBLISHED, MatterState, Moved, ResponseState, when_moved


def follow_comment(event: Event) -> None:
    """A comment was moved: let off those who answered only where it was, and ask those who answer where it is.

    Who answers in both places goes on, with the clock there is; so does whom a moderator or a committee has chosen.
    """
    comment = db.session.get_one(Comment, event.subject_id)
    relocation = db.session.get_one(Relocation, event.details["relocation"])
    before = {one for one, _ in owners_of(event.details["goal"], event.details["assignment"])}
    after = dict(owners_of(comment.goal_id, comment.assignment_id))
    matters = db.session.scalars(select(Matter).where(Matter.comment_id == comment.id)).all()
    for matter in matters:
        what = when_moved(
            matter.state,
            answers_there=matter.committee_id in after or _was_passed_it(matter, matters, set(after)),
            answered_here=matter.committee_id in before,
            was_chosen=matter.added_at is not None,
        )
        if what == Moved.LET_OFF:
            _let_off(matter, relocation)
        elif what == Moved.ASKED_AGAIN:
            _ask_again(matter, comment, after[matter.committee_id], event.at)
    if comment.is_public:
        had_by = {matter.committee_id for matter in matters}
        for committee_id, answer_days in after.items():
            if committee_id not in had_by:
                open_matter(comment.id, committee_id, answer_days, event.at)
    _leave_out_of_drafts(comment, event)


def _was_passed_it(matter: Matter, matters: Sequence[Matter], owners: set[int]) -> bool:
    """Whether a committee that answers there has passed the comment on to this one."""
    passers = [one for one in matters if one.forwarded_to_id == matter.committee_id]
    return any(one.committee_id in owners or _was_passed_it(one, matters, owners) for one in passers)


def _let_off(matter: Matter, relocation: Relocation) -> None:
    waited = matter.state == MatterState.DUE
    why = {"removed_at": relocation.moved_at, "remove_reason": relocation.reasons}
    states.move(matter, MATTER_MOVES, MatterState.REMOVED, seen=matter.version, has_reason=True, **why)
    if waited:
        change_load(matter.committee_id, waiting=-1)


def _ask_again(matter: Matter, comment: Comment, answer_days: int, now: datetime) -> None:
    anew: dict[str, Any] = {"opened_at": now, "late_noticed_at": None, "very_late_noticed_at": None}
    anew |= clock_from(now, answer_days, matter.committee_id)
    to = MatterState.DUE if comment.is_public else MatterState.CLOSED
    states.move(matter, MATTER_MOVES, to, seen=matter.version, **anew)
    if comment.is_public:
        change_load(matter.committee_id, waiting=1)


def _leave_out_of_drafts(comment: Comment, event: Event) -> None:
    """An answer is about one goal: what was begun where the comment was covers it no more.

    Nobody may look at one that is published by itself before it is: those who answer for it are told.
    """
    covering = select(Coverage.response_id).where(Coverage.comment_id == comment.id)
    begun = (Response.id.in_(covering), Response.state.in_(UNPUBLISHED))
    answers = db.session.scalars(select(Response).where(*begun).order_by(Response.id)).all()
    db.session.execute(
        delete(Coverage).where(
            Coverage.comment_id == comment.id, Coverage.response_id.in_([one.id for one in answers])
        )
    )
    for answer in answers:
        db.session.expire(answer, ["coverage"])
        if answer.state == ResponseState.SCHEDULED:
            details = {"comment": comment.id}
            events.record(
                "response.comment_left", answer, actor_id=event.actor_id, now=event.at, details=details
            )
