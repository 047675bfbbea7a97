"""Deciding on comments. Each decision is a row of its own, written with the move it causes."""

from datetime import datetime

from dialog.conversation.models import Comment
from dialog.conversation.operations import move_comment, note_looked_at
from dialog.conversation.rules import COMMENT_MOVES, CommentState
from dialog.db import db
from dialog.moderation.models import Decision
from dialog.moderation.rules import Ground, may_decide
from dialog.people.models import Person
from dialog.states import Stale, UnlistedMove, moves_from

LOOK = "look"  # leaves a published comment as it is and takes it out of the queue
STATE_AFTER = {
    "publish": CommentState.PUBLISHED,
    "hide": CommentState.HIDDEN,
    "restore": CommentState.PUBLISHED,
}


class OwnComment(Exception):
    """Nobody decides on their own comment."""


class ReasonsMissing(Exception):
    """Hiding needs a ground and reasons in words."""


def acts_on(comment: Comment) -> list[str]:
    """The decisions a moderator can take about `comment` as it stands, the likeliest first."""
    acts = [LOOK] if comment.state == CommentState.PUBLISHED and comment.review_since else []
    moves = moves_from(COMMENT_MOVES, comment.state).values()
    return acts + [transition.act for transition in moves if transition.act in STATE_AFTER]


def decide(
    comment: Comment,
    act: str,
    *,
    moderator: Person,
    seen: int,
    now: datetime,
    ground: Ground | None = None,
    reasons: str | None = None,
) -> Decision | None:
    """Take the decision `act` about a comment seen at version `seen`. None when it was already so decided.

    Raises OwnComment, ReasonsMissing, states.Stale and states.UnlistedMove.
    """
    if not may_decide(moderator_id=moderator.id, author_id=comment.author_id):
        raise OwnComment
    if act == "hide" and not (ground and reasons):
        raise ReasonsMissing
    if act == LOOK:
        changed = _look(comment, moderator=moderator, seen=seen, now=now)
    else:
        details = {"ground": str(ground)} if ground else None
        moved = move_comment(
            comment, STATE_AFTER[act], seen=seen, actor_id=moderator.id, now=now, details=details
        )
        if moved is not None and moved.act != act:
            raise UnlistedMove(
                f"What moves a comment to {comment.state} from there is {moved.act}, not {act}."
            )
        changed = moved is not None
    if not changed:
        return None
    decision = Decision(
        comment_id=comment.id,
        wording=comment.wording,
        act=act,
        ground=ground if act == "hide" else None,
        reasons=reasons if act == "hide" else None,
        decided_by_id=moderator.id,
        decided_at=now,
    )
    db.session.add(decision)
    return decision


def _look(comment: Comment, *, moderator: Person, seen: int, now: datetime) -> bool:
    if comment.state != CommentState.PUBLISHED:
        raise (
            UnlistedMove("Only what is shown can be left shown.")
            if comment.version == seen
            else Stale(comment)
        )
    return note_looked_at(comment, seen=seen, actor_id=moderator.id, now=now)
