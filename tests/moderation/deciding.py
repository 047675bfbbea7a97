"""What the tests of decisions share."""

from sqlalchemy import select

from dialog.conversation.models import Comment
from dialog.conversation.rules import CommentState
from dialog.db import db
from dialog.events import Event
from dialog.moderation.models import Decision

QUEUE = "/moderering"
REASONS = "Det handlar inte om målet."
HX = {"HX-Request": "true"}
RECEIVED, PUBLISHED, HIDDEN = CommentState.RECEIVED, CommentState.PUBLISHED, CommentState.HIDDEN
WITHDRAWN = CommentState.WITHDRAWN


def in_state(world, state: CommentState, author=None, looked_at: bool = True) -> Comment:
    """A comment that has come to `state` the way comments do."""
    comment = world.say(author or world.nils)
    if state == RECEIVED:
        return comment
    world.decide(comment, "publish", world.max)
    if not looked_at:
        comment = world.say(author or world.nils, "Ett inlägg till, som ingen har granskat ännu.")
    if state == HIDDEN:
        world.decide(comment, "hide", world.max)
    if state == WITHDRAWN:
        world.withdraw(comment)
    return comment


def send(client, comment: Comment, act: str, **changes):
    filled = {
        "seen": str(comment.version),
        "act": act,
        "ground": "",
        "reasons": "",
        "criticises": "no",
        **changes,
    }
    headers = filled.pop("headers", None)
    token = client.token("/logga-in")
    return client.post(f"{QUEUE}/{comment.number}", data={"csrf_token": token, **filled}, headers=headers)


def log(comment: Comment) -> list[str]:
    events = select(Event.kind).where(Event.subject_type == "comment", Event.subject_id == comment.id)
    return list(db.session.scalars(events.order_by(Event.id)))


def decisions(comment: Comment) -> list[Decision]:
    return list(
        db.session.scalars(select(Decision).where(Decision.comment_id == comment.id).order_by(Decision.id))
    )


def state_now(comment: Comment) -> CommentState:
    return db.session.scalar(select(Comment.state).where(Comment.id == comment.id))
