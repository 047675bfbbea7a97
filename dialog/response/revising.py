"""Giving a published answer other words: what it said before stays in view, with what was changed.

The answer keeps its address and its place: letters' links, commitments and what people have said of it lead to the same
answer still. So a new version is other words of it, and the words it had are kept beside it.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, select, update

from dialog import events, states
from dialog.conversation.models import Comment
from dialog.db import changed, db
from dialog.people.models import Person
from dialog.plan.operations import change_shown
from dialog.response.models import Coverage, EarlierAnswer, Response
from dialog.response.operations import Draft, Incomplete, is_complete
from dialog.response.rules import ResponseState


def revise(
    response: Response, draft: Draft, what_changed: str, *, seen: int, editor: Person, now: datetime
) -> EarlierAnswer | None:
    """Give a published answer, seen at version `seen`, other words. Everybody it covers is told what was changed.

    None when it says just that already. Raises Incomplete, states.Stale, and states.UnlistedMove if it isn't published.
    """
    db.session.refresh(response)
    if response.state != ResponseState.PUBLISHED:
        raise states.UnlistedMove("What isn't published is saved as a draft.")
    before = Draft.of(response)
    if draft == before:
        return None
    if not is_complete(draft):
        raise Incomplete
    earlier = EarlierAnswer(
        response_id=response.id,
        number=1 + _how_many(response),
        **asdict(before),
        shown_from=response.revised_at or response.published_at,
        replaced_at=now,
        replaced_by_id=editor.id,
        what_changed=what_changed,
    )
    states.change(response, seen=seen, revised_at=now, **asdict(draft))
    db.session.add(earlier)
    covered = select(Coverage.comment_id).where(Coverage.response_id == response.id)
    changed(update(Comment).where(Comment.id.in_(covered)).values(revision=Comment.revision + 1))
    change_shown(response.goal_id)
    details = {"version": earlier.number + 1}
    events.record("response.revised", response, actor_id=editor.id, now=now, details=details)
    return earlier


def _how_many(response: Response) -> int:
    counted = select(func.count()).where(EarlierAnswer.response_id == response.id)
    return db.session.scalar(counted) or 0


def earlier_answers(response: Response) -> Sequence[EarlierAnswer]:
    """What a published answer said before, the newest first."""
    about = select(EarlierAnswer).where(EarlierAnswer.response_id == response.id)
    return db.session.scalars(about.order_by(EarlierAnswer.number.desc())).all()
