"""Deciding on comments, and saying that one is looking at them. Each decision is a row of its own."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select, update

from dialog import events
from dialog.conversation.models import Comment
from dialog.conversation.operations import move_comment, note_looked_at
from dialog.conversation.rules import Act
from dialog.db import changed, db
from dialog.moderation.counting import sum_up, tally
from dialog.moderation.models import Claim, Decision, Proposal
from dialog.moderation.proposals import propose, takes_two, waits_for_a_second
from dialog.moderation.queries import claim_in_force, decision_in_force
from dialog.moderation.rules import (
    CLAIM_HOLDS,
    MAY_WHILE_ANOTHER_LOOKS,
    NEED_REASONS,
    STATE_AFTER,
    Ground,
)
from dialog.moderation.supervision import note_work
from dialog.people.models import Person
from dialog.permissions import allowed
from dialog.states import ReasonMissing, Stale, UnlistedMove


class MayNotDecide(Exception):
    """Only moderators decide, and none of them on their own comment."""


class Held(Exception):
    """Another moderator is looking at the comment; `claim` says who and until when."""

    def __init__(self, claim: Claim | Row[Any]) -> None:
        super().__init__(f"Comment {claim.comment_id} is held until {claim.until}.")
        self.claim = claim


def decide(
    comment: Comment,
    act: Act,
    *,
    moderator: Person,
    seen: int,
    now: datetime,
    ground: Ground | None = None,
    reasons: str | None = None,
    criticises: bool | None = None,
) -> Decision | Proposal | None:
    """Take the decision `act` about a comment seen at version `seen`. None when it was already so decided.

    What needs reasons needs a ground too; with other acts neither is kept. It ends whoever's claim there was.
    `criticises` is whether the moderator says that the comment criticises the municipality, its elected or its staff
    as such. Where hiding it then takes two, it is only proposed: the proposal is given.
    Raises MayNotDecide, Held, states.ReasonMissing, states.Stale and states.UnlistedMove.
    """
    if not allowed("decide", moderator, comment):
        raise MayNotDecide
    if act in NEED_REASONS:
        if not (ground and reasons):
            raise ReasonMissing("It takes a ground and reasons in words.")
        if takes_two(comment, ground, criticises):
            refuse_if_held(comment, moderator, now)
            return propose(comment, ground, reasons, moderator=moderator, seen=seen, now=now)
        return take(comment, act, moderator=moderator, seen=seen, now=now, ground=ground, reasons=reasons)
    if waits_for_a_second(comment):
        raise UnlistedMove("A second person is to say yes or no to hiding it.")
    return take(comment, act, moderator=moderator, seen=seen, now=now)


def take(
    comment: Comment,
    act: Act,
    *,
    moderator: Person,
    seen: int,
    now: datetime,
    ground: Ground | None = None,
    reasons: str | None = None,
) -> Decision | None:
    """Take a decision that `decide` and `seconding.settle_proposal` have found may be taken; raises as `decide`."""
    claim = _claim_not_in_the_way(comment, act, moderator, now)
    waited = waited_for(comment)
    overturned = decision_in_force(comment) if act == Act.RESTORE else None
    if act == Act.LOOK:
        is_new = _look(comment, moderator=moderator, seen=seen, now=now)
    else:
        is_new = _move(comment, act, moderator=moderator, seen=seen, now=now, ground=ground)
    if not is_new:
        return None
    if claim is not None:
        changed(update(Claim).where(Claim.id == claim.id).values(until=now))
    decision = Decision(act=act, ground=ground, reasons=reasons, **waited)
    return put_on_record(decision, comment, moderator=moderator, now=now, overturns=overturned)


def waited_for(comment: Comment) -> dict[str, Any]:
    """Since when and because of what a comment waits, for a decision to keep."""
    return {"waiting_since": comment.review_since, "waited_because": comment.review_reason}


def put_on_record(
    decision: Decision,
    comment: Comment,
    *,
    moderator: Person,
    now: datetime,
    overturns: Decision | None = None,
) -> Decision:
    """Keep a decision that `moderator` has taken about a comment, and count it; it may overturn an earlier one."""
    decision.comment_id, decision.wording = comment.id, comment.wording
    decision.decided_by_id, decision.decided_at = moderator.id, now
    if overturns is not None:
        overturns.overturned_at = now
        tally(overturns, overturned=1)
    db.session.add(decision)
    tally(decision, decisions=1)
    sum_up(comment.author_id, decision.what)
    note_work(moderator, now)
    return decision


def refuse_if_held(comment: Comment, moderator: Person, now: datetime) -> None:
    """Raises Held when another moderator is looking at a comment, for what can wait until they have."""
    claim = claim_in_force(comment, now)
    if claim is not None and claim.moderator_id != moderator.id:
        raise Held(claim)


def _claim_not_in_the_way(comment: Comment, act: Act, moderator: Person, now: datetime) -> Row[Any] | None:
    """The claim that holds on a comment, if there is one. Raises Held when it stands in the way of the decision."""
    claim = claim_in_force(comment, now)
    if claim is not None and claim.moderator_id != moderator.id and not MAY_WHILE_ANOTHER_LOOKS[act]:
        raise Held(claim)
    return claim


def note_appealed(decision: Decision, *, now: datetime) -> None:
    """Keep with a decision that it has been asked to be looked at again."""
    decision.appealed_at = now
    tally(decision, appealed=1)


def _move(
    comment: Comment, act: Act, *, moderator: Person, seen: int, now: datetime, ground: Ground | None
) -> bool:
    moved = move_comment(comment, STATE_AFTER[act], seen=seen, actor_id=moderator.id, now=now, reason=ground)
    if moved is None:
        _refuse_another_ground(comment, ground)
        return False
    if moved.act != act:
        raise UnlistedMove(f"What moves a comment to {comment.state} from there is {moved.act}, not {act}.")
    return True


def _refuse_another_ground(comment: Comment, ground: Ground | None) -> None:
    """Hidden on another ground is not what was decided here: the author has been given that other ground."""
    decided = decision_in_force(comment) if ground else None
    if decided is not None and decided.ground != ground:
        raise Stale(comment)


def _look(comment: Comment, *, moderator: Person, seen: int, now: datetime) -> bool:
    if not comment.is_public:
        if comment.version == seen:
            raise UnlistedMove("Only what is shown can be left shown.")
        raise Stale(comment)
    return note_looked_at(comment, seen=seen, actor_id=moderator.id, now=now)


def claim_comment(comment: Comment, *, moderator: Person, now: datetime) -> Claim:
    """Say that `moderator` is looking at a comment that waits. The same said again changes nothing.

    Raises MayNotDecide, Held when another one is, and states.Stale when it waits no longer.
    """
    if not allowed("claim", moderator, comment):
        raise MayNotDecide
    db.session.refresh(comment)
    if comment.review_since is None:
        raise Stale(comment)
    claim = db.session.scalar(_claim_on(comment))
    if claim is not None and claim.until > now:
        if claim.moderator_id != moderator.id:
            raise Held(claim)
        return claim
    if claim is None:
        claim = Claim(comment_id=comment.id)
        db.session.add(claim)
    claim.moderator_id, claim.until = moderator.id, now + CLAIM_HOLDS
    db.session.flush()
    events.record("claim.taken", claim, actor_id=moderator.id, now=now, details={"comment": comment.id})
    note_work(moderator, now)
    return claim


def release_comment(comment: Comment, *, moderator: Person, now: datetime) -> None:
    """Say that `moderator` is looking at a comment no longer. Nothing happens when they aren't."""
    claim = db.session.scalar(_claim_on(comment))
    if claim is None or claim.until <= now or claim.moderator_id != moderator.id:
        return
    claim.until = now
    events.record("claim.released", claim, actor_id=moderator.id, now=now, details={"comment": comment.id})


def _claim_on(comment: Comment) -> Select[Claim]:
    return select(Claim).where(Claim.comment_id == comment.id).execution_options(populate_existing=True)
