"""Promising something in an answer, saying what became of it, and being reminded of it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update

from dialog import events, states
from dialog.commitments.models import Commitment, CommitmentCorrection, CommitmentSum
from dialog.commitments.rules import (
    MOVES,
    REMINDED_AT_A_TIME,
    CommitmentState,
    Promise,
    WhyNotBy,
    next_reminder,
    why_not_by,
)
from dialog.db import changed, db, local_day
from dialog.people.models import Person
from dialog.plan.models import Committee, goal_replacement
from dialog.plan.operations import change_shown
from dialog.response.models import Response
from dialog.response.rules import ResponseState
from dialog.transitions import Transition
from dialog.workdays import is_working_day


class NotBy(Exception):
    """Nothing can be promised by that day; `why` says why not."""

    def __init__(self, why: WhyNotBy) -> None:
        super().__init__(str(why))
        self.why = why


def commit(response: Response, promise: Promise, *, editor: Person, now: datetime) -> Commitment | None:
    """Promise something in a published answer. None when the answer promises just this already.

    Raises NotBy, and states.UnlistedMove where the answer isn't published.
    """
    db.session.refresh(response)
    if response.state != ResponseState.PUBLISHED:
        raise states.UnlistedMove("Only a published answer can promise something.")
    same = select(Commitment.id).where(
        Commitment.response_id == response.id,
        Commitment.state == CommitmentState.OPEN,
        Commitment.text == promise.text,
        Commitment.owner == promise.owner,
        Commitment.due_on == promise.due_on,
    )
    if db.session.scalar(same.limit(1)) is not None:
        return None
    return _make(response, promise, None, editor, now)


def settle(
    commitment: Commitment,
    to: CommitmentState,
    words: str,
    *,
    instead: Promise | None = None,
    seen: int,
    editor: Person,
    now: datetime,
) -> Transition | None:
    """Say what became of a commitment, in words for everybody. None when this has been said of it already.

    A changed one takes what is promised `instead`, which is followed from then on. Raises NotBy, states.Stale,
    states.UnlistedMove, and states.ReasonMissing where the words, or what is promised instead, are missing.
    """
    if (to == CommitmentState.CHANGED) != (instead is not None):
        raise states.ReasonMissing("What is changed, and nothing else, says what is promised instead.")
    transition = states.move(
        commitment,
        MOVES,
        to,
        seen=seen,
        has_reason=bool(words),
        words=words,
        settled_at=now,
        settled_by_id=editor.id,
    )
    if transition is None:
        if commitment.words != words:
            raise states.Stale(commitment)  # another has said it meanwhile, in words of their own
        return None
    _count(commitment.committee_id, CommitmentState.OPEN, -1)
    _count(commitment.committee_id, to, 1)
    _show(commitment.goal_id)
    successor = _make(commitment.response, instead, commitment, editor, now) if instead else None
    details = {"response": commitment.response_id, "successor": successor.id if successor else None}
    events.record(f"commitment.{to}", commitment, actor_id=editor.id, now=now, details=details)
    return transition


def correct(commitment: Commitment, reason: str, *, seen: int, editor: Person, now: datetime) -> bool:
    """Take back what was said by mistake of a commitment: it is followed again, and what was said stays in view.

    False when it has been taken back already. Raises states.ReasonMissing, states.Stale and states.UnlistedMove.
    """
    said = {name: getattr(commitment, name) for name in ("state", "words", "settled_at", "settled_by_id")}
    anew = {"words": None, "settled_at": None, "settled_by_id": None}
    moved = states.move(
        commitment,
        MOVES,
        CommitmentState.OPEN,
        seen=seen,
        has_reason=bool(reason),
        remind_on=next_reminder(commitment.due_on, local_day(now)),
        **anew,
    )
    if moved is None:
        return False
    correction = CommitmentCorrection(
        commitment_id=commitment.id, reason=reason, corrected_at=now, corrected_by_id=editor.id, **said
    )
    db.session.add(correction)
    db.session.expire(commitment, ["corrections"])
    _count(commitment.committee_id, said["state"], -1)
    _count(commitment.committee_id, CommitmentState.OPEN, 1)
    _show(commitment.goal_id)
    details = {"response": commitment.response_id, "from": str(said["state"])}
    events.record("commitment.reopened", commitment, actor_id=editor.id, now=now, details=details)
    return True


def _make(
    response: Response, promise: Promise, before: Commitment | None, editor: Person, now: datetime
) -> Commitment:
    today = local_day(now)
    if why := why_not_by(promise.due_on, today):
        raise NotBy(why)
    commitment = Commitment(
        response_id=response.id,
        committee_id=response.committee_id,
        goal_id=response.goal_id,
        text=promise.text,
        owner=promise.owner,
        due_on=promise.due_on,
        made_at=now,
        made_by_id=editor.id,
        succeeds_id=before.id if before else None,
        remind_on=next_reminder(promise.due_on, today),
    )
    db.session.add(commitment)
    db.session.flush()
    _count(commitment.committee_id, CommitmentState.OPEN, 1)
    _show(commitment.goal_id)
    details = {"response": response.id, "instead_of": commitment.succeeds_id}
    events.record("commitment.made", commitment, actor_id=editor.id, now=now, details=details)
    return commitment


def _show(goal_id: int) -> None:
    """Have the pages made anew where what is promised about a goal stands: its own, and those that replaced it."""
    replacing = select(goal_replacement.c.goal_id).where(goal_replacement.c.replaced_id == goal_id)
    for shown_on in (goal_id, *db.session.scalars(replacing)):
        change_shown(shown_on)


def _count(committee_id: int, state: CommitmentState, more: int) -> None:
    row = (CommitmentSum.committee_id == committee_id, CommitmentSum.state == state)
    values = {"commitments": CommitmentSum.commitments + more}
    if not changed(update(CommitmentSum).where(*row).values(values)):
        db.session.execute(
            insert(CommitmentSum).values(committee_id=committee_id, state=state, commitments=more)
        )


def is_anything_to_remind_of(now: datetime) -> bool:
    """Whether a committee is to be reminded of something it has promised, at `now`. Never on a day off."""
    return is_working_day(local_day(now)) and bool(_to_remind_of(now, most=1))


def remind(now: datetime) -> None:
    """Remind committees of what they have promised, so much at a time: an event for each committee names it."""
    by_committee: dict[int, list[Commitment]] = defaultdict(list)
    for commitment in _to_remind_of(now, most=REMINDED_AT_A_TIME):
        by_committee[commitment.committee_id].append(commitment)
        commitment.remind_on = next_reminder(commitment.due_on, local_day(now))
    for committee_id, commitments in by_committee.items():
        details = {"commitments": [one.id for one in commitments]}
        committee = db.session.get_one(Committee, committee_id)
        events.record("committee.reminded", committee, actor_id=None, now=now, details=details)


def _to_remind_of(now: datetime, *, most: int) -> Sequence[Commitment]:
    statement = select(Commitment).where(
        Commitment.state == CommitmentState.OPEN, Commitment.remind_on <= local_day(now)
    )
    return db.session.scalars(statement.order_by(Commitment.remind_on, Commitment.id).limit(most)).all()
