"""The buttons by which one says what one thinks of a comment."""

from flask import Blueprint, Response, current_app, request
from flask_babel import LazyString
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from dialog.conversation.models import Comment
from dialog.conversation.queries import comment_by_number
from dialog.db import clock, transaction
from dialog.permissions import permitted
from dialog.stances import operations, queries
from dialog.stances.rules import Stance
from dialog.stances.words import REFUSALS, UNREADABLE
from dialog.web import found, render, see, someone, wants_fragment

blueprint = Blueprint("stances", __name__)

# What a button sends. It stands in the form and never in an address: addresses are kept in logs, with a time.
_SENT: dict[str, Stance | None] = {**{str(stance): stance for stance in Stance}, "none": None}


@blueprint.get("/inlagg/<number>/stallning")
@permitted("see_stance")
def stance(number: str) -> Response:
    return _show(found(comment_by_number(number, someone())))


@blueprint.post("/inlagg/<number>/stallning")
@permitted("take_stance")
def take(number: str) -> AnyResponse:
    """Say what one thinks, something else than before, or nothing any more."""
    comment = found(comment_by_number(number, someone()))
    sent = request.form.get("stance", "")
    if sent not in _SENT:
        return _show(comment, mistake=UNREADABLE)
    if not current_app.extensions["pace_of_stances"].allows(someone().id, clock.now()):
        raise TooManyRequests(retry_after=60)
    try:
        with transaction():
            operations.take_stance(comment, someone(), _SENT[sent], now=clock.now())
    except operations.NotTaken as error:
        return _show(comment, mistake=REFUSALS[error.refusal])
    if wants_fragment():
        return _show(comment, saved=True)
    return see("public.comment", number=number, gjort="svar", _anchor=f"stallning-{number}")


def _show(comment: Comment, *, mistake: LazyString | None = None, saved: bool = False) -> Response:
    """The buttons, with what one thinks so far: the part of a page that was asked for, or a page of their own."""
    why_not = operations.why_not(comment, someone(), clock.now())
    shown, own = queries.stances_on(comment, someone())
    return render(
        "stances/stance.html",
        422 if mistake else 200,
        fragment="stances/_stances.html",
        comment=comment,
        number=comment.number,
        shown=shown,
        own=own,
        is_open=why_not is None,
        why_not=why_not,
        mistake=mistake,
        saved=saved,
    )
