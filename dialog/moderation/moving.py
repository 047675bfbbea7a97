"""Moving a comment to the goal or the assignment that it is about, with its replies: a decision, with words why.

It is no appealable decision: nothing is taken from view, and what was said stands as it did (compare 41 § förvaltnings-
lagen (2017:900), on what affects somebody not insignificantly). Moving back is just another move.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import joinedload

from dialog import events, states
from dialog.conversation.counting import About, count_elsewhere
from dialog.conversation.models import Comment
from dialog.conversation.rules import Act, Place, Speaker, Target, Voice, refusal
from dialog.db import changed, db, local_day
from dialog.dialogues.queries import ruling
from dialog.moderation.counting import sum_up, tally
from dialog.moderation.models import Decision, Relocation
from dialog.moderation.operations import MayNotDecide, refuse_if_held
from dialog.moderation.rules import WhyNotMoved, why_not_moved
from dialog.moderation.supervision import note_work
from dialog.people.models import Person
from dialog.people.queries import name_is_real
from dialog.permissions import allowed
from dialog.plan.models import Assignment, Goal


@dataclass(frozen=True)
class Destination:
    """Where a comment can be: at a goal, or at an assignment of it."""

    goal: Goal
    assignment: Assignment | None = None

    def is_where(self, comment: Comment) -> bool:
        here = (comment.goal_id, comment.assignment_id)
        return here == (self.goal.id, self.assignment.id if self.assignment else None)


class NotMoved(Exception):
    """The comment stays where it is; `why` says why."""

    def __init__(self, why: WhyNotMoved) -> None:
        super().__init__(why)
        self.why = why


def destinations_of(comment: Comment) -> list[Destination]:
    """Where a comment can be moved: the goals of its plan and their assignments, but not where it is."""
    goals = db.session.scalars(
        select(Goal)
        .where(Goal.year == comment.goal.year)
        .order_by(Goal.position)
        .options(joinedload(Goal.assignments))
    ).unique()
    all_there_are = (
        Destination(goal, assignment) for goal in goals for assignment in (None, *goal.assignments)
    )
    return [one for one in all_there_are if not one.is_where(comment)]


def move(
    comment: Comment, to: Destination, reasons: str, *, moderator: Person, seen: int, now: datetime
) -> Relocation | None:
    """Move a comment seen at version `seen`, and its replies, for `reasons` in words. None when it is there already.

    A paragraph it was about is left behind, and found again when it is moved back.
    Raises MayNotDecide, Held, NotMoved, states.ReasonMissing and states.Stale.
    """
    if not allowed("move_comment", moderator, comment):
        raise MayNotDecide
    db.session.refresh(comment)
    if to.is_where(comment):
        return None
    if comment.version != seen:
        raise states.Stale(comment)
    if why := why_not(comment, to, now):
        raise NotMoved(why)
    if not reasons:
        raise states.ReasonMissing("To move a comment takes words.")
    refuse_if_held(comment, moderator, now)
    before = About(comment.goal_id, comment.assignment_id, comment.paragraph_id)
    after = About(to.goal.id, to.assignment.id if to.assignment else None, _paragraph_left(comment, to))
    _put(comment, after, seen=seen)
    _count(comment, before, after)
    relocation = _record(comment, before, after, reasons, moderator, now)
    details = {"relocation": relocation.id, "goal": before.goal_id, "assignment": before.assignment_id}
    events.record("comment.moved", comment, actor_id=moderator.id, now=now, details=details)
    note_work(moderator, now)
    return relocation


def why_not(comment: Comment, to: Destination, now: datetime) -> WhyNotMoved | None:
    """Why a comment isn't moved there as things stand now; None where it can be."""
    assignment_id = to.assignment.id if to.assignment else None
    is_withdrawn = to.assignment is not None and to.assignment.withdrawn_at is not None
    target = Target.WITHDRAWN if is_withdrawn else Target.IN_THE_PLAN
    place = Place(target, ruling(to.goal.id, assignment_id, local_day(now)))
    is_heard = comment.registered_by_id is not None and bool(comment.author.name)
    author = Speaker(True, voice=Voice.OWN, name_is_real=is_heard or name_is_real(comment.author))
    return why_not_moved(
        comment.state,
        is_reply=comment.is_reply,
        is_answered=comment.answered_at is not None,
        is_same_plan=to.goal.year == comment.goal.year,
        refused=refusal(place, author),
    )


def _paragraph_left(comment: Comment, to: Destination) -> int | None:
    """The paragraph that the comment was about when it last was at `to`, if it was there and about one."""
    left_there = (
        Relocation.comment_id == comment.id,
        Relocation.from_goal_id == to.goal.id,
        Relocation.from_assignment_id.is_not_distinct_from(to.assignment.id if to.assignment else None),
    )
    newest = select(Relocation.from_paragraph_id).where(*left_there).order_by(Relocation.id.desc()).limit(1)
    return db.session.scalar(newest)


def _put(comment: Comment, after: About, *, seen: int) -> None:
    """Let a comment and its replies be about something else, and what is kept of how they look be made anew."""
    came_to = comment.came_to_goal_id
    values = {**after._asdict(), "first_goal_id": came_to, "revision": Comment.revision + 1}
    states.change(comment, seen=seen, **values)
    changed(update(Comment).where(Comment.parent_id == comment.id).values(values))
    moved_from = db.session.get_one(Goal, after.goal_id, populate_existing=True).moved_from
    if came_to not in (after.goal_id, *moved_from):
        changed(update(Goal).where(Goal.id == after.goal_id).values(moved_from=[*moved_from, came_to]))
    db.session.expire_all()


def _count(comment: Comment, before: About, after: About) -> None:
    with_replies = or_(Comment.id == comment.id, Comment.parent_id == comment.id)
    counted = select(func.count(), func.count(Comment.organisation_id)).where(with_replies, Comment.is_public)
    shown, organisations = db.session.execute(counted).one()
    count_elsewhere(before, after, shown=shown, organisations=organisations)


def _record(
    comment: Comment, before: About, after: About, reasons: str, moderator: Person, now: datetime
) -> Relocation:
    """Put the decision on record. It ends no wait for a look: what was said is judged by itself."""
    decision = Decision(
        comment_id=comment.id,
        wording=comment.wording,
        act=Act.MOVE,
        decided_by_id=moderator.id,
        decided_at=now,
    )
    db.session.add(decision)
    db.session.flush()
    relocation = Relocation(
        comment_id=comment.id,
        decision_id=decision.id,
        reasons=reasons,
        from_goal_id=before.goal_id,
        from_assignment_id=before.assignment_id,
        from_paragraph_id=before.paragraph_id,
        to_goal_id=after.goal_id,
        to_assignment_id=after.assignment_id,
        moved_at=now,
    )
    db.session.add(relocation)
    tally(decision, decisions=1)
    sum_up(comment.author_id, decision.what)
    db.session.flush()
    return relocation


def relocations_of(comment: Comment) -> Sequence[Relocation]:
    """How a comment has been moved, the first time first; without a question where it never has been."""
    if comment.first_goal_id is None:
        return []
    whole = (
        joinedload(Relocation.from_goal),
        joinedload(Relocation.from_assignment),
        joinedload(Relocation.to_goal),
        joinedload(Relocation.to_assignment),
    )
    of_comment = Relocation.comment_id == (comment.parent_id or comment.id)
    return db.session.scalars(
        select(Relocation).where(of_comment).order_by(Relocation.id).options(*whole)
    ).all()
