"""Where the customer centre puts on record what came by telephone, on paper, at a service point or at a meeting."""

import secrets
from contextlib import suppress
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from dialog.conversation.operations import NotAccepted, Received, Submission
from dialog.conversation.rules import LONGEST_COMMENT, SHORTEST_COMMENT, Channel
from dialog.db import clock, transaction
from dialog.permissions import permitted
from dialog.plan.models import Assignment, Goal
from dialog.plan.queries import assignment_by_id, goal_alone, years
from dialog.reception import operations, queries
from dialog.reception.forms import ReceptionForm
from dialog.reception.rules import CHANNELS
from dialog.reception.words import REFUSALS
from dialog.text import clean_line
from dialog.text import render as render_text
from dialog.web import found, render, see, someone, whole_number

blueprint = Blueprint("reception", __name__)


@blueprint.get("/kundcenter")
@permitted("see_reception")
def choose() -> Response:
    """Choose what it is about, among a year's goals and assignments."""
    known = years()
    asked = whole_number(request.args.get("ar"))
    year = asked if asked in known else max(known, default=None)
    words = clean_line(request.args.get("q", ""))
    return render(
        "reception/choose.html",
        year=year,
        years=known,
        words=words,
        subjects=queries.subjects(year, words),
        own=queries.put_on_record_by(someone()),
        kept=_kept(),
    )


@blueprint.get("/kundcenter/<int:year>/<slug>")
@permitted("see_reception")
def write(year: int, slug: str) -> Response:
    goal, assignment = _subject(year, slug)
    kept = _kept()
    form = ReceptionForm(
        queries.paragraphs_of(goal, assignment),
        clock.today(),
        data={
            "form_key": secrets.token_urlsafe(16),
            "channel": next((one for one in CHANNELS if one == kept.get("kanal")), None),
            "received_on": date.fromisoformat(kept["inkom"]) if "inkom" in kept else clock.today(),
            "language": "sv",
        },
    )
    return _show(form, goal, assignment)


@blueprint.post("/kundcenter/<int:year>/<slug>")
@permitted("receive")
def register(year: int, slug: str) -> AnyResponse:
    goal, assignment = _subject(year, slug)
    form = ReceptionForm(queries.paragraphs_of(goal, assignment), clock.today())
    if not form.validate():
        return _show(form, goal, assignment, 422)
    try:
        with transaction():
            comment = operations.register(
                _submission(form, goal, assignment),
                form.name.data or None,
                official=someone(),
                now=clock.now(),
            )
    except NotAccepted as error:
        words = str(REFUSALS[error.refusal])
        form.text.errors = [words % error.number if error.number else words]
        form.form_key.data = secrets.token_urlsafe(16)
        return _show(form, goal, assignment, 409)
    kept = {"kanal": form.channel.data, "inkom": str(form.received_on.data)}
    return see("reception.write", **_address(goal, assignment), **kept, registrerat=comment.number)


def _submission(form: ReceptionForm, goal: Goal, assignment: Assignment | None) -> Submission:
    return Submission(
        form_key=form.form_key.data,
        goal=goal,
        assignment=assignment,
        paragraph=form.chosen_paragraph(),
        kind=form.kind.data,
        text=form.text.data,
        html=render_text(form.text.data),
        language=form.language.data,
        area_id=form.area.data,
        channel=form.channel.data,
        received=Received(form.day(), someone()),
    )


def _show(form: ReceptionForm, goal: Goal, assignment: Assignment | None, status: int = 200) -> Response:
    number = request.args.get("registrerat") if status == 200 else None
    return render(
        "reception/write.html",
        status,
        form=form,
        goal=goal,
        assignment=assignment,
        address=_address(goal, assignment),
        kept=_kept(),
        made=queries.put_on_record(number, someone()) if number else None,
        shortest=SHORTEST_COMMENT,
        longest=LONGEST_COMMENT,
    )


def _subject(year: int, slug: str) -> tuple[Goal, Assignment | None]:
    """What the address says it is about; 404 when there is no such thing to comment on now."""
    goal = found(goal_alone(year, slug))
    if "uppdrag" not in request.args:
        return goal, None
    assignment = found(assignment_by_id(found(whole_number(request.args["uppdrag"]))))
    if assignment.goal_id != goal.id or assignment.withdrawn_at is not None:
        abort(404)
    return goal, assignment


def _address(goal: Goal, assignment: Assignment | None) -> dict[str, Any]:
    about = {"uppdrag": assignment.id} if assignment else {}
    return {"year": goal.year, "slug": goal.slug, **about}


def _kept() -> dict[str, str]:
    """The channel and the day of the one before, which most often hold for the next one too."""
    kept = {}
    if request.args.get("kanal") in [str(channel) for channel in CHANNELS]:
        kept["kanal"] = str(Channel(request.args["kanal"]))
    with suppress(ValueError):
        kept["inkom"] = date.fromisoformat(request.args.get("inkom", "")).isoformat()
    return kept
