"""Reporting a fault in how accessible the service is, its receipt, and the administrators' pages for the cases."""

import secrets
from urllib.parse import unquote

from flask import Blueprint, Response, current_app, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException, TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from dialog.attempts import TooManyAttempts
from dialog.db import clock, transaction
from dialog.faults import operations, queries
from dialog.faults.forms import CaseForm, FaultForm
from dialog.faults.models import FaultCase
from dialog.faults.rules import ANSWER_WITHIN_DAYS, FAULT_MOVES, LONGEST_WORDS
from dialog.languages import language
from dialog.people.rules import network_of
from dialog.permissions import permitted
from dialog.states import Stale, UnlistedMove
from dialog.transitions import moves_from
from dialog.web import found, parts_of, person, render, see, someone

blueprint = Blueprint("faults", __name__)


@blueprint.get("/tillganglighet/anmal")
@permitted("prepare_fault")
def write() -> Response:
    reader = person()
    begun = {"form_key": secrets.token_urlsafe(16), "place": page_left(), "email": reader and reader.email}
    return _show(FaultForm(formdata=None, data=begun))


@blueprint.post("/tillganglighet/anmal")
@permitted("report_fault")
def report() -> AnyResponse:
    form = FaultForm()
    if not form.validate():
        return _show(form, 422)
    fault = operations.Fault(
        form_key=form.form_key.data,
        words=form.text.data,
        place=form.place.data,
        language=language(),
        network=network_of(request.remote_addr or "", current_app.config["SECRET_KEY"]),
        email=form.email.data,
    )
    try:
        with transaction():
            case, _ = operations.report_fault(fault, now=clock.now())
    except TooManyAttempts as refusal:
        raise TooManyRequests(retry_after=refusal.seconds) from None
    return see("faults.receipt", key=case.key)


def page_left() -> str | None:
    """The page from which somebody came here, for the field that asks where the fault is.

    Only what everybody may read is named whole: other addresses can be secret, as a receipt's is.
    """
    parts = parts_of(request.referrer or "")
    if parts is None or parts.netloc != request.host:
        return None
    path = unquote(parts.path)
    bare = path.removeprefix("/en") if path.startswith("/en/") else path
    try:
        endpoint, values = current_app.url_map.bind("").match(bare, "GET")
    except HTTPException:
        return None
    is_public = getattr(current_app.view_functions[endpoint], "act", None) == "read"
    return path if is_public or not values else None


def _show(form: FaultForm, status: int = 200) -> Response:
    return render("faults/write.html", status, form=form, longest=LONGEST_WORDS, within=ANSWER_WITHIN_DAYS)


@blueprint.get("/tillganglighet/arende/<key>")
@permitted("follow_receipt")
def receipt(key: str) -> Response:
    return render("faults/receipt.html", case=found(queries.case_at(key)))


@blueprint.get("/forvaltning/brister")
@permitted("see_faults")
def cases() -> Response:
    return render(
        "faults/cases.html",
        open_cases=queries.open_cases(),
        closed_cases=queries.closed_cases(),
        today=clock.today(),
        is_saved="sparat" in request.args,
    )


@blueprint.get("/forvaltning/brister/<int:case_id>")
@permitted("see_faults")
def case(case_id: int) -> Response:
    one = found(queries.case_of(case_id))
    return _show_case(one, CaseForm(formdata=None, data={"version": one.version}))


@blueprint.post("/forvaltning/brister/<int:case_id>")
@permitted("answer_fault")
def answer(case_id: int) -> AnyResponse:
    one, form = found(queries.case_of(case_id)), CaseForm()
    if not form.validate():
        return _show_case(one, form, 422)
    try:
        with transaction():
            operations.move_case(
                one,
                form.to.data,
                form.text.data,
                seen=form.version.data,
                administrator=someone(),
                now=clock.now(),
            )
    except (Stale, UnlistedMove):
        return _show_case(found(queries.case_of(case_id)), form, 409)
    return see("faults.cases", sparat=1)


def _show_case(one: FaultCase, form: CaseForm, status: int = 200) -> Response:
    form.version.data = form.version.data if status == 422 else one.version
    moves = moves_from(FAULT_MOVES, one.state)
    form.to.choices = [choice for choice in form.to.choices if choice.value in moves]
    return render(
        "faults/case.html",
        status,
        case=one,
        form=form,
        moves=moves,
        longest=LONGEST_WORDS,
        problem=gettext(
            "Somebody else has dealt with this meanwhile, so nothing is saved. What you wrote is still here."
        )
        if status == 409
        else None,
    )
