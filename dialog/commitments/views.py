"""A committee's commitments, which everybody reads, and where its editors make them and say what became of them."""

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from dialog.commitments import operations, queries
from dialog.commitments.forms import CommitForm, CorrectForm, SettleForm
from dialog.commitments.models import Commitment
from dialog.commitments.rules import LONGEST_TEXT, LONGEST_WORDS
from dialog.db import clock, transaction
from dialog.permissions import permitted
from dialog.plan.models import Committee
from dialog.plan.queries import committee_at
from dialog.response.models import Response as Answer
from dialog.response.queries import response_of
from dialog.response.rules import ResponseState
from dialog.response.views import committee_of
from dialog.states import Stale
from dialog.web import found, render, see, someone, whole_number

blueprint = Blueprint("commitments", __name__)


@blueprint.get("/namnd/<slug>/ataganden")
@permitted("read")
def commitments(slug: str) -> Response:
    committee = found(committee_at(slug))
    after, before = (whole_number(request.args.get(name)) for name in ("efter", "fore"))
    return render(
        "commitments/commitments.html",
        committee=committee,
        is_start=after is None and before is None,
        kept=queries.kept_by(committee, clock.today()),
        still_open=None if before else queries.open_commitments(committee, after),
        settled=None if after else queries.settled_commitments(committee, before),
        today=clock.today(),
    )


@blueprint.get("/namnd/<slug>/svar/<int:response_id>/atagande")
@permitted("see_committing")
def prepare(slug: str, response_id: int) -> Response:
    committee = committee_of(slug)
    return _show_form(committee, _answer(committee, response_id), CommitForm(formdata=None))


@blueprint.post("/namnd/<slug>/svar/<int:response_id>/atagande")
@permitted("commit")
def commit(slug: str, response_id: int) -> AnyResponse:
    committee = committee_of(slug)
    answer, form = _answer(committee, response_id), CommitForm()
    if not form.validate():
        return _show_form(committee, answer, form, 422)
    try:
        with transaction():
            operations.commit(answer, form.promise(), editor=someone(), now=clock.now())
    except operations.NotBy as error:
        form.refuse_day(error.why)
        return _show_form(committee, answer, form, 422)
    return _see_answer(answer.id)


def _answer(committee: Committee, response_id: int) -> Answer:
    """The committee's published answer with this id."""
    answer = response_of(committee, response_id)
    is_published = answer is not None and answer.state == ResponseState.PUBLISHED
    published: Answer = found(answer if is_published else None)
    return published


def _see_answer(response_id: int) -> AnyResponse:
    return see("public.answer", response_id=response_id, gjort="atagande", _anchor="ataganden")


def _show_form(committee: Committee, answer: Answer, form: CommitForm, status: int = 200) -> Response:
    return render(
        "commitments/commit.html",
        status,
        committee=committee,
        answer=answer,
        form=form,
        earlier=queries.commitments_in(answer),
        longest=LONGEST_TEXT,
        today=clock.today(),
    )


@blueprint.get("/namnd/<slug>/ataganden/<int:commitment_id>")
@permitted("see_committing")
def prepare_settling(slug: str, commitment_id: int) -> Response:
    commitment = _commitment(slug, commitment_id)
    return _show_settling(commitment, SettleForm(commitment, formdata=None))


@blueprint.post("/namnd/<slug>/ataganden/<int:commitment_id>")
@permitted("settle_commitment")
def settle(slug: str, commitment_id: int) -> AnyResponse:
    commitment = _commitment(slug, commitment_id)
    form = SettleForm(commitment)
    if not form.validate():
        return _show_settling(commitment, form, 422)
    try:
        with transaction():
            operations.settle(
                commitment,
                form.outcome.data,
                form.reasons.data,
                instead=form.instead,
                seen=form.seen.data,
                editor=someone(),
                now=clock.now(),
            )
    except operations.NotBy as error:
        form.refuse_day(error.why)
        return _show_settling(commitment, form, 422)
    except Stale:
        return _show_settling(_commitment(slug, commitment_id), form, 409)
    return _see_answer(commitment.response_id)


@blueprint.post("/namnd/<slug>/ataganden/<int:commitment_id>/rattelse")
@permitted("correct_commitment")
def correct(slug: str, commitment_id: int) -> AnyResponse:
    """Take back what was said by mistake."""
    commitment, correction = _commitment(slug, commitment_id), CorrectForm()
    form = SettleForm(commitment, formdata=None)
    if not correction.validate():
        return _show_settling(commitment, form, 422, correction=correction)
    try:
        with transaction():
            operations.correct(
                commitment,
                correction.reason.data,
                seen=correction.seen.data,
                editor=someone(),
                now=clock.now(),
            )
    except Stale:
        correction.seen.data = commitment.version
        return _show_settling(_commitment(slug, commitment_id), form, 409, correction=correction)
    return _see_answer(commitment.response_id)


def _commitment(slug: str, commitment_id: int) -> Commitment:
    commitment: Commitment = found(queries.commitment_of(committee_of(slug), commitment_id))
    return commitment


def _show_settling(
    commitment: Commitment, form: SettleForm, status: int = 200, *, correction: CorrectForm | None = None
) -> Response:
    """The form; or what became of the commitment where that has been said, and the form for putting that right."""
    if correction is None:
        correction = CorrectForm(formdata=None, data={"seen": commitment.version})
    return render(
        "commitments/settle.html",
        status,
        commitment=commitment,
        committee=commitment.committee,
        form=form,
        correction=correction,
        is_stale=status == 409,
        longest=LONGEST_WORDS,
        longest_text=LONGEST_TEXT,
        today=clock.today(),
    )
