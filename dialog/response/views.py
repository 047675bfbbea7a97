"""A committee's inbox and the editor for its answers."""

from collections.abc import Sequence

from flask import Blueprint, Response, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.permissions import permitted
from dialog.plan.models import Committee
from dialog.plan.queries import committee_at
from dialog.response import models, operations, queries
from dialog.response.forms import AnswerForm
from dialog.response.rules import UNPUBLISHED, ResponseState
from dialog.states import Stale
from dialog.web import ERRORS, found, render, require, see, someone

blueprint = Blueprint("response", __name__)


def _committee(slug: str, act: str) -> Committee:
    committee: Committee = found(committee_at(slug))
    require(act, committee)
    return committee


def _unpublished(committee: Committee, response_id: int) -> models.Response:
    response: models.Response = found(queries.response_of(committee, response_id))
    return response


@blueprint.get("/namnd/<slug>/inkorg")
@permitted("see_inbox")
def inbox(slug: str) -> Response:
    return _show_inbox(_committee(slug, "see_inbox"))


@blueprint.post("/namnd/<slug>/svar")
@permitted("draft_answer")
def start_answer(slug: str) -> AnyResponse:
    committee = _committee(slug, "draft_answer")
    matters = queries.due_matters(committee, request.form.getlist("matter", type=int))
    if not matters:
        return _show_inbox(committee, gettext("Choose at least one comment to answer."))
    if len({matter.comment.goal_id for matter in matters}) > 1:
        return _show_inbox(
            committee, gettext("One answer belongs to one goal. Choose comments on the same goal.")
        )
    with transaction():
        response = operations.start_draft(committee, matters, officer=someone(), now=clock.now())
    return see("response.editor", slug=slug, response_id=response.id)


@blueprint.get("/namnd/<slug>/svar/<int:response_id>")
@permitted("see_inbox")
def editor(slug: str, response_id: int) -> AnyResponse:
    committee = _committee(slug, "see_inbox")
    response = _unpublished(committee, response_id)
    if response.state in {ResponseState.PUBLISHED, ResponseState.SUPERSEDED}:
        return see("public.answer", response_id=response.id)
    form = AnswerForm(formdata=None, obj=response, data={"seen": response.version})
    saved = gettext("The draft is saved.") if request.args.get("sparat") else None
    return _show_editor(committee, response, form, saved=saved)


@blueprint.post("/namnd/<slug>/svar/<int:response_id>")
@permitted("draft_answer")
def save_answer(slug: str, response_id: int) -> AnyResponse:
    committee = _committee(slug, "draft_answer")
    response = _unpublished(committee, response_id)
    form, matters = AnswerForm(), _chosen(committee, response)
    if not form.validate():
        return _show_editor(committee, response, form, 422)
    try:
        with transaction():
            operations.save_draft(response, form.draft(), matters, seen=form.seen.data)
    except Stale as error:
        return _refused(committee, response, form, error)
    return see("response.editor", slug=slug, response_id=response.id, sparat=1)


@blueprint.post("/namnd/<slug>/svar/<int:response_id>/publicera")
@permitted("publish_answer")
def publish_answer(slug: str, response_id: int) -> AnyResponse:
    committee = _committee(slug, "publish_answer")
    response = _unpublished(committee, response_id)
    form, matters = AnswerForm(), _chosen(committee, response)
    if response.state == ResponseState.PUBLISHED:
        return see("public.answer", response_id=response.id)
    if not form.validate():
        return _show_editor(committee, response, form, 422)
    if not (matters and operations.is_complete(form.draft())):
        form.say_what_is_missing()
        nobody = None if matters else gettext("Choose at least one comment to answer.")
        return _show_editor(committee, response, form, 422, problem=nobody)
    try:
        with transaction():
            operations.save_draft(response, form.draft(), matters, seen=form.seen.data)
            operations.publish(response, seen=response.version, editor=someone(), now=clock.now())
    except (Stale, operations.Incomplete) as error:
        return _refused(committee, response, form, error)
    return see("public.answer", response_id=response.id)


def _refused(
    committee: Committee, response: models.Response, form: AnswerForm, error: Stale | operations.Incomplete
) -> Response:
    """Somebody was here before: say so above the words that were typed, for they are nowhere else."""
    if response.state not in UNPUBLISHED:
        raise error
    return _show_editor(committee, response, form, 409, problem=str(ERRORS[409][1]))


def _chosen(committee: Committee, response: models.Response) -> Sequence[models.Matter]:
    ids = request.form.getlist("matter", type=int)
    return queries.due_matters(committee, ids, goal_id=response.goal_id)


def _show_inbox(committee: Committee, problem: str | None = None) -> Response:
    return render(
        "response/inbox.html",
        422 if problem else 200,
        committee=committee,
        inbox=queries.inbox(committee, after=request.args.get("efter", type=int)),
        drafts=queries.drafts(committee),
        problem=problem,
        chosen=set(request.form.getlist("matter", type=int)),
        today=clock.today(),
    )


def _show_editor(
    committee: Committee,
    response: models.Response,
    form: AnswerForm,
    status: int = 200,
    *,
    problem: str | None = None,
    saved: str | None = None,
) -> Response:
    covered = {coverage.matter_id for coverage in response.coverage}
    if request.method == "POST":
        covered = set(request.form.getlist("matter", type=int))
    return render(
        "response/editor.html",
        status,
        committee=committee,
        response=response,
        form=form,
        matters=queries.matters_beside(committee, response, covered),
        covered=covered,
        problem=problem,
        saved=saved,
        today=clock.today(),
    )
