"""Where an editor puts on record what a meeting decided, and goes on to the answers."""

from collections.abc import Sequence

from flask import Response, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.meetings.forms import MeetingForm
from dialog.meetings.operations import begin_decision, record_meeting
from dialog.meetings.queries import matters_to_decide
from dialog.meetings.rules import MOST_TO_TICK
from dialog.meetings.views import blueprint
from dialog.permissions import permitted
from dialog.plan.models import Committee
from dialog.response.answer_views import wordings_read
from dialog.response.models import Matter
from dialog.response.queries import due_matters
from dialog.response.views import committee_of, ticked
from dialog.web import render, see, someone


@blueprint.get("/namnd/<slug>/sammantrade")
@permitted("see_recording")
def prepare_meeting(slug: str) -> Response:
    return _show(committee_of(slug), MeetingForm(formdata=None))


@blueprint.post("/namnd/<slug>/sammantrade")
@permitted("record_meeting")
def record(slug: str) -> AnyResponse:
    committee, form = committee_of(slug), MeetingForm()
    matters = due_matters(committee, ticked())
    form.decides = bool(ticked())
    problem = _problem_with(matters)
    if not form.validate() or problem:
        return _show(committee, form, 422, problem=problem)
    now, held_on = clock.now(), form.held_on.data
    assert held_on is not None  # or the form would not have been valid
    with transaction():
        meeting = record_meeting(committee, held_on, form.protocol.data or None, editor=someone(), now=now)
        if not matters:
            return see("meetings.annex", slug=slug, inskrivet=1)
        answer = begin_decision(
            meeting, form.paragraph.data, matters, editor=someone(), now=now, read=wordings_read()
        )
    return see("response.editor", slug=slug, response_id=answer.id, sparat=1)


def _problem_with(matters: Sequence[Matter]) -> str | None:
    """Why what was ticked can't be answered as one."""
    if ticked() and not matters:
        return gettext("None of the comments you chose waits any longer. Choose others.")
    if len({matter.comment.goal_id for matter in matters}) > 1:
        return gettext("One answer belongs to one goal. Choose comments on the same goal.")
    return None


def _show(
    committee: Committee, form: MeetingForm, status: int = 200, *, problem: str | None = None
) -> Response:
    return render(
        "meetings/record.html",
        status,
        committee=committee,
        form=form,
        waiting=matters_to_decide(committee),
        most=MOST_TO_TICK,
        chosen=set(ticked()) if request.method == "POST" else set(),
        problem=problem,
        today=clock.today(),
    )
