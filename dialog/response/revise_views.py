"""Where a committee's editors give a published answer other words."""

from flask import Response
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.permissions import permitted
from dialog.plain import LONGEST_SENTENCE, advise
from dialog.plan.models import Committee
from dialog.response import operations, queries, revising
from dialog.response.about_words import reworded_since
from dialog.response.forms import ReviseForm
from dialog.response.models import Response as Answer
from dialog.response.rules import LONGEST_REASON, ResponseState
from dialog.response.views import blueprint, committee_of
from dialog.states import Stale
from dialog.web import found, render, see, someone


def answer_of(committee: Committee, response_id: int) -> Answer:
    """The committee's answer with this id, if everybody can read it; else 404."""
    response = queries.response_of(committee, response_id)
    is_published = response is not None and response.state == ResponseState.PUBLISHED
    answer: Answer = found(response if is_published else None)
    return answer


@blueprint.get("/namnd/<slug>/svar/<int:response_id>/andra")
@permitted("see_revising")
def prepare_revision(slug: str, response_id: int) -> Response:
    committee = committee_of(slug)
    answer = answer_of(committee, response_id)
    return _show(committee, answer, ReviseForm(formdata=None, obj=answer, data={"seen": answer.version}))


@blueprint.post("/namnd/<slug>/svar/<int:response_id>/andra")
@permitted("revise_answer")
def revise(slug: str, response_id: int) -> AnyResponse:
    committee = committee_of(slug)
    answer, form = answer_of(committee, response_id), ReviseForm()
    is_valid = form.validate()
    if not (is_valid and operations.is_complete(form.draft())):
        form.say_what_is_missing()
        return _show(committee, answer, form, 422)
    try:
        with transaction():
            what_changed = form.what_changed.data
            revising.revise(
                answer, form.draft(), what_changed, seen=form.seen.data, editor=someone(), now=clock.now()
            )
    except Stale:
        form.seen.data = answer.version
        problem = gettext(
            "The answer has changed since you opened the page, so nothing is saved. What it says now stands below. "
            "When you publish, your words replace it."
        )
        return _show(committee, answer, form, 409, problem=problem)
    return see("public.answer", response_id=response_id, andrat=1)


def _show(
    committee: Committee, answer: Answer, form: ReviseForm, status: int = 200, *, problem: str | None = None
) -> Response:
    return render(
        "response/revise.html",
        status,
        committee=committee,
        response=answer,
        form=form,
        told=queries.people_told(answer),
        reworded=reworded_since(answer),
        advice=advise(form.words()),
        longest_sentence=LONGEST_SENTENCE,
        problem=problem,
        longest=LONGEST_REASON,
    )
