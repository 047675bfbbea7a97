"""Reporting a comment, the receipt, confirming an address, and the administrators' rule."""

import secrets

from flask import Blueprint, Response, abort, current_app, request
from flask_babel import gettext
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from dialog.attempts import TooManyAttempts
from dialog.conversation.models import Comment
from dialog.conversation.queries import comment_by_number
from dialog.db import clock, transaction
from dialog.languages import language
from dialog.moderation.rules import LOOK_WITHIN_DAYS
from dialog.people.rules import network_of
from dialog.permissions import permitted
from dialog.reports import operations, queries
from dialog.reports.forms import ReportForm, ThresholdForm
from dialog.reports.operations import Complaint
from dialog.reports.rules import HIGHEST_THRESHOLD, LONGEST_WORDS, LOWEST_THRESHOLD
from dialog.web import found, person, render, require, see, someone

blueprint = Blueprint("reports", __name__)


@blueprint.get("/inlagg/<number>/anmal")
@permitted("prepare_report")
def write(number: str) -> Response:
    comment = _public(number)
    return _show(comment, ReportForm(data={"form_key": secrets.token_urlsafe(16)}))


@blueprint.post("/inlagg/<number>/anmal")
@permitted("report")
def report(number: str) -> AnyResponse:
    comment = _public(number)
    require(comment)
    form = ReportForm()
    if not form.validate():
        return _show(comment, form, 422)
    try:
        with transaction():
            voice, is_new = operations.report_comment(
                comment, _complaint(form), reporter=person(), now=clock.now()
            )
    except operations.NotShown:
        abort(404)
    except operations.OthersForm:
        form.form_key.data = secrets.token_urlsafe(16)
        form.text.errors = [gettext("Something in the form was lost on the way. Send it again.")]
        return _show(comment, form, 409)
    except TooManyAttempts as refusal:
        raise TooManyRequests(retry_after=refusal.seconds) from None
    return see("reports.receipt", key=voice.key, igen=None if is_new else 1)


def _complaint(form: ReportForm) -> Complaint:
    return Complaint(
        form_key=form.form_key.data,
        reason=form.reason.data,
        words=form.text.data,
        language=language(),
        network=network_of(request.remote_addr or "", current_app.config["SECRET_KEY"]),
        email=form.email.data,
        wording=form.wording.data,
    )


def _public(number: str) -> Comment:
    """The comment with this number; 404 unless everybody may read it, whoever asks."""
    comment: Comment = found(comment_by_number(number, person()))
    if not comment.is_public:
        abort(404)
    return comment


def _show(comment: Comment, form: ReportForm, status: int = 200) -> Response:
    reader = person()
    return render(
        "reports/write.html",
        status,
        comment=comment,
        form=form,
        is_own=reader is not None and reader.id == comment.author_id,
        earlier=queries.voice_of(reader, comment) if reader is not None else None,
        today=clock.today(),
        longest=LONGEST_WORDS,
        look_within=LOOK_WITHIN_DAYS,
    )


@blueprint.get("/anmalan/<key>")
@permitted("follow_receipt")
def receipt(key: str) -> Response:
    voice = found(queries.voice_at(key))
    return render(
        "reports/receipt.html",
        voice=voice,
        report=voice.report,
        comment=voice.report.comment,
        is_repeated=bool(request.args.get("igen")),
        is_confirmed=bool(request.args.get("bekraftad")),
        look_within=LOOK_WITHIN_DAYS,
    )


@blueprint.get("/anmalan/bekrafta/<confirm_key>")
@permitted("follow_receipt")
def ask_confirm(confirm_key: str) -> Response:
    """A page with a button, so that a mail scanner that follows the link confirms nothing."""
    voice = found(queries.voice_to_confirm(confirm_key))
    return render("reports/confirm.html", voice=voice, report=voice.report)


@blueprint.post("/anmalan/bekrafta/<confirm_key>")
@permitted("confirm_report")
def confirm(confirm_key: str) -> AnyResponse:
    voice = found(queries.voice_to_confirm(confirm_key))
    with transaction():
        operations.confirm(voice, now=clock.now())
    return see("reports.receipt", key=voice.key, bekraftad=1)


@blueprint.get("/forvaltning/anmalningar")
@permitted("see_report_threshold")
def threshold() -> Response:
    return _show_threshold(ThresholdForm(formdata=None, data={"people": str(queries.threshold_in_force())}))


@blueprint.post("/forvaltning/anmalningar")
@permitted("set_report_threshold")
def set_threshold() -> AnyResponse:
    form = ThresholdForm()
    people = form.number() if form.validate() else None
    if people is None:
        return _show_threshold(form, 422)
    with transaction():
        operations.set_threshold(people, administrator=someone(), now=clock.now())
    return see("reports.threshold", sparat=1)


def _show_threshold(form: ThresholdForm, status: int = 200) -> Response:
    return render(
        "reports/threshold.html",
        status,
        form=form,
        in_force=queries.threshold_in_force(),
        earlier=queries.thresholds(),
        is_saved=bool(request.args.get("sparat")),
        lowest=LOWEST_THRESHOLD,
        highest=HIGHEST_THRESHOLD,
    )
