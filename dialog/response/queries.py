"""Reading matters and answers: the inbox, the editor, and what the public sees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from dialog.conversation.models import Comment
from dialog.conversation.queries import PAGE_SIZE, Page, comments_among
from dialog.conversation.rules import CommentState
from dialog.db import ask, db
from dialog.people.models import Person
from dialog.plan.models import Committee, Goal
from dialog.response.models import Coverage, Matter, Response, Workload
from dialog.response.rules import UNPUBLISHED, MatterState, ResponseState
from dialog.web import LARGEST_NUMBER


@dataclass(frozen=True)
class Inbox:
    """What waits at a committee, what is due first coming first, and where the next page starts."""

    matters: Sequence[Matter]
    next_cursor: str | None
    workload: Workload


def _with_comment() -> tuple[ExecutableOption, ...]:
    """What is shown of a matter's comment, in a constant number of queries."""
    comment = joinedload(Matter.comment)
    return (
        comment.joinedload(Comment.words),
        comment.joinedload(Comment.author).lazyload(Person.grants),
        comment.joinedload(Comment.organisation),
        comment.joinedload(Comment.area),
        comment.joinedload(Comment.goal),
        comment.joinedload(Comment.assignment),
        comment.joinedload(Comment.paragraph),
    )


def inbox(committee: Committee, *, goal: Goal | None = None, after: int | None = None) -> Inbox:
    """A page of what waits at `committee`, on one goal if given, after the matter with the id `after`."""
    statement = select(Matter).where(Matter.committee_id == committee.id, Matter.state == MatterState.DUE)
    if goal is not None:
        statement = statement.join(Comment).where(Comment.goal_id == goal.id)
    if after is not None:
        due = select(Matter.due_on).where(Matter.id == after).scalar_subquery()
        statement = statement.where((Matter.due_on > due) | ((Matter.due_on == due) & (Matter.id > after)))
    found = db.session.scalars(
        statement.order_by(Matter.due_on, Matter.id).limit(PAGE_SIZE + 1).options(*_with_comment())
    ).all()
    shown = found[:PAGE_SIZE]
    workload = db.session.get(Workload, committee.id) or Workload(
        committee_id=committee.id, waiting=0, answered=0
    )
    return Inbox(shown, str(shown[-1].id) if len(found) > PAGE_SIZE else None, workload)


def due_matters(committee: Committee, ids: Iterable[int], *, goal_id: int | None = None) -> Sequence[Matter]:
    """Those of the matters `ids` that wait at `committee` now and may be answered; on one goal if given."""
    statement = (
        select(Matter)
        .join(Comment)
        .where(
            Matter.id.in_([number for number in ids if 0 < number <= LARGEST_NUMBER]),
            Matter.committee_id == committee.id,
            Matter.state == MatterState.DUE,
            Comment.state == CommentState.PUBLISHED,
        )
    )
    if goal_id is not None:
        statement = statement.where(Comment.goal_id == goal_id)
    return db.session.scalars(statement.order_by(Matter.id).options(*_with_comment())).all()


def matters_beside(committee: Committee, response: Response, covered: set[int]) -> Sequence[Matter]:
    """What stands beside the editor: the matters the answer covers, then others on the same goal."""
    chosen = list(due_matters(committee, covered, goal_id=response.goal_id))
    others = inbox(committee, goal=response.goal).matters
    return chosen + [matter for matter in others if matter.id not in covered]


def drafts(committee: Committee) -> Sequence[Response]:
    """The answers a committee has begun and not published."""
    return db.session.scalars(
        select(Response)
        .where(
            Response.committee_id == committee.id,
            Response.state.in_(UNPUBLISHED),
        )
        .order_by(Response.id.desc())
        .options(joinedload(Response.goal), joinedload(Response.drafted_by), selectinload(Response.coverage))
    ).all()


def response_of(committee: Committee, response_id: int) -> Response | None:
    """The committee's answer with this id, in any state."""
    return db.session.scalar(
        select(Response)
        .where(Response.id == response_id, Response.committee_id == committee.id)
        .options(joinedload(Response.goal), selectinload(Response.coverage))
    )


def public_response(response_id: int) -> Response | None:
    """The published answer with this id."""
    return db.session.scalar(
        select(Response)
        .where(Response.id == response_id, Response.state == ResponseState.PUBLISHED)
        .options(joinedload(Response.committee), joinedload(Response.goal))
    )


def comments_covered_by(response: Response, before: str | None = None) -> Page:
    """A page of the public comments an answer covers, the newest first."""
    covered = select(Coverage.comment_id).where(Coverage.response_id == response.id)
    return comments_among(Comment.id.in_(covered), before)


class AnswerKey(NamedTuple):
    """Which published answer, and which version of it."""

    id: int
    version: int


MOST_ANSWERS = 5  # on a goal's page

_answer = Response.__table__.c
_ANSWERS_ON_GOAL = (
    select(_answer.id, _answer.version)
    .where(_answer.goal_id == bindparam("goal_id"), _answer.state == ResponseState.PUBLISHED)
    .order_by(_answer.published_at.desc(), _answer.id.desc())
    .limit(MOST_ANSWERS)
)


def answers_on(goal_id: int) -> list[AnswerKey]:
    """The newest published answers on a goal by their keys, the newest first."""
    return [AnswerKey._make(row) for row in ask(_ANSWERS_ON_GOAL, goal_id=goal_id)]


def public_responses(ids: Sequence[int]) -> Sequence[Response]:
    """Those of the answers `ids` that are published."""
    statement = select(Response).where(Response.id.in_(ids), Response.state == ResponseState.PUBLISHED)
    return db.session.scalars(
        statement.options(joinedload(Response.committee), joinedload(Response.goal))
    ).all()


def latest_responses(
    *, committee: Committee | None = None, year: int | None = None, limit: int = 5
) -> Sequence[Response]:
    """The newest published answers, from a committee or in a year's plan."""
    statement = select(Response).where(Response.state == ResponseState.PUBLISHED)
    if committee is not None:
        statement = statement.where(Response.committee_id == committee.id)
    if year is not None:
        statement = statement.join(Goal).where(Goal.year == year)
    return db.session.scalars(
        statement.order_by(Response.published_at.desc(), Response.id.desc())
        .limit(limit)
        .options(joinedload(Response.committee), joinedload(Response.goal))
    ).all()


@dataclass(frozen=True)
class Standing:
    """Where a comment is in the loop: its matters, and the public answers it has."""

    matters: list[Matter]
    responses: list[Response]

    def next_due(self) -> date | None:
        """The day by which the first committee still owes an answer; None when nobody does."""
        return min(
            (matter.due_on for matter in self.matters if matter.state == MatterState.DUE), default=None
        )


def standings(comments: Sequence[Comment]) -> dict[int, Standing]:
    """Where each of `comments` stands, by the comment's id, in one query however many they are."""
    result = {comment.id: Standing([], []) for comment in comments}
    # By the comment first: that is what coverage has an index for.
    covering = (Coverage.comment_id == Matter.comment_id) & (Coverage.matter_id == Matter.id)
    published = (Response.id == Coverage.response_id) & (Response.state == ResponseState.PUBLISHED)
    rows = db.session.execute(
        select(Matter, Response)
        .outerjoin(Coverage, covering)
        .outerjoin(Response, published)
        .where(Matter.comment_id.in_(result))
        .order_by(Matter.id, Response.id)
        .options(joinedload(Matter.committee), joinedload(Response.committee))
    )
    for matter, response in rows:
        standing = result[matter.comment_id]
        if matter not in standing.matters:
            standing.matters.append(matter)
        if response is not None and response not in standing.responses:
            standing.responses.append(response)
    return result


def workloads() -> dict[int, Workload]:
    """How much each committee has waiting and has answered, by the committee's id."""
    return {workload.committee_id: workload for workload in db.session.scalars(select(Workload))}
