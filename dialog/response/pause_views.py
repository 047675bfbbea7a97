"""Where a committee's editors say on which days its clocks stand still."""

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.permissions import permitted
from dialog.plan.models import Committee
from dialog.response import clocks
from dialog.response.forms import PauseForm
from dialog.response.views import blueprint, committee_of
from dialog.response.words import WHY_NO_PAUSE
from dialog.web import found, render, see, someone


@blueprint.get("/namnd/<slug>/uppehall")
@permitted("see_pauses")
def pauses(slug: str) -> Response:
    return _show(committee_of(slug), PauseForm(formdata=None))


@blueprint.post("/namnd/<slug>/uppehall")
@permitted("pause_clock")
def announce_pause(slug: str) -> AnyResponse:
    committee, form = committee_of(slug), PauseForm()
    if not form.validate():
        return _show(committee, form, 422)
    try:
        with transaction():
            clocks.announce_pause(
                committee, *form.days(), form.reason.data, editor=someone(), now=clock.now()
            )
    except clocks.NoPause as error:
        form.ends_on.errors = [str(WHY_NO_PAUSE[error.why])]
        return _show(committee, form, 422)
    return see("response.pauses", slug=slug, sparat=1)


@blueprint.post("/namnd/<slug>/uppehall/<int:pause_id>/stall-in")
@permitted("pause_clock")
def call_off_pause(slug: str, pause_id: int) -> AnyResponse:
    committee = committee_of(slug)
    pause = found(clocks.pause_of(committee, pause_id))
    try:
        with transaction():
            clocks.call_off_pause(pause, editor=someone(), now=clock.now())
    except clocks.NoPause:
        return _show(committee, PauseForm(formdata=None), 409, is_begun=True)
    return see("response.pauses", slug=slug, sparat=1)


@blueprint.post("/namnd/<slug>/uppehall/<int:pause_id>/avsluta")
@permitted("pause_clock")
def end_pause(slug: str, pause_id: int) -> AnyResponse:
    committee = committee_of(slug)
    pause = found(clocks.pause_of(committee, pause_id))
    try:
        with transaction():
            clocks.end_pause(pause, editor=someone(), now=clock.now())
    except clocks.NotEnded:
        return _show(committee, PauseForm(formdata=None), 409, is_other=True)
    return see("response.pauses", slug=slug, sparat=1)


def _show(
    committee: Committee,
    form: PauseForm,
    status: int = 200,
    *,
    is_begun: bool = False,
    is_other: bool = False,
) -> Response:
    return render(
        "response/pauses.html",
        status,
        committee=committee,
        form=form,
        pauses=clocks.pauses_to_come(committee, clock.today()),
        is_begun=is_begun,
        is_other=is_other,
        is_saved="sparat" in request.args,
        today=clock.today(),
    )
