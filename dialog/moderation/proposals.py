"""Proposing to hide what criticises the municipality: it waits as it is until another moderator has looked."""

from datetime import datetime

from sqlalchemy import exists, select, update

from dialog import events, states
from dialog.conversation.models import Comment
from dialog.conversation.rules import CommentState, ReviewReason
from dialog.db import changed, db
from dialog.moderation.models import Claim, Proposal
from dialog.moderation.rules import (
    PROPOSAL_MOVES,
    Ground,
    HowToHide,
    ProposalState,
    asks_whether_it_criticises,
    how_to_hide,
)
from dialog.moderation.supervision import note_work
from dialog.people.models import Person
from dialog.states import ReasonMissing, Stale, UnlistedMove

_MAY_BE_HIDDEN = (CommentState.RECEIVED, CommentState.PUBLISHED)


# What a comment with an open proposal may wait for: reports don't end the proposal.
_MAY_BE_PROPOSED = (ReviewReason.SECOND_LOOK, ReviewReason.PENDING, ReviewReason.REPORTED)


def waits_for_a_second(comment: Comment) -> bool:
    """Whether another moderator is to say yes or no to hiding a comment."""
    return comment.review_reason in _MAY_BE_PROPOSED and open_proposal_on(comment) is not None


def open_proposal_on(comment: Comment) -> Proposal | None:
    """The proposal to hide a comment that waits for another moderator, if there is one."""
    is_open = (Proposal.comment_id == comment.id) & (Proposal.state == ProposalState.OPEN)
    return db.session.scalar(select(Proposal).where(is_open).execution_options(populate_existing=True))


def takes_two(comment: Comment, ground: Ground, criticises: bool | None) -> bool:
    """Whether hiding a comment's wording on a ground takes two moderators. Raises states.ReasonMissing.

    A moderator who has found that a wording criticises can't be passed by with a no.
    """
    how = how_to_hide(ground, criticises)
    if how != HowToHide.BY_TWO and asks_whether_it_criticises(ground):
        said = exists().where(Proposal.comment_id == comment.id, Proposal.wording == comment.wording)
        how = how_to_hide(ground, criticises, was_said_to=bool(db.session.scalar(select(said))))
    if how == HowToHide.NOT_SAID:
        raise ReasonMissing("It is to be said whether the comment criticises the municipality.")
    return how == HowToHide.BY_TWO


def propose(
    comment: Comment, ground: Ground, reasons: str, *, moderator: Person, seen: int, now: datetime
) -> Proposal | None:
    """Propose to hide a comment seen at version `seen`, which stays as it is and waits for another moderator.

    The same proposed again by the same moderator is the one there is already; None where it is hidden so by now.
    What a rule took out of view goes on waiting for that, before all else. Raises states.Stale and UnlistedMove.
    """
    db.session.refresh(comment)
    earlier = open_proposal_on(comment)
    if earlier is not None and (earlier.proposed_by_id, earlier.ground) == (moderator.id, ground):
        return earlier
    if earlier is None and _has_been_confirmed(comment, ground):
        return None
    if earlier is not None or comment.version != seen:
        raise Stale(comment)
    if comment.state not in _MAY_BE_HIDDEN:
        raise UnlistedMove(f"What is {comment.state} is not hidden.")
    proposal = Proposal(
        comment_id=comment.id,
        wording=comment.wording,
        ground=ground,
        reasons=reasons,
        proposed_by_id=moderator.id,
        proposed_at=now,
        waited_because=comment.review_reason,
    )
    is_pending = comment.review_reason == ReviewReason.PENDING
    states.change(
        comment,
        seen=seen,
        review_since=comment.review_since or now,
        review_reason=ReviewReason.PENDING if is_pending else ReviewReason.SECOND_LOOK,
    )
    db.session.add(proposal)
    changed(update(Claim).where(Claim.comment_id == comment.id, Claim.until > now).values(until=now))
    db.session.flush()
    events.record("comment.proposed", comment, actor_id=moderator.id, now=now, details=details_of(proposal))
    note_work(moderator, now)
    return proposal


def _has_been_confirmed(comment: Comment, ground: Ground) -> bool:
    """Whether a comment is hidden on this ground, as had been proposed of the wording it has."""
    confirmed = exists().where(
        Proposal.comment_id == comment.id,
        Proposal.wording == comment.wording,
        Proposal.ground == ground,
        Proposal.state == ProposalState.CONFIRMED,
    )
    return comment.state == CommentState.HIDDEN and bool(db.session.scalar(select(confirmed)))


def details_of(proposal: Proposal) -> dict[str, object]:
    """What the log keeps of a proposal: codes, and nobody's words."""
    return {"proposal": proposal.id, "ground": str(proposal.ground)}


def give_back_reason(comment: Comment, proposal: Proposal) -> None:
    """Let a comment wait for what it waited for before a proposal, if it still waits for a second look.

    What waited for nothing has only waited since the proposal, and is decided or changed in the same transaction.
    """
    changed(
        update(Comment)
        .where(Comment.id == comment.id, Comment.review_reason == ReviewReason.SECOND_LOOK)
        .values(review_reason=proposal.waited_because)
    )
    db.session.refresh(comment)


def let_lapse(event: events.Event) -> None:
    """A comment has other words, or is not shown for another reason: what was proposed of it is of the past."""
    comment = db.session.get_one(Comment, event.subject_id)
    proposal = open_proposal_on(comment)
    if proposal is None:
        return
    states.move(proposal, PROPOSAL_MOVES, ProposalState.LAPSED, seen=proposal.version, settled_at=event.at)
    give_back_reason(comment, proposal)
    details = {**details_of(proposal), "because": event.kind}
    events.record("comment.proposal_lapsed", comment, actor_id=None, now=event.at, details=details)
