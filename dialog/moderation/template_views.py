"""Putting a ground's template into the field for reasons, and the administrators' pages for writing them."""

from flask import Response
from werkzeug.wrappers import Response as AnyResponse

from dialog.conversation.queries import comment_by_number
from dialog.db import clock, transaction
from dialog.errors import CHANGED_BY_ANOTHER
from dialog.moderation.forms import DecisionForm, ReasonTextForm, SeveralForm
from dialog.moderation.looks import address_of_filling
from dialog.moderation.reason_texts import (
    Changed,
    Template,
    earlier_versions,
    template_for,
    templates,
    write_template,
)
from dialog.moderation.rules import GROUND_SLUGS, LONGEST_REASONS, Ground
from dialog.moderation.views import blueprint, place_in_queue, show_queue
from dialog.permissions import permitted
from dialog.web import found, render, require, see, someone, wants_fragment


@blueprint.post("/moderering/<string(minlength=11):number>/mall")
@permitted("decide")
def fill(number: str) -> Response:
    """What was typed, with the ground's template in it: nothing is decided, and nothing kept."""
    comment = found(comment_by_number(number, someone()))
    require(comment)
    form = DecisionForm()
    status = 200 if form.fill(templates(), comment.author.language) else 422
    if wants_fragment():
        return _show_filled(form, status, f"-{number}", address_of_filling(number, place_in_queue()))
    return show_queue(status, failed=form, first=comment)


@blueprint.post("/moderering/flera/mall")
@permitted("decide")
def fill_several() -> Response:
    form = SeveralForm()
    status = 200 if form.fill(templates(), "sv") else 422
    if wants_fragment():
        return _show_filled(form, status, "-flera", address_of_filling(None, place_in_queue()))
    return show_queue(status, several=form)


def _show_filled(form: DecisionForm | SeveralForm, status: int, ending: str, filling: str) -> Response:
    return render(
        "moderation/_hiding.html",
        status,
        form=form,
        ending=ending,
        filling=filling,
        is_several=isinstance(form, SeveralForm),
    )


_GROUNDS_AT = {slug: ground for ground, slug in GROUND_SLUGS.items()}


@blueprint.get("/forvaltning/motiveringar")
@permitted("see_reason_texts")
def reason_texts() -> Response:
    return render("moderation/reason_texts.html", templates=templates(), slugs=GROUND_SLUGS)


@blueprint.get("/forvaltning/motiveringar/<slug>")
@permitted("see_reason_texts")
def reason_text(slug: str) -> Response:
    template = template_for(found(_GROUNDS_AT.get(slug)))
    begun = {"version": template.version, "sv": template.sv, "en": template.en}
    return _show(template.ground, ReasonTextForm(formdata=None, data=begun))


@blueprint.post("/forvaltning/motiveringar/<slug>")
@permitted("edit_reason_texts")
def edit_reason_text(slug: str) -> AnyResponse:
    ground, form = found(_GROUNDS_AT.get(slug)), ReasonTextForm()
    if not form.validate():
        return _show(ground, form, 422)
    try:
        with transaction():
            write_template(
                ground,
                form.sv.data,
                form.en.data,
                seen=form.version.data,
                administrator=someone(),
                now=clock.now(),
            )
    except Changed as changed:
        return _show(ground, form, 409, others=changed.template)
    return see("moderation.reason_texts", sparat=1)


def _show(
    ground: Ground, form: ReasonTextForm, status: int = 200, *, others: Template | None = None
) -> Response:
    """The form; where another administrator was here before, beside what it has come to say meanwhile."""
    if others is not None:
        form.version.data = others.version
    return render(
        "moderation/reason_text.html",
        status,
        ground=ground,
        form=form,
        problem=str(CHANGED_BY_ANOTHER) if others else None,
        others=others,
        earlier=earlier_versions(ground),
        longest=LONGEST_REASONS,
    )
