"""The editor for a committee's answer: from the comments that were ticked to what everybody reads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.permissions import permitted
from dialog.plain import LONGEST_SENTENCE, advise
from dialog.plan.models import Committee
from dialog.response import operations, queries, reviewing, scheduling
from dialog.response.forms import LONGEST_LINE, AnswerForm, OwnLineForm
from dialog.response.inbox import arrived_since, newest_matter, other_matters
from dialog.response.models import AnswerTemplate, Matter
from dialog.response.models import Response as Answer
from dialog.response.rules import (
    PARTS_OF_WORDS,
    UNPUBLISHED,
    ResponseState,
    Work,
    filled,
    in_the_way,
    may_work,
    why_not_at,
)
from dialog.response.templates import template_of, templates_of
from dialog.response.views import blueprint, committee_of, show_inbox, ticked
from dialog.response.words import WHY_NOT_AT, who_saved
from dialog.states import Stale
from dialog.web import found, render, see, someone, wants_fragment, whole_number


def _response(committee: Committee, response_id: int) -> Answer:
    response: Answer = found(queries.response_of(committee, response_id))
    return response


def wordings_read() -> dict[int, int]:
    """Which wording of each comment stood on the page, by the ids of the matters, as far as they can be such."""
    read = (
        (whole_number(name.removeprefix("lydelse-")), whole_number(value))
        for name, value in request.form.items()
    )
    return {matter_id: wording for matter_id, wording in read if matter_id and wording}


@dataclass(frozen=True)
class Typed:
    """What stands in the editor: the answer, the comments it is to cover, and what is said to single authors."""

    form: AnswerForm
    matters: Sequence[Matter]
    lines: dict[int, OwnLineForm]  # by the matters' ids

    def is_valid(self) -> bool:
        """Whether nothing has to be put right. Every mistake is put at its field."""
        checked = [one.validate() for one in (self.form, *self.lines.values())]
        return all(checked)

    @property
    def left_out(self) -> int | None:
        return _left_out(self.matters)


def _left_out(matters: Sequence[Matter]) -> int | None:
    """How many of the ticked comments wait no longer, and so aren't among `matters`; None where all are."""
    return len(set(ticked())) - len(matters) or None


def _typed(committee: Committee, response: Answer) -> Typed:
    matters = queries.due_matters(committee, ticked(), goal_id=response.goal_id)
    return Typed(AnswerForm(), matters, _lines(response, matters))


def _lines(response: Answer, matters: Sequence[Matter]) -> dict[int, OwnLineForm]:
    """What is said to single authors: as it was typed, or as it is saved where nothing was asked for."""
    kept = {one.matter_id: one.to_author for one in response.coverage}
    lines = {}
    for matter in matters:
        prefix = f"rad-{matter.id}-"
        typed = request.form if f"{prefix}to_author" in request.form else None
        lines[matter.id] = OwnLineForm(typed, prefix=prefix, data={"to_author": kept.get(matter.id)})
    return lines


@blueprint.post("/namnd/<slug>/svar")
@permitted("draft_answer")
def start_answer(slug: str) -> AnyResponse:
    committee = committee_of(slug)
    matters = queries.due_matters(committee, ticked())
    if not matters:
        return show_inbox(committee, gettext("Choose at least one comment to answer."))
    if len({matter.comment.goal_id for matter in matters}) > 1:
        return show_inbox(
            committee, gettext("One answer belongs to one goal. Choose comments on the same goal.")
        )
    with transaction():
        response = operations.start_draft(
            committee, matters, officer=someone(), now=clock.now(), read=wordings_read()
        )
    return see("response.editor", slug=slug, response_id=response.id, utan=_left_out(matters))


@blueprint.get("/namnd/<slug>/svar/<int:response_id>")
@permitted("see_inbox")
def editor(slug: str, response_id: int) -> AnyResponse:
    committee = committee_of(slug)
    response = _response(committee, response_id)
    if response.state in {ResponseState.PUBLISHED, ResponseState.SUPERSEDED}:
        return see("public.answer", response_id=response.id)
    form = AnswerForm(formdata=None, obj=response, data={"seen": response.version})
    saved = gettext("The draft is saved.") if request.args.get("sparat") else None
    covered = [coverage.matter_id for coverage in response.coverage]
    matters = queries.due_matters(committee, covered, goal_id=response.goal_id)
    typed = Typed(form, matters, _lines(response, matters))
    return _show_editor(committee, response, typed, saved=saved)


@blueprint.post("/namnd/<slug>/svar/<int:response_id>")
@permitted("draft_answer")
def save_answer(slug: str, response_id: int) -> AnyResponse:
    committee = committee_of(slug)
    response = _response(committee, response_id)
    typed = _typed(committee, response)
    if not typed.is_valid():
        return _show_editor(committee, response, typed, 422)
    try:
        with transaction():
            _save(response, typed, now=clock.now())
    except Stale:
        return _saved_meanwhile(committee, response, typed)
    return see("response.editor", slug=slug, response_id=response.id, sparat=1, utan=typed.left_out)


@blueprint.post("/namnd/<slug>/svar/<int:response_id>/mall")
@permitted("use_template")
def insert_template(slug: str, response_id: int) -> AnyResponse:
    """Put a template into what is being written. What was typed stays, unless the writer says that it is to go."""
    committee = committee_of(slug)
    response = _response(committee, response_id)
    typed = _typed(committee, response)
    template = template_of(committee, whole_number(request.form.get("template")) or 0)
    if template is None:
        return _show_editor(committee, response, typed, 422, problem=gettext("Choose a template first."))
    said = {part: getattr(typed.form, part).data or "" for part in PARTS_OF_WORDS}
    words = {part: getattr(template, part) for part in PARTS_OF_WORDS}
    replaces = "replace" in request.form
    for part, text in filled(said, words, replaces=replaces).items():
        getattr(typed.form, part).data = text
    kept = [] if replaces else [getattr(typed.form, part).label.text for part in in_the_way(said, words)]
    return _show_editor(committee, response, typed, inserted=template, kept_parts=kept)


@blueprint.get("/namnd/<slug>/svar/<int:response_id>/nya")
@permitted("see_inbox")
def arrived(slug: str, response_id: int) -> AnyResponse:
    """What has come on the same goal since the editor was opened. Nothing, where that has been said already."""
    committee = committee_of(slug)
    response = _response(committee, response_id)
    if not wants_fragment():
        return see("response.editor", slug=slug, response_id=response_id)
    number = arrived_since(committee, response, whole_number(request.args.get("sedan")) or 0)
    if number == (whole_number(request.args.get("sagt")) or 0):
        return Response(status=204)
    return render("response/_arrived.html", number=number)


@blueprint.post("/namnd/<slug>/svar/<int:response_id>/klarsprak")
@permitted("check_language")
def check_language(slug: str, response_id: int) -> AnyResponse:
    """What could be said more plainly in what is being written, which isn't saved by this."""
    committee = committee_of(slug)
    response = _response(committee, response_id)
    return _show_editor(committee, response, _typed(committee, response), fragment="response/_checked.html")


@blueprint.post("/namnd/<slug>/svar/<int:response_id>/granskning")
@permitted("draft_answer")
def send_to_review(slug: str, response_id: int) -> AnyResponse:
    committee = committee_of(slug)
    response = _response(committee, response_id)
    typed = _typed(committee, response)
    if response.state == ResponseState.DRAFT:
        problem = _save_and(committee, response, typed, lambda now: _now_send_to_review(response, now))
    else:
        problem = _other_words(committee, response, typed)
    return problem or see("response.inbox", slug=slug, gjort="granskning", utan=typed.left_out)


def _now_send_to_review(response: Answer, now: datetime) -> None:
    reviewing.send_to_review(response, seen=response.version, officer=someone(), now=now)


@blueprint.post("/namnd/<slug>/svar/<int:response_id>/tillbaka")
@permitted("draft_answer")
def send_back(slug: str, response_id: int) -> AnyResponse:
    committee = committee_of(slug)
    response = _response(committee, response_id)
    typed, now = _typed(committee, response), clock.now()
    if not typed.is_valid():
        return _show_editor(committee, response, typed, 422)
    form = typed.form
    try:
        with transaction():
            because = form.sent_back_because.data
            sent = reviewing.send_back(response, because, seen=form.seen.data, officer=someone(), now=now)
            if sent is not None:
                form.seen.data = response.version
            is_typed = (
                "you_said" in request.form
            )  # while it waits for its time, its words are read and not written
            if is_typed and (sent is not None or form.draft() != operations.Draft.of(response)):
                _save(response, typed, now=now)
    except Stale:
        return _saved_meanwhile(committee, response, typed)
    return see("response.editor", slug=slug, response_id=response.id, sparat=1, utan=typed.left_out)


@blueprint.post("/namnd/<slug>/svar/<int:response_id>/tid")
@permitted("schedule_answer")
def schedule(slug: str, response_id: int) -> AnyResponse:
    committee = committee_of(slug)
    response = _response(committee, response_id)
    typed = _typed(committee, response)
    at, now = typed.form.moment(), clock.now()
    why = why_not_at(at, now) if at else None
    if at is None or why:
        typed.is_valid()
        at = typed.form.moment()
        if why and not typed.form.publish_on.errors:
            typed.form.publish_on.errors = [str(WHY_NOT_AT[why])]
        return _show_editor(committee, response, typed, 422)
    if response.state == ResponseState.SCHEDULED and response.publish_at == at:
        problem = _other_words(committee, response, typed)
    else:
        problem = _save_and(committee, response, typed, lambda now: _now_schedule(response, at, now))
    return problem or see("response.editor", slug=slug, response_id=response.id, utan=typed.left_out)


def _now_schedule(response: Answer, at: datetime, now: datetime) -> None:
    scheduling.schedule(response, at, seen=response.version, editor=someone(), now=now)


@blueprint.post("/namnd/<slug>/svar/<int:response_id>/publicera")
@permitted("publish_answer")
def publish_answer(slug: str, response_id: int) -> AnyResponse:
    committee = committee_of(slug)
    response = _response(committee, response_id)
    typed, left_out = _typed(committee, response), None
    if response.state != ResponseState.PUBLISHED:
        left_out = typed.left_out
        problem = _save_and(committee, response, typed, lambda now: _now_publish(response, now))
    else:
        problem = _other_words(committee, response, typed)
    return problem or see("public.answer", response_id=response.id, publicerat=1, utan=left_out)


def _now_publish(response: Answer, now: datetime) -> None:
    operations.publish(response, seen=response.version, editor=someone(), now=now)


def _other_words(committee: Committee, response: Answer, typed: Typed) -> Response | None:
    """What was asked for has been done already. None where it was with these words; else those that were typed."""
    if typed.form.draft() == operations.Draft.of(response):
        return None
    return _saved_meanwhile(committee, response, typed)


def _save_and(
    committee: Committee, response: Answer, typed: Typed, finish: Callable[[datetime], None]
) -> Response | None:
    """Keep what was typed and `finish` what says all it must; else the editor, which says what stands in the way."""
    is_valid = typed.is_valid()
    if not (is_valid and typed.matters and operations.is_complete(typed.form.draft())):
        typed.form.say_what_is_missing()
        nobody = None if typed.matters else gettext("Choose at least one comment to answer.")
        return _show_editor(committee, response, typed, 422, problem=nobody)
    now = clock.now()
    try:
        with transaction():
            _save(response, typed, now=now)
            finish(now)
    except Stale:
        return _saved_meanwhile(committee, response, typed)
    except operations.Incomplete:
        gone = gettext("None of the comments you chose waits any longer. Choose others.")
        return _show_editor(committee, response, typed, 409, problem=gone)
    return None


def _save(response: Answer, typed: Typed, *, now: datetime) -> None:
    """Keep what was typed, as of the draft that stood on the page."""
    operations.save_draft(
        response,
        typed.form.draft(),
        typed.matters,
        seen=typed.form.seen.data,
        officer=someone(),
        now=now,
        read=wordings_read(),
        lines={matter_id: one.to_author.data for matter_id, one in typed.lines.items()},
    )


def _saved_meanwhile(committee: Committee, response: Answer, typed: Typed) -> Response:
    """Somebody saved the draft after it was opened: show their words beside those that were typed.

    The next press answers what is shown now, so it replaces the saved words knowingly.
    """
    typed.form.seen.data = response.version
    problem = (
        who_saved(queries.last_saved(response), someone())
        if _may(Work.SAVE, response)
        else gettext(
            "An editor has set the time for it since you opened it. Take it back to keep your words."
        )
        if response.state == ResponseState.SCHEDULED
        else gettext("It has been sent to an editor since you opened it. Take it back to keep your words.")
    )
    return _show_editor(committee, response, typed, 409, problem=problem, stored=response)


def _may(work: Work, response: Answer) -> bool:
    """Whether whoever is signed in can do this with the answer as it stands."""
    return may_work(work, response.state, is_editor=operations.is_editor(someone(), response))


def _show_editor(
    committee: Committee,
    response: Answer,
    typed: Typed,
    status: int = 200,
    *,
    problem: str | None = None,
    saved: str | None = None,
    stored: Answer | None = None,
    fragment: str | None = None,
    inserted: AnswerTemplate | None = None,
    kept_parts: Sequence[str] = (),
) -> Response:
    """The editor. `stored` is the answer as somebody else saved it, to be shown beside what was typed.

    Raises Stale where everybody can read the answer by now: what it says is no longer changed here.
    """
    if response.state not in UNPUBLISHED:
        raise Stale(response)
    covered = {coverage.matter_id for coverage in response.coverage}
    if request.method == "POST":
        covered = set(ticked())
    matters = queries.due_matters(committee, covered, goal_id=response.goal_id)
    others = other_matters(committee, response, covered)
    return render(
        "response/editor.html",
        status,
        fragment=fragment,
        committee=committee,
        response=response,
        form=typed.form,
        advice=advise(typed.form.words()),
        longest_sentence=LONGEST_SENTENCE,
        lines=typed.lines,
        longest_line=LONGEST_LINE,
        matters=matters,
        others=others,
        standings=queries.standings([matter.comment for matter in (*matters, *others)]),
        chosen=covered,
        told=len({matter.comment.author_id for matter in matters}),
        problem=problem,
        saved=saved,
        stored=stored,
        may={work.value for work in Work if _may(work, response)},
        newest=newest_matter(committee),
        templates=templates_of(committee),
        inserted=inserted,
        kept_parts=kept_parts,
        left_out=len(covered) - len(matters) or whole_number(request.args.get("utan")),
        sent=queries.sent_to_review(response),
        today=clock.today(),
    )
