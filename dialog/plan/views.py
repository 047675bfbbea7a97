"""The register of committees and areas, for administrators."""

from flask import Blueprint, Response
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.permissions import permitted
from dialog.plan import operations, queries
from dialog.plan.forms import AreaForm, CommitteeForm
from dialog.plan.models import Area, Committee
from dialog.web import found, render, see, someone

blueprint = Blueprint("plan", __name__)


@blueprint.get("/forvaltning/register")
@permitted("see_register")
def register() -> Response:
    return render("plan/register.html", committees=queries.committees(), areas=queries.areas())


@blueprint.get("/forvaltning/namnder/<slug>")
@permitted("see_register")
def committee(slug: str) -> Response:
    entry = found(queries.committee_at(slug))
    return _show(entry, entry.name_sv, CommitteeForm(formdata=None, obj=entry))


@blueprint.post("/forvaltning/namnder/<slug>")
@permitted("edit_register")
def edit_committee(slug: str) -> AnyResponse:
    entry, form = found(queries.committee_at(slug)), CommitteeForm()
    if not form.validate():
        return _show(entry, entry.name_sv, form, 422)
    with transaction():
        operations.edit_committee(entry, actor_id=someone().id, now=clock.now(), **_values(form))
    return see("plan.register")


@blueprint.get("/forvaltning/omraden/<slug>")
@permitted("see_register")
def area(slug: str) -> Response:
    entry = found(queries.area_at(slug))
    return _show(entry, entry.name, AreaForm(formdata=None, obj=entry))


@blueprint.post("/forvaltning/omraden/<slug>")
@permitted("edit_register")
def edit_area(slug: str) -> AnyResponse:
    entry, form = found(queries.area_at(slug)), AreaForm()
    if not form.validate():
        return _show(entry, entry.name, form, 422)
    with transaction():
        operations.edit_area(entry, actor_id=someone().id, now=clock.now(), **_values(form))
    return see("plan.register")


def _values(form: FlaskForm) -> dict[str, object]:
    return {name: value for name, value in form.data.items() if name != "csrf_token"}


def _show(entry: Committee | Area, name: str, form: FlaskForm, status: int = 200) -> Response:
    return render("plan/edit_entry.html", status, entry=entry, name=name, form=form)
