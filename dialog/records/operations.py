"""Opening what is sealed: each time is put on record before anything is read."""

from collections.abc import Sequence
from datetime import datetime

from dialog import events
from dialog.conversation.models import Comment, CommentWording
from dialog.db import db
from dialog.people.models import Person
from dialog.permissions import allowed
from dialog.records.models import Opening
from dialog.records.queries import sealed_wordings
from dialog.states import ReasonMissing


class MayNotOpen(Exception):
    """Only registrars open what is sealed."""


class NothingSealed(Exception):
    """Nothing of the comment is sealed, or not any longer."""


def open_sealed(
    comment: Comment, reason: str, *, registrar: Person, now: datetime
) -> Sequence[CommentWording]:
    """The sealed wordings of a comment, the newest first, for a registrar who says why in words.

    The log keeps who, when and of which wordings; why stands in the row it speaks of. Raises MayNotOpen,
    NothingSealed and states.ReasonMissing.
    """
    if not allowed("open_sealed", registrar):
        raise MayNotOpen
    if not reason:
        raise ReasonMissing("To open what is sealed takes a reason in words.")
    wordings = sealed_wordings(comment)
    if not wordings:
        raise NothingSealed
    opening = Opening(comment_id=comment.id, reason=reason, opened_by_id=registrar.id, opened_at=now)
    db.session.add(opening)
    db.session.flush()
    details = {"comment": comment.id, "wordings": [one.number for one in wordings]}
    events.record("seal.opened", opening, actor_id=registrar.id, now=now, details=details)
    return wordings
