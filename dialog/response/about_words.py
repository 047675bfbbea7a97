"""Which answers speak of which words of a goal: by the paragraphs that the comments they cover are about."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

from dialog.conversation.models import Comment
from dialog.db import db
from dialog.plan.models import Paragraph
from dialog.response.models import Coverage, Response
from dialog.response.rules import ResponseState


def answers_about(first_ids: Collection[int]) -> dict[int, list[Response]]:
    """The published answers to what everybody can read about paragraphs, in any wording, by their first wordings' ids.

    The oldest answer comes first: a wording may have changed because of it.
    """
    found: dict[int, list[Response]] = defaultdict(list)
    statement = (
        select(Paragraph.first_id, Response)
        .join(Comment, Comment.paragraph_id == Paragraph.id)
        .join(Coverage, Coverage.comment_id == Comment.id)
        .join(Response, Response.id == Coverage.response_id)
        .where(
            Paragraph.first_id.in_(first_ids), Comment.is_public, Response.state == ResponseState.PUBLISHED
        )
        .options(joinedload(Response.committee))
        .order_by(Response.published_at, Response.id)
    )
    for first_id, response in db.session.execute(statement):
        if response not in found[first_id]:
            found[first_id].append(response)
    return found


def reworded_since(response: Response) -> Sequence[Paragraph]:
    """The paragraphs that what an answer covers is about, where they have got other words since it was given."""
    then = aliased(Paragraph)
    about = (
        select(then.first_id)
        .join(Comment, Comment.paragraph_id == then.id)
        .join(Coverage, Coverage.comment_id == Comment.id)
        .where(Coverage.response_id == response.id, Comment.is_public)
    )
    return db.session.scalars(
        select(Paragraph)
        .where(
            Paragraph.first_id.in_(about),
            Paragraph.introduced_at > response.published_at,
            Paragraph.withdrawn_at.is_(None),
        )
        .order_by(Paragraph.position, Paragraph.id)
    ).all()
