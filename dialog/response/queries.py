"""Reading matters and answers: the inbox, the editor, and what the public sees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from dialog.conversation.models import Comment
from dialog.conversation.queries import PAGE_SIZE, Page, comments_among
from dialog.conversation.rules import CommentState
from dialog.db import db
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


def latest_responses(
    *, goal_id: int | None = None, committee: Committee | None = None, year: int | None = None, limit: int = 5
) -> Sequence[Response]:
    """The newest published answers, on a goal, from a committee, or in a year's plan."""
    statement = select(Response).where(Response.state == ResponseState.PUBLISHED)
    if goal_id is not None:
        statement = statement.where(Response.goal_id == goal_id)
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
    """Where each of `comments` stands, by the comment's id, in two queries however many they are."""
    ids = [comment.id for comment in comments]
    result = {comment_id: Standing([], []) for comment_id in ids}
    matters = select(Matter).where(Matter.comment_id.in_(ids)).order_by(Matter.id)
    for matter in db.session.scalars(matters.options(joinedload(Matter.committee))):
        result[matter.comment_id].matters.append(matter)
    answered = (
        select(Coverage)
        .join(Response)
        .where(Coverage.comment_id.in_(ids), Response.state == ResponseState.PUBLISHED)
        .order_by(Coverage.response_id)
        .options(joinedload(Coverage.response).joinedload(Response.committee))
    )
    for coverage in db.session.scalars(answered):
        result[coverage.comment_id].responses.append(coverage.response)
    return result


def workloads() -> dict[int, Workload]:
    """How much each committee has waiting and has answered, by the committee's id."""
    return {workload.committee_id: workload for workload in db.session.scalars(select(Workload))}
