"""Deciding to take personal data out of what everybody reads, and to show it again when that was wrong."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from dialog.conversation import masking
from dialog.conversation.models import Comment
from dialog.conversation.rules import Act
from dialog.conversation.words import mark_in
from dialog.db import changed, db
from dialog.moderation.models import Claim, Decision
from dialog.moderation.operations import MayNotDecide, put_on_record, waited_for
from dialog.moderation.proposals import open_proposal_on
from dialog.moderation.queries import decision_against
from dialog.moderation.rules import Ground, may_be_masked
from dialog.people.models import Person
from dialog.permissions import allowed
from dialog.states import ReasonMissing, UnlistedMove
from dialog.text import take_out

MOST_LOOKED_THROUGH = 500  # comments of a thread


def can_be_masked(comment: Comment) -> bool:
    """Whether a moderator can take personal data out of a comment as it stands."""
    return may_be_masked(comment.state, is_proposed=open_proposal_on(comment) is not None)


def mask(
    comment: Comment, passages: Sequence[str], reasons: str, *, moderator: Person, seen: int, now: datetime
) -> Decision | None:
    """Decide to take the passages out of a comment seen at version `seen`, and to show the rest of it.

    It ends whoever's claim there was: what harms somebody doesn't wait. None when just this was decided already. The
    passages are kept nowhere but in the wordings that are sealed.
    Raises MayNotDecide, masking.NothingTakenOut, masking.NothingLeft, states.ReasonMissing, states.Stale and
    states.UnlistedMove.
    """
    if not allowed("decide", moderator, comment):
        raise MayNotDecide
    if not reasons:
        raise ReasonMissing("It takes reasons in words.")
    waited = waited_for(comment)
    if comment.version == seen and not can_be_masked(comment):
        raise UnlistedMove(
            "Personal data is taken out of what is shown, waits or is hidden, and isn't proposed to be."
        )
    wording = masking.mask_comment(
        comment, passages, seen=seen, actor_id=moderator.id, now=now, reason=Ground.PERSONAL_DATA
    )
    if wording is None:
        return None
    changed(update(Claim).where(Claim.comment_id == comment.id, Claim.until > now).values(until=now))
    decision = Decision(act=Act.MASK, ground=Ground.PERSONAL_DATA, reasons=reasons, **waited)
    return put_on_record(decision, comment, moderator=moderator, now=now)


def unmask(comment: Comment, *, moderator: Person, now: datetime) -> Decision:
    """Decide that what was taken out of a comment last is shown again: when its author's request is granted.

    Raises MayNotDecide and states.UnlistedMove.
    """
    if not allowed("decide", moderator, comment):
        raise MayNotDecide
    waited, overturned = waited_for(comment), decision_against(comment)
    masking.unmask_comment(comment, seen=comment.version, actor_id=moderator.id, now=now)
    return put_on_record(
        Decision(act=Act.UNMASK, **waited), comment, moderator=moderator, now=now, overturns=overturned
    )


def also_found_in(comment: Comment, passages: Sequence[str]) -> list[Comment]:
    """The public comments of the same thread that hold one of the passages too: they stay as they are."""
    head = comment.parent_id or comment.id
    thread = (
        select(Comment)
        .where(
            or_(Comment.id == head, Comment.parent_id == head), Comment.id != comment.id, Comment.is_public
        )
        .options(joinedload(Comment.words))
        .order_by(Comment.id)
        .limit(MOST_LOOKED_THROUGH)
    )
    return [one for one in db.session.scalars(thread) if holds(one.words.text, passages)]


def holds(text: str, passages: Sequence[str]) -> bool:
    """Whether one of the passages stands in a text."""
    return take_out(text, passages, mark_in("sv")) != text
