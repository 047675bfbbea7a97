"""Publishing an answer at a time that an editor has set: once, by the worker, from what the table says then."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from dialog import events, states
from dialog.db import db
from dialog.people.models import Person
from dialog.response.models import Response
from dialog.response.operations import Incomplete, is_complete, is_editor, publish
from dialog.response.rules import RESPONSE_MOVES, ResponseState, WhyNotAt, why_not_at
from dialog.transitions import Transition


class NotAt(Exception):
    """An answer can't be published at that time; `why` says why not."""

    def __init__(self, why: WhyNotAt) -> None:
        super().__init__(str(why))
        self.why = why


class WhyNotPublished(StrEnum):
    """Why an answer was not published when its time came. It is a draft again."""

    NOTHING_LEFT = (
        "nothing_left"  # every comment it covers was hidden, withdrawn, passed on or answered meanwhile
    )
    NO_EDITOR = "no_editor"  # whoever set the time doesn't publish for the committee any longer


def schedule(
    response: Response, at: datetime, *, seen: int, editor: Person, now: datetime
) -> Transition | None:
    """Let an answer seen at version `seen` be published by itself at `at`, in the editor's name. None if it is to be.

    Raises NotAt, Incomplete, states.Stale and states.UnlistedMove.
    """
    if why := why_not_at(at, now):
        raise NotAt(why)
    if response.state != ResponseState.SCHEDULED and not (is_complete(response) and response.coverage):
        raise Incomplete
    moved = states.move(
        response,
        RESPONSE_MOVES,
        ResponseState.SCHEDULED,
        seen=seen,
        publish_at=at,
        published_by_id=editor.id,
        sent_back_because=None,
    )
    if moved is not None:
        details = {"at": at.isoformat()}
        events.record("response.scheduled", response, actor_id=editor.id, now=now, details=details)
    return moved


def due_to_publish(now: datetime) -> Sequence[int]:
    """The ids of the answers whose time has come at `now`, the first to come first."""
    due = select(Response.id).where(Response.state == ResponseState.SCHEDULED, Response.publish_at <= now)
    return db.session.scalars(due.order_by(Response.publish_at, Response.id)).all()


def publish_by_itself(response_id: int, now: datetime) -> bool:
    """Publish an answer whose time has come; what is no longer to be answered is left out, and its editors told.

    Where nothing is left of it, or whoever set the time is no editor any longer, it is a draft again, as they are told.
    False when it isn't to be published (any longer), as when another worker has done it.
    """
    response = db.session.get(Response, response_id, populate_existing=True)
    if response is None or response.publish_at is None or response.publish_at > now:
        return False
    editor = response.published_by
    if editor is None or not is_editor(editor, response):
        return _give_back(response, WhyNotPublished.NO_EDITOR, now)
    try:
        publish(response, seen=response.version, editor=editor, now=now, by_itself=True)
    except Incomplete:
        return _give_back(response, WhyNotPublished.NOTHING_LEFT, now)
    return True


def _give_back(response: Response, why: WhyNotPublished, now: datetime) -> bool:
    states.move(
        response,
        RESPONSE_MOVES,
        ResponseState.DRAFT,
        seen=response.version,
        publish_at=None,
        published_by_id=None,
    )
    events.record("response.not_published", response, actor_id=None, now=now, details={"why": str(why)})
    return False
