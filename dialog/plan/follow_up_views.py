"""Where a committee's officers say how its assignments go, and what a published follow-up is about."""

from collections.abc import Sequence

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.permissions import permitted
from dialog.plan import accounting, follow_up_queries
from dialog.plan.follow_up_forms import LONGEST_COMMENTARY, NONE, AccountForm, PlaceForm
from dialog.plan.follow_ups import assignments_in, candidates_for
from dialog.plan.models import Assignment, Committee, FollowUp
from dialog.plan.queries import committee_at
from dialog.plan.rules import Period, usual_period
from dialog.plan.views import blueprint
from dialog.states import Stale
from dialog.web import found, render, require, see, someone, whole_number


def _committee(slug: str) -> Committee:
    committee: Committee = found(committee_at(slug))
    require(committee)
    return committee


def _period(name: str | None, year: int) -> Period:
    """The period that an address names, or else the one that is usual."""
    return next((one for one in Period if one == name), usual_period(year, clock.today()))


@blueprint.get("/namnd/<slug>/uppfoljning")
@permitted("see_follow_ups")
def follow_ups(slug: str) -> Response:
    committee = _committee(slug)
    years = follow_up_queries.years_of(committee)
    asked = whole_number(request.args.get("ar"))
    year = asked if asked is not None and asked in years else next(iter(years), clock.today().year)
    period = _period(request.args.get("period"), year)
    rows = follow_up_queries.doubtful(committee)
    assignments = {of_year: assignments_in(of_year) for of_year in sorted({row.year for row in rows})}
    return render(
        "plan/follow_ups.html",
        committee=committee,
        years=years,
        year=year,
        periods=list(Period),
        period=period,
        accounts=follow_up_queries.accounts(committee, year, period),
        doubtful=[(row, candidates_for(row.assignment_words, assignments[row.year])) for row in rows],
        set_aside=follow_up_queries.set_aside(committee),
        is_saved="sparat" in request.args,
    )


@blueprint.get("/namnd/<slug>/uppfoljning/<int:follow_up_id>")
@permitted("see_follow_ups")
def follow_up(slug: str, follow_up_id: int) -> Response:
    committee = _committee(slug)
    row = found(follow_up_queries.follow_up_of(committee, follow_up_id))
    said = {"version": row.version, "about": _about(row), "progress": row.progress}
    form = PlaceForm(*_to_choose_among(row), formdata=None, data=said)
    return _show_row(committee, row, form)


@blueprint.post("/namnd/<slug>/uppfoljning/<int:follow_up_id>")
@permitted("follow_up")
def place_follow_up(slug: str, follow_up_id: int) -> AnyResponse:
    committee = _committee(slug)
    row = found(follow_up_queries.follow_up_of(committee, follow_up_id))
    form = PlaceForm(*_to_choose_among(row))
    if not form.validate():
        return _show_row(committee, row, form, 422)
    try:
        with transaction():
            accounting.place(
                row,
                form.assignment(),
                form.progress.data,
                seen=form.version.data,
                actor_id=someone().id,
                now=clock.now(),
            )
    except Stale:
        row = found(follow_up_queries.follow_up_of(committee, row.id))
        form.version.data = row.version  # the next press answers what is shown now
        return _show_row(committee, row, form, 409)
    return see("plan.follow_ups", slug=slug, sparat=1)


def _about(row: FollowUp) -> str | None:
    """What has been said of a row, as the form says it; its own assignment is always among those that come first."""
    return None if row.is_doubtful else str(row.assignment_id or NONE)


def _to_choose_among(row: FollowUp) -> tuple[Sequence[Assignment], Sequence[Assignment]]:
    """The assignments that a row might be about, and all others of its year."""
    assignments = assignments_in(row.year)
    candidates = candidates_for(row.assignment_words, assignments)
    if row.assignment is not None and row.assignment not in candidates:
        candidates = (row.assignment, *candidates)
    return candidates, [one for one in assignments if one not in candidates]


def _show_row(committee: Committee, row: FollowUp, form: PlaceForm, status: int = 200) -> Response:
    return render(
        "plan/follow_up.html", status, committee=committee, row=row, form=form, is_changed=status == 409
    )


@blueprint.get("/namnd/<slug>/uppfoljning/uppdrag/<int:assignment_id>")
@permitted("see_follow_ups")
def account(slug: str, assignment_id: int) -> Response:
    committee = _committee(slug)
    assignment = found(follow_up_queries.assignment_of(committee, assignment_id))
    period = _period(request.args.get("period"), assignment.goal.year)
    said = accounting.account_of(assignment, committee, period)
    return _show_account(committee, assignment, period, said, AccountForm(said, formdata=None))


@blueprint.post("/namnd/<slug>/uppfoljning/uppdrag/<int:assignment_id>")
@permitted("follow_up")
def give_account(slug: str, assignment_id: int) -> AnyResponse:
    committee = _committee(slug)
    assignment = found(follow_up_queries.assignment_of(committee, assignment_id))
    period = _period(request.args.get("period"), assignment.goal.year)
    said = accounting.account_of(assignment, committee, period)
    form = AccountForm(said)
    if not form.validate():
        return _show_account(committee, assignment, period, said, form, 422)
    try:
        with transaction():
            accounting.account_for(
                assignment,
                committee,
                period,
                form.progress.data,
                form.commentary.data,
                seen=form.version.data,
                actor_id=someone().id,
                now=clock.now(),
            )
    except Stale as error:
        form.version.data = error.thing.version
        return _show_account(committee, assignment, period, error.thing, form, 409)
    return see("plan.follow_ups", slug=slug, ar=assignment.goal.year, period=period, sparat=1)


def _show_account(
    committee: Committee,
    assignment: Assignment,
    period: Period,
    said: FollowUp | None,
    form: AccountForm,
    status: int = 200,
) -> Response:
    """The form; where somebody else has said something meanwhile (409), beside that."""
    return render(
        "plan/account.html",
        status,
        committee=committee,
        assignment=assignment,
        period=period,
        said=said,
        is_changed=status == 409,
        form=form,
        longest=LONGEST_COMMENTARY,
    )
