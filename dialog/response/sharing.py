"""Choosing which committees answer a comment, besides those that the plan names: each with a clock of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import joinedload

from dialog import events, states
from dialog.conversation.models import Comment
from dialog.db import changed, db
from dialog.people.models import Person
from dialog.permissions import allowed
from dialog.plan.models import Committee
from dialog.plan.operations import change_shown
from dialog.plan.queries import committees_that_answer
from dialog.response.clocks import clock_from
from dialog.response.models import Coverage, Matter, Response
from dialog.response.operations import change_load, open_matter
from dialog.response.rules import (
    MATTER_MOVES,
    UNPUBLISHED,
    MatterState,
    WhyNotRemoved,
    may_be_shared,
    why_not_removed,
)


class MayNotShare(Exception):
    """Only moderators choose who answers, and none of them for a comment of their own."""


class NotShared(Exception):
    """Nobody answers the comment (any longer): it isn't public, or it is a reply."""


class NotRemoved(Exception):
    """The committee goes on answering; `why` says why."""

    def __init__(self, why: WhyNotRemoved) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Sharing:
    """Who answers a comment: each matter with why it isn't taken away, if it isn't, and who could be added."""

    matters: dict[Matter, WhyNotRemoved | None]
    others: Sequence[Committee]


def sharing_of(comment: Comment) -> Sharing:
    """Who answers a comment and who could, in a constant number of queries."""
    found = _matters_of(comment)
    begun = set(db.session.scalars(_BEGUN.where(Coverage.comment_id == comment.id)))
    reasons = {matter: _why_not(matter, found, is_begun=matter.id in begun) for matter in found}
    had_by = [matter.committee_id for matter in found if matter.state != MatterState.REMOVED]
    return Sharing(reasons, committees_that_answer(but_not=had_by))


def _matters_of(comment: Comment) -> Sequence[Matter]:
    matters = select(Matter).where(Matter.comment_id == comment.id).order_by(Matter.id)
    with_committees = (joinedload(Matter.committee), joinedload(Matter.forwarded_to))
    return db.session.scalars(
        matters.options(*with_committees).execution_options(populate_existing=True)
    ).all()


_BEGUN = (
    select(Coverage.matter_id)
    .join(Response, Response.id == Coverage.response_id)
    .where(Response.state.in_(UNPUBLISHED))
)


def _why_not(matter: Matter, all_matters: Sequence[Matter], *, is_begun: bool) -> WhyNotRemoved | None:
    others = [one for one in all_matters if one is not matter]
    return why_not_removed(
        matter.state,
        is_begun=is_begun or matter.reopened_at is not None,
        was_passed_on_here=any(one.forwarded_to_id == matter.committee_id for one in others),
        was_removed_before=matter.removed_at is not None,
        is_last=not any(one.state in (MatterState.DUE, MatterState.ANSWERED) for one in others),
    )


def share_with(comment: Comment, committee: Committee, *, moderator: Person, now: datetime) -> bool:
    """Have one more committee answer a public comment, with a clock of its own. False when it answers it already.

    A committee that was taken away answers again, from now. Raises MayNotShare and NotShared.
    """
    _refuse(comment, moderator)
    if committee.is_council:
        raise NotShared
    had = next((one for one in _matters_of(comment) if one.committee_id == committee.id), None)
    if had is not None and had.state != MatterState.REMOVED:
        return False
    if had is None:
        open_matter(comment.id, committee.id, committee.answer_days, now)
    else:
        anew: dict[str, Any] = {"opened_at": now, "late_noticed_at": None, "very_late_noticed_at": None}
        anew |= clock_from(now, committee.answer_days, committee.id)
        states.move(had, MATTER_MOVES, MatterState.DUE, seen=had.version, **anew)
        change_load(committee.id, waiting=1)
    this = (Matter.comment_id == comment.id) & (Matter.committee_id == committee.id)
    changed(update(Matter).where(this).values(added_at=now))
    matter = db.session.scalars(select(Matter).where(this)).one()
    _note(comment, "matter.added", matter, moderator, now)
    return True


def take_away(matter: Matter, reason: str, *, moderator: Person, seen: int, now: datetime) -> bool:
    """Let a committee off from answering, seen at version `seen`, before it has begun. False when it was so already.

    Raises MayNotShare, NotShared, NotRemoved, states.ReasonMissing and states.Stale.
    """
    comment = matter.comment
    _refuse(comment, moderator)
    db.session.refresh(matter)
    if matter.state != MatterState.REMOVED:
        if matter.version != seen:
            raise states.Stale(matter)
        is_begun = bool(db.session.scalar(select(exists(_BEGUN.where(Coverage.matter_id == matter.id)))))
        why = _why_not(matter, _matters_of(comment), is_begun=is_begun)
        if why is not None:
            raise NotRemoved(why)
    values = {"removed_at": now, "remove_reason": reason}
    moved = states.move(
        matter, MATTER_MOVES, MatterState.REMOVED, seen=seen, has_reason=bool(reason), **values
    )
    if moved is None:
        return False
    change_load(matter.committee_id, waiting=-1)
    _note(comment, "matter.removed", matter, moderator, now)
    return True


def _refuse(comment: Comment, moderator: Person) -> None:
    """Raises MayNotShare and NotShared."""
    if not allowed("share_matter", moderator, comment):
        raise MayNotShare
    db.session.refresh(comment)
    if not may_be_shared(comment.state, is_reply=comment.parent_id is not None):
        raise NotShared


def _note(comment: Comment, kind: str, matter: Matter, moderator: Person, now: datetime) -> None:
    """Keep in the log what was chosen, and have the pages that show who answers made anew."""
    changed(update(Comment).where(Comment.id == comment.id).values(revision=Comment.revision + 1))
    change_shown(comment.goal_id)
    details = {"comment": comment.id, "committee": matter.committee_id}
    events.record(kind, matter, actor_id=moderator.id, now=now, details=details)
