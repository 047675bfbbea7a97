"""From a published comment to an answered one: opening matters, drafting answers, publishing them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import bindparam, delete, func, insert, select, update

from dialog import events, states
from dialog.conversation.models import Comment
from dialog.db import ask, changed, db
from dialog.people.models import Person
from dialog.people.rules import Role
from dialog.plan.models import Assignment, Committee
from dialog.plan.operations import change_shown
from dialog.response.clocks import clock_from
from dialog.response.models import Coverage, Matter, Response, Verdict, Workload
from dialog.response.queries import answers_to_ask_about, responsible_for
from dialog.response.rules import (
    MATTER_MOVES,
    RESPONSE_MOVES,
    UNPUBLISHED,
    Judgement,
    MatterState,
    Outcome,
    ResponseState,
    Work,
    may_judge,
    may_work,
    reopens,
)
from dialog.response.waiting import count_answered, count_passed_on, days_waited
from dialog.transitions import Transition


@dataclass(frozen=True)
class Draft:
    """The words of an answer while it is written. Empty fields are allowed until it is published."""

    you_said: str = ""
    we_decided: str = ""
    because: str = ""
    outcome: Outcome | None = None
    decided_on: date | None = None
    decision_reference: str | None = None

    @classmethod
    def of(cls, response: Response) -> "Draft":
        """The words that an answer has."""
        return cls(**{field.name: getattr(response, field.name) for field in fields(cls)})


_ALL_AS_THEY_ARE: Mapping[int, int] = {}
_NOTHING_OF_THEIR_OWN: Mapping[int, str] = {}


class Incomplete(Exception):
    """An answer can't be published before it says what was decided and why, with an outcome, to somebody."""


def open_matters(event: events.Event) -> None:
    """A comment was published: start the clock at each responsible committee."""
    comment_id = event.subject_id
    earlier = [] if event.details.get("at_once") else _matters_of(comment_id)
    for matter in earlier:
        if matter.state == MatterState.CLOSED:
            states.move(matter, MATTER_MOVES, MatterState.DUE, seen=matter.version)
            change_load(matter.committee_id, waiting=1)
    had_by = {matter.committee_id for matter in earlier}
    after = 0 if event.details.get("at_once") else _days_until_passed_on(comment_id, event.at)
    for committee_id, answer_days in responsible_for(comment_id):
        if committee_id not in had_by:
            open_matter(comment_id, committee_id, answer_days, event.at, passed_on_after=after)


def _days_until_passed_on(comment_id: int, now: datetime) -> int:
    return days_waited(db.session.get_one(Comment, comment_id).submitted_at, now)


def close_matters(event: events.Event) -> None:
    """A comment is no longer public: nobody owes it an answer. One already given stays as it is."""
    due = select(Matter).where(Matter.comment_id == event.subject_id, Matter.state == MatterState.DUE)
    for matter in db.session.scalars(due).all():
        states.move(matter, MATTER_MOVES, MatterState.CLOSED, seen=matter.version)
        change_load(matter.committee_id, waiting=-1)


def close_matters_of_what_waits(event: events.Event) -> None:
    """A comment was edited: if it left what it was, it waits to be read, and so does everything about it."""
    if event.details.get("from"):
        close_matters(event)


def start_draft(
    committee: Committee,
    matters: Sequence[Matter],
    *,
    officer: Person,
    now: datetime,
    read: Mapping[int, int] = _ALL_AS_THEY_ARE,
) -> Response:
    """Begin an answer from `committee` that is to cover `matters`, all of one goal.

    `read` says which wording of a comment the officer had before them, by its matter's id; the newest, if not said.
    Where the officer has a draft that covers exactly these already, that one is given.
    """
    if earlier := _draft_of(officer, {matter.id for matter in matters}):
        return earlier
    response = Response(
        committee_id=committee.id,
        goal_id=matters[0].comment.goal_id,
        drafted_by_id=officer.id,
        drafted_at=now,
    )
    db.session.add(response)
    db.session.flush()
    _cover(response, matters, read)
    events.record("response.drafted", response, actor_id=officer.id, now=now)
    return response


def save_draft(
    response: Response,
    draft: Draft,
    matters: Sequence[Matter],
    *,
    seen: int,
    officer: Person,
    now: datetime,
    read: Mapping[int, int] = _ALL_AS_THEY_ARE,
    lines: Mapping[int, str] | None = None,
) -> None:
    """Keep the words and the choice of comments of a draft seen at version `seen`; `read` as in `start_draft`.

    `lines` is what is said to those who wrote single comments, by the matters' ids; if not given, it stays as it was.
    Raises states.Stale when it has changed since, waits for an editor and `officer` is none, or is published.
    """
    if not may_work(Work.SAVE, response.state, is_editor=is_editor(officer, response)):
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
    if lines is None:
        lines = {one.matter_id: one.to_author for one in response.coverage if one.to_author}
    db.session.execute(delete(Coverage).where(Coverage.response_id == response.id))
    _cover(response, matters, read, lines)
    events.record("response.saved", response, actor_id=officer.id, now=now)


def publish(
    response: Response, *, seen: int, editor: Person, now: datetime, by_itself: bool = False
) -> Transition | None:
    """Publish an answer: every comment it covers is answered from this moment. None if it already is public.

    `by_itself` is whether its time has come, and nobody looks on.

    What was hidden or answered by the committee since the draft was made is left out.
    Raises Incomplete, states.Stale and states.UnlistedMove.
    """
    left_out = _leave_out_what_is_no_longer_due(response)
    covered = db.session.scalar(select(func.count()).where(Coverage.response_id == response.id))
    if response.state != ResponseState.PUBLISHED and not (is_complete(response) and covered):
        raise Incomplete
    transition = states.move(
        response,
        RESPONSE_MOVES,
        ResponseState.PUBLISHED,
        seen=seen,
        publish_at=None,
        published_at=now,
        published_by_id=editor.id,
    )
    if transition is None:
        return None
    _answer_what_is_covered(response, now)
    details = {"covered": covered, "left_out": left_out, "by_itself": by_itself}
    events.record("response.published", response, actor_id=editor.id, now=now, details=details)
    return transition


class MayNotJudge(Exception):
    """What was said of the answer has opened the matter again, and stands; or the comment isn't shown any longer."""


def judge(
    coverage: Coverage,
    judgement: Judgement,
    reason: str | None,
    *,
    seen: int,
    read: int,
    actor: Person | None,
    now: datetime,
) -> Verdict | None:
    """Say of an answer whether it answered the comment in `coverage`. None when just this has been said already.

    `seen` is the version of what had been said before, 0 where nothing had, and `read` that of the answer. A no takes a
    reason, and opens the matter again with a new clock, once. `actor` is whoever is signed in, or None for whoever came
    by the receipt's address. Raises MayNotJudge, states.ReasonMissing and states.Stale.
    """
    db.session.refresh(coverage.comment)
    if not coverage.comment.is_public:
        raise MayNotJudge
    reason = None if judgement == Judgement.YES else reason or None
    if judgement == Judgement.NO and reason is None:
        raise states.ReasonMissing("A no needs a reason.")
    verdict = db.session.scalar(select(Verdict).where(Verdict.coverage_id == coverage.id))
    if verdict is not None and (verdict.judgement, verdict.reason) == (judgement, reason):
        return None
    before = verdict.judgement if verdict else None
    if verdict is not None and not may_judge(before, has_reopened=verdict.reopened_id is not None):
        raise MayNotJudge
    db.session.refresh(coverage.response)
    if coverage.response.version != read:
        raise states.Stale(coverage.response)  # what was judged isn't what it says any longer
    if verdict is None:
        verdict = Verdict(coverage_id=coverage.id, judgement=judgement, reason=reason, given_at=now)
        db.session.add(verdict)
        db.session.flush()
    else:
        states.change(verdict, seen=seen, judgement=judgement, reason=reason, given_at=now)
    matter = coverage.matter
    change_load(matter.committee_id, **_judged(judgement, 1), **(_judged(before, -1) if before else {}))
    events.record("verdict.given", verdict, actor_id=actor.id if actor else None, now=now)
    db.session.refresh(matter)
    if reopens(judgement, matter.state, was_reopened=matter.reopened_at is not None):
        _ask_again(matter, verdict, now)
    return verdict


def ask_for_verdicts(now: datetime) -> None:
    """Have everybody asked who got an answer two weeks ago and hasn't said whether it answered them. Once for each."""
    for response in answers_to_ask_about(now):
        events.record("verdict.asked", response, actor_id=None, now=now)


def _judged(judgement: Judgement, more: int) -> dict[str, int]:
    return {f"judged_{judgement}": more}


def _ask_again(matter: Matter, verdict: Verdict, now: datetime) -> None:
    """Open an answered matter once more, with a clock of its own. The answer stands, and so does its time."""
    clock = clock_from(now, matter.committee.answer_days, matter.committee_id)
    states.move(
        matter,
        MATTER_MOVES,
        MatterState.DUE,
        seen=matter.version,
        has_reason=True,
        answered_at=None,
        reopened_at=now,
        late_noticed_at=None,
        very_late_noticed_at=None,
        **clock,
    )
    states.change(verdict, seen=verdict.version, reopened_id=matter.id)
    change_load(matter.committee_id, waiting=1, answered=-1)
    changed(update(Comment).where(Comment.id == matter.comment_id).values(revision=Comment.revision + 1))
    change_shown(matter.comment.goal_id)
    events.record("matter.reopened", matter, actor_id=None, now=now, details={"comment": matter.comment_id})


def is_editor(person: Person, response: Response) -> bool:
    """Whether somebody publishes answers for the committee whose answer this is."""
    return response.committee_id in person.committee_ids(Role.EDITOR)


def is_complete(response: Response | Draft) -> bool:
    """Whether the answer says all three things and has an outcome."""
    return bool(response.you_said and response.we_decided and response.because and response.outcome)


def _matters_of(comment_id: int) -> Sequence[Matter]:
    return db.session.scalars(select(Matter).where(Matter.comment_id == comment_id).order_by(Matter.id)).all()


_INSERT_MATTER = insert(Matter.__table__)  # type: ignore[arg-type]


def open_matter(
    comment_id: int,
    committee_id: int,
    answer_days: int,
    now: datetime,
    *,
    passed_on_after: int | None = None,
) -> None:
    """Start the clock for a comment at a committee that has promised an answer within so many working days.

    `passed_on_after` is for how many of them it waited for a moderator, if that is where it comes from.
    """
    columns = clock_from(now, answer_days, committee_id) | {"passed_on_after": passed_on_after}
    ask(_INSERT_MATTER, comment_id=comment_id, committee_id=committee_id, opened_at=now, **columns)
    change_load(committee_id, waiting=1, asked=1, passed_on_at_once=int(passed_on_after == 0))
    if passed_on_after:
        count_passed_on(committee_id, passed_on_after)


def _draft_of(officer: Person, matter_ids: set[int]) -> Response | None:
    """The officer's newest draft that covers these matters and no others."""
    rows = db.session.execute(
        select(Coverage.response_id, Coverage.matter_id)
        .join(Response, Response.id == Coverage.response_id)
        .where(Response.drafted_by_id == officer.id, Response.state.in_(UNPUBLISHED))
    )
    covered: dict[int, set[int]] = {}
    for response_id, matter_id in rows:
        covered.setdefault(response_id, set()).add(matter_id)
    same = max((one for one, ids in covered.items() if ids == matter_ids), default=None)
    return db.session.get(Response, same) if same else None


def _cover(
    response: Response,
    matters: Sequence[Matter],
    read: Mapping[int, int],
    lines: Mapping[int, str] = _NOTHING_OF_THEIR_OWN,
) -> None:
    rows = [
        {
            "response_id": response.id,
            "comment_id": matter.comment_id,
            "matter_id": matter.id,
            "wording": min(read.get(matter.id, matter.comment.wording), matter.comment.wording),
            "to_author": lines.get(matter.id) or None,
        }
        for matter in matters
    ]
    if rows:
        db.session.execute(insert(Coverage), rows)
    db.session.expire(response, ["coverage"])


def _leave_out_what_is_no_longer_due(response: Response) -> int:
    """Take out of an answer what waits for it no longer; gives how many comments that is."""
    if response.state == ResponseState.PUBLISHED:
        return 0
    still_due = (
        select(Matter.id)
        .join(Comment, Comment.id == Matter.comment_id)
        .where(Matter.state == MatterState.DUE, Comment.is_public)
    )
    return changed(
        delete(Coverage).where(Coverage.response_id == response.id, Coverage.matter_id.not_in(still_due))
    )


def _answer_what_is_covered(response: Response, now: datetime) -> None:
    count_answered(response, now)
    covered = select(Coverage.matter_id).where(Coverage.response_id == response.id)
    answered = changed(
        update(Matter)
        .where(Matter.id.in_(covered), Matter.state == MatterState.DUE)
        .values(state=MatterState.ANSWERED, answered_at=now, version=Matter.version + 1)
    )
    change_load(response.committee_id, waiting=-answered, answered=answered)
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
    change_shown(response.goal_id, answered=sum(count for _, count in by_assignment))


_workload = Workload.__table__
_COUNTS = [column.name for column in _workload.c if not column.primary_key]
_CHANGE_LOAD = (
    update(_workload)  # type: ignore[arg-type]
    .where(_workload.c.committee_id == bindparam("at_committee"))
    .values({name: _workload.c[name] + bindparam(f"more_{name}") for name in _COUNTS})
)


def change_load(committee_id: int, **more: int) -> None:
    """Change the counts of a committee by so much each."""
    values = {f"more_{name}": more.get(name, 0) for name in _COUNTS}
    if not ask(_CHANGE_LOAD, at_committee=committee_id, **values).rowcount:
        ask(insert(_workload), committee_id=committee_id, **more)  # type: ignore[arg-type]
