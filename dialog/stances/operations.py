"""Taking a stance, changing it and taking it back, and renewing the sums that everybody is shown."""

from collections.abc import Callable, Sequence
from datetime import datetime
from random import SystemRandom

from sqlalchemy import delete, func, select, update

from dialog import events
from dialog.conversation.models import Comment
from dialog.conversation.rules import Target, is_open
from dialog.db import changed, db, local_day
from dialog.dialogues.queries import ruling
from dialog.people.models import Person
from dialog.plan.operations import change_shown
from dialog.small_numbers import FEWEST_SHOWN
from dialog.stances.models import StanceCount, StanceTaken
from dialog.stances.queries import holder
from dialog.stances.rules import ASIDE, Refusal, Stance, Sums, is_due, refusal, shown, support

# Draws so many of those that wait. Of the system's own chance: nobody can work out afterwards whom it left out.
Lot = Callable[[Sequence[str], int], Sequence[str]]
_BY_LOT: Lot = SystemRandom().sample


class NotTaken(Exception):
    """The stance isn't taken; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


def take_stance(
    comment: Comment, person: Person, stance: Stance | None, *, now: datetime, lot: Lot = _BY_LOT
) -> bool:
    """Let `person` take a stance on a comment, in the place of the one they have; None takes it back.

    False when that is what they think already. Nothing is written of who or when. Raises NotTaken.
    """
    db.session.refresh(comment)
    if why := why_not(comment, person, now):
        raise NotTaken(why)
    key = (comment.id, holder(person, comment.came_to_goal_id))
    taken = db.session.get(StanceTaken, key, populate_existing=True)
    before = taken.stance if taken else None
    counted = taken.counted if taken else None
    if before == stance:
        return False
    if taken is None:
        db.session.add(StanceTaken(comment_id=comment.id, holder=key[1], stance=stance))
    elif stance is None and counted is None:
        db.session.delete(taken)
    else:
        taken.stance = stance
    count = _count(comment, before, stance, waiting=(stance != counted) - (before != counted))
    if is_due(count.waiting):
        _renew(comment, count, now, lot)
    return True


def why_not(comment: Comment, person: Person, now: datetime) -> Refusal | None:
    """Why `person` may not take a stance on the comment as it stands now; None where they may."""
    withdrawn = comment.assignment is not None and comment.assignment.withdrawn_at is not None
    target = Target.WITHDRAWN if withdrawn else Target.IN_THE_PLAN
    return refusal(
        comment.state,
        is_reply=comment.is_reply,
        is_own=comment.author_id == person.id,
        is_open=is_open(target, ruling(comment.goal_id, comment.assignment_id, local_day(now))),
    )


_COLUMNS = {Stance.AGREE: "agree", Stance.DISAGREE: "disagree", Stance.PASS: "passed"}


def _count(comment: Comment, before: Stance | None, now: Stance | None, *, waiting: int) -> StanceCount:
    count = db.session.get(StanceCount, comment.id, populate_existing=True)
    if count is None:
        count = StanceCount(comment_id=comment.id, agree=0, disagree=0, passed=0, waiting=0, is_shown=False)
        db.session.add(count)
    for stance, more in ((before, -1), (now, 1)):
        if stance is not None:
            column = _COLUMNS[stance]
            setattr(count, column, getattr(count, column) + more)
    count.waiting += waiting
    db.session.flush()
    return count


_WAITS = StanceTaken.stance.is_distinct_from(StanceTaken.counted)


def _renew(comment: Comment, count: StanceCount, now: datetime, lot: Lot) -> None:
    """Count all that wait but those the lot leaves out, and show what may be shown of it."""
    here = StanceTaken.comment_id == comment.id
    waiting = db.session.scalars(select(StanceTaken.holder).where(here, _WAITS).order_by(StanceTaken.holder))
    drawn = (here, _WAITS, StanceTaken.holder.not_in(lot(waiting.all(), ASIDE)))
    taken_back = delete(StanceTaken).where(*drawn, StanceTaken.stance.is_(None))
    db.session.execute(taken_back.execution_options(synchronize_session=False))
    changed(update(StanceTaken).where(*drawn).values(counted=StanceTaken.stance))
    count.waiting = ASIDE
    counted = _counted(comment)
    before = (Sums(count.shown_agree, count.shown_disagree, count.shown_passed), count.is_shown)
    sums, is_shown = shown(counted, before[0]), sum(counted) >= FEWEST_SHOWN
    count.shown_agree, count.shown_disagree, count.shown_passed = sums
    count.is_shown = is_shown
    if (sums, is_shown) != before:
        _show(comment, sums, now)


def _counted(comment: Comment) -> list[int]:
    rows = db.session.execute(
        select(StanceTaken.counted, func.count().label("number"))
        .where(StanceTaken.comment_id == comment.id, StanceTaken.counted.is_not(None))
        .group_by(StanceTaken.counted)
    )
    numbers = {row.counted: row.number for row in rows}
    return [numbers.get(stance, 0) for stance in _COLUMNS]


def _show(comment: Comment, sums: Sums, now: datetime) -> None:
    changed(
        update(Comment)
        .where(Comment.id == comment.id)
        .values(support=support(sums), revision=Comment.revision + 1)
    )
    change_shown(comment.goal_id)
    events.record("stances.renewed", comment, actor_id=None, now=now)
