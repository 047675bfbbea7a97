"""Where a committee reports its dialogues back, and where everybody reads which there are and what they led to."""

from flask import Response, abort, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.dialogues import queries, reporting
from dialog.dialogues.forms import ReportForm, ReviseReportForm
from dialog.dialogues.models import Dialogue
from dialog.dialogues.operations import NotReady
from dialog.dialogues.rules import DialogueState
from dialog.dialogues.views import blueprint, committee_of, show, show_both
from dialog.permissions import permitted
from dialog.states import Stale
from dialog.web import found, render, see, someone, whole_number

_PAGE, _REVISING = "dialogues/report.html", "dialogues/revise.html"


@blueprint.get("/dialoger")
@permitted("read")
def all_dialogues() -> Response:
    today = clock.today()
    reported = queries.reported_dialogues(before=whole_number(request.args.get("fore")))
    return render(
        "dialogues/all.html",
        current=queries.current_dialogues(today),
        reported=reported.dialogues,
        next_cursor=reported.next_cursor,
        today=today,
    )


@blueprint.get("/dialoger/<int:dialogue_id>")
@permitted("read")
def shown(dialogue_id: int) -> Response:
    dialogue: Dialogue = found(queries.public_dialogue(dialogue_id))
    return render(
        "dialogues/shown.html",
        dialogue=dialogue,
        earlier=queries.earlier_reports(dialogue) if dialogue.report_revised_at else [],
        done=request.args.get("gjort"),
        today=clock.today(),
    )


@blueprint.get("/namnd/<slug>/dialoger/<int:dialogue_id>/aterkoppling")
@permitted("see_dialogues")
def report(slug: str, dialogue_id: int) -> Response:
    dialogue = _to_report(slug, dialogue_id)
    form = ReportForm(formdata=None, obj=dialogue, data={"seen": dialogue.version})
    saved = gettext("The draft is saved.") if request.args.get("sparat") else None
    return show(_PAGE, dialogue, form, saved=saved)


@blueprint.post("/namnd/<slug>/dialoger/<int:dialogue_id>/aterkoppling")
@permitted("draft_dialogue")
def save_report(slug: str, dialogue_id: int) -> AnyResponse:
    dialogue, form = _to_report(slug, dialogue_id), ReportForm()
    if not form.validate():
        return show(_PAGE, dialogue, form, 422)
    try:
        with transaction():
            reporting.save_report(
                dialogue, form.report(), seen=form.seen.data, officer=someone(), now=clock.now()
            )
    except Stale:
        return show_both(_PAGE, dialogue, form)
    return see("dialogues.report", slug=slug, dialogue_id=dialogue.id, sparat=1)


@blueprint.post("/namnd/<slug>/dialoger/<int:dialogue_id>/aterkoppling/publicera")
@permitted("open_dialogue")
def report_back(slug: str, dialogue_id: int) -> AnyResponse:
    dialogue, form = _opened(slug, dialogue_id), ReportForm()
    if not form.validate():
        return show(_PAGE, dialogue, form, 422)
    try:
        with transaction():
            reporting.report_back(
                dialogue, form.report(), seen=form.seen.data, editor=someone(), now=clock.now()
            )
    except NotReady as error:
        form.say(error.flaws)
        return show(_PAGE, dialogue, form, 422)
    except reporting.StillOpen:
        return show(
            _PAGE,
            dialogue,
            form,
            409,
            problem=gettext("The dialogue is open. Close it before you report it back."),
        )
    except Stale:
        if dialogue.state == DialogueState.REPORTED_BACK:
            raise  # what everybody can read is no longer a draft
        return show_both(_PAGE, dialogue, form)
    return see("dialogues.shown", dialogue_id=dialogue.id, gjort="aterkoppling")


@blueprint.get("/namnd/<slug>/dialoger/<int:dialogue_id>/aterkoppling/andra")
@permitted("see_revising_report")
def prepare_revision(slug: str, dialogue_id: int) -> Response:
    dialogue = _reported(slug, dialogue_id)
    form = ReviseReportForm(formdata=None, obj=dialogue, data={"seen": dialogue.version})
    return show(_REVISING, dialogue, form)


@blueprint.post("/namnd/<slug>/dialoger/<int:dialogue_id>/aterkoppling/andra")
@permitted("revise_report")
def revise(slug: str, dialogue_id: int) -> AnyResponse:
    dialogue, form = _reported(slug, dialogue_id), ReviseReportForm()
    if not form.validate():
        return show(_REVISING, dialogue, form, 422)
    try:
        with transaction():
            what_changed = form.what_changed.data
            reporting.revise_report(
                dialogue, form.report(), what_changed, seen=form.seen.data, editor=someone(), now=clock.now()
            )
    except NotReady as error:
        form.say(error.flaws)
        return show(_REVISING, dialogue, form, 422)
    except Stale:
        return show_both(_REVISING, dialogue, form)
    return see("dialogues.shown", dialogue_id=dialogue.id, gjort="andring")


def _reported(slug: str, dialogue_id: int) -> Dialogue:
    """The committee's dialogue, if it is reported back."""
    dialogue = _opened(slug, dialogue_id)
    if dialogue.state != DialogueState.REPORTED_BACK:
        abort(404)
    return dialogue


def _opened(slug: str, dialogue_id: int) -> Dialogue:
    """The committee's dialogue, if it has opened: a draft has nothing to report."""
    dialogue: Dialogue = found(queries.dialogue_of(committee_of(slug), dialogue_id))
    if dialogue.state == DialogueState.DRAFT:
        abort(404)
    return dialogue


def _to_report(slug: str, dialogue_id: int) -> Dialogue:
    dialogue = _opened(slug, dialogue_id)
    if dialogue.state == DialogueState.REPORTED_BACK:
        abort(409)
    return dialogue
