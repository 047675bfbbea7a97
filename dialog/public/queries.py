"""Where each comment stands in the loop, put together from what every package knows of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Select,
    String,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)

from dialog.appeals.models import Appeal
from dialog.appeals.queries import appeals_about
from dialog.commitments.models import Commitment
from dialog.commitments.rules import MOST_ON_A_GOAL, CommitmentState
from dialog.conversation.models import Comment
from dialog.conversation.queries import Page
from dialog.db import ask, constant, db, local_day
from dialog.events import Event
from dialog.moderation.models import Decision
from dialog.moderation.queries import decision_against
from dialog.moderation.rules import appeal_until
from dialog.plan.models import Area, Assignment, Committee, Goal, Paragraph, goal_replacement
from dialog.response.clocks import pauses_in
from dialog.response.delays import delays_of
from dialog.response.models import ClockPause, Delay, Matter, Response
from dialog.response.queries import AnswerKey, Standing, standings
from dialog.response.rules import ResponseState


@dataclass(frozen=True)
class Conversation:
    """A page of comments with where each of them stands."""

    comments: Sequence[Comment]
    standings: dict[int, Standing]
    next_cursor: str | None


def conversation(page: Page) -> Conversation:
    return Conversation(page.comments, standings(page.comments), page.next_cursor)


@dataclass(frozen=True)
class Step:
    """One step of a comment's way, as its receipt shows it; `before` is the state it left, if it left one."""

    kind: str
    at: datetime
    before: str | None


@dataclass(frozen=True)
class Way:
    """A comment's way so far: what has happened, why it or a part of it is out of view, and what it waits for."""

    steps: list[Step]
    standing: Standing
    decision: Decision | None
    appeals: Sequence[Appeal]  # what its author has asked to be looked at again, the oldest first
    pauses: Mapping[int, Sequence[ClockPause]]  # in the clocks of what is owed, by the matter's id
    delays: Mapping[int, Sequence[Delay]]  # what is said of why it takes longer, by the matter's id

    def passed_on_with(self, step: Step) -> list[Matter]:
        """The matters with the committees that the comment was passed on to as it was published, and no later ones."""
        if step.kind != "comment.published":
            return []
        came_later = {matter.forwarded_to_id for matter in self.standing.forwarded}
        return [
            matter
            for matter in self.standing.matters
            if matter.opened_at <= step.at and not matter.added_at and matter.committee_id not in came_later
        ]

    @property
    def appeal(self) -> Appeal | None:
        """What its author has said against the decision in force."""
        return next(
            (one for one in self.appeals if self.decision and one.decision_id == self.decision.id), None
        )

    @property
    def appeal_until(self) -> date | None:
        """The last day on which the decision in force can be asked to be looked at again."""
        return appeal_until(local_day(self.decision.decided_at)) if self.decision else None


_STEPS = (
    "comment.submitted",
    "comment.edited",
    "comment.published",
    "comment.held",
    "comment.moved",
    "comment.hidden",
    "comment.withdrawn",
    "comment.masked",
    "comment.unmasked",
)


def way_of(comment: Comment) -> Way:
    """The way of a comment, from the log of events and from where it stands now."""
    events = db.session.execute(
        select(Event.kind, Event.at, Event.details)
        .where(Event.subject_type == "comment", Event.subject_id == comment.id, Event.kind.in_(_STEPS))
        .order_by(Event.id)
    )
    steps = [Step(kind, at, details.get("from")) for kind, at, details in events]
    standing = standings([comment])[comment.id]
    return Way(
        steps,
        standing,
        decision_against(comment),
        appeals_about(comment),
        pauses_in(standing.owed),
        delays_of(standing.owed),
    )


class Promised(NamedTuple):
    """A commitment that stands on a goal's page, with the names of its committee."""

    id: int
    response_id: int
    year: int  # of the goal it was promised about: this one, or one that this one replaced
    due_on: date
    text: str
    owner: str
    name_sv: str
    name_en: str


@dataclass(frozen=True)
class Marks:
    """What tells whether the parts of a goal's page have changed: its counts, its newest answers and what is promised.

    `commitments` are those not settled yet, the first day coming first; one more than is shown, where there are more.
    """

    counts: tuple[tuple[str, int, int, int, int], ...]
    answers: list[AnswerKey]
    commitments: tuple[Promised, ...]
    areas: dict[int, str]  # the names of all there are, by their ids: what comments can be narrowed to

    @property
    def paragraphs(self) -> set[int]:
        """The ids of the goal's paragraphs, in every wording."""
        return {mark_id for kind, mark_id, *_ in self.counts if kind == "paragraph"}


MOST_ANSWERS = 5  # on a goal's page

_paragraph, _assignment, _answer, _area, _commitment, _committee, _goal = (
    model.__table__.c for model in (Paragraph, Assignment, Response, Area, Commitment, Committee, Goal)
)
_of_goal: BindParameter[int] = bindparam("goal_id")
_NEWEST_ANSWERS = (
    select(_answer.id, _answer.version, _answer.published_at)
    .where(_answer.goal_id == _of_goal, _answer.state == constant(ResponseState.PUBLISHED))
    .order_by(_answer.published_at.desc(), _answer.id.desc())
    .limit(constant(MOST_ANSWERS))
    .subquery()
    .c
)
_PROMISED = (
    select(
        *(_commitment[name] for name in ("id", "response_id", "due_on", "text", "owner")),
        *(_committee.name_sv, _committee.name_en, _goal.year),
    )
    .join(Committee.__table__, _committee.id == _commitment.committee_id)
    .join(Response.__table__, _answer.id == _commitment.response_id)
    .join(Goal.__table__, _goal.id == _commitment.goal_id)
    .where(
        # What was promised about a goal that this one replaced is followed here too.
        or_(
            _commitment.goal_id == _of_goal,
            _commitment.goal_id.in_(
                select(goal_replacement.c.replaced_id).where(goal_replacement.c.goal_id == _of_goal)
            ),
        ),
        _commitment.state == constant(CommitmentState.OPEN),
        _answer.state == constant(ResponseState.PUBLISHED),
    )
    .order_by(_commitment.due_on, _commitment.id)
    .limit(constant(MOST_ON_A_GOAL + 1))
    .subquery()
    .c
)
_EMPTY: dict[str, ColumnElement[Any]] = {
    "number": literal(0),
    "by_organisations": literal(0),
    "answered": literal(0),
    "year": literal(0),
    "at": literal(""),
    "due_on": cast(null(), Date),
    **{name: literal("") for name in ("text", "owner", "name_sv", "name_en")},
}


def _mark(kind: str, mark_id: Any, **columns: Any) -> Select[Any]:
    """One arm of a union whose arms all have the same columns; those not given are empty."""
    named = [columns.get(name, empty).label(name) for name, empty in _EMPTY.items()]
    return select(literal(kind).label("kind"), mark_id.label("id"), *named)


_MARKS = union_all(
    _mark(
        "paragraph",
        _paragraph.id,
        number=_paragraph.comment_count,
        by_organisations=_paragraph.by_organisations,
    ).where(_paragraph.goal_id == _of_goal),
    _mark(
        "assignment",
        _assignment.id,
        number=_assignment.comment_count,
        by_organisations=_assignment.by_organisations,
        answered=_assignment.answered_count,
    ).where(_assignment.goal_id == _of_goal),
    _mark(
        "answer",
        _NEWEST_ANSWERS.id,
        number=_NEWEST_ANSWERS.version,
        # A moment as text is in the order of time in both databases.
        at=cast(_NEWEST_ANSWERS.published_at, String),
    ),
    _mark(
        "commitment",
        _PROMISED.id,
        number=_PROMISED.response_id,
        **{name: _PROMISED[name] for name in ("year", "due_on", "text", "owner", "name_sv", "name_en")},
    ),
    _mark("area", _area.id, at=_area.name),
)


def marks_of(goal_id: int) -> Marks:
    """What a goal's page shows beside the goal: every count, its answers and what is promised. In one query."""
    rows = ask(_MARKS, goal_id=goal_id).all()
    answers = sorted(
        (row for row in rows if row.kind == "answer"), key=lambda row: (row.at, row.id), reverse=True
    )
    promised = sorted((row for row in rows if row.kind == "commitment"), key=lambda row: (row.due_on, row.id))
    return Marks(
        counts=tuple(
            (row.kind, row.id, row.number, row.by_organisations, row.answered)
            for row in rows
            if row.kind in ("paragraph", "assignment")
        ),
        answers=[AnswerKey(row.id, row.number) for row in answers],
        commitments=tuple(
            Promised(row.id, row.number, row.year, row.due_on, row.text, row.owner, row.name_sv, row.name_en)
            for row in promised
        ),
        areas={row.id: row.at for row in sorted(rows, key=lambda row: row.id) if row.kind == "area"},
    )
