"""What committees say of how their assignments go: placing what is published, and saying it by hand.

A committee's officers do both, and no administrator: it is the committee's own account of its work, and administrators
have no power over content. No editor is asked, since what is placed is published already, and says where it stands.
What names a committee that the register doesn't know is the executive board's, which has all of them under its eye.
"""

from datetime import datetime

from sqlalchemy import select

from dialog import events, states
from dialog.db import db
from dialog.plan.models import Assignment, Committee, FollowUp
from dialog.plan.operations import change_shown
from dialog.plan.rules import Period, Progress


def publish(follow_up: FollowUp, *, actor_id: int | None, now: datetime) -> None:
    """Have a follow-up of an assignment shown, and those told who follow it.

    It takes the place of what the committee has written by hand about the same, and of what that says of how it goes.
    """
    by_hand = _by_hand(follow_up.assignment_id, follow_up.committee_id, follow_up.period)
    if by_hand is not None and by_hand.id != follow_up.id:
        follow_up.progress = follow_up.progress or by_hand.progress
        by_hand.replaced_at = now
    db.session.flush()
    _show(follow_up.assignment_id)
    details = {
        "assignment": follow_up.assignment_id,
        "year": follow_up.year,
        "period": str(follow_up.period),
    }
    events.record("follow_up.published", follow_up, actor_id=actor_id, now=now, details=details)


def place(
    follow_up: FollowUp,
    assignment: Assignment | None,
    progress: Progress | None,
    *,
    seen: int,
    actor_id: int,
    now: datetime,
) -> bool:
    """Say which assignment a published row is about, and how it goes; or that it is about none of them.

    What was said before, or read out of its words, can be put right so. False when just this holds already. Raises
    states.Stale when something else has been said since it was seen, or a newer row has taken its place.
    """
    db.session.refresh(follow_up)
    progress = progress if assignment else None
    before, placed = follow_up.assignment_id, assignment.id if assignment else None
    if follow_up.replaced_at is not None:
        raise states.Stale(follow_up)
    if not follow_up.is_doubtful and (before, follow_up.progress) == (placed, progress):
        return False
    values = {"assignment_id": placed, "progress": progress, "settled_at": now, "settled_by_id": actor_id}
    states.change(follow_up, seen=seen, **values)
    if before is not None and before == placed:
        _show(before)
        events.record("follow_up.progress_set", follow_up, actor_id=actor_id, now=now)
        return True
    if before is not None:
        _show(before)
        details = {"assignment": before}
        events.record("follow_up.taken_away", follow_up, actor_id=actor_id, now=now, details=details)
    if assignment:
        publish(follow_up, actor_id=actor_id, now=now)
    else:
        events.record("follow_up.set_aside", follow_up, actor_id=actor_id, now=now)
    return True


def account_for(
    assignment: Assignment,
    committee: Committee,
    period: Period,
    progress: Progress,
    commentary: str,
    *,
    seen: int,
    actor_id: int,
    now: datetime,
) -> bool:
    """Say how an assignment goes for one of its committees in a period, where `seen` is the version of what was said.

    Beside a published commentary, how it goes is all that is said here: that commentary stands. False when just this
    has been said already. Raises states.Stale when something else has, and states.ReasonMissing without a commentary.
    """
    current = account_of(assignment, committee, period)
    if current is not None and current.written_by_id is None:
        commentary = current.commentary
    if current is not None and (current.progress, current.commentary) == (progress, commentary):
        return False
    if current is not None and seen != current.version:
        raise states.Stale(current)
    if not commentary:
        raise states.ReasonMissing("How it goes is said in words too.")
    if current is not None and current.commentary == commentary:
        states.change(current, seen=seen, progress=progress)
        _show(assignment.id)
        events.record("follow_up.progress_set", current, actor_id=actor_id, now=now)
        return True
    if current is not None:
        states.change(current, seen=seen, replaced_at=now)
    made = FollowUp(
        year=assignment.goal.year,
        period=period,
        committee_id=committee.id,
        committee_words=committee.name_sv,
        assignment_id=assignment.id,
        assignment_words=assignment.title,
        commentary=commentary,
        source=committee.name_sv,
        imported_at=now,
        version=seen + 1,
        progress=progress,
        written_by_id=actor_id,
    )
    db.session.add(made)
    publish(made, actor_id=actor_id, now=now)
    return True


def account_of(assignment: Assignment, committee: Committee, period: Period) -> FollowUp | None:
    """What a committee says now of how an assignment goes in a period: the newest, where more than one is published."""
    statement = select(FollowUp).where(
        FollowUp.assignment_id == assignment.id,
        FollowUp.committee_id == committee.id,
        FollowUp.period == period,
        FollowUp.replaced_at.is_(None),
    )
    return db.session.scalars(statement.order_by(FollowUp.id.desc()).limit(1)).first()


def _by_hand(assignment_id: int | None, committee_id: int | None, period: Period) -> FollowUp | None:
    return db.session.scalar(
        select(FollowUp).where(
            FollowUp.assignment_id == assignment_id,
            FollowUp.committee_id == committee_id,
            FollowUp.period == period,
            FollowUp.written_by_id.is_not(None),
            FollowUp.replaced_at.is_(None),
        )
    )


def _show(assignment_id: int | None) -> None:
    """Have the page of the assignment's goal made anew."""
    of = select(Assignment.goal_id).where(Assignment.id == assignment_id)
    change_shown(db.session.scalars(of).one(), by_plan=True)
