"""Where a committee's editors give a published answer in other languages."""

from flask import Response, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.permissions import permitted
from dialog.plan.models import Committee
from dialog.response import translating
from dialog.response.forms import LONGEST_TRANSLATION, TranslationForm
from dialog.response.models import Response as Answer
from dialog.response.revise_views import answer_of
from dialog.response.views import blueprint, committee_of
from dialog.states import Stale
from dialog.web import found, render, see, someone


@blueprint.get("/namnd/<slug>/svar/<int:response_id>/sprak")
@permitted("see_translating")
def translations(slug: str, response_id: int) -> Response:
    committee = committee_of(slug)
    answer = answer_of(committee, response_id)
    return render(
        "response/translations.html",
        committee=committee,
        response=answer,
        languages=translating.OTHER_LANGUAGES,
        translations={one.language: one for one in translating.translations_of(answer)},
        is_saved="sparat" in request.args,
    )


@blueprint.get("/namnd/<slug>/svar/<int:response_id>/sprak/<code>")
@permitted("see_translating")
def translation(slug: str, response_id: int, code: str) -> Response:
    committee = committee_of(slug)
    answer = answer_of(committee, response_id)
    _known(code)
    written = translating.translation_of(answer, code)
    begun = {"seen": written.version if written else 0, "text": written.text if written else ""}
    return _show(committee, answer, code, TranslationForm(formdata=None, data=begun))


@blueprint.post("/namnd/<slug>/svar/<int:response_id>/sprak/<code>")
@permitted("translate_answer")
def translate(slug: str, response_id: int, code: str) -> AnyResponse:
    committee = committee_of(slug)
    answer, form = answer_of(committee, response_id), TranslationForm()
    _known(code)
    if not form.validate():
        return _show(committee, answer, code, form, 422)
    try:
        with transaction():
            text, seen, now = form.text.data or "", form.seen.data, clock.now()
            translating.translate(answer, code, text, seen=seen, editor=someone(), now=now)
    except Stale as error:
        form.seen.data = error.thing.version
        return _show(committee, answer, code, form, 409, stored=error.thing.text)
    return see("response.translations", slug=slug, response_id=response_id, sparat=1)


def _known(code: str) -> None:
    found(translating.OTHER_LANGUAGES.get(code))


def _show(
    committee: Committee,
    answer: Answer,
    code: str,
    form: TranslationForm,
    status: int = 200,
    *,
    stored: str | None = None,
) -> Response:
    problem = gettext(
        "Somebody has changed it since you opened the page, so nothing is saved. What holds now stands below. When you "
        "save, your words replace it."
    )
    return render(
        "response/translation.html",
        status,
        committee=committee,
        response=answer,
        code=code,
        language_name=translating.OTHER_LANGUAGES[code],
        form=form,
        stored=stored,
        problem=problem if stored is not None else None,
        longest=LONGEST_TRANSLATION,
    )
