"""Deciding on comments. Each decision is a row of its own, written with the move it causes."""

from datetime import datetime

from dialog.conversation.models import Comment
from dialog.conversation.operations import move_comment, note_looked_at
from dialog.conversation.rules import Act
from dialog.db import db
from dialog.moderation.models import Decision
from dialog.moderation.queries import decision_in_force
from dialog.moderation.rules import NEED_REASONS, STATE_AFTER, Ground
from dialog.people.models import Person
from dialog.permissions import allowed
from dialog.states import ReasonMissing, Stale, UnlistedMove


class MayNotDecide(Exception):
    """Only moderators decide, and none of them on their own comment."""


def decide(
    comment: Comment,
    act: Act,
    *,
    moderator: Person,
    seen: int,
    now: datetime,
    ground: Ground | None = None,
    reasons: str | None = None,
) -> Decision | None:
    """Take the decision `act` about a comment seen at version `seen`. None when it was already so decided.

    What needs reasons needs a ground too; with other acts neither is kept.
    Raises MayNotDecide, states.ReasonMissing, states.Stale and states.UnlistedMove.
    """
    if not allowed("decide", moderator, comment):
        raise MayNotDecide
    if act not in NEED_REASONS:
        ground = reasons = None
    elif not (ground and reasons):
        raise ReasonMissing("It takes a ground and reasons in words.")
    if act == Act.LOOK:
        changed = _look(comment, moderator=moderator, seen=seen, now=now)
    else:
        changed = _move(comment, act, moderator=moderator, seen=seen, now=now, ground=ground)
    if not changed:
        return None
    decision = Decision(
        comment_id=comment.id,
        wording=comment.wording,
        act=act,
        ground=ground,
        reasons=reasons,
        decided_by_id=moderator.id,
        decided_at=now,
    )
    db.session.add(decision)
    return decision


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
