"""Where whoever got an answer says whether it answered them: by the receipt's address, signed in or not."""

from datetime import date

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.permissions import permitted
from dialog.response import operations, queries
from dialog.response.clocks import clock_from
from dialog.response.forms import VerdictForm
from dialog.response.models import Coverage, Matter
from dialog.response.rules import LONGEST_REASON, Judgement, may_judge
from dialog.response.views import blueprint
from dialog.states import Stale
from dialog.web import found, person, render, see


@blueprint.get("/kvitto/<key>/svar/<int:response_id>/omdome")
@permitted("follow_receipt")
def verdict(key: str, response_id: int) -> Response:
    coverage = found(queries.coverage_at(key, response_id))
    said = coverage.verdict
    begun = {
        "seen": said.version if said else 0,
        "read": coverage.response.version,
        "judgement": said.judgement if said else _judgement_asked_for(),
        "reason": said.reason if said else "",
    }
    return _show_verdict(coverage, VerdictForm(formdata=None, data=begun))


def _judgement_asked_for() -> Judgement | None:
    asked = request.args.get("svar")
    return Judgement(asked) if asked in list(Judgement) else None


@blueprint.post("/kvitto/<key>/svar/<int:response_id>/omdome")
@permitted("judge_answer")
def judge(key: str, response_id: int) -> AnyResponse:
    coverage = found(queries.coverage_at(key, response_id))
    form = VerdictForm()
    if not form.validate():
        return _show_verdict(coverage, form, 422)
    try:
        with transaction():
            operations.judge(
                coverage,
                form.judgement.data,
                form.reason.data,
                seen=form.seen.data,
                read=form.read.data,
                actor=person(),
                now=clock.now(),
            )
    except (Stale, operations.MayNotJudge):
        return _show_verdict(found(queries.coverage_at(key, response_id)), form, 409, is_stale=True)
    return see("public.receipt", key=key, gjort="omdome", _anchor=f"svar-{response_id}")


def _show_verdict(
    coverage: Coverage, form: VerdictForm, status: int = 200, *, is_stale: bool = False
) -> Response:
    """The form, with what was typed. The next press answers what is shown now."""
    said, read = coverage.verdict, form.read.data
    if is_stale:
        form.seen.data, form.read.data = said.version if said else 0, coverage.response.version
    return render(
        "response/verdict.html",
        status,
        coverage=coverage,
        form=form,
        may_judge=may_judge(said.judgement if said else None, has_reopened=bool(said and said.reopened_id)),
        answers_again_by=_answers_again_by(coverage.matter),
        is_stale=is_stale,
        is_reworded=is_stale and read != coverage.response.version,
        longest=LONGEST_REASON,
    )


def _answers_again_by(matter: Matter) -> date | None:
    """The day by which the committee answers once more after a no, its pauses reckoned; None where it has already."""
    if matter.reopened_at is not None:
        return None
    due_on: date = clock_from(clock.now(), matter.committee.answer_days, matter.committee_id)["due_on"]
    return due_on
