"""What waits to be looked at again, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, not_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from dialog.appeals.models import Appeal
from dialog.appeals.rules import AppealState
from dialog.conversation.models import Comment
from dialog.conversation.queries import with_what_is_shown
from dialog.db import clock, db
from dialog.moderation.models import Decision, Proposal
from dialog.moderation.queries import is_own_of
from dialog.people.models import Person

PAGE_SIZE = 20


@dataclass(frozen=True)
class Waiting:
    """What waits for one moderator, the longest waiting first, and where the next page starts.

    `others` is what another moderator is to look at: the newest first, `PAGE_SIZE` at the most.
    """

    appeals: Sequence[Appeal]
    next_cursor: int | None
    others: Sequence[Appeal]


def waiting_for(moderator: Person, *, after: int | None = None) -> Waiting:
    """A page of the open appeals that `moderator` may settle, after the one with the id `after`."""
    is_theirs = _is_part_in_it(moderator)
    found = db.session.scalars(
        _open().where(not_(is_theirs), Appeal.id > (after or 0)).order_by(Appeal.id).limit(PAGE_SIZE + 1)
    ).all()
    others = db.session.scalars(_open().where(is_theirs).order_by(Appeal.id.desc()).limit(PAGE_SIZE)).all()
    appeals = found[:PAGE_SIZE]
    return Waiting(appeals, appeals[-1].id if len(found) > PAGE_SIZE else None, others)


def _open() -> Select[Appeal]:
    return (
        select(Appeal)
        .join(Comment, Comment.id == Appeal.comment_id)
        .join(Decision, Decision.id == Appeal.decision_id)
        .where(Appeal.state == AppealState.OPEN)
        .options(
            contains_eager(Appeal.decision),
            contains_eager(Appeal.comment).options(joinedload(Comment.words), *with_what_is_shown()),
        )
    )


def _is_part_in_it(moderator: Person) -> ColumnElement[bool]:
    """The condition that `moderator` took or proposed the decision, or that the comment is their own."""
    proposed = select(Proposal.decision_id).where(
        Proposal.proposed_by_id == moderator.id, Proposal.decision_id.is_not(None)
    )
    return or_(
        Decision.decided_by_id == moderator.id,
        Decision.id.in_(proposed),
        is_own_of(moderator, clock.today()),
    )


def appeal_by_id(appeal_id: int) -> Appeal | None:
    """The appeal with this id, with its comment and decision: for moderators."""
    return db.session.scalar(
        select(Appeal)
        .where(Appeal.id == appeal_id)
        .options(
            joinedload(Appeal.decision),
            joinedload(Appeal.comment).options(joinedload(Comment.words), *with_what_is_shown()),
        )
    )


def appeal_against(decision: Decision | None) -> Appeal | None:
    """The appeal against a decision, whatever has come of it."""
    if decision is None:
        return None
    return db.session.scalar(select(Appeal).where(Appeal.decision_id == decision.id))


def appeals_about(comment: Comment) -> Sequence[Appeal]:
    """Every appeal about a comment, the oldest first: for its author."""
    return db.session.scalars(select(Appeal).where(Appeal.comment_id == comment.id).order_by(Appeal.id)).all()
