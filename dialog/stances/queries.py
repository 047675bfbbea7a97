"""Reading the sums that everybody is shown, and one's own stances. There is no way to read anybody else's."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import current_app
from sqlalchemy import and_, select

from dialog.conversation.models import Comment
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
    """What stands in the person's place on what is said about a goal."""
    return holder_of(person.id, goal_id, current_app.config["SECRET_KEY"])


def shown_on(comment_ids: Sequence[int]) -> dict[int, Shown]:
    """What is shown of the stances on each of the comments where something is."""
    rows = db.session.execute(
        select(
            StanceCount.comment_id,
            StanceCount.shown_agree,
            StanceCount.shown_disagree,
            StanceCount.shown_passed,
        ).where(StanceCount.comment_id.in_(comment_ids), StanceCount.is_shown)
    )
    return {comment_id: Shown(Sums(*sums), is_shown=True) for comment_id, *sums in rows}


def own_on(comment_ids: Sequence[int], goal_id: int, person: Person) -> dict[int, Own]:
    """What `person` thinks of each of the comments, which are all about one goal."""
    mine = and_(StanceTaken.comment_id == Comment.id, StanceTaken.holder == holder(person, goal_id))
    rows = db.session.execute(
        select(Comment.id, Comment.author_id, StanceTaken.stance)
        .outerjoin(StanceTaken, mine)
        .where(Comment.id.in_(comment_ids))
    )
    return {comment_id: Own(stance, author_id == person.id) for comment_id, author_id, stance in rows}
