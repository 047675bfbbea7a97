"""The moderators' queue and their decisions."""

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from dialog.conversation.queries import comment_by_number
from dialog.db import clock, transaction
from dialog.moderation import operations, queries
from dialog.moderation.forms import DecisionForm
from dialog.moderation.rules import LOOK_WITHIN_DAYS
from dialog.permissions import permitted
from dialog.web import found, render, require, see, someone, wants_fragment

blueprint = Blueprint("moderation", __name__)


@blueprint.get("/moderering")
@permitted("see_queue")
def queue() -> Response:
    return _show()


@blueprint.post("/moderering/<number>")
@permitted("decide")
def decide(number: str) -> AnyResponse:
    comment = found(comment_by_number(number, someone()))
    require("decide", comment)
    form = DecisionForm()
    if not form.validate():
        return _show(422, failed=form, failed_number=number)
    with transaction():
        operations.decide(
            comment,
            form.act.data,
            moderator=someone(),
            seen=form.seen.data,
            now=clock.now(),
            ground=form.ground.data,
            reasons=form.reasons.data,
        )
    if wants_fragment():
        return _show(decided=number, act=form.act.data)
    return see("moderation.queue", beslutat=number, beslut=form.act.data)


def _show(
    status: int = 200,
    *,
    decided: str | None = None,
    act: str | None = None,
    failed: DecisionForm | None = None,
    failed_number: str | None = None,
) -> Response:
    return render(
        "moderation/queue.html",
        status,
        fragment="moderation/_queue.html",
        queue=queries.queue(),
        acts_on=operations.acts_on,
        decided=decided or request.args.get("beslutat"),
        act=act or request.args.get("beslut"),
        blank=DecisionForm(formdata=None),
        failed=failed,
        failed_number=failed_number,
        look_within=LOOK_WITHIN_DAYS,
        now=clock.now(),
    )
