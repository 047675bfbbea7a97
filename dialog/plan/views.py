"""The register of committees and areas, for administrators."""

from flask import Blueprint, Response, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.errors import CHANGED_BY_ANOTHER
from dialog.permissions import permitted
from dialog.plan import operations, queries
from dialog.plan.forms import AreaForm, CommitteeForm, EntryForm
from dialog.plan.models import Area, Committee
from dialog.states import Stale
from dialog.web import found, render, see, someone

blueprint = Blueprint("plan", __name__)


@blueprint.get("/forvaltning/register")
@permitted("see_register")
def register() -> Response:
    saved = gettext("The change is saved.") if request.args.get("sparat") else None
    return render("plan/register.html", committees=queries.committees(), areas=queries.areas(), saved=saved)


@blueprint.get("/forvaltning/namnder/<slug>")
@permitted("see_register")
def committee(slug: str) -> Response:
    entry = found(queries.committee_at(slug))
    return _show(entry, CommitteeForm(formdata=None, obj=entry))


@blueprint.post("/forvaltning/namnder/<slug>")
@permitted("edit_register")
def edit_committee(slug: str) -> AnyResponse:
    return _save(found(queries.committee_at(slug)), CommitteeForm())


@blueprint.get("/forvaltning/omraden/<slug>")
@permitted("see_register")
def area(slug: str) -> Response:
    entry = found(queries.area_at(slug))
    return _show(entry, AreaForm(formdata=None, obj=entry))


@blueprint.post("/forvaltning/omraden/<slug>")
@permitted("edit_register")
def edit_area(slug: str) -> AnyResponse:
    return _save(found(queries.area_at(slug)), AreaForm())


def _save(entry: Committee | Area, form: EntryForm) -> AnyResponse:
    if not form.validate():
        return _show(entry, form, 422)
    try:
        with transaction():
            operations.edit_entry(
                entry, seen=form.version.data, actor_id=someone().id, now=clock.now(), **form.values()
            )
    except Stale:
        return _show_both(entry, form)
    return see("plan.register", sparat=1)


def _show_both(entry: Committee | Area, form: EntryForm) -> Response:
    """Somebody was here before: what was typed stays, beside what the register has come to say meanwhile."""
    form.version.data = entry.version
    now_says = {name: getattr(entry, name) for name in form.values()}
    others = {name: now_says[name] for name, typed in form.values().items() if typed != now_says[name]}
    return _show(entry, form, 409, problem=str(CHANGED_BY_ANOTHER), others=others)


def _show(
    entry: Committee | Area,
    form: EntryForm,
    status: int = 200,
    *,
    problem: str | None = None,
    others: dict[str, object] | None = None,
) -> Response:
    return render(
        "plan/edit_entry.html", status, entry=entry, form=form, problem=problem, others=others or {}
    )
