"""Reading matters and answers: the inbox, the editor, and what the public sees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, Table, bindparam, exists, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload, undefer
from sqlalchemy.sql.base import ExecutableOption

from dialog.conversation.models import Comment, CommentWording
from dialog.conversation.queries import Page, comments_among, with_what_is_shown
from dialog.db import ask, constant, db
from dialog.events import Event
from dialog.people.models import Person
from dialog.plan.models import Committee, Goal, assignment_committee, goal_committee
from dialog.plan.queries import committees_that_answer
from dialog.response.models import Coverage, Matter, Response, Verdict, Workload
from dialog.response.rules import (
    ASK_AFTER,
    STOP_ASKING_AFTER,
    UNPUBLISHED,
    USUAL_ANSWER_DAYS,
    Judgement,
    MatterState,
    ResponseState,
)
from dialog.small_numbers import shown

_comment, _committee = Comment.__table__.c, Committee.__table__.c
_ABOUT = select(_comment.assignment_id, _comment.goal_id, _comment.parent_id).where(
    _comment.id == bindparam("comment_id")
)


def _owners(table: Table, key: str) -> Select[int, int]:
    return (
        select(_committee.id, _committee.answer_days)
        .join(table, table.c.committee_id == _committee.id)
        .where(table.c[key] == bindparam("of"))
        .order_by(table.c.position)
    )


_OF_ASSIGNMENT, _OF_GOAL = _owners(assignment_committee, "assignment_id"), _owners(goal_committee, "goal_id")


def responsible_for(comment_id: int) -> list[tuple[int, int]]:
    """The committees that answer for what the comment is about, each with its promise in working days.

    None for a reply: it goes to the other participants, and what is answered is the comment above it.
    """
    about = ask(_ABOUT, comment_id=comment_id).one()
    return [] if about.parent_id is not None else owners_of(about.goal_id, about.assignment_id)


def owners_of(goal_id: int, assignment_id: int | None) -> list[tuple[int, int]]:
    """The committees that answer for an assignment, or for a goal by itself, each with its promise in working days."""
    owners = ask(_OF_ASSIGNMENT, of=assignment_id).all() if assignment_id else []
    return [(row.id, row.answer_days) for row in owners or ask(_OF_GOAL, of=goal_id).all()]


def longest_promise() -> int:
    """Within how many working days every committee that answers has promised to do so."""
    longest = select(func.max(Committee.answer_days)).where(Committee.is_council.is_(False))
    return db.session.scalar(longest) or USUAL_ANSWER_DAYS


def with_comment() -> tuple[ExecutableOption, ...]:
    """What is shown of a matter, its comment and why it is asked again, in a constant number of queries."""
    comment = joinedload(Matter.comment).options(joinedload(Comment.words), *with_what_is_shown())
    return comment, joinedload(Matter.reopened_by).joinedload(Verdict.coverage), undefer(Matter.promised_anew)


def due_matters(committee: Committee, ids: Iterable[int], *, goal_id: int | None = None) -> Sequence[Matter]:
    """Those of the matters `ids` that wait at `committee` now and may be answered; on one goal if given."""
    statement = (
        select(Matter)
        .join(Comment)
        .where(
            Matter.id.in_(ids),
            Matter.committee_id == committee.id,
            Matter.state == MatterState.DUE,
            Comment.is_public,
        )
    )
    if goal_id is not None:
        statement = statement.where(Comment.goal_id == goal_id)
    return db.session.scalars(statement.order_by(Matter.id).options(*with_comment())).all()


def matter_of(committee: Committee, matter_id: int) -> Matter | None:
    """The committee's matter with this id, in any state, as long as its comment is public."""
    return db.session.scalar(
        select(Matter)
        .join(Comment)
        .where(Matter.id == matter_id, Matter.committee_id == committee.id, Comment.is_public)
        .options(*with_comment(), joinedload(Matter.forwarded_to))
    )


def may_take_over(matter: Matter) -> Sequence[Committee]:
    """The committees that a matter can be passed on to: those that answer, and haven't had the comment already."""
    had_by = db.session.scalars(select(Matter.committee_id).where(Matter.comment_id == matter.comment_id))
    return committees_that_answer(but_not=had_by.all())


def drafts(committee: Committee) -> Sequence[Response]:
    """The answers a committee has begun and not published."""
    return db.session.scalars(
        select(Response)
        .where(
            Response.committee_id == committee.id,
            Response.state.in_(UNPUBLISHED),
        )
        .order_by(Response.id.desc())
        .options(
            joinedload(Response.goal),
            joinedload(Response.drafted_by).lazyload(Person.grants),
            selectinload(Response.coverage),
        )
    ).all()


def response_of(committee: Committee, response_id: int) -> Response | None:
    """The committee's answer with this id, in any state."""
    return db.session.scalar(
        select(Response)
        .where(Response.id == response_id, Response.committee_id == committee.id)
        .options(joinedload(Response.goal), selectinload(Response.coverage))
    )


class Done(NamedTuple):
    """By whom and when something was done with an answer."""

    person_id: int | None
    at: datetime


def last_saved(response: Response) -> Done | None:
    """Who saved the draft last, and when."""
    return _newest(response, "response.drafted", "response.saved")


def sent_to_review(response: Response) -> Done | None:
    """Who sent an answer to the editor last, and when; None where it doesn't wait there."""
    return _newest(response, "response.sent_to_review") if response.state == ResponseState.IN_REVIEW else None


def _newest(response: Response, *kinds: str) -> Done | None:
    row = db.session.execute(
        select(Event.actor_id, Event.at)
        .where(
            Event.subject_type == Response.__tablename__,
            Event.subject_id == response.id,
            Event.kind.in_(kinds),
        )
        .order_by(Event.id.desc())
        .limit(1)
    ).first()
    return Done._make(row) if row else None


def people_told(response: Response) -> int:
    """How many people an answer is sent to: those who wrote what it covers."""
    authors = select(func.count(Comment.author_id.distinct())).join(
        Coverage, Coverage.comment_id == Comment.id
    )
    return db.session.scalar(authors.where(Coverage.response_id == response.id)) or 0


def public_response(response_id: int) -> Response | None:
    """The published answer with this id."""
    return db.session.scalar(
        select(Response)
        .where(Response.id == response_id, Response.state == ResponseState.PUBLISHED)
        .options(joinedload(Response.committee), joinedload(Response.goal))
    )


def comments_covered_by(response: Response, before: str | None = None) -> Page:
    """A page of the comments an answer covers that are public or leave a marker, the newest first."""
    covered = select(Coverage.comment_id).where(Coverage.response_id == response.id)
    return comments_among(Comment.id.in_(covered), before)


class Pin(NamedTuple):
    """The earlier wording of a comment that an answer is about, and whether everybody may read it."""

    wording: int
    is_public: bool


def earlier_wordings_answered(comments: Sequence[Comment]) -> dict[tuple[int, int], Pin]:
    """Which answers to `comments` are about an earlier wording, by the ids of the answer and the comment.

    What is sealed is none: what is shown instead of it stands for it. Nor is one with the very words it has now.
    """
    now = aliased(CommentWording)
    rows = db.session.execute(
        select(Coverage.response_id, Coverage.comment_id, Coverage.wording, CommentWording.shown_from)
        .join(Comment, Comment.id == Coverage.comment_id)
        .join(
            CommentWording,
            (CommentWording.comment_id == Coverage.comment_id) & (CommentWording.number == Coverage.wording),
        )
        .join(now, (now.comment_id == Comment.id) & (now.number == Comment.wording))
        .where(
            Coverage.comment_id.in_([comment.id for comment in comments]),
            Coverage.wording < Comment.wording,
            ~CommentWording.is_sealed,
            CommentWording.text != now.text,
        )
    )
    return {(row.response_id, row.comment_id): Pin(row.wording, row.shown_from is not None) for row in rows}


def lines_to(comments: Sequence[Comment]) -> dict[tuple[int, int], str]:
    """What answers say to those who wrote `comments` in particular, by the ids of the answer and the comment."""
    said = select(Coverage.response_id, Coverage.comment_id, Coverage.to_author).where(
        Coverage.comment_id.in_([comment.id for comment in comments]), Coverage.to_author.is_not(None)
    )
    return {(row.response_id, row.comment_id): row.to_author for row in db.session.execute(said)}


class AnswerKey(NamedTuple):
    """Which published answer, and which version of it."""

    id: int
    version: int


def public_responses(ids: Sequence[int]) -> Sequence[Response]:
    """Those of the answers `ids` that are published."""
    is_published = Response.state == constant(ResponseState.PUBLISHED)
    statement = select(Response).where(Response.id.in_(ids), is_published)
    return db.session.scalars(
        statement.options(joinedload(Response.committee), joinedload(Response.goal))
    ).all()


def latest_responses(
    *,
    committee: Committee | None = None,
    year: int | None = None,
    goals: Iterable[Goal] | None = None,
    limit: int = 5,
) -> Sequence[Response]:
    """The newest published answers, from a committee, in a year's plan or about some goals."""
    statement = select(Response).where(Response.state == ResponseState.PUBLISHED)
    if committee is not None:
        statement = statement.where(Response.committee_id == committee.id)
    if year is not None:
        statement = statement.join(Goal).where(Goal.year == year)
    if goals is not None:
        statement = statement.where(Response.goal_id.in_([goal.id for goal in goals]))
    return db.session.scalars(
        statement.order_by(Response.published_at.desc(), Response.id.desc())
        .limit(limit)
        .options(joinedload(Response.committee), joinedload(Response.goal))
    ).all()


@dataclass(frozen=True)
class Standing:
    """Where a comment is in the loop: its matters, and the public answers it has.

    `lines` is what an answer says to whoever wrote it in particular, by the answer's id.
    """

    matters: list[Matter]
    responses: list[Response]
    lines: dict[int, str] = field(default_factory=dict)

    @property
    def owed(self) -> list[Matter]:
        """The matters that a committee still owes an answer to."""
        return [matter for matter in self.matters if matter.state == MatterState.DUE]

    @property
    def waiting(self) -> list[Matter]:
        """The matters that are owed an answer once the comment is shown again."""
        return [matter for matter in self.matters if matter.state == MatterState.CLOSED]

    @property
    def forwarded(self) -> list[Matter]:
        """The matters that a committee has passed on to another."""
        return [matter for matter in self.matters if matter.state == MatterState.FORWARDED]

    @property
    def answering(self) -> list[Matter]:
        """All matters but those taken away from their committees."""
        return [matter for matter in self.matters if matter.state != MatterState.REMOVED]

    @property
    def removed(self) -> list[Matter]:
        """The matters that moderators have taken away from their committees."""
        return [matter for matter in self.matters if matter.state == MatterState.REMOVED]

    @property
    def is_asked_again(self) -> bool:
        """Whether a committee owes a further answer, since the one it gave didn't answer whoever asked."""
        return any(matter.reopened_at for matter in self.owed)


def standings(comments: Sequence[Comment]) -> dict[int, Standing]:
    """Where each of `comments` stands, by the comment's id, in one query however many they are."""
    result = {comment.id: Standing([], []) for comment in comments}
    # By the comment first: that is what coverage has an index for.
    covering = (Coverage.comment_id == Matter.comment_id) & (Coverage.matter_id == Matter.id)
    is_published = Response.state == constant(ResponseState.PUBLISHED)
    published = (Response.id == Coverage.response_id) & is_published
    rows = db.session.execute(
        select(Matter, Response, Coverage.to_author)
        .outerjoin(Coverage, covering)
        .outerjoin(Response, published)
        .where(Matter.comment_id.in_(result))
        .order_by(Matter.id, Response.id)
        .options(
            joinedload(Matter.committee),
            joinedload(Matter.forwarded_to),
            joinedload(Response.committee),
            undefer(Matter.promised_anew),
        )
    )
    for matter, response, to_author in rows:
        standing = result[matter.comment_id]
        if matter not in standing.matters:
            standing.matters.append(matter)
        if response is not None and response not in standing.responses:
            standing.responses.append(response)
        if response is not None and to_author:
            standing.lines[response.id] = to_author
    return result


def coverage_at(receipt_key: str, response_id: int) -> Coverage | None:
    """The published answer to the public comment with this receipt, and what has been said of it."""
    return db.session.scalar(
        select(Coverage)
        .join(Comment, Comment.id == Coverage.comment_id)
        .join(Response, Response.id == Coverage.response_id)
        .where(
            Comment.receipt_key == receipt_key,
            Comment.is_public,
            Response.id == response_id,
            Response.state == ResponseState.PUBLISHED,
        )
        .options(
            joinedload(Coverage.comment).joinedload(Comment.words),
            joinedload(Coverage.response).joinedload(Response.committee),
            joinedload(Coverage.matter).joinedload(Matter.committee),
            joinedload(Coverage.verdict),
        )
    )


def verdicts_on(comment: Comment) -> dict[int, Verdict]:
    """What has been said of the answers to a comment, by the id of the answer."""
    said = (
        select(Coverage.response_id, Verdict)
        .join(Verdict, Verdict.coverage_id == Coverage.id)
        .where(Coverage.comment_id == comment.id)
    )
    return {row.response_id: row.Verdict for row in db.session.execute(said)}


def answers_to_ask_about(now: datetime) -> Sequence[Response]:
    """The published answers about which it is time, at `now`, to ask whether they answered."""
    asked = exists().where(
        Event.subject_type == Response.__tablename__,
        Event.subject_id == Response.id,
        Event.kind == "verdict.asked",
    )
    return db.session.scalars(
        select(Response)
        .where(
            Response.state == ResponseState.PUBLISHED,
            Response.published_at.between(now - STOP_ASKING_AFTER, now - ASK_AFTER),
            ~asked,
        )
        .order_by(Response.id)
    ).all()


@dataclass(frozen=True)
class Load:
    """How many comments a committee has waiting and has answered, and how many of those waiting are late.

    `verdicts` is what was said of its answers: sums that give nobody away, None where one would.
    """

    waiting: int
    answered: int
    late: int
    verdicts: dict[Judgement, int | None] | None


def workloads(today: date) -> dict[int, Load]:
    """What each committee has on the day `today`, by the committee's id."""
    return {row.id: _load_of(row) for row in db.session.execute(_loads(today))}


def workload_of(committee: Committee, today: date) -> Load:
    """What one committee has on the day `today`."""
    return _load_of(db.session.execute(_loads(today).where(Committee.id == committee.id)).one())


def _load_of(row: Any) -> Load:
    judged = {judgement: getattr(row, f"judged_{judgement}") for judgement in Judgement}
    return Load(row.waiting, row.answered, row.late, shown(judged))


_KEPT = ("waiting", "answered", *(f"judged_{judgement}" for judgement in Judgement))


def _loads(today: date) -> Select[Any]:
    late = (
        select(func.count())
        .where(Matter.committee_id == Committee.id, Matter.state == MatterState.DUE, Matter.due_on < today)
        .scalar_subquery()
    )
    return select(
        Committee.id,
        *(func.coalesce(getattr(Workload, name), 0).label(name) for name in _KEPT),
        late.label("late"),
    ).outerjoin(Workload, Workload.committee_id == Committee.id)
