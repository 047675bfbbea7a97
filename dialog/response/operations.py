"""From a published comment to an answered one: opening matters, drafting answers, publishing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from dialog import events, states
from dialog.conversation.models import Comment
from dialog.conversation.rules import CommentState
from dialog.db import changed, db, local_day
from dialog.people.models import Person
from dialog.plan.models import Assignment, Committee, Goal
from dialog.plan.operations import touch
from dialog.response.models import Coverage, Matter, Response, Workload
from dialog.response.rules import (
    MATTER_MOVES,
    RESPONSE_MOVES,
    UNPUBLISHED,
    VERY_LATE_DAYS,
    MatterState,
    Outcome,
    ResponseState,
    after_working_days,
)


@dataclass(frozen=True)
class Draft:
    """The words of an answer while it is written. Empty fields are allowed until it is published."""

    you_said: str = ""
    we_decided: str = ""
    because: str = ""
    outcome: Outcome | None = None
    decided_on: date | None = None
    decision_reference: str | None = None


class Incomplete(Exception):
    """An answer can't be published before it says what was decided and why, with an outcome, to somebody."""


def open_matters(event: events.Event) -> None:
    """A comment was published: start the clock at each responsible committee."""
    comment = db.session.get_one(Comment, event.subject_id)
    for committee in _responsible_for(comment):
        matter = None if event.details.get("at_once") else _matter(comment, committee)
        if matter is None:
            _open_matter(comment, committee, event)
        elif matter.state == MatterState.CLOSED:
            states.move(matter, MATTER_MOVES, MatterState.DUE, seen=matter.version)
            _load(committee.id, waiting=1)


def close_matters(event: events.Event) -> None:
    """A comment is no longer public: nobody owes it an answer. One already given stays as it is."""
    due = select(Matter).where(Matter.comment_id == event.subject_id, Matter.state == MatterState.DUE)
    for matter in db.session.scalars(due).all():
        states.move(matter, MATTER_MOVES, MatterState.CLOSED, seen=matter.version)
        _load(matter.committee_id, waiting=-1)


def start_draft(
    committee: Committee, matters: Sequence[Matter], *, officer: Person, now: datetime
) -> Response:
    """Begin an answer from `committee` that is to cover `matters`, all of one goal."""
    response = Response(
        committee_id=committee.id,
        goal_id=matters[0].comment.goal_id,
        drafted_by_id=officer.id,
        drafted_at=now,
    )
    db.session.add(response)
    db.session.flush()
    _cover(response, matters)
    events.record("response.drafted", response, actor_id=officer.id, now=now)
    return response


def save_draft(response: Response, draft: Draft, matters: Sequence[Matter], *, seen: int) -> None:
    """Keep the words and the choice of comments of a draft seen at version `seen`.

    Raises states.Stale when it has changed since, or is no draft any longer.
    """
    if response.state not in UNPUBLISHED:
        raise states.Stale(response)
    states.change(
        response,
        seen=seen,
        you_said=draft.you_said,
        we_decided=draft.we_decided,
        because=draft.because,
        outcome=draft.outcome,
        decided_on=draft.decided_on,
        decision_reference=draft.decision_reference,
    )
    db.session.execute(delete(Coverage).where(Coverage.response_id == response.id))
    _cover(response, matters)


def publish(response: Response, *, seen: int, editor: Person, now: datetime) -> states.Transition | None:
    """Publish an answer: every comment it covers is answered from this moment. None if it already is public.

    What was hidden or answered by the committee since the draft was made is left out.
    Raises Incomplete, states.Stale and states.UnlistedMove.
    """
    _leave_out_what_is_no_longer_due(response)
    covered = db.session.scalar(select(func.count()).where(Coverage.response_id == response.id))
    if response.state != ResponseState.PUBLISHED and not (is_complete(response) and covered):
        raise Incomplete
    transition = states.move(
        response,
        RESPONSE_MOVES,
        ResponseState.PUBLISHED,
        seen=seen,
        published_at=now,
        published_by_id=editor.id,
    )
    if transition is None:
        return None
    _answer_what_is_covered(response, now)
    touch(response.goal_id)
    events.record("response.published", response, actor_id=editor.id, now=now, details={"covered": covered})
    return transition


def is_complete(response: Response | Draft) -> bool:
    """Whether the answer says all three things and has an outcome."""
    return bool(response.you_said and response.we_decided and response.because and response.outcome)


def _matter(comment: Comment, committee: Committee) -> Matter | None:
    return db.session.scalar(
        select(Matter).where(Matter.comment_id == comment.id, Matter.committee_id == committee.id)
    )


def _open_matter(comment: Comment, committee: Committee, event: events.Event) -> None:
    day = local_day(event.at)
    due_on = after_working_days(day, committee.answer_days)
    db.session.add(
        Matter(
            comment_id=comment.id,
            committee_id=committee.id,
            opened_at=event.at,
            due_on=due_on,
            very_late_on=max(after_working_days(day, VERY_LATE_DAYS), due_on + timedelta(days=1)),
        )
    )
    db.session.flush()
    _load(committee.id, waiting=1)


def _responsible_for(comment: Comment) -> list[Committee]:
    if comment.assignment_id:
        assignment = db.session.get_one(Assignment, comment.assignment_id)
        if assignment.committees:
            return assignment.committees
    return db.session.get_one(Goal, comment.goal_id).committees


def _cover(response: Response, matters: Sequence[Matter]) -> None:
    rows = [
        {
            "response_id": response.id,
            "comment_id": matter.comment_id,
            "matter_id": matter.id,
            "wording": matter.comment.wording,
        }
        for matter in matters
    ]
    if rows:
        db.session.execute(insert(Coverage), rows)
    db.session.expire(response, ["coverage"])


def _leave_out_what_is_no_longer_due(response: Response) -> None:
    if response.state == ResponseState.PUBLISHED:
        return
    still_due = (
        select(Matter.id)
        .join(Comment, Comment.id == Matter.comment_id)
        .where(Matter.state == MatterState.DUE, Comment.state == CommentState.PUBLISHED)
    )
    db.session.execute(
        delete(Coverage).where(Coverage.response_id == response.id, Coverage.matter_id.not_in(still_due))
    )


def _answer_what_is_covered(response: Response, now: datetime) -> None:
    covered = select(Coverage.matter_id).where(Coverage.response_id == response.id)
    answered = changed(
        update(Matter)
        .where(Matter.id.in_(covered), Matter.state == MatterState.DUE)
        .values(state=MatterState.ANSWERED, answered_at=now, version=Matter.version + 1)
    )
    _load(response.committee_id, waiting=-answered, answered=answered)
    _count_newly_answered(response, now)


def _count_newly_answered(response: Response, now: datetime) -> None:
    covered = select(Coverage.comment_id).where(Coverage.response_id == response.id)
    newly = (Comment.id.in_(covered), Comment.answered_at.is_(None))
    by_assignment = db.session.execute(
        select(Comment.assignment_id, func.count()).where(*newly).group_by(Comment.assignment_id)
    ).all()
    changed(update(Comment).where(*newly).values(answered_at=now))
    changed(update(Comment).where(Comment.id.in_(covered)).values(revision=Comment.revision + 1))
    for assignment_id, count in by_assignment:
        changed(
            update(Assignment)
            .where(Assignment.id == assignment_id)
            .values(answered_count=Assignment.answered_count + count)
        )
    total = sum(count for _, count in by_assignment)
    changed(
        update(Goal).where(Goal.id == response.goal_id).values(answered_count=Goal.answered_count + total)
    )


def _load(committee_id: int, *, waiting: int = 0, answered: int = 0) -> None:
    statement = (
        update(Workload)
        .where(Workload.committee_id == committee_id)
        .values(waiting=Workload.waiting + waiting, answered=Workload.answered + answered)
    )
    if not changed(statement):
        db.session.add(Workload(committee_id=committee_id, waiting=waiting, answered=answered))
        db.session.flush()
