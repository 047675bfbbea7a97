"""From an officer's draft to the editor who publishes it, and back."""

from datetime import datetime

from sqlalchemy import select, update

from dialog import events, states
from dialog.db import changed, db, local_day
from dialog.people.models import Person
from dialog.response.models import Response
from dialog.response.operations import Incomplete, is_complete
from dialog.response.rules import RESPONSE_MOVES, ResponseState
from dialog.transitions import Transition
from dialog.workdays import is_working_day


def send_to_review(response: Response, *, seen: int, officer: Person, now: datetime) -> Transition | None:
    """Let a draft seen at version `seen` wait for an editor. None if it does already.

    Raises Incomplete where it doesn't say all it must to be published, and states.Stale.
    """
    if response.state == ResponseState.DRAFT and not (is_complete(response) and response.coverage):
        raise Incomplete
    moved = states.move(
        response,
        RESPONSE_MOVES,
        ResponseState.IN_REVIEW,
        seen=seen,
        sent_back_because=None,
        review_noticed_at=None,
    )
    if moved is not None:
        events.record("response.sent_to_review", response, actor_id=officer.id, now=now)
    return moved


def send_back(
    response: Response, because: str | None, *, seen: int, officer: Person, now: datetime
) -> Transition | None:
    """Let an answer that waits for an editor, or for its time, be worked on again.

    `because` is what is to be changed, for the officers of the committee alone. None if it is a draft already.
    Raises states.Stale.
    """
    had_a_time = {"by": response.published_by_id} if response.state == ResponseState.SCHEDULED else {}
    moved = states.move(
        response,
        RESPONSE_MOVES,
        ResponseState.DRAFT,
        seen=seen,
        sent_back_because=because or None,
        publish_at=None,
        published_by_id=None,
    )
    if moved is not None:
        events.record("response.sent_back", response, actor_id=officer.id, now=now, details=had_a_time)
    return moved


_UNNOTICED = (Response.state == ResponseState.IN_REVIEW, Response.review_noticed_at.is_(None))


def is_any_review_unnoticed(now: datetime) -> bool:
    """Whether an answer waits for editors that haven't been written to of it, on a working day."""
    unnoticed = select(Response.id).where(*_UNNOTICED).limit(1)
    return is_working_day(local_day(now)) and db.session.scalar(unnoticed) is not None


def notice_reviews(now: datetime) -> None:
    """Have the editors written to of each answer that waits for them: once for each time it was sent to them."""
    for response in db.session.scalars(select(Response).where(*_UNNOTICED).order_by(Response.id)).all():
        changed(update(Response).where(Response.id == response.id).values(review_noticed_at=now))
        events.record("response.review_waits", response, actor_id=None, now=now)
