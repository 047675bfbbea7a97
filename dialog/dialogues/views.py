"""Where a committee's officers prepare its dialogues and its editors open and close them."""

from flask import Blueprint, Response, abort, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.dialogues import operations, queries
from dialog.dialogues.forms import DialogueForm, ReportForm
from dialog.dialogues.models import Dialogue
from dialog.dialogues.rules import DIALOGUE_MOVES, DialogueState
from dialog.errors import CHANGED_BY_ANOTHER
from dialog.permissions import permitted
from dialog.plan.models import Assignment, Committee, Goal
from dialog.plan.queries import assignments_of, committee_at, goals_of
from dialog.states import Stale
from dialog.transitions import moves_from
from dialog.web import found, render, require, see, someone

blueprint = Blueprint("dialogues", __name__)
_PAGE = "dialogues/edit.html"


def committee_of(slug: str) -> Committee:
    committee: Committee = found(committee_at(slug))
    require(committee)
    return committee


@blueprint.get("/namnd/<slug>/dialoger")
@permitted("see_dialogues")
def dialogues(slug: str) -> Response:
    committee = committee_of(slug)
    return render(
        "dialogues/dialogues.html",
        committee=committee,
        dialogues=queries.dialogues_of(committee),
        goals=goals_of(committee),
        assignments=assignments_of(committee),
        today=clock.today(),
    )


@blueprint.post("/namnd/<slug>/dialoger")
@permitted("draft_dialogue")
def start_dialogue(slug: str) -> AnyResponse:
    """Begin a dialogue about what was chosen; where there is one under way, go to that."""
    committee = committee_of(slug)
    subjects: dict[str, tuple[Goal, Assignment | None]] = {
        **{f"mal-{goal.id}": (goal, None) for goal in goals_of(committee)},
        **{f"uppdrag-{one.id}": (one.goal, one) for one in assignments_of(committee)},
    }
    goal, assignment = found(subjects.get(request.form.get("about", "")))
    with transaction():
        dialogue = operations.start_dialogue(committee, goal, assignment, officer=someone(), now=clock.now())
    if dialogue.committee_id != committee.id:
        abort(409)
    return see("dialogues.dialogue", slug=slug, dialogue_id=dialogue.id)


@blueprint.get("/namnd/<slug>/dialoger/<int:dialogue_id>")
@permitted("see_dialogues")
def dialogue(slug: str, dialogue_id: int) -> Response:
    committee = committee_of(slug)
    dialogue: Dialogue = found(queries.dialogue_of(committee, dialogue_id))
    form = DialogueForm(formdata=None, obj=dialogue, data={"seen": dialogue.version})
    saved = gettext("The dialogue is saved.") if request.args.get("sparat") else None
    return show(_PAGE, dialogue, form, saved=saved)


@blueprint.post("/namnd/<slug>/dialoger/<int:dialogue_id>")
@permitted("draft_dialogue")
def save_dialogue(slug: str, dialogue_id: int) -> AnyResponse:
    return _save(committee_of(slug), dialogue_id, None)


@blueprint.post("/namnd/<slug>/dialoger/<int:dialogue_id>/<act>")
@permitted("open_dialogue")
def move_dialogue(slug: str, dialogue_id: int, act: str) -> AnyResponse:
    """Save what the form says, and open, close or reopen the dialogue."""
    committee = committee_of(slug)
    return _save(committee, dialogue_id, found(_ACTS.get(act)))


_ACTS = {"oppna": DialogueState.OPEN, "stang": DialogueState.CLOSED}


def _save(committee: Committee, dialogue_id: int, to: DialogueState | None) -> AnyResponse:
    dialogue: Dialogue = found(queries.dialogue_of(committee, dialogue_id))
    form, now = DialogueForm(), clock.now()
    if dialogue.state == DialogueState.REPORTED_BACK:
        abort(409)
    if not form.validate():
        return show(_PAGE, dialogue, form, 422)
    try:
        with transaction():
            if dialogue.state != to:
                operations.save_terms(dialogue, form.terms(), seen=form.seen.data, officer=someone(), now=now)
            if to is not None:
                operations.move_dialogue(dialogue, to, seen=dialogue.version, editor=someone(), now=now)
    except operations.NotReady as error:
        form.say(error.flaws)
        return show(_PAGE, dialogue, form, 422)
    except Stale:
        return show_both(_PAGE, dialogue, form)
    return see("dialogues.dialogue", slug=committee.slug, dialogue_id=dialogue.id, sparat=1)


def show_both(page: str, dialogue: Dialogue, form: DialogueForm | ReportForm) -> Response:
    """Somebody saved it meanwhile: what was typed stays, beside what they wrote; the next press replaces it."""
    form.seen.data = dialogue.version
    return show(page, dialogue, form, 409, problem=str(CHANGED_BY_ANOTHER), stored=dialogue)


def show(
    page: str,
    dialogue: Dialogue,
    form: DialogueForm | ReportForm,
    status: int = 200,
    *,
    problem: str | None = None,
    saved: str | None = None,
    stored: Dialogue | None = None,
) -> Response:
    """A form of a dialogue's committee on its page; `stored` is what somebody else wrote meanwhile."""
    return render(
        page,
        status,
        committee=dialogue.committee,
        dialogue=dialogue,
        form=form,
        problem=problem,
        saved=saved,
        stored=stored,
        moves=moves_from(DIALOGUE_MOVES, dialogue.state),
        today=clock.today(),
    )
