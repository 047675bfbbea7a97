"""The moderators' queue and their decisions."""

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from dialog.conversation.models import Comment
from dialog.conversation.queries import comment_by_number
from dialog.conversation.rules import is_registration_number
from dialog.db import clock, transaction
from dialog.moderation import operations, queries
from dialog.moderation.forms import DecisionForm
from dialog.moderation.rules import LOOK_WITHIN_DAYS, waits_too_long
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
    require(comment)
    form = DecisionForm()
    if not form.validate():
        return _show(422, failed=form, failed_comment=comment)
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
    if form.on_its_page.data:
        return see("public.comment", number=number, beslut=form.act.data)
    if wants_fragment():
        return _show(decided=number, act=form.act.data)
    return see("moderation.queue", beslutat=number, beslut=form.act.data, efter=_after())


def _after() -> str | None:
    """Where the page of the queue that the moderator is on starts."""
    return _number_in_address("efter")


def _number_in_address(name: str) -> str | None:
    number = request.args.get(name, "")
    return number if is_registration_number(number) else None


def _show(
    status: int = 200,
    *,
    decided: str | None = None,
    act: str | None = None,
    failed: DecisionForm | None = None,
    failed_comment: Comment | None = None,
) -> Response:
    return render(
        "moderation/queue.html",
        status,
        fragment="moderation/_queue.html",
        queue=queries.queue(someone(), after=_after(), first=failed_comment),
        after=_after(),
        decided=decided or _number_in_address("beslutat"),
        act=act or request.args.get("beslut"),
        blank=DecisionForm(formdata=None),
        failed=failed,
        failed_comment=failed_comment,
        waits_too_long=waits_too_long,
        look_within=LOOK_WITHIN_DAYS,
        today=clock.today(),
    )
