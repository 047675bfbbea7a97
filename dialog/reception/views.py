"""Where the customer centre puts on record what came by telephone, on paper, at a service point or at a meeting."""

import secrets
from contextlib import suppress
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from dialog.conversation.editing import NoLongerEdited, edit_comment
from dialog.conversation.models import Comment, Sitting
from dialog.conversation.rules import LONGEST_COMMENT, SHORTEST_COMMENT, Channel
from dialog.conversation.submitting import NotAccepted, Received, Submission
from dialog.conversation.watching import Sent, look_through
from dialog.db import clock, transaction
from dialog.permissions import permitted
from dialog.plan.models import Assignment, Goal
from dialog.plan.queries import assignment_by_id, goal_alone, years
from dialog.reception import operations, queries
from dialog.reception.forms import CorrectionForm, MeetingForm, ReceptionForm, SayingForm
from dialog.reception.rules import CHANNELS
from dialog.reception.words import REFUSALS
from dialog.states import Stale
from dialog.text import clean_line
from dialog.text import render as render_text
from dialog.web import found, render, see, someone, wants_fragment, whole_number

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
        sittings=queries.sittings_of(someone()),
        kept=_kept(),
    )


@blueprint.get("/kundcenter/<int:year>/<slug>")
@permitted("see_reception")
def write(year: int, slug: str) -> Response:
    goal, assignment = _subject(year, slug)
    kept = _kept()
    form = ReceptionForm(
        queries.paragraphs_of(goal, assignment),
        queries.confirmed_organisations(),
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
    paragraphs, organisations = queries.paragraphs_of(goal, assignment), queries.confirmed_organisations()
    form = ReceptionForm(paragraphs, organisations, clock.today())
    if not form.validate():
        return _show(form, goal, assignment, 422)
    submission = _submission(form, goal, assignment)
    try:
        with transaction():
            comment = operations.register(
                submission,
                form.name.data or None,
                official=someone(),
                now=clock.now(),
                spoken=form.spoken(),
            )
    except NotAccepted as error:
        _say(error, form)
        return _show(form, goal, assignment, 409)
    kept = {"kanal": form.channel.data, "inkom": str(form.received_on.data)}
    return see("reception.write", **_address(goal, assignment), **kept, registrerat=comment.number)


def _say(error: NotAccepted, form: SayingForm) -> None:
    """Put at the words why they aren't taken; sent again, the form is another one."""
    words = str(REFUSALS[error.refusal])
    form.text.errors = [words % error.number if error.number else words]
    form.form_key.data = secrets.token_urlsafe(16)


def _submission(form: ReceptionForm, goal: Goal, assignment: Assignment | None) -> Submission:
    html = render_text(form.text.data)
    return Submission(
        form_key=form.form_key.data,
        goal=goal,
        assignment=assignment,
        paragraph=form.chosen_paragraph(),
        kind=form.kind.data,
        text=form.text.data,
        html=html,
        watched=look_through(Sent(form.text.data, html, None, clock.now())),
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


@blueprint.get("/kundcenter/moten/ny")
@permitted("see_reception")
def open_sitting() -> Response:
    data = {"form_key": secrets.token_urlsafe(16), "held_on": clock.today()}
    return render(
        "reception/meeting.html", form=MeetingForm(queries.goals_to_choose(), clock.today(), data=data)
    )


@blueprint.post("/kundcenter/moten/ny")
@permitted("receive")
def record_sitting() -> AnyResponse:
    form = MeetingForm(queries.goals_to_choose(), clock.today())
    if not form.validate():
        return render("reception/meeting.html", 422, form=form)
    with transaction():
        sitting = operations.record_sitting(form.meeting(), official=someone(), now=clock.now())
    return see("reception.sitting", sitting_id=sitting.id)


@blueprint.get("/kundcenter/moten/<int:sitting_id>")
@permitted("see_reception")
def sitting(sitting_id: int) -> Response:
    sitting: Sitting = found(queries.sitting_of(sitting_id, someone()))
    return _show_sitting(sitting, _blank(sitting), number=request.args.get("registrerat"))


@blueprint.post("/kundcenter/moten/<int:sitting_id>")
@permitted("receive")
def add_to_sitting(sitting_id: int) -> AnyResponse:
    sitting: Sitting = found(queries.sitting_of(sitting_id, someone()))
    form = SayingForm()
    if not form.validate():
        return _show_sitting(sitting, form, 422)
    html = render_text(form.text.data)
    submission = Submission(
        form_key=form.form_key.data,
        goal=sitting.goal,
        kind=form.kind.data,
        text=form.text.data,
        html=html,
        watched=look_through(Sent(form.text.data, html, None, clock.now())),
        language=form.language.data,
        area_id=form.area.data,
        channel=Channel.MEETING,
        received=Received(sitting.held_on, someone(), sitting),
    )
    try:
        with transaction():
            comment = operations.register(
                submission, form.name.data or None, official=someone(), now=clock.now()
            )
    except NotAccepted as error:
        _say(error, form)
        return _show_sitting(sitting, form, 409)
    if wants_fragment():
        return _show_sitting(sitting, _blank(sitting), number=comment.number)
    return see("reception.sitting", sitting_id=sitting.id, registrerat=comment.number)


def _blank(sitting: Sitting) -> SayingForm:
    data = {"form_key": secrets.token_urlsafe(16), "language": "sv", "area": sitting.area_id}
    return SayingForm(formdata=None, data=data)


def _show_sitting(
    sitting: Sitting, form: SayingForm, status: int = 200, number: str | None = None
) -> Response:
    comments, next_cursor = queries.entered(sitting, before=request.args.get("efter"))
    return render(
        "reception/sitting.html",
        status,
        fragment="reception/_sitting.html",
        sitting=sitting,
        form=form,
        comments=comments,
        next_cursor=next_cursor,
        made=queries.put_on_record(number, someone()) if number else None,
        shortest=SHORTEST_COMMENT,
        longest=LONGEST_COMMENT,
    )


@blueprint.get("/kundcenter/inlagg/<number>/ratta")
@permitted("see_correction")
def correct(number: str) -> Response:
    comment: Comment = found(queries.put_on_record(number, someone()))
    form = CorrectionForm(formdata=None, data={"seen": comment.version, "text": comment.words.text})
    return _show_correction(comment, form)


@blueprint.post("/kundcenter/inlagg/<number>/ratta")
@permitted("correct_comment")
def save_correction(number: str) -> AnyResponse:
    comment: Comment = found(queries.put_on_record(number, someone()))
    form = CorrectionForm()
    if not form.validate():
        return _show_correction(comment, form, 422)
    text, html = form.text.data, render_text(form.text.data)
    watched = look_through(Sent(text, html, None, clock.now(), edited=comment))
    try:
        with transaction():
            edit_comment(
                comment,
                text,
                html,
                author=someone(),
                seen=form.seen.data,
                now=clock.now(),
                watched=watched,
            )
    except (NoLongerEdited, Stale):
        return _show_correction(comment, form, 409, is_stale=True)
    return see("reception.correct", number=number, sparat=1)


def _show_correction(
    comment: Comment, form: CorrectionForm, status: int = 200, *, is_stale: bool = False
) -> Response:
    form.seen.data = form.seen.data if form.seen.errors else comment.version
    return render(
        "reception/correct.html",
        status,
        comment=comment,
        form=form,
        is_stale=is_stale,
        saved=request.args.get("sparat") if status == 200 else None,
        longest=LONGEST_COMMENT,
    )
