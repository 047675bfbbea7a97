"""A committee's inbox, and what its officers do with what waits there besides answering it."""

from collections.abc import Mapping

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.permissions import permitted
from dialog.plan.models import Assignment, Committee
from dialog.plan.queries import committee_at
from dialog.response import delays, forwarding, handling, models, queries
from dialog.response.forms import DelayForm, ForwardForm, NoteForm
from dialog.response.inbox import Choice, assignments_waiting, counts_of_parts, notes_on
from dialog.response.inbox import inbox as inbox_of
from dialog.response.rules import LONGEST_REASON, MatterState, Part
from dialog.response.words import WHY_NOT_THEN
from dialog.states import Stale, UnlistedMove
from dialog.web import found, render, require, see, someone, whole_number

blueprint = Blueprint("response", __name__)


def committee_of(slug: str) -> Committee:
    committee: Committee = found(committee_at(slug))
    require(committee)
    return committee


def ticked() -> list[int]:
    """The ids of the matters that were ticked, as far as they can be ids."""
    return [number for ticked in request.form.getlist("matter") if (number := whole_number(ticked))]


@blueprint.get("/namnd/<slug>/inkorg")
@permitted("see_inbox")
def inbox(slug: str) -> Response:
    return show_inbox(committee_of(slug))


def show_inbox(committee: Committee, problem: str | None = None) -> Response:
    assignments = assignments_waiting(committee)
    choice, after = _choice(assignments), whole_number(request.args.get("efter"))
    return render(
        "response/inbox.html",
        422 if problem else 200,
        committee=committee,
        inbox=inbox_of(committee, choice, officer=someone(), today=clock.today(), after=after),
        choice=choice,
        parts=counts_of_parts(committee, choice.assignment_id, someone(), clock.today()),
        assignments=assignments,
        place={"efter": after, **choice.parameters()},
        workload=queries.workload_of(committee, clock.today()),
        drafts=queries.drafts(committee),
        problem=problem,
        done=request.args.get("gjort"),
        left_out=whole_number(request.args.get("utan")),
        chosen=set(ticked()),
        today=clock.today(),
    )


def _choice(assignments: Mapping[int, Assignment]) -> Choice:
    """The part of the inbox that the address asks for. What is no choice there is is left open."""
    asked = whole_number(request.args.get("uppdrag"))
    return Choice(
        part=next((part for part in Part if part == request.args.get("visa")), Part.ALL),
        assignment_id=asked if asked in assignments else None,
    )


def _see_inbox(matter: models.Matter) -> AnyResponse:
    """Back to the part of the inbox that the officer is on, at this matter."""
    place = {
        **_choice(assignments_waiting(matter.committee)).parameters(),
        "efter": request.args.get("efter"),
    }
    return see("response.inbox", slug=matter.committee.slug, **place, _anchor=f"arende-{matter.id}")


def _matter(slug: str, matter_id: int) -> models.Matter:
    matter: models.Matter = found(queries.matter_of(committee_of(slug), matter_id))
    return matter


@blueprint.get("/namnd/<slug>/arende/<int:matter_id>")
@permitted("see_inbox")
def matter(slug: str, matter_id: int) -> Response:
    return _show_matter(_matter(slug, matter_id))


@blueprint.post("/namnd/<slug>/arende/<int:matter_id>/ta")
@permitted("handle_matter")
def take(slug: str, matter_id: int) -> AnyResponse:
    matter = _matter(slug, matter_id)
    with transaction():
        handling.take(matter, officer=someone(), seen=_seen(matter), now=clock.now())
    return _see_inbox(matter)


@blueprint.post("/namnd/<slug>/arende/<int:matter_id>/slapp")
@permitted("handle_matter")
def let_go(slug: str, matter_id: int) -> AnyResponse:
    matter = _matter(slug, matter_id)
    with transaction():
        handling.let_go(matter, officer=someone(), seen=_seen(matter), now=clock.now())
    return _see_inbox(matter)


def _seen(matter: models.Matter) -> int:
    """Which version of a matter stood on the page, where one was; in the inbox there are many."""
    return whole_number(request.form.get(f"version-{matter.id}")) or 0


@blueprint.post("/namnd/<slug>/arende/<int:matter_id>/anteckningar")
@permitted("handle_matter")
def note(slug: str, matter_id: int) -> AnyResponse:
    matter = _matter(slug, matter_id)
    form = NoteForm()
    if not form.validate():
        return _show_matter(matter, 422, form=form)
    with transaction():
        handling.note(matter, form.text.data, officer=someone(), now=clock.now())
    return see("response.matter", slug=slug, matter_id=matter_id, _anchor="anteckningar")


@blueprint.post("/namnd/<slug>/arende/<int:matter_id>/drojer")
@permitted("explain_delay")
def explain_delay(slug: str, matter_id: int) -> AnyResponse:
    matter = _matter(slug, matter_id)
    form = DelayForm()
    if not form.validate():
        return _show_matter(matter, 422, delay_form=form)
    try:
        with transaction():
            delays.explain_delay(matter, form.reason.data, form.day(), officer=someone(), now=clock.now())
    except delays.NotThen as error:
        form.promised_on.errors = [str(WHY_NOT_THEN[error.why])]
        return _show_matter(matter, 422, delay_form=form)
    except UnlistedMove:
        return _show_matter(found(queries.matter_of(matter.committee, matter_id)), 409, delay_form=form)
    return see("response.matter", slug=slug, matter_id=matter_id, _anchor="drojer")


def _show_matter(
    matter: models.Matter,
    status: int = 200,
    *,
    form: NoteForm | None = None,
    delay_form: DelayForm | None = None,
) -> Response:
    return render(
        "response/matter.html",
        status,
        matter=matter,
        notes=notes_on(matter),
        delays=delays.delays_of([matter])[matter.id],
        form=form or NoteForm(formdata=None),
        delay_form=delay_form or DelayForm(formdata=None),
        is_due=matter.state == MatterState.DUE,
        today=clock.today(),
        longest=LONGEST_REASON,
    )


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
