"""What happens to a comment on record: it is moved, held by a rule, looked at, shown with its author's new name."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update

from dialog import events, states
from dialog.conversation.counting import count
from dialog.conversation.models import Comment, CommentWording
from dialog.conversation.rules import COMMENT_MOVES, MOVES_BY_RULE, CommentState, ReviewReason
from dialog.db import changed, db
from dialog.plan.operations import change_shown
from dialog.stems import fingerprint
from dialog.transitions import Transition


def move_comment(
    comment: Comment,
    to: CommentState,
    *,
    seen: int,
    actor_id: int,
    now: datetime,
    reason: StrEnum | None = None,
) -> Transition | None:
    """Move a comment seen at version `seen`; it no longer waits for a look. None when it is there already.

    `reason` is a code, for the log to keep. Raises states.Stale, states.UnlistedMove and states.ReasonMissing.
    """
    before, was_held = comment.state, comment.review_reason == ReviewReason.PENDING
    values: dict[str, Any] = {
        "review_since": None,
        "review_reason": None,
        "revision": Comment.revision + 1,
    }
    if to == CommentState.PUBLISHED:
        values["published_at"] = comment.published_at or now
    transition = states.move(comment, COMMENT_MOVES, to, seen=seen, has_reason=reason is not None, **values)
    if transition is None:
        return None
    if to == CommentState.PUBLISHED:
        in_force = (CommentWording.number == comment.wording) & CommentWording.shown_from.is_(None)
        changed(
            update(CommentWording)
            .where(CommentWording.comment_id == comment.id, in_force)
            .values(shown_from=now)
        )
    shown = (to == CommentState.PUBLISHED) - (before == CommentState.PUBLISHED)
    if shown:
        answered = shown if comment.answered_at else 0
        count(comment, shown=shown, answered=answered)
    details: dict[str, Any] = {"from": str(before), "tells_author": transition.tells_author}
    if was_held:
        details["held"] = True
    if comment.parent_id is not None:
        details["parent"] = comment.parent_id
    if reason is not None:
        details["reason"] = str(reason)
    events.record(f"comment.{to}", comment, actor_id=actor_id, now=now, details=details)
    return transition


def hold_comment(comment: Comment, *, now: datetime, because: dict[str, int]) -> None:
    """Take a published comment out of view until a moderator has decided. Nobody does this: a rule does.

    `because` is what the rule went by, for the log to keep. Raises states.Stale and states.UnlistedMove.
    """
    before = comment.state
    values: dict[str, Any] = {
        "review_since": comment.review_since or now,
        "review_reason": ReviewReason.PENDING,
        "revision": Comment.revision + 1,
    }
    transition = states.move(comment, MOVES_BY_RULE, CommentState.RECEIVED, seen=comment.version, **values)
    if transition is None:
        return
    count(comment, shown=-1, answered=-1 if comment.answered_at else 0)
    details: dict[str, Any] = {"from": str(before), "tells_author": transition.tells_author, **because}
    if comment.parent_id is not None:
        details["parent"] = comment.parent_id
    events.record("comment.held", comment, actor_id=None, now=now, details=details)


NEXT_WORDING = {"wording": Comment.wording + 1, "revision": Comment.revision + 1}


def add_wording(
    comment: Comment, text: str, html: str, now: datetime, masks: int | None = None
) -> CommentWording:
    """Put on record the words of the wording that `comment` has come to; shown from now if the comment is.

    `masks` is the number of the wording that it is without the personal data, if it is one.
    """
    wording = CommentWording(
        comment_id=comment.id,
        number=comment.wording,
        text=text,
        html=html,
        written_at=now,
        shown_from=now if comment.is_public else None,
        masks=masks,
        fingerprint=fingerprint(text),
    )
    db.session.add(wording)
    db.session.flush()
    db.session.expire(comment, ["words", "wordings"])
    return wording


def make_replies_anew(comment: Comment) -> None:
    """The replies to what has been given other words say from now on that they are about earlier ones."""
    replies = (Comment.parent_id == comment.id) & Comment.is_public
    changed(update(Comment).where(replies).values(revision=Comment.revision + 1))


def note_looked_at(comment: Comment, *, seen: int, actor_id: int, now: datetime) -> bool:
    """Take a published comment out of the queue as it stands. False when somebody has done so already.

    Raises states.Stale when it has changed otherwise since.
    """
    if comment.review_since is None:
        return False
    states.change(comment, seen=seen, review_since=None, review_reason=None)
    events.record("comment.looked_at", comment, actor_id=actor_id, now=now)
    return True


def show_new_name(event: events.Event) -> None:
    """An author shows another name: what stands on pages under the old one is to be made anew."""
    by_author = Comment.author_id == event.subject_id
    changed(update(Comment).where(by_author).values(revision=Comment.revision + 1))
    for goal_id in db.session.scalars(select(Comment.goal_id).where(by_author).distinct()).all():
        change_shown(goal_id)
