"""A committee's annex to its meeting: a page with the sums, and three files to take along."""

from flask import Blueprint, Response, request, stream_with_context

from dialog.db import clock, db
from dialog.meetings.forms import PeriodForm
from dialog.meetings.odt import odt_of
from dialog.meetings.paper import Paper, paper_of, tables_of
from dialog.meetings.pdf import pdf_of
from dialog.meetings.queries import annex_of, items_in_parts, last_meeting, sums_of
from dialog.meetings.rules import MOST_COMMENTS, Period, usual_period
from dialog.meetings.sheet import sheet_of
from dialog.permissions import permitted
from dialog.plan.models import Committee
from dialog.response.views import committee_of
from dialog.web import render

blueprint = Blueprint("meetings", __name__)


@blueprint.get("/namnd/<slug>/bilaga")
@permitted("see_annex")
def annex(slug: str) -> Response:
    committee = committee_of(slug)
    form = _form(committee)
    return _show(committee, form, 200 if form.validate() else 422)


@blueprint.get("/namnd/<slug>/bilaga.pdf")
@permitted("see_annex")
def annex_pdf(slug: str) -> Response:
    committee = committee_of(slug)
    form = _form(committee)
    if not form.validate():
        return _show(committee, form, 422)
    made = pdf_of(_paper(committee, form.period()))
    return _file(Response(made, mimetype="application/pdf"), committee, form.period(), "pdf")


@blueprint.get("/namnd/<slug>/bilaga.odt")
@permitted("see_annex")
def annex_odt(slug: str) -> Response:
    committee = committee_of(slug)
    form = _form(committee)
    if not form.validate():
        return _show(committee, form, 422)
    made = odt_of(_paper(committee, form.period()))
    kind = "application/vnd.oasis.opendocument.text"
    return _file(Response(made, mimetype=kind), committee, form.period(), "odt")


@blueprint.get("/namnd/<slug>/bilaga.csv")
@permitted("see_annex")
def annex_csv(slug: str) -> Response:
    committee = committee_of(slug)
    form = _form(committee)
    if not form.validate():
        return _show(committee, form, 422)
    lines = sheet_of(items_in_parts(committee, form.period()), clock.today())
    return _file(Response(stream_with_context(lines), mimetype="text/csv"), committee, form.period(), "csv")


def _form(committee: Committee) -> PeriodForm:
    today = clock.today()
    return PeriodForm(usual_period(last_meeting(committee, today), today))


def _show(committee: Committee, form: PeriodForm, status: int) -> Response:
    period = form.period() if status == 200 else form.usual
    return render(
        "meetings/annex.html",
        status,
        committee=committee,
        form=form,
        period=period,
        tables=tables_of(sums_of(committee, period, clock.today())),
        most=MOST_COMMENTS,
        is_recorded="inskrivet" in request.args,
    )


def _paper(committee: Committee, period: Period) -> Paper:
    paper = paper_of(annex_of(committee, period, clock.today()))
    db.session.commit()  # ends the read: nothing is kept open while the file is made
    return paper


def _file(response: Response, committee: Committee, period: Period, ending: str) -> Response:
    name = f"bilaga-{committee.slug}-{period.since}-{period.until}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    response.vary.add("Cookie")
    return response
