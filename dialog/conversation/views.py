"""Writing a comment, changing one's own, and taking it back."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from dialog.conversation import editing
from dialog.conversation.forms import CommentForm, EditForm, ReplyForm, WithdrawForm
from dialog.conversation.models import Comment
from dialog.conversation.preview import Preview
from dialog.conversation.queries import comment_by_number, replied_to
from dialog.conversation.rules import (
    HOURS_TO_EDIT,
    LONGEST_COMMENT,
    SHORTEST_COMMENT,
    CommentState,
    Target,
    is_open,
)
from dialog.conversation.submitting import NotAccepted, Submission, refuse_early, submit_comment
from dialog.conversation.watching import Sent, look_through
from dialog.conversation.words import REFUSALS
from dialog.db import clock, transaction
from dialog.dialogues.models import Dialogue
from dialog.dialogues.queries import dialogue_on, ruling_of
from dialog.languages import language
from dialog.organisations.queries import mandates_of
from dialog.people.models import Person
from dialog.people.queries import is_prepared, name_is_real
from dialog.permissions import permitted
from dialog.plan.models import Assignment, Goal, Paragraph
from dialog.plan.queries import areas, as_it_stands_now, assignment_by_id, goal_alone, paragraph_of
from dialog.states import Stale, UnlistedMove
from dialog.text import render as render_text
from dialog.web import found, here, render, require, see, someone, whole_number

blueprint = Blueprint("conversation", __name__)


@dataclass(frozen=True)
class Subject:
    """What a comment is about."""

    goal: Goal
    assignment: Assignment | None
    paragraph: Paragraph | None
    has_changed: bool = False  # the paragraph has other words than when it was chosen, or is gone

    @property
    def target(self) -> Target:
        is_withdrawn = self.assignment is not None and self.assignment.withdrawn_at is not None
        return Target.WITHDRAWN if is_withdrawn else Target.IN_THE_PLAN


def _subject(year: int, slug: str) -> Subject:
    """What the address says the comment is about; 404 when there is no such thing."""
    goal = found(goal_alone(year, slug))
    assignment_id, paragraph_id = (_id_in_address(name) for name in ("uppdrag", "stycke"))
    chosen = found(paragraph_of(goal, paragraph_id)) if paragraph_id is not None else None
    if chosen is not None and chosen.assignment_id is not None:
        assignment_id = chosen.assignment_id
    assignment = found(assignment_by_id(assignment_id)) if assignment_id is not None else None
    if assignment is not None and (assignment.goal_id != goal.id):
        abort(404)
    paragraph = as_it_stands_now(chosen) if chosen is not None else None
    return Subject(goal, assignment, paragraph, has_changed=paragraph is not chosen)


def _id_in_address(name: str) -> int | None:
    number: int | None = found(whole_number(request.args[name])) if name in request.args else None
    return number


@blueprint.get("/mal/<int:year>/<slug>/skriv")
@permitted("prepare_comment")
def write(year: int, slug: str) -> AnyResponse:
    subject, person = _subject(year, slug), someone()
    if not is_open(subject.target):
        abort(404)
    if not is_prepared(person):
        return redirect(url_for("people.notice", next=here()), 303)
    # Where the person lives is not filled in: that is theirs alone, and what stands here is shown.
    form = CommentForm(
        mandates_of(person, clock.today()),
        data={"form_key": secrets.token_urlsafe(16), "language": language()},
    )
    return _show(form, subject)


@blueprint.post("/mal/<int:year>/<slug>/skriv")
@permitted("comment")
def submit(year: int, slug: str) -> AnyResponse:
    subject, person = _subject(year, slug), someone()
    form = CommentForm(mandates_of(person, clock.today()))
    if not form.validate():
        form.form_key.data = form.form_key.data or secrets.token_urlsafe(16)
        return _show(form, subject, 422)
    if subject.has_changed:
        form.text.errors = [gettext("Nothing was sent: the paragraph you wrote about has changed.")]
        return _show(form, subject, 409)
    html = render_text(form.text.data)
    submission = Submission(
        form_key=form.form_key.data,
        goal=subject.goal,
        assignment=subject.assignment,
        paragraph=subject.paragraph,
        kind=form.kind.data,
        text=form.text.data,
        html=html,
        watched=look_through(Sent(form.text.data, html, person, clock.now())),
        language=form.language.data,
        mandate=form.mandate(),
        states_real_name=form.states_real_name.data,
        area_id=form.area.data,
    )
    try:
        if _PREVIEW in request.form:
            return _show(form, subject, preview=_preview(submission, person))
        with transaction():
            comment = submit_comment(submission, author=person, now=clock.now())
    except NotAccepted as error:
        _say_why(form, error)
        return _show(form, subject, 409)
    return see("public.receipt", key=comment.receipt_key)


_PREVIEW = "preview"  # the name of the button that shows what has been written and sends nothing


def _preview(submission: Submission, person: Person) -> Preview:
    """The comment as it would be shown. Raises NotAccepted where it would not be."""
    refuse_early(submission, author=person, now=clock.now())
    area = next((one for one in areas() if one.id == submission.area_id), None)
    return Preview(submission, person, area, clock.now())


def _say_why(form: CommentForm, error: NotAccepted) -> None:
    """Say at the text why it isn't taken; the form can be sent again as another one."""
    words = str(REFUSALS[error.refusal])
    form.text.errors = [words % error.number if error.number else words]
    form.form_key.data = secrets.token_urlsafe(16)


def _asks_for_real_name(dialogue: Dialogue | None) -> bool:
    """Whether the writer is to say that the name they show is their own, as they haven't before."""
    return dialogue is not None and dialogue.real_names_only and not name_is_real(someone())


def _show(
    form: CommentForm, subject: Subject, status: int = 200, *, preview: Preview | None = None
) -> Response:
    dialogue = dialogue_on(subject.goal, subject.assignment)
    return render(
        "conversation/write.html",
        status,
        fragment="conversation/_write.html",
        form=form,
        preview=preview,
        subject=subject,
        dialogue=dialogue,
        is_open=is_open(subject.target, ruling_of(dialogue, clock.today())),
        asks_for_real_name=_asks_for_real_name(dialogue),
        today=clock.today(),
        shortest=SHORTEST_COMMENT,
        longest=LONGEST_COMMENT,
    )


@blueprint.get("/inlagg/<number>/svara")
@permitted("prepare_comment")
def write_reply(number: str) -> AnyResponse:
    parent, person = found(replied_to(number)), someone()
    if not parent.takes_replies:
        abort(404)
    if not is_prepared(person):
        return redirect(url_for("people.notice", next=here()), 303)
    begun = {"form_key": secrets.token_urlsafe(16), "language": language(), "wording": parent.wording}
    return _show_reply(ReplyForm(mandates_of(person, clock.today()), data=begun), parent)


@blueprint.post("/inlagg/<number>/svara")
@permitted("comment")
def reply(number: str) -> AnyResponse:
    parent, person = found(replied_to(number)), someone()
    form = ReplyForm(mandates_of(person, clock.today()))
    if not form.validate():
        form.form_key.data = form.form_key.data or secrets.token_urlsafe(16)
        return _show_reply(form, parent, 422)
    html = render_text(form.text.data)
    submission = Submission.reply(
        parent,
        parent_wording=form.wording.data,
        form_key=form.form_key.data,
        kind=parent.kind,
        text=form.text.data,
        html=html,
        watched=look_through(Sent(form.text.data, html, person, clock.now())),
        language=form.language.data,
        mandate=form.mandate(),
        states_real_name=form.states_real_name.data,
    )
    try:
        if _PREVIEW in request.form:
            return _show_reply(form, parent, preview=_preview(submission, person))
        with transaction():
            comment = submit_comment(submission, author=person, now=clock.now())
    except NotAccepted as error:
        _say_why(form, error)
        return _show_reply(form, parent, 409)
    return see("public.receipt", key=comment.receipt_key)


def _show_reply(
    form: ReplyForm, parent: Comment, status: int = 200, *, preview: Preview | None = None
) -> Response:
    dialogue = dialogue_on(parent.goal, parent.assignment)
    return render(
        "conversation/reply.html",
        status,
        fragment="conversation/_reply.html",
        form=form,
        preview=preview,
        parent=parent,
        today=clock.today(),
        is_open=is_open(Target.COMMENT, ruling_of(dialogue, clock.today())),
        asks_for_real_name=_asks_for_real_name(dialogue),
        shortest=SHORTEST_COMMENT,
        longest=LONGEST_COMMENT,
    )


def _own(number: str) -> Comment:
    """The comment of this number; 404 where there is none to be seen, 403 where it is somebody else's."""
    comment: Comment = found(comment_by_number(number, someone()))
    require(comment)
    return comment


@blueprint.get("/inlagg/<number>/andra")
@permitted("change_own")
def edit(number: str) -> Response:
    comment = _own(number)
    form = EditForm(formdata=None, data={"seen": comment.version, "text": comment.words.text})
    return _show_edit(comment, form)


@blueprint.post("/inlagg/<number>/andra")
@permitted("edit_comment")
def save_edit(number: str) -> AnyResponse:
    comment, form = _own(number), EditForm()
    if not form.validate():
        return _show_edit(comment, form, 422)
    text, html = form.text.data, render_text(form.text.data)
    if _PREVIEW in request.form:
        return _preview_edit(comment, form, html)
    watched = look_through(Sent(text, html, someone(), clock.now(), edited=comment))
    try:
        with transaction():
            edited = editing.edit_comment(
                comment,
                text,
                html,
                author=someone(),
                seen=form.seen.data,
                now=clock.now(),
                watched=watched,
            )
    except Stale:
        return _show_edit(comment, form, 409, is_stale=True)
    except editing.NoLongerEdited:
        return _show_edit(comment, form, 409)
    except editing.TooManyEdits:
        form.text.errors = [
            gettext("You have changed comments many times in the last hour. Save this a while later.")
        ]
        return _show_edit(comment, form, 409)
    if edited is None and comment.state == CommentState.HIDDEN:
        form.text.errors = [
            gettext("This is the text that is not shown. Change it before you send it again.")
        ]
        return _show_edit(comment, form, 422)
    done = {} if edited is None else {"gjort": "andrat"}  # nothing was changed where the words are the same
    return see("public.comment", number=number, **done)


def _preview_edit(comment: Comment, form: EditForm, html: str) -> Response:
    """The look of the changed comment, if what it was changed from is still what it says and may still change."""
    if form.seen.data != comment.version:
        return _show_edit(comment, form, 409, is_stale=True)
    if not comment.may_be_edited(clock.now()):
        return _show_edit(comment, form, 409)
    return _show_edit(comment, form, preview=Preview.of_edit(comment, form.text.data, html))


def _show_edit(
    comment: Comment,
    form: EditForm,
    status: int = 200,
    *,
    is_stale: bool = False,
    preview: Preview | None = None,
) -> Response:
    """The form, or why there is none, with what was typed. The next press answers what is shown now."""
    form.seen.data = form.seen.data if form.seen.errors else comment.version
    now = clock.now()
    rules_it = dialogue_on(comment.goal, comment.assignment)
    return render(
        "conversation/edit.html",
        status,
        fragment="conversation/_edit.html",
        preview=preview,
        comment=comment,
        waits=rules_it is not None and rules_it.pre_moderated,
        form=form,
        may_be_edited=comment.may_be_edited(now),
        until=comment.submitted_at + timedelta(hours=HOURS_TO_EDIT),
        is_in_time=now <= comment.submitted_at + timedelta(hours=HOURS_TO_EDIT),
        hours=HOURS_TO_EDIT,
        is_stale=is_stale,
        shortest=SHORTEST_COMMENT,
        longest=LONGEST_COMMENT,
    )


@blueprint.get("/inlagg/<number>/dra-tillbaka")
@permitted("change_own")
def ask_withdraw(number: str) -> AnyResponse:
    comment = _own(number)
    if comment.state == CommentState.WITHDRAWN:
        return see("public.comment", number=number)
    return _show_withdraw(comment, WithdrawForm(formdata=None))


@blueprint.post("/inlagg/<number>/dra-tillbaka")
@permitted("withdraw_comment")
def withdraw(number: str) -> AnyResponse:
    comment, form = _own(number), WithdrawForm()
    if not form.validate():
        return _show_withdraw(comment, form, 422)
    try:
        with transaction():
            editing.withdraw_comment(comment, author=someone(), seen=form.seen.data, now=clock.now())
    except (Stale, UnlistedMove):
        return _show_withdraw(comment, form, 409, is_stale=True)
    return see("public.comment", number=number, gjort="tillbakadraget")


def _show_withdraw(
    comment: Comment, form: WithdrawForm, status: int = 200, *, is_stale: bool = False
) -> Response:
    return render("conversation/withdraw.html", status, comment=comment, form=form, is_stale=is_stale)
