"""What waits for a moderator and what they are to know of it, and what has been decided about a comment."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.orm import joinedload

from dialog.conversation.models import Comment, CommentWording
from dialog.conversation.rules import Act, CommentState, ReviewReason
from dialog.db import STOCKHOLM, ask, constant, db, local_day
from dialog.events import Event
from dialog.moderation.flags import flags_on
from dialog.moderation.models import Claim, Decision, DecisionSum, Flag, Proposal, SupervisedDay
from dialog.moderation.ordering import Waiting, page_of
from dialog.moderation.rules import (
    DAYS_SHOWN,
    UNDONE_BY,
    Age,
    Choice,
    Cursor,
    Ground,
    ProposalState,
    in_time_since,
)
from dialog.moderation.watching_rules import FlagState, WatchTerms
from dialog.organisations.models import Mandate
from dialog.organisations.queries import carried_by
from dialog.people.models import Person
from dialog.permissions import allowed
from dialog.plan.models import Committee, Goal, assignment_committee, goal_committee
from dialog.plan.queries import by_name
from dialog.workdays import is_working_day

MOST_COUNTED = 1000  # beyond this the queue says "more than": counting further helps nobody


@dataclass(frozen=True)
class Background:
    """What a moderator is to know of the comments on a page besides themselves.

    `claims`, `flags` (on the words they have now), `proposals` (the newest) and `earlier` (the wordings before that) by
    the comment's id; `replied_to` (the wording that the author had before them) by the reply's; `sums` by the author's:
    how many decisions of which sort there have been.
    """

    claims: dict[int, Row[Any]] = field(default_factory=dict)
    flags: dict[int, list[WatchTerms]] = field(default_factory=dict)
    proposals: dict[int, Proposal] = field(default_factory=dict)
    earlier: dict[int, list[Row[Any]]] = field(default_factory=dict)
    replied_to: dict[int, Row[Any]] = field(default_factory=dict)
    sums: dict[int, list[Row[Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Queue:
    """A page of what waits for one moderator, in the order that was chosen, and where the next page starts.

    `waiting` is how much there is of what was chosen, and `own` how much is the moderator's own (see `is_own_of`) or
    proposed by them to be hidden, which others are to look at; both `MOST_COUNTED` at the most.
    """

    comments: Sequence[Waiting]
    waiting: int
    own: int
    next_cursor: Cursor | None
    background: Background

    @property
    def is_capped(self) -> bool:
        """Whether there may be more than were counted."""
        return self.waiting >= MOST_COUNTED


def queue(
    moderator: Person,
    *,
    now: datetime,
    choice: Choice | None = None,
    after: Cursor | None = None,
    first: Comment | None = None,
) -> Queue:
    """A page of what waits for `moderator` to look at; `first` stands above it if it isn't on the page.

    `after` is where the page starts, as a `next_cursor` gave it.
    """
    choice = choice or Choice()
    values = {
        "moderator_id": moderator.id,
        "today": local_day(now),
        "goal_id": choice.goal_id,
        "committee": choice.committee,
        "reason": choice.reason,
        "in_time_since": datetime.combine(in_time_since(local_day(now)), time(), STOCKHOLM),
    }
    others, counts = _statements(_kind_of(choice))
    comments, next_cursor = page_of(others, choice.order, after, values)
    if first is not None and first.id not in {one.id for one in comments}:
        comments = [Waiting.of(first), *comments]
    counted = ask(counts, **values).one()
    return Queue(comments, counted.waiting, counted.own, next_cursor, _background(comments, now))


class _Kind(NamedTuple):
    """A choice without what is chosen in it: those of one kind are read by the same statements."""

    by_goal: bool
    by_committee: bool
    by_reason: bool
    by_rule: bool
    age: Age | None


def _kind_of(choice: Choice) -> _Kind:
    by_rule = choice.reason == ReviewReason.WATCHED
    by_reason = choice.reason is not None and not by_rule
    return _Kind(choice.goal_id is not None, choice.committee is not None, by_reason, by_rule, choice.age)


@cache
def _statements(kind: _Kind) -> tuple[Select[Comment], Select[int, int]]:
    """What waits for a moderator, and how much of it there is and how much for others: prepared once for each kind."""
    waiting = select(Comment).where(Comment.review_since.is_not(None), *_chosen(kind))
    others, own = waiting.where(Comment.id.not_in(_OWN_IDS)), waiting.where(Comment.id.in_(_OWN_IDS))
    return others, select(_count_of(others).label("waiting"), _count_of(own).label("own"))


def _count_of(statement: Select[Comment]) -> ScalarSelect[int]:
    bounded = statement.with_only_columns(Comment.id).limit(constant(MOST_COUNTED)).subquery()
    return select(func.count()).select_from(bounded).scalar_subquery()


def _chosen(kind: _Kind) -> list[ColumnElement[bool]]:
    """The conditions that a comment belongs to the part of the queue that was chosen."""
    since = bindparam("in_time_since", type_=Comment.review_since.type)
    is_flagged = Comment.id.in_(select(Flag.comment_id).where(Flag.state == constant(FlagState.OPEN)))
    conditions = (
        (kind.by_goal, Comment.goal_id == bindparam("goal_id")),
        (kind.by_committee, _CONCERNS),
        (kind.by_reason, Comment.review_reason == bindparam("reason", type_=Comment.review_reason.type)),
        (kind.by_rule, is_flagged),  # whatever else it waits for: a first comment can be singled out too
        (kind.age == Age.LATE, Comment.review_since < since),
        (kind.age == Age.IN_TIME, Comment.review_since >= since),
    )
    return [condition for holds, condition in conditions if holds]


def _concerns() -> ColumnElement[bool]:
    """The condition that a comment is on what a committee answers for: its assignment, or the goal by itself."""
    the_committee = select(Committee.id).where(Committee.slug == bindparam("committee")).scalar_subquery()
    assigned, of_goal = assignment_committee.c, goal_committee.c
    its_assignments = select(assigned.assignment_id).where(assigned.committee_id == the_committee)
    its_goals = select(of_goal.goal_id).where(of_goal.committee_id == the_committee)
    nobodys = Comment.assignment_id.not_in(select(assigned.assignment_id))
    is_on_the_goal = or_(Comment.assignment_id.is_(None), nobodys)
    return or_(
        Comment.assignment_id.in_(its_assignments), and_(is_on_the_goal, Comment.goal_id.in_(its_goals))
    )


_CONCERNS = _concerns()


def is_own_of(moderator: Person, today: date) -> ColumnElement[bool]:
    """The condition on comments that `moderator` wrote or put on record, or that their organisation has said."""
    return or_(
        Comment.author_id == moderator.id,
        func.coalesce(Comment.registered_by_id, 0) == moderator.id,
        func.coalesce(Comment.organisation_id, 0).in_(carried_by(moderator.id, today)),
    )


def _own_ids() -> CompoundSelect[int]:
    """The ids of what is the moderator's own (see `is_own_of`), or what they have proposed to hide: others' to look at.

    Each is found by an index, since there may be little of it among much that waits.
    """
    moderator_id: BindParameter[int] = bindparam("moderator_id")
    theirs = carried_by(moderator_id, bindparam("today", type_=Mandate.dated.type))
    colleagues = select(Mandate.person_id).where(Mandate.organisation_id.in_(theirs))
    for_theirs = (Comment.author_id.in_(colleagues), Comment.organisation_id.in_(theirs))
    return union(
        select(Comment.id).where(Comment.author_id == moderator_id),
        select(Comment.id).where(Comment.registered_by_id == moderator_id),
        select(Comment.id).where(*for_theirs),
        select(Proposal.comment_id).where(
            Proposal.state == constant(ProposalState.OPEN), Proposal.proposed_by_id == moderator_id
        ),
    )


_OWN_IDS = _own_ids()


# Prepared once: a page of the queue asks each of these, and building them anew costs more than the answers.
_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_sum = DecisionSum.__table__.c
_SUMS = (
    select(_sum.author_id, _sum.what, _sum.decisions)
    .where(_sum.author_id.in_(_IDS))
    .order_by(_sum.what.in_([constant(ground) for ground in Ground]), _sum.decisions.desc(), _sum.what)
)
_CLAIMS = (
    select(Claim.__table__, Person.name.label("moderator_name"))
    .join(Person, Person.id == Claim.moderator_id)
    .where(Claim.comment_id.in_(_IDS), Claim.until > bindparam("now", type_=Claim.until.type))
)
_PROPOSALS = (
    select(Proposal)
    .where(Proposal.comment_id.in_(_IDS))
    .order_by(Proposal.id)
    .options(
        joinedload(Proposal.proposed_by).lazyload(Person.grants),
        joinedload(Proposal.settled_by).lazyload(Person.grants),
    )
)
_wording = CommentWording.__table__
_WORDINGS = select(_wording).where(_wording.c.comment_id.in_(_IDS)).order_by(_wording.c.number.desc())


def _background(comments: Sequence[Waiting], now: datetime) -> Background:
    """What is to be known of the comments, in as many queries whatever their number."""
    ids = [comment.id for comment in comments]
    background = Background(_claims_on(ids, now), flags_on(comments), newest_proposals(ids))
    _add_wordings(background, comments)
    authors = sorted({comment.author_id for comment in comments})
    for one in ask(_SUMS, ids=authors):
        background.sums.setdefault(one.author_id, []).append(one)
    return background


def _claims_on(ids: Sequence[int], now: datetime) -> dict[int, Row[Any]]:
    """Who is looking at which of the comments `ids`, by the comment's id."""
    return {claim.comment_id: claim for claim in ask(_CLAIMS, ids=ids, now=now)}


def newest_proposals(ids: Sequence[int]) -> dict[int, Proposal]:
    """What was last proposed of those of the comments `ids` of which something was, by the comment's id."""
    return {one.comment_id: one for one in db.session.scalars(_PROPOSALS, {"ids": list(ids)})}


def _add_wordings(background: Background, comments: Sequence[Waiting]) -> None:
    """The earlier wordings of those that have any, and the words that replies are replies to."""
    changed = [comment.id for comment in comments if comment.wording > 1]
    replies = [comment for comment in comments if comment.parent_id is not None]
    wanted = [*changed, *(reply.parent_id for reply in replies)]
    by_comment: dict[int, dict[int, Row[Any]]] = defaultdict(dict)
    for wording in ask(_WORDINGS, ids=wanted):
        by_comment[wording.comment_id][wording.number] = wording
    for comment in comments:
        earlier = [
            one
            for number, one in by_comment[comment.id].items()
            if number < comment.wording and one.sealed_for is None
        ]
        background.earlier[comment.id] = earlier
    for reply in replies:
        if reply.parent_id is not None and reply.parent_wording is not None:
            words = by_comment[reply.parent_id][reply.parent_wording]
            while words.sealed_for is not None:
                words = by_comment[reply.parent_id][words.sealed_for]
            background.replied_to[reply.id] = words


@dataclass(frozen=True)
class Became:
    """A comment as it is now, what happened to it last, and who is looking at it."""

    comment: Comment
    event: Event | None
    claim: Row[Any] | None


def what_became_of(numbers: Sequence[str], now: datetime) -> list[Became]:
    """What the comments with these numbers have become, for a moderator who would decide about them."""
    if not numbers:
        return []
    comments = db.session.scalars(
        select(Comment).where(Comment.number.in_(numbers)).order_by(Comment.id)
    ).all()
    ids = [comment.id for comment in comments]
    latest = (
        select(func.max(Event.id))
        .where(Event.subject_type == Comment.__tablename__, Event.subject_id.in_(ids))
        .group_by(Event.subject_id)
    )
    events = {
        event.subject_id: event for event in db.session.scalars(select(Event).where(Event.id.in_(latest)))
    }
    claims = _claims_on(ids, now)
    return [Became(one, events.get(one.id), claims.get(one.id)) for one in comments]


@dataclass(frozen=True)
class Choices:
    """What the queue can be narrowed to."""

    goals: dict[int, Row[Any]]  # by their ids, with the year and the title
    committees: dict[str, Row[Any]]  # by their slugs, with their names


_goal, _committee = Goal.__table__.c, Committee.__table__.c
_GOALS = select(_goal.id, _goal.year, _goal.title, _goal.title_en).order_by(_goal.year.desc(), _goal.position)
_COMMITTEES = select(_committee.slug, _committee.name_sv, _committee.name_en, _committee.is_council)


def choices() -> Choices:
    """The goals and the committees that there are, the newest year's goals first."""
    return Choices({row.id: row for row in ask(_GOALS)}, {row.slug: row for row in by_name(ask(_COMMITTEES))})


def decision_in_force(comment: Comment) -> Decision | None:
    """The newest decision about a comment."""
    newest = select(Decision).where(Decision.comment_id == comment.id).order_by(Decision.id.desc()).limit(1)
    return db.session.scalar(newest.options(joinedload(Decision.proposal)))


def undoable(number: str | None, moderator: Person) -> Comment | None:
    """The comment with the number, where the moderator alone hid it and nobody has asked for another look since."""
    comment = db.session.scalar(select(Comment).where(Comment.number == number)) if number else None
    decision = decision_in_force(comment) if comment and comment.state == CommentState.HIDDEN else None
    if decision is None or decision.appealed_at or decision.takers != {moderator.id}:
        return None
    return comment if decision.act in UNDONE_BY and allowed("decide", moderator, comment) else None


def decision_against(comment: Comment) -> Decision | None:
    """The decision by which all or a part of a comment is out of view, if it is by one: that hides it, or masks it."""
    if comment.state == CommentState.HIDDEN:
        return decision_in_force(comment)
    if not (comment.is_public and comment.is_masked):
        return None
    masking = select(Decision).where(Decision.comment_id == comment.id, Decision.act == Act.MASK)
    return db.session.scalar(
        masking.order_by(Decision.id.desc()).limit(1).options(joinedload(Decision.proposal))
    )


def claim_in_force(comment: Comment, now: datetime) -> Row[Any] | None:
    """Who is looking at a comment, if somebody is and it hasn't lapsed."""
    return _claims_on([comment.id], now).get(comment.id)


@dataclass(frozen=True)
class Supervision:
    """Day by day, the newest first, what was put on record; None for a working day of which nothing was."""

    days: dict[date, SupervisedDay | None]
    earlier: date | None  # where the page with earlier days begins


def supervision(until: date) -> Supervision:
    """The record of supervision for a month's days up to and with `until`, from the first day there is one."""
    first_ever = db.session.scalar(select(func.min(SupervisedDay.day)))
    if first_ever is None:
        return Supervision({}, None)
    start = max(first_ever, until - timedelta(days=DAYS_SHOWN - 1))
    kept = select(SupervisedDay).where(SupervisedDay.day.between(start, until))
    rows = {row.day: row for row in db.session.scalars(kept.options(joinedload(SupervisedDay.oldest)))}
    asked = [until - timedelta(days=n) for n in range((until - start).days + 1)]
    days = {day: rows.get(day) for day in asked if day in rows or is_working_day(day)}
    return Supervision(days, start - timedelta(days=1) if start > first_ever else None)
