"""What its author may do to a comment on record: give it another wording, and take it back."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from dialog import events, states
from dialog.conversation.counting import count
from dialog.conversation.models import Comment, CommentWording
from dialog.conversation.operations import NEXT_WORDING, add_wording, make_replies_anew, move_comment
from dialog.conversation.rules import (
    COMMENT_MOVES,
    MOST_EDITS_AN_HOUR,
    NOT_WATCHED,
    CommentState,
    ReviewReason,
    Watched,
    reason_when_edited,
    waits_when_edited,
)
from dialog.conversation.submitting import watched_by
from dialog.db import changed, db, local_day
from dialog.dialogues.queries import ruling
from dialog.dialogues.rules import Ruling
from dialog.people.models import Person
from dialog.permissions import allowed
from dialog.plan.operations import change_shown
from dialog.transitions import Transition


class MayNotChange(Exception):
    """Only who wrote a comment changes it or takes it back; who put it on record puts right a slip of the pen."""


class NoLongerEdited(Exception):
    """The comment keeps its words: it has been answered, or withdrawn, or the time for changing it is over."""


class TooManyEdits(Exception):
    """The person has changed their comments so often in the last hour that nobody keeps up with reading them."""


def edit_comment(
    comment: Comment,
    text: str,
    html: str,
    *,
    author: Person,
    seen: int,
    now: datetime,
    watched: Watched = NOT_WATCHED,
) -> CommentWording | None:
    """Give a comment seen at version `seen` another wording, and a moderator reason to look at it.

    What is shown stays shown, unless its dialogue has every comment wait, or a rule has such words wait (`watched`,
    see watching.look_through); what waits goes on waiting; and what is hidden is sent again. What is to wait does so
    as it did when it came. Every earlier wording stays on record.
    Who put a comment on record may do so too, until a moderator has decided about it.
    None when the comment has these words already.
    Raises MayNotChange, states.Stale, NoLongerEdited and, for the author, TooManyEdits.
    """
    is_author = allowed("edit_comment", author, comment)
    if not is_author and not allowed("correct_comment", author, comment):
        raise MayNotChange
    db.session.refresh(comment)
    if comment.words.text == text:
        return None
    if comment.version != seen:
        raise states.Stale(comment)
    if not (comment.may_be_edited(now) if is_author else comment.may_be_corrected):
        raise NoLongerEdited
    if is_author and _edits_since(now - timedelta(hours=1), author) >= MOST_EDITS_AN_HOUR:
        raise TooManyEdits
    before = comment.state
    details: dict[str, Any] = {"wording": comment.wording + 1, **({} if is_author else {"corrected": True})}
    details |= watched_by(watched)
    if waits_when_edited(before, pre_moderated=_ruling_of(comment, now).pre_moderated or watched.waits):
        _send_again(comment, watched, seen=seen, now=now)
        details["from"] = str(before)
    else:
        _keep_where_it_is(comment, watched, seen=seen, now=now)
    wording = add_wording(comment, text, html, now)
    events.record("comment.edited", comment, actor_id=author.id, now=now, details=details)
    return wording


def _edits_since(moment: datetime, author: Person) -> int:
    """How often `author`'s comments have been given other words since then."""
    edits = (
        select(func.count())
        .select_from(CommentWording)
        .join(Comment, Comment.id == CommentWording.comment_id)
        .where(
            Comment.author_id == author.id,
            CommentWording.number > 1,
            CommentWording.masks.is_(None),
            CommentWording.written_at > moment,
        )
    )
    return db.session.scalar(edits) or 0


def _send_again(comment: Comment, watched: Watched, *, seen: int, now: datetime) -> None:
    """Let a comment that is hidden or shown wait, for its next wording to be read before anybody sees it."""
    before = comment.state
    values: dict[str, Any] = {
        "review_since": now,
        "review_reason": ReviewReason.WATCHED if watched.by else ReviewReason.SENT_AGAIN,
        **NEXT_WORDING,
    }
    if before == CommentState.HIDDEN:
        values["published_at"] = None
    states.move(comment, COMMENT_MOVES, CommentState.RECEIVED, seen=seen, **values)
    if before == CommentState.HIDDEN:
        # What was hidden for its words is not shown in what becomes of it.
        changed(update(CommentWording).where(CommentWording.comment_id == comment.id).values(shown_from=None))
    else:
        count(comment, shown=-1)
    make_replies_anew(comment)


def _keep_where_it_is(comment: Comment, watched: Watched, *, seen: int, now: datetime) -> None:
    """Give a comment that waits or is shown its next wording; one that is shown is to be looked at again."""
    values: dict[str, Any] = dict(NEXT_WORDING)
    values["review_reason"] = reason_when_edited(
        comment.state,
        comment.review_reason,
        is_reported=bool(comment.report_count),
        is_watched=bool(watched.by),
    )
    if comment.is_public:
        values["review_since"] = comment.review_since or now
    elif comment.review_reason == ReviewReason.PENDING:
        # As with what was hidden: the words it was taken out of view for are not shown in what becomes of it.
        changed(update(CommentWording).where(CommentWording.comment_id == comment.id).values(shown_from=None))
    states.change(comment, seen=seen, **values)
    if comment.is_public:
        make_replies_anew(comment)
        change_shown(comment.goal_id)


def _ruling_of(comment: Comment, now: datetime) -> Ruling:
    return ruling(comment.goal_id, comment.assignment_id, local_day(now))


def withdraw_comment(comment: Comment, *, author: Person, seen: int, now: datetime) -> Transition | None:
    """Take back one's own comment, seen at version `seen`. It stays on record. None when it is withdrawn already.

    Raises MayNotChange, states.Stale and states.UnlistedMove.
    """
    if not allowed("withdraw_comment", author, comment):
        raise MayNotChange
    return move_comment(comment, CommentState.WITHDRAWN, seen=seen, actor_id=author.id, now=now)
