"""Saying yes or no to what another moderator has proposed to hide."""

from datetime import datetime
from typing import Any

from sqlalchemy import update

from dialog import events, states
from dialog.conversation.models import Comment
from dialog.conversation.rules import Act
from dialog.db import changed, db
from dialog.moderation.models import Decision, Proposal
from dialog.moderation.operations import MayNotDecide, refuse_if_held, take
from dialog.moderation.proposals import details_of, give_back_reason
from dialog.moderation.rules import PROPOSAL_MOVES, ProposalState
from dialog.people.models import Person
from dialog.permissions import allowed
from dialog.states import ReasonMissing, Stale


def settle_proposal(
    proposal: Proposal,
    to: ProposalState,
    words: str | None = None,
    *,
    moderator: Person,
    seen: int,
    now: datetime,
) -> Decision | None:
    """Confirm or decline a proposal about a comment seen at version `seen`; declining takes words.

    Confirmed, the comment is hidden on the ground and with the reasons of whoever proposed it; declined, it is shown.
    None when it was so settled already, in the same words.
    Raises MayNotDecide, Held, states.ReasonMissing, states.Stale and states.UnlistedMove.
    """
    if not allowed("settle_proposal", moderator, proposal):
        raise MayNotDecide
    words = None if to == ProposalState.CONFIRMED else words or None
    if to == ProposalState.DECLINED and words is None:
        raise ReasonMissing("To decline takes words.")
    comment = proposal.comment
    db.session.refresh(comment)
    db.session.refresh(proposal)
    if proposal.state == to and proposal.words == words:
        return None
    if not proposal.is_open or comment.version != seen:
        raise Stale(comment)
    refuse_if_held(comment, moderator, now)
    give_back_reason(comment, proposal)
    # Settled before the comment is moved: what only has been proposed lapses when it is hidden for another reason.
    states.move(
        proposal,
        PROPOSAL_MOVES,
        to,
        seen=proposal.version,
        has_reason=bool(words),
        settled_at=now,
        settled_by_id=moderator.id,
        words=words,
    )
    if to == ProposalState.DECLINED:
        details = details_of(proposal)
        events.record("comment.proposal_declined", comment, actor_id=moderator.id, now=now, details=details)
    decision = _decide(proposal, comment, moderator, now)
    changed(update(Proposal).where(Proposal.id == proposal.id).values(decision_id=decision.id))
    db.session.refresh(proposal)
    return decision


def _decide(proposal: Proposal, comment: Comment, moderator: Person, now: datetime) -> Decision:
    why: dict[str, Any] = {}
    if proposal.state == ProposalState.CONFIRMED:
        act, why = Act.HIDE, {"ground": proposal.ground, "reasons": proposal.reasons}
    else:
        act = Act.LOOK if comment.is_public else Act.PUBLISH
    decision = take(comment, act, moderator=moderator, seen=comment.version, now=now, **why)
    assert decision is not None, "an open proposal is about a comment that can be so decided"
    db.session.flush()
    return decision
