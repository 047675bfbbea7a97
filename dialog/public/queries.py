"""Where each comment stands in the loop, put together from what every package knows of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from dialog.conversation.models import Comment
from dialog.conversation.queries import Page
from dialog.conversation.rules import CommentState
from dialog.db import db
from dialog.events import Event
from dialog.moderation.models import Decision
from dialog.moderation.queries import decision_in_force
from dialog.response.queries import Standing, standings


@dataclass(frozen=True)
class Conversation:
    """A page of comments with where each of them stands."""

    comments: Sequence[Comment]
    standings: dict[int, Standing]
    next_cursor: str | None


def conversation(page: Page) -> Conversation:
    return Conversation(page.comments, standings(page.comments), page.next_cursor)


@dataclass(frozen=True)
class Step:
    """One step of a comment's way, as its receipt shows it."""

    kind: str
    at: datetime


@dataclass(frozen=True)
class Way:
    """A comment's way so far: what has happened, why it is hidden if it is, and what it waits for."""

    steps: list[Step]
    standing: Standing
    decision: Decision | None


_STEPS = ("comment.submitted", "comment.published", "comment.hidden", "comment.withdrawn", "comment.masked")


def way_of(comment: Comment) -> Way:
    """The way of a comment, from the log of events and from where it stands now."""
    events = db.session.execute(
        select(Event.kind, Event.at)
        .where(Event.subject_type == "comment", Event.subject_id == comment.id, Event.kind.in_(_STEPS))
        .order_by(Event.id)
    )
    decision = decision_in_force(comment) if comment.state == CommentState.HIDDEN else None
    return Way([Step(kind, at) for kind, at in events], standings([comment])[comment.id], decision)
