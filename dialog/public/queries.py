"""Where each comment stands in the loop, put together from what every package knows of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BindParameter, String, bindparam, cast, literal, select, union_all

from dialog.appeals.models import Appeal
from dialog.appeals.queries import appeals_about
from dialog.conversation.models import Comment
from dialog.conversation.queries import Page
from dialog.db import ask, db, local_day
from dialog.events import Event
from dialog.moderation.models import Decision
from dialog.moderation.queries import decision_against
from dialog.moderation.rules import appeal_until
from dialog.plan.models import Area, Assignment, Paragraph
from dialog.response.clocks import pauses_in
from dialog.response.delays import delays_of
from dialog.response.models import ClockPause, Delay, Response
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


@dataclass(frozen=True)
class Marks:
    """What tells whether the parts of a goal's page have changed: its counts, and its newest answers."""

    counts: tuple[tuple[str, int, int, int, int], ...]
    answers: list[AnswerKey]
    areas: dict[int, str]  # the names of all there are, by their ids: what comments can be narrowed to

    @property
    def paragraphs(self) -> set[int]:
        """The ids of the goal's paragraphs, in every wording."""
        return {mark_id for kind, mark_id, *_ in self.counts if kind == "paragraph"}


MOST_ANSWERS = 5  # on a goal's page

_paragraph, _assignment, _answer, _area = (
    model.__table__.c for model in (Paragraph, Assignment, Response, Area)
)
_of_goal: BindParameter[int] = bindparam("goal_id")
_NEWEST_ANSWERS = (
    select(_answer.id, _answer.version, _answer.published_at)
    .where(_answer.goal_id == _of_goal, _answer.state == ResponseState.PUBLISHED)
    .order_by(_answer.published_at.desc(), _answer.id.desc())
    .limit(MOST_ANSWERS)
    .subquery()
    .c
)
_MARKS = union_all(
    select(
        literal("paragraph").label("kind"),
        _paragraph.id.label("id"),
        _paragraph.comment_count.label("number"),
        _paragraph.by_organisations.label("by_organisations"),
        literal(0).label("answered"),
        literal("").label("at"),
    ).where(_paragraph.goal_id == _of_goal),
    select(
        literal("assignment"),
        _assignment.id,
        _assignment.comment_count,
        _assignment.by_organisations,
        _assignment.answered_count,
        literal(""),
    ).where(_assignment.goal_id == _of_goal),
    select(
        literal("answer"),
        _NEWEST_ANSWERS.id,
        _NEWEST_ANSWERS.version,
        literal(0),
        literal(0),
        # A moment as text is in the order of time in both databases.
        cast(_NEWEST_ANSWERS.published_at, String),
    ),
    select(literal("area"), _area.id, literal(0), literal(0), literal(0), _area.name),
)


def marks_of(goal_id: int) -> Marks:
    """Every count that a goal's page shows and which answers stand on it, the newest first, in one query."""
    rows = ask(_MARKS, goal_id=goal_id).all()
    answers = sorted(
        (row for row in rows if row.kind == "answer"), key=lambda row: (row.at, row.id), reverse=True
    )
    return Marks(
        counts=tuple(
            (row.kind, row.id, row.number, row.by_organisations, row.answered)
            for row in rows
            if row.kind in ("paragraph", "assignment")
        ),
        answers=[AnswerKey(row.id, row.number) for row in answers],
        areas={row.id: row.at for row in sorted(rows, key=lambda row: row.id) if row.kind == "area"},
    )
