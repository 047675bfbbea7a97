"""A committee's inbox and the editor for its answers."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Blueprint, Response, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.permissions import permitted
from dialog.plan.models import Committee
from dialog.plan.queries import committee_at
from dialog.response import forwarding, models, operations, queries, reviewing
from dialog.response.forms import AnswerForm, ForwardForm
from dialog.response.rules import (
    LONGEST_REASON,
    UNPUBLISHED,
    MatterState,
    ResponseState,
    Work,
    may_work,
)
from dialog.response.words import who_saved
from dialog.states import Stale, UnlistedMove
from dialog.web import found, render, require, see, someone, whole_number

blueprint = Blueprint("response", __name__)


def _committee(slug: str) -> Committee:
    committee: Committee = found(committee_at(slug))
    require(committee)
    return committee


def _response(committee: Committee, response_id: int) -> models.Response:
    response: models.Response = found(queries.response_of(committee, response_id))
    return response


def _ticked() -> list[int]:
    """The ids of the matters that were ticked, as far as they can be ids."""
    return [number for ticked in request.form.getlist("matter") if (number := whole_number(ticked))]


def _wordings_read() -> dict[int, int]:
    """Which wording of each comment stood on the page, by the ids of the matters, as far as they can be such."""
    read = (
        (whole_number(name.removeprefix("lydelse-")), whole_number(value))
        for name, value in request.form.items()
    )
    return {matter_id: wording for matter_id, wording in read if matter_id and wording}


@blueprint.get("/namnd/<slug>/inkorg")
@permitted("see_inbox")
def inbox(slug: str) -> Response:
    return _show_inbox(_committee(slug))


@blueprint.post("/namnd/<slug>/svar")
@permitted("draft_answer")
def start_answer(slug: str) -> AnyResponse:
    committee = _committee(slug)
    matters = queries.due_matters(committee, _ticked())
    if not matters:
        return _show_inbox(committee, gettext("Choose at least one comment to answer."))
    if len({matter.comment.goal_id for matter in matters}) > 1:
        return _show_inbox(
            committee, gettext("One answer belongs to one goal. Choose comments on the same goal.")
        )
    with transaction():
        response = operations.start_draft(
            committee, matters, officer=someone(), now=clock.now(), read=_wordings_read()
        )
    return see("response.editor", slug=slug, response_id=response.id)


@blueprint.get("/namnd/<slug>/svar/<int:response_id>")
@permitted("see_inbox")
def editor(slug: str, response_id: int) -> AnyResponse:
    committee = _committee(slug)
    response = _response(committee, response_id)
    if response.state in {ResponseState.PUBLISHED, ResponseState.SUPERSEDED}:
        return see("public.answer", response_id=response.id)
    form = AnswerForm(formdata=None, obj=response, data={"seen": response.version})
    saved = gettext("The draft is saved.") if request.args.get("sparat") else None
    return _show_editor(committee, response, form, saved=saved)


@blueprint.post("/namnd/<slug>/svar/<int:response_id>")
@permitted("draft_answer")
def save_answer(slug: str, response_id: int) -> AnyResponse:
    committee = _committee(slug)
    response = _response(committee, response_id)
    form, matters = AnswerForm(), _chosen(committee, response)
    if not form.validate():
        return _show_editor(committee, response, form, 422)
    try:
        with transaction():
            _save(response, form, matters, now=clock.now())
    except Stale as error:
        return _saved_meanwhile(committee, response, form, error)
    return see("response.editor", slug=slug, response_id=response.id, sparat=1)


@blueprint.post("/namnd/<slug>/svar/<int:response_id>/granskning")
@permitted("draft_answer")
def send_to_review(slug: str, response_id: int) -> AnyResponse:
    committee = _committee(slug)
    response = _response(committee, response_id)
    if response.state == ResponseState.DRAFT:
        problem = _save_and(committee, response, lambda now: _now_send_to_review(response, now))
        if problem is not None:
            return problem
    return see("response.inbox", slug=slug, gjort="granskning")


def _now_send_to_review(response: models.Response, now: datetime) -> None:
    reviewing.send_to_review(response, seen=response.version, officer=someone(), now=now)


@blueprint.post("/namnd/<slug>/svar/<int:response_id>/tillbaka")
@permitted("draft_answer")
def send_back(slug: str, response_id: int) -> AnyResponse:
    committee = _committee(slug)
    response = _response(committee, response_id)
    form, matters, now = AnswerForm(), _chosen(committee, response), clock.now()
    if not form.validate():
        return _show_editor(committee, response, form, 422)
    try:
        with transaction():
            because = form.sent_back_because.data
            sent = reviewing.send_back(response, because, seen=form.seen.data, officer=someone(), now=now)
            if sent is not None:
                form.seen.data = response.version
                _save(response, form, matters, now=now)
    except Stale as error:
        return _saved_meanwhile(committee, response, form, error)
    return see("response.editor", slug=slug, response_id=response.id, sparat=1)


@blueprint.post("/namnd/<slug>/svar/<int:response_id>/publicera")
@permitted("publish_answer")
def publish_answer(slug: str, response_id: int) -> AnyResponse:
    committee = _committee(slug)
    response = _response(committee, response_id)
    if response.state != ResponseState.PUBLISHED:
        problem = _save_and(committee, response, lambda now: _now_publish(response, now))
        if problem is not None:
            return problem
    return see("public.answer", response_id=response.id, publicerat=1)


def _now_publish(response: models.Response, now: datetime) -> None:
    operations.publish(response, seen=response.version, editor=someone(), now=now)


def _save_and(
    committee: Committee, response: models.Response, finish: Callable[[datetime], None]
) -> Response | None:
    """Keep what was typed and `finish` what says all it must; else the editor, which says what stands in the way."""
    form, matters = AnswerForm(), _chosen(committee, response)
    is_valid = form.validate()
    if not (is_valid and matters and operations.is_complete(form.draft())):
        form.say_what_is_missing()
        nobody = None if matters else gettext("Choose at least one comment to answer.")
        return _show_editor(committee, response, form, 422, problem=nobody)
    now = clock.now()
    try:
        with transaction():
            _save(response, form, matters, now=now)
            finish(now)
    except Stale as error:
        return _saved_meanwhile(committee, response, form, error)
    except operations.Incomplete:
        gone = gettext("None of the comments you chose waits any longer. Choose others.")
        return _show_editor(committee, response, form, 409, problem=gone)
    return None


def _save(
    response: models.Response, form: AnswerForm, matters: Sequence[models.Matter], *, now: datetime
) -> None:
    """Keep what was typed, as of the draft that stood on the page."""
    operations.save_draft(
        response,
        form.draft(),
        matters,
        seen=form.seen.data,
        officer=someone(),
        now=now,
        read=_wordings_read(),
    )


def _saved_meanwhile(
    committee: Committee, response: models.Response, form: AnswerForm, error: Stale
) -> Response:
    """Somebody saved the draft after it was opened: show their words beside those that were typed.

    The next press answers what is shown now, so it replaces the saved words knowingly.
    """
    if response.state not in UNPUBLISHED:
        raise error
    form.seen.data = response.version
    problem = (
        who_saved(queries.last_saved(response), someone())
        if _may(Work.SAVE, response)
        else gettext("It has been sent to an editor since you opened it. Take it back to keep your words.")
    )
    return _show_editor(committee, response, form, 409, problem=problem, stored=response)


def _may(work: Work, response: models.Response) -> bool:
    """Whether whoever is signed in can do this with the answer as it stands."""
    return may_work(work, response.state, is_editor=operations.is_editor(someone(), response))


def _chosen(committee: Committee, response: models.Response) -> Sequence[models.Matter]:
    return queries.due_matters(committee, _ticked(), goal_id=response.goal_id)


def _show_inbox(committee: Committee, problem: str | None = None) -> Response:
    return render(
        "response/inbox.html",
        422 if problem else 200,
        committee=committee,
        inbox=queries.inbox(committee, after=whole_number(request.args.get("efter"))),
        workload=queries.workload_of(committee, clock.today()),
        drafts=queries.drafts(committee),
        problem=problem,
        done=request.args.get("gjort"),
        chosen=set(_ticked()),
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
    stored: models.Response | None = None,
) -> Response:
    """The editor. `stored` is the answer as somebody else saved it, to be shown beside what `form` holds."""
    covered = {coverage.matter_id for coverage in response.coverage}
    if request.method == "POST":
        covered = set(_ticked())
    matters = queries.due_matters(committee, covered, goal_id=response.goal_id)
    return render(
        "response/editor.html",
        status,
        committee=committee,
        response=response,
        form=form,
        matters=matters,
        others=queries.other_matters(committee, response, covered),
        chosen=covered,
        told=len({matter.comment.author_id for matter in matters}),
        problem=problem,
        saved=saved,
        stored=stored,
        may={work.value for work in Work if _may(work, response)},
        sent=queries.sent_to_review(response),
        today=clock.today(),
    )


def _matter(slug: str, matter_id: int) -> models.Matter:
    matter: models.Matter = found(queries.matter_of(_committee(slug), matter_id))
    return matter


@blueprint.get("/namnd/<slug>/arende/<int:matter_id>/lamna-vidare")
@permitted("see_inbox")
def prepare_forwarding(slug: str, matter_id: int) -> Response:
    matter = _matter(slug, matter_id)
    form = ForwardForm(queries.may_take_over(matter), formdata=None, data={"seen": matter.version})
    return _show_forwarding(matter, form)


@blueprint.post("/namnd/<slug>/arende/<int:matter_id>/lamna-vidare")
@permitted("forward_matter")
def forward(slug: str, matter_id: int) -> AnyResponse:
    matter = _matter(slug, matter_id)
    form = ForwardForm(queries.may_take_over(matter))
    if matter.state == MatterState.DUE and not form.validate():
        return _show_forwarding(matter, form, 422)
    try:
        with transaction():
            to = form.committees.get(form.to.data or "") or matter.forwarded_to
            reason = form.reason.data or ""
            forwarding.forward(
                matter, found(to), reason, officer=someone(), seen=form.seen.data, now=clock.now()
            )
    except (Stale, UnlistedMove, forwarding.NotToThem):
        return _show_forwarding(found(queries.matter_of(matter.committee, matter_id)), form, 409)
    return see("response.inbox", slug=slug, gjort="vidare")


def _show_forwarding(matter: models.Matter, form: ForwardForm, status: int = 200) -> Response:
    """The form, or what became of the matter where it is no longer due."""
    form.seen.data = matter.version
    return render(
        "response/forward.html",
        status,
        matter=matter,
        form=form,
        is_due=matter.state == MatterState.DUE,
        today=clock.today(),
        longest=LONGEST_REASON,
    )
