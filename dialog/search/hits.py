"""What is shown of each thing found: what it is, and the place in its text where the words stand.

What a comment is shown by is made once for each revision of it, as on the pages of goals. What there are few of is
made each time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import current_app
from markupsafe import Markup
from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import joinedload

from dialog.conversation.models import Comment, CommentWording
from dialog.conversation.queries import public_comments
from dialog.conversation.rules import CommentState
from dialog.db import ask, db
from dialog.kept import pieces
from dialog.plan.models import Assignment, Goal, Paragraph
from dialog.response.queries import public_responses
from dialog.search.operations import text_of_answer
from dialog.search.rules import EntryKind, Part, snippet


@dataclass(frozen=True)
class Hit:
    """One thing found: how it is shown, and the words of it that were asked for, in the language they are in."""

    head: Markup
    snippet: Markup
    language: str = "sv"


class HeadKey(NamedTuple):
    """What the head of a comment is kept under: all that decides how it looks."""

    what: str
    comment_id: int
    revision: int
    plan_revision: int


def hits(found: Sequence[tuple[EntryKind, int]], parts: Sequence[Part]) -> list[Hit]:
    """The things found, in their order, as far as they may be read."""
    made: dict[tuple[EntryKind, int], Hit] = {}
    for kind, hits_of in _KINDS.items():
        if ids := [subject_id for one, subject_id in found if one == kind]:
            made |= {(kind, thing_id): hit for thing_id, hit in hits_of(ids, parts).items()}
    return [made[key] for key in found if key in made]


def _head(kind: EntryKind, thing: Any) -> Markup:
    head: Markup = current_app.jinja_env.get_template("search/_head.html").module.head(kind, thing)  # type: ignore[attr-defined]
    return head


_comment, _wording, _goal = (model.__table__.c for model in (Comment, CommentWording, Goal))
_COMMENTS = (
    select(_comment.id, _comment.revision, _comment.language, _goal.plan_revision, _wording.text)
    .join(
        CommentWording.__table__,
        (_wording.comment_id == _comment.id) & (_wording.number == _comment.wording),
    )
    .join(Goal.__table__, _goal.id == _comment.goal_id)
    .where(_comment.id.in_(bindparam("ids", expanding=True)), _comment.state == CommentState.PUBLISHED)
)


def _comments(ids: Sequence[int], parts: Sequence[Part]) -> dict[int, Hit]:
    rows = {HeadKey("hit", row.id, row.revision, row.plan_revision): row for row in ask(_COMMENTS, ids=ids)}
    heads = pieces(list(rows), _heads_of_comments)
    return {
        row.id: Hit(heads[key], snippet(row.text, parts), row.language)
        for key, row in rows.items()
        if key in heads
    }


def _heads_of_comments(missing: list[HeadKey]) -> dict[HeadKey, Markup]:
    comments = {comment.id: comment for comment in public_comments([key.comment_id for key in missing])}
    return {
        key: _head(EntryKind.COMMENT, comments[key.comment_id])
        for key in missing
        if key.comment_id in comments
    }


def _answers(ids: Sequence[int], parts: Sequence[Part]) -> dict[int, Hit]:
    return {
        response.id: Hit(_head(EntryKind.ANSWER, response), snippet(text_of_answer(response), parts))
        for response in public_responses(ids)
    }


def _goals(ids: Sequence[int], parts: Sequence[Part]) -> dict[int, Hit]:
    goals = db.session.scalars(select(Goal).where(Goal.id.in_(ids)))
    texts = _paragraphs(Paragraph.goal_id.in_(ids), Paragraph.assignment_id.is_(None))
    words = {goal: f"{goal.statement or ''}\n{texts.get((goal.id, None), '')}".strip() for goal in goals}
    return {goal.id: Hit(_head(EntryKind.GOAL, goal), snippet(text, parts)) for goal, text in words.items()}


def _assignments(ids: Sequence[int], parts: Sequence[Part]) -> dict[int, Hit]:
    found = db.session.scalars(
        select(Assignment)
        .where(Assignment.id.in_(ids), Assignment.withdrawn_at.is_(None))
        .options(joinedload(Assignment.goal))
    )
    texts = _paragraphs(Paragraph.assignment_id.in_(ids))
    return {
        one.id: Hit(_head(EntryKind.ASSIGNMENT, one), snippet(texts.get((one.goal_id, one.id), ""), parts))
        for one in found
    }


_KINDS: dict[EntryKind, Callable[[Sequence[int], Sequence[Part]], dict[int, Hit]]] = {
    EntryKind.GOAL: _goals,
    EntryKind.ASSIGNMENT: _assignments,
    EntryKind.ANSWER: _answers,
    EntryKind.COMMENT: _comments,
}


def _paragraphs(*conditions: ColumnElement[bool]) -> dict[tuple[int, int | None], str]:
    statement = (
        select(Paragraph.goal_id, Paragraph.assignment_id, Paragraph.text)
        .where(Paragraph.withdrawn_at.is_(None), *conditions)
        .order_by(Paragraph.position)
    )
    texts: dict[tuple[int, int | None], str] = {}
    for goal_id, assignment_id, words in db.session.execute(statement):
        key = (goal_id, assignment_id)
        texts[key] = f"{texts[key]}\n{words}" if key in texts else words
    return texts
