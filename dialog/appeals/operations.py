"""Asking that a decision be looked at again, and settling that."""

from datetime import datetime

from sqlalchemy import select

from dialog import events, states
from dialog.appeals.models import Appeal
from dialog.appeals.queries import appeal_against
from dialog.appeals.rules import APPEAL_MOVES, AppealState, Refusal, refusal
from dialog.conversation.models import Comment
from dialog.conversation.rules import Act
from dialog.db import db, local_day
from dialog.events import Event
from dialog.moderation.masking import unmask
from dialog.moderation.models import Decision
from dialog.moderation.operations import decide, note_appealed
from dialog.moderation.queries import decision_against
from dialog.people.models import Person
from dialog.permissions import allowed


class NotTaken(Exception):
    """The decision isn't looked at again; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class MayNotSettle(Exception):
    """A moderator settles it who neither took the decision nor wrote the comment nor put it on record."""


def send_appeal(
    comment: Comment, words: str, *, language: str, sender: Person | None, now: datetime
) -> Appeal:
    """Ask, in the words of the author of what is hidden or masked, that another moderator looks at the decision.

    Whoever has the receipt's secret address is the author; `sender` is whoever is signed in. Sent once more, it is
    the one there is already, with its first words. Raises NotTaken.
    """
    db.session.refresh(comment)
    decision = decision_against(comment)
    earlier = appeal_against(decision)
    if earlier is not None:
        return earlier
    decided_on = local_day(decision.decided_at) if decision else None
    why_not = refusal(comment.state, decided_on, local_day(now), is_masked=comment.is_masked)
    if decision is None or why_not is not None:
        raise NotTaken(why_not or Refusal.NOT_HIDDEN)
    appeal = Appeal(
        decision_id=decision.id, comment_id=comment.id, text=words, language=language, sent_at=now
    )
    db.session.add(appeal)
    db.session.flush()
    note_appealed(decision, now=now)
    is_author = sender is not None and sender.id == comment.author_id
    events.record(
        "appeal.sent",
        appeal,
        actor_id=sender.id if sender is not None and is_author else None,
        now=now,
        details={"comment": comment.id, "decision": decision.id},
    )
    return appeal


def settle_appeal(
    appeal: Appeal, to: AppealState, reasons: str, *, moderator: Person, seen: int, now: datetime
) -> bool:
    """Grant or deny an appeal seen at version `seen`; granting shows again what was out of view, all as it was.

    False when it was settled so already. Raises MayNotSettle, states.ReasonMissing, Stale and UnlistedMove.
    """
    if not allowed("settle_appeal", moderator, appeal):
        raise MayNotSettle
    values = {"settled_at": now, "settled_by_id": moderator.id, "reasons": reasons}
    moved = states.move(appeal, APPEAL_MOVES, to, seen=seen, has_reason=bool(reasons), **values)
    if moved is None:
        if appeal.reasons != reasons:
            raise states.Stale(appeal)  # another has settled it meanwhile, in words of their own
        return False
    comment = db.session.get_one(Comment, appeal.comment_id, populate_existing=True)
    details = {"comment": comment.id, "decision": appeal.decision_id}
    events.record(f"appeal.{to}", appeal, actor_id=moderator.id, now=now, details=details)
    if to == AppealState.GRANTED and appeal.decision.act == Act.MASK:
        unmask(comment, moderator=moderator, now=now)
    elif to == AppealState.GRANTED:
        decide(comment, Act.RESTORE, moderator=moderator, seen=comment.version, now=now)
    return True


def let_lapse(event: Event) -> None:
    """A comment has gone on: whoever asked that the decision about it be looked at again needs that no more.

    What is masked goes on being so when it is shown again. Of what is published at once nobody has asked anything yet.
    """
    if event.details.get("at_once"):
        return
    is_open = (Appeal.comment_id == event.subject_id) & (Appeal.state == AppealState.OPEN)
    if event.kind == "comment.published":
        is_open &= Appeal.decision.has(Decision.act != Act.MASK)
    for appeal in db.session.scalars(select(Appeal).where(is_open)).all():
        states.move(appeal, APPEAL_MOVES, AppealState.LAPSED, seen=appeal.version, settled_at=event.at)
        events.record(
            "appeal.lapsed", appeal, actor_id=None, now=event.at, details={"comment": event.subject_id}
        )
