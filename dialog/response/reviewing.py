"""From an officer's draft to the editor who publishes it, and back."""

from datetime import datetime

from dialog import events, states
from dialog.people.models import Person
from dialog.response.models import Response
from dialog.response.operations import Incomplete, is_complete
from dialog.response.rules import RESPONSE_MOVES, ResponseState
from dialog.transitions import Transition


def send_to_review(response: Response, *, seen: int, officer: Person, now: datetime) -> Transition | None:
    """Let a draft seen at version `seen` wait for an editor. None if it does already.

    Raises Incomplete where it doesn't say all it must to be published, and states.Stale.
    """
    if response.state == ResponseState.DRAFT and not (is_complete(response) and response.coverage):
        raise Incomplete
    moved = states.move(response, RESPONSE_MOVES, ResponseState.IN_REVIEW, seen=seen, sent_back_because=None)
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
        events.record("response.sent_back", response, actor_id=officer.id, now=now)
    return moved
