"""Reading the sums that everybody is shown, and one's own stances. There is no way to read anybody else's."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import current_app
from sqlalchemy import and_, select

from dialog.conversation.models import Comment
from dialog.conversation.queries import select_public
from dialog.db import db
from dialog.people.models import Person
from dialog.stances.models import StanceCount, StanceTaken
from dialog.stances.rules import NOTHING, Stance, Sums, holder_of


class Shown(NamedTuple):
    """What everybody is shown of the stances on a comment: each sum that isn't small, if at least five are counted."""

    sums: Sums = NOTHING
    is_shown: bool = False


class Own(NamedTuple):
    """What somebody thinks of a comment themselves, and whether it is their own comment."""

    stance: Stance | None
    is_author: bool


def holder(person: Person, goal_id: int) -> str:
    """What stands in the person's place on what came to a goal, wherever it is moved afterwards."""
    return holder_of(person.id, goal_id, current_app.config["SECRET_KEY"])


def public_comments_with_sums(ids: Sequence[int]) -> list[tuple[Comment, Shown]]:
    """Those of the comments `ids` that are published, each with what everybody is shown of the stances on it."""
    sums = (StanceCount.shown_agree, StanceCount.shown_disagree, StanceCount.shown_passed)
    rows = db.session.execute(
        select_public(ids)
        .outerjoin(StanceCount, StanceCount.comment_id == Comment.id)
        .add_columns(*sums, StanceCount.is_shown)
    )
    return [(comment, Shown(Sums(*numbers), bool(is_shown))) for comment, *numbers, is_shown in rows]


def stances_on(comment: Comment, reader: Person | None) -> tuple[Shown, Own | None]:
    """What everybody is shown of the stances on a comment, and what `reader` thinks of it; None for a visitor."""
    return stances_among([comment], reader)[comment.id]


def stances_among(comments: Sequence[Comment], reader: Person | None) -> dict[int, tuple[Shown, Own | None]]:
    """As `stances_on`, for several comments that came to the same goals, by their ids, in one query."""
    goals = {comment.came_to_goal_id for comment in comments}
    mine = [holder(reader, goal_id) for goal_id in goals] if reader else []
    rows = db.session.execute(
        select(
            Comment.id,
            Comment.author_id,
            StanceCount.shown_agree,
            StanceCount.shown_disagree,
            StanceCount.shown_passed,
            StanceCount.is_shown,
            StanceTaken.stance,
        )
        .select_from(Comment)
        .outerjoin(StanceCount, StanceCount.comment_id == Comment.id)
        .outerjoin(StanceTaken, and_(StanceTaken.comment_id == Comment.id, StanceTaken.holder.in_(mine)))
        .where(Comment.id.in_([comment.id for comment in comments]))
    )
    return {
        row.id: (
            Shown(Sums(row.shown_agree, row.shown_disagree, row.shown_passed), bool(row.is_shown)),
            Own(row.stance, row.author_id == reader.id) if reader else None,
        )
        for row in rows
    }
