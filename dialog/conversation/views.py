"""Writing a comment."""

import secrets
from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from dialog.conversation import operations, queries
from dialog.conversation.forms import CommentForm
from dialog.conversation.operations import Submission
from dialog.conversation.rules import LONGEST_COMMENT, SHORTEST_COMMENT
from dialog.db import clock, transaction
from dialog.languages import language
from dialog.people.models import Person
from dialog.people.queries import has_read_the_notice, mandates_of
from dialog.permissions import permitted
from dialog.plan.models import Assignment, Goal, Paragraph
from dialog.plan.queries import assignment_by_id, goal_alone, paragraph_of
from dialog.text import render as render_text
from dialog.web import found, render, see, someone

blueprint = Blueprint("conversation", __name__)


@dataclass(frozen=True)
class Subject:
    """What a comment is about."""

    goal: Goal
    assignment: Assignment | None
    paragraph: Paragraph | None


def _subject(year: int, slug: str) -> Subject:
    """What the address says the comment is about; 404 when there is no such thing to comment on now."""
    goal = found(goal_alone(year, slug))
    assignment_id, paragraph_id = (request.args.get(name, type=int) for name in ("uppdrag", "stycke"))
    if any(
        name in request.args and request.args.get(name, type=int) is None for name in ("uppdrag", "stycke")
    ):
        abort(404)
    paragraph = found(paragraph_of(goal, paragraph_id)) if paragraph_id is not None else None
    if paragraph is not None and paragraph.assignment_id is not None:
        assignment_id = paragraph.assignment_id
    assignment = found(assignment_by_id(assignment_id)) if assignment_id is not None else None
    if assignment is not None and (assignment.goal_id != goal.id or assignment.withdrawn_at is not None):
        abort(404)
    return Subject(goal, assignment, paragraph)


@blueprint.get("/mal/<int:year>/<slug>/skriv")
@permitted("prepare_comment")
def write(year: int, slug: str) -> AnyResponse:
    subject, person = _subject(year, slug), someone()
    if not _is_prepared(person):
        return redirect(url_for("people.notice", next=request.script_root + request.full_path), 303)
    form = CommentForm(
        mandates_of(person, clock.today()),
        data={"form_key": secrets.token_urlsafe(16), "area": person.area_id, "language": language()},
    )
    return _show(form, subject)


@blueprint.post("/mal/<int:year>/<slug>/skriv")
@permitted("comment")
def submit(year: int, slug: str) -> AnyResponse:
    subject, person = _subject(year, slug), someone()
    form = CommentForm(mandates_of(person, clock.today()))
    if not (form.validate() and _may_be_sent(form, subject, person)):
        form.form_key.data = form.form_key.data or secrets.token_urlsafe(16)
        return _show(form, subject, 422)
    submission = Submission(
        form_key=form.form_key.data,
        goal=subject.goal,
        assignment=subject.assignment,
        paragraph=subject.paragraph,
        kind=form.kind.data,
        text=form.text.data,
        html=render_text(form.text.data),
        language=form.language.data,
        mandate=form.mandate(),
        area_id=form.area.data,
    )
    try:
        with transaction():
            comment = operations.submit_comment(submission, author=person, now=clock.now())
    except operations.NotYourForm:
        abort(409)
    return see("public.receipt", key=comment.receipt_key)


def _is_prepared(person: Person) -> bool:
    """Whether the person has chosen a name and read the notice in force."""
    return bool(person.name) and has_read_the_notice(person)


def _may_be_sent(form: CommentForm, subject: Subject, person: Person) -> bool:
    """Whether nothing outside the form stands in the way; says at the text what does."""
    twin = queries.same_text_already_sent(person, subject.goal, form.text.data)
    if not _is_prepared(person):
        form.text.errors = [gettext("Read the notice and choose a name before you send your first comment.")]
    elif twin is not None and twin.form_key != form.form_key.data:
        form.text.errors = [
            gettext(
                "You have already sent exactly this text. It has the number %(number)s.", number=twin.number
            )
        ]
    return not form.text.errors


def _show(form: CommentForm, subject: Subject, status: int = 200) -> Response:
    return render(
        "conversation/write.html",
        status,
        form=form,
        subject=subject,
        shortest=SHORTEST_COMMENT,
        longest=LONGEST_COMMENT,
    )
