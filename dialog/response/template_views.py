"""Where a committee's editors write what its answers can begin with."""

from flask import Response, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.permissions import permitted
from dialog.plan.models import Committee
from dialog.response import templates as writing
from dialog.response.forms import TemplateForm
from dialog.response.models import AnswerTemplate
from dialog.response.views import blueprint, committee_of
from dialog.states import Stale
from dialog.web import found, render, see, someone


@blueprint.get("/namnd/<slug>/svarsmallar")
@permitted("see_templates")
def templates(slug: str) -> Response:
    return _show_all(committee_of(slug), TemplateForm(formdata=None))


@blueprint.post("/namnd/<slug>/svarsmallar")
@permitted("edit_templates")
def add_template(slug: str) -> AnyResponse:
    committee, form = committee_of(slug), TemplateForm()
    if not form.validate():
        return _show_all(committee, form, 422)
    with transaction():
        writing.write_template(committee, form.words(), editor=someone(), now=clock.now())
    return see("response.templates", slug=slug, sparat=1)


def _show_all(committee: Committee, form: TemplateForm, status: int = 200) -> Response:
    return render(
        "response/templates.html",
        status,
        committee=committee,
        templates=writing.templates_of(committee),
        form=form,
        is_saved="sparat" in request.args,
    )


@blueprint.get("/namnd/<slug>/svarsmallar/<int:template_id>")
@permitted("see_templates")
def template(slug: str, template_id: int) -> Response:
    committee = committee_of(slug)
    template = _template(committee, template_id)
    return _show(
        committee, template, TemplateForm(formdata=None, obj=template, data={"seen": template.version})
    )


@blueprint.post("/namnd/<slug>/svarsmallar/<int:template_id>")
@permitted("edit_templates")
def edit_template(slug: str, template_id: int) -> AnyResponse:
    committee = committee_of(slug)
    template, form = _template(committee, template_id), TemplateForm()
    if not form.validate():
        return _show(committee, template, form, 422)
    try:
        with transaction():
            words, now = form.words(), clock.now()
            writing.change_template(template, words, seen=form.seen.data, editor=someone(), now=now)
    except Stale:
        form.seen.data = template.version
        problem = gettext(
            "Somebody has changed the template since you opened it, so nothing is saved. It stands below as it is "
            "now. When you save, your words replace it."
        )
        return _show(committee, template, form, 409, problem=problem)
    return see("response.templates", slug=slug, sparat=1)


@blueprint.post("/namnd/<slug>/svarsmallar/<int:template_id>/ta-bort")
@permitted("edit_templates")
def remove_template(slug: str, template_id: int) -> AnyResponse:
    template = found(writing.template_of(committee_of(slug), template_id, even_removed=True))
    with transaction():
        writing.remove_template(template, editor=someone(), now=clock.now())
    return see("response.templates", slug=slug, sparat=1)


def _template(committee: Committee, template_id: int) -> AnswerTemplate:
    template: AnswerTemplate = found(writing.template_of(committee, template_id))
    return template


def _show(
    committee: Committee,
    template: AnswerTemplate,
    form: TemplateForm,
    status: int = 200,
    *,
    problem: str | None = None,
) -> Response:
    return render(
        "response/template.html", status, committee=committee, template=template, form=form, problem=problem
    )
