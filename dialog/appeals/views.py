"""The page for asking that a decision be looked at again, and the moderators' page of what has been asked."""

from flask import Blueprint, Response, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from dialog.appeals import operations, queries
from dialog.appeals.forms import AppealForm, SettleForm
from dialog.appeals.models import Appeal
from dialog.appeals.rules import LONGEST_APPEAL, SHORTEST_APPEAL, Refusal, refusal
from dialog.appeals.words import SETTLED
from dialog.conversation.models import Comment
from dialog.conversation.queries import comment_by_receipt
from dialog.conversation.rules import Act, is_registration_number
from dialog.db import clock, local_day, transaction
from dialog.languages import language
from dialog.moderation.queries import decision_against
from dialog.permissions import permitted
from dialog.web import found, person, render, require, see, someone, whole_number

blueprint = Blueprint("appeals", __name__)


@blueprint.get("/kvitto/<key>/ny-provning")
@permitted("prepare_appeal")
def write(key: str) -> AnyResponse:
    comment = found(comment_by_receipt(key))
    if queries.appeal_against(decision_against(comment)):
        return see("public.receipt", key=key, _anchor="ny-provning")
    return _show(comment, AppealForm(formdata=None))


@blueprint.post("/kvitto/<key>/ny-provning")
@permitted("appeal")
def send(key: str) -> AnyResponse:
    comment, form = found(comment_by_receipt(key)), AppealForm()
    if not form.validate():
        return _show(comment, form, 422)
    try:
        with transaction():
            operations.send_appeal(
                comment, form.text.data, language=language(), sender=person(), now=clock.now()
            )
    except operations.NotTaken as error:
        return _show(comment, form, 409, why_not=error.refusal)
    return see("public.receipt", key=key, _anchor="ny-provning")


def _show(
    comment: Comment, form: AppealForm, status: int = 200, *, why_not: Refusal | None = None
) -> Response:
    decision = decision_against(comment)
    decided_on = local_day(decision.decided_at) if decision else None
    if decision is not None and decision.act == Act.MASK:
        form.text.label.text = gettext("Why do you think that the words should be shown?")
    return render(
        "appeals/write.html",
        status,
        comment=comment,
        decision=decision,
        form=form,
        why_not=why_not or refusal(comment.state, decided_on, clock.today(), is_masked=comment.is_masked),
        shortest=SHORTEST_APPEAL,
        longest=LONGEST_APPEAL,
    )


@blueprint.get("/moderering/provningar")
@permitted("see_appeals")
def appeals() -> Response:
    return _show_waiting()


@blueprint.post("/moderering/provningar/<int:appeal_id>")
@permitted("settle_appeal")
def settle(appeal_id: int) -> AnyResponse:
    appeal = found(queries.appeal_by_id(appeal_id))
    require(appeal)
    form = SettleForm()
    if not form.validate():
        return _show_waiting(422, failed=form, failed_appeal=appeal)
    with transaction():
        operations.settle_appeal(
            appeal,
            form.outcome.data,
            form.reasons.data,
            moderator=someone(),
            seen=form.seen.data,
            now=clock.now(),
        )
    return see("appeals.appeals", provat=appeal.comment.number, utfall=form.outcome.data)


def _show_waiting(
    status: int = 200, *, failed: SettleForm | None = None, failed_appeal: Appeal | None = None
) -> Response:
    waiting = queries.waiting_for(someone(), after=whole_number(request.args.get("efter")))
    shown = list(waiting.appeals)
    if failed_appeal is not None and failed_appeal not in shown:
        shown.insert(0, failed_appeal)
    settled = request.args.get("provat", "")
    return render(
        "appeals/appeals.html",
        status,
        shown=shown,
        waiting=waiting,
        settled=settled if is_registration_number(settled) else None,
        message=SETTLED.get(request.args.get("utfall")),  # type: ignore[call-overload]
        blank=SettleForm(formdata=None),
        failed=failed,
        failed_appeal=failed_appeal,
    )
