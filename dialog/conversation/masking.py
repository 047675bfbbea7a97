"""Taking personal data out of what everybody reads, and showing it again when that was wrong.

A masked comment has a wording of its own, and each wording that holds what was taken out is sealed: it stands on
record, and nobody reads it but a registrar. Not its author either, whose receipt anybody reads who has its address;
who has written it knows what it said, and can ask the registrar for it as everybody can.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from markupsafe import Markup
from sqlalchemy import select, update

from dialog import events, states
from dialog.conversation.counting import count
from dialog.conversation.models import Comment, CommentWording
from dialog.conversation.operations import NEXT_WORDING, add_wording, make_replies_anew
from dialog.conversation.rules import MASKING_MOVES, UNMASKING_MOVES, CommentState
from dialog.conversation.words import mark_in
from dialog.db import changed, db
from dialog.plan.operations import change_shown
from dialog.text import render, take_out


class NothingTakenOut(Exception):
    """None of the passages stands in the comment."""


class NothingLeft(Exception):
    """There would be no word left to show: the comment is to be hidden instead."""


def masked(comment: Comment, passages: Sequence[str]) -> str:
    """The words of a comment without the passages, as everybody would read them.

    Raises NothingTakenOut and NothingLeft.
    """
    return _without(comment.words.text, passages, mark_in(comment.language))


def _without(text: str, passages: Sequence[str], mark: str) -> str:
    taken = take_out(text, passages, mark)
    if taken == text:
        raise NothingTakenOut
    if not any(map(str.isalnum, taken.replace(mark, ""))):
        raise NothingLeft
    return taken


def mask_comment(
    comment: Comment,
    passages: Sequence[str],
    *,
    seen: int,
    actor_id: int,
    now: datetime,
    reason: StrEnum,
) -> CommentWording | None:
    """Take the passages out of a comment seen at version `seen`, and show it so wherever it was.

    Every wording that holds one of them is sealed. None when this very thing has been done already. `reason` is a
    code, for the log to keep. Raises NothingTakenOut, NothingLeft, states.Stale and states.UnlistedMove.
    """
    db.session.refresh(comment)
    if comment.version != seen:
        if _is_done(comment, passages):
            return None
        raise states.Stale(comment)
    before, source, mark = comment.state, comment.words, mark_in(comment.language)
    transition = states.find(MASKING_MOVES, before, CommentState.PUBLISHED)
    text = _without(source.text, passages, mark)
    _show(comment, seen=seen, now=now)
    wording = add_wording(comment, text, _html(text, mark), now, masks=source.number)
    sealed = _seal(comment, passages, wording)
    make_replies_anew(comment)
    details: dict[str, Any] = {
        "from": str(before),
        "tells_author": transition.tells_author,
        "reason": str(reason),
        "wording": wording.number,
        "sealed": sealed,
    }
    events.record("comment.masked", comment, actor_id=actor_id, now=now, details=details)
    if before == CommentState.PUBLISHED:
        change_shown(comment.goal_id)
    else:
        _tell_that_it_is_public(comment, before, actor_id, now)
    return wording


def _is_done(comment: Comment, passages: Sequence[str]) -> bool:
    """Whether the words that a comment has now are what these passages made of those before."""
    if not comment.is_public or comment.words.masks is None:
        return False
    source = comment.wordings[comment.words.masks - 1]
    return take_out(source.text, passages, mark_in(comment.language)) == comment.words.text


def _show(comment: Comment, *, seen: int, now: datetime) -> None:
    values: dict[str, Any] = {
        "review_since": None,
        "review_reason": None,
        "published_at": comment.published_at or now,
        **NEXT_WORDING,
    }
    if comment.is_public:
        states.change(comment, seen=seen, **values)
    else:
        states.move(comment, MASKING_MOVES, CommentState.PUBLISHED, seen=seen, has_reason=True, **values)


def _html(text: str, mark: str) -> str:
    """The masked text as the page shows it: what stands for what was taken out is told apart by its look."""
    return render(text).replace(mark, Markup('<span class="taken-out">%s</span>') % mark)


def _seal(comment: Comment, passages: Sequence[str], wording: CommentWording) -> list[int]:
    """Seal each earlier wording that holds one of the passages; gives their numbers."""
    mark = mark_in(comment.language)
    open_ones = (
        CommentWording.comment_id == comment.id,
        CommentWording.number < wording.number,
        ~CommentWording.is_sealed,
    )
    sealed = [
        one.number
        for one in db.session.scalars(
            select(CommentWording).where(*open_ones).order_by(CommentWording.number)
        )
        if take_out(one.text, passages, mark) != one.text
    ]
    those = (CommentWording.comment_id == comment.id, CommentWording.number.in_(sealed))
    changed(update(CommentWording).where(*those).values(sealed_for=wording.number))
    db.session.expire(comment, ["words", "wordings"])
    return sealed


def _tell_that_it_is_public(comment: Comment, before: CommentState, actor_id: int, now: datetime) -> None:
    """What wasn't shown is so from now on: it is counted, and its way goes on as that of all that is published."""
    count(comment, shown=1, answered=1 if comment.answered_at else 0)
    details: dict[str, Any] = {"from": str(before), "tells_author": False}
    if comment.parent_id is not None:
        details["parent"] = comment.parent_id
    events.record("comment.published", comment, actor_id=actor_id, now=now, details=details)


def unmask_comment(comment: Comment, *, seen: int, actor_id: int, now: datetime) -> CommentWording:
    """Give a masked comment, seen at version `seen`, the words again that it had before, and unseal them.

    Raises states.Stale and states.UnlistedMove.
    """
    db.session.refresh(comment)
    if comment.version != seen:
        raise states.Stale(comment)
    taken = comment.words
    if taken.masks is None:
        raise states.UnlistedMove("Nothing has been taken out of the words it has.")
    transition = states.find(UNMASKING_MOVES, comment.state, comment.state)
    source = comment.wordings[taken.masks - 1]
    states.change(comment, seen=seen, **NEXT_WORDING)
    those = (CommentWording.comment_id == comment.id, CommentWording.sealed_for == taken.number)
    changed(update(CommentWording).where(*those).values(sealed_for=None))
    wording = add_wording(comment, source.text, source.html, now, masks=source.masks)
    make_replies_anew(comment)
    if comment.is_public:
        change_shown(comment.goal_id)
    details = {"tells_author": transition.tells_author, "wording": wording.number}
    events.record("comment.unmasked", comment, actor_id=actor_id, now=now, details=details)
    return wording
