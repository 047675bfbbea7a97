"""The moderators' page for moving a comment to another goal or assignment."""

from flask import Response
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, ValidationError
from wtforms.fields.choices import SelectChoice, SelectField

from dialog.conversation.models import Comment
from dialog.conversation.queries import comment_by_number
from dialog.db import clock, transaction
from dialog.fields import Form, Length, TextField, VersionField
from dialog.formats import excerpt, heading, in_language
from dialog.moderation import moving
from dialog.moderation.moving import Destination
from dialog.moderation.operations import Held
from dialog.moderation.rules import LONGEST_REASONS, SHORTEST_REASONS, WhyNotMoved
from dialog.moderation.views import blueprint
from dialog.moderation.words import WHY_NOT_MOVED, who_looks
from dialog.permissions import permitted
from dialog.states import Stale
from dialog.web import found, render, require, see, someone


class MoveForm(Form):
    """Where a comment is to be, and why; `seen` is the version that the moderator was looking at."""

    seen = VersionField()
    to = SelectField(lazy_gettext("Where it belongs"), validate_choice=False)
    reasons = TextField(
        lazy_gettext("Why it is moved"),
        [Length(SHORTEST_REASONS, LONGEST_REASONS, lazy_gettext("Say why. All who are told see it."))],
    )

    def __init__(self, destinations: list[Destination], **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.destinations = {_key_of(one): one for one in destinations}
        self.to.choices = [
            SelectChoice("", lazy_gettext("Choose a goal or an assignment")),
            *(SelectChoice(key, _name_of(one)) for key, one in self.destinations.items()),
        ]

    def validate_to(self, field: Field) -> None:
        if field.data not in self.destinations:
            raise ValidationError(str(lazy_gettext("Choose where the comment is to be.")))


def _key_of(one: Destination) -> str:
    return f"uppdrag-{one.assignment.id}" if one.assignment else f"mal-{one.goal.id}"


def _name_of(one: Destination) -> str:
    """A goal by its name, and its assignments under it."""
    if one.assignment is None:
        return heading(in_language(one.goal, "title"))
    return f"– {excerpt(heading(in_language(one.assignment, 'title')), 90)}"


@blueprint.get("/moderering/<number>/flytta")
@permitted("see_moving")
def where_to_move(number: str) -> Response:
    comment = _comment(number)
    form = MoveForm(moving.destinations_of(comment), formdata=None, data={"seen": comment.version})
    return _show(comment, form)


@blueprint.post("/moderering/<number>/flytta")
@permitted("move_comment")
def move(number: str) -> AnyResponse:
    comment = _comment(number)
    destinations = moving.destinations_of(comment)
    form = MoveForm([*destinations, Destination(comment.goal, comment.assignment)])
    if not form.validate():
        return _show(comment, form, 422)
    try:
        with transaction():
            moving.move(
                comment,
                form.destinations[form.to.data],
                form.reasons.data,
                moderator=someone(),
                seen=form.seen.data,
                now=clock.now(),
            )
    except moving.NotMoved as refused:
        return _show(comment, form, 409, problem=str(WHY_NOT_MOVED[refused.why]))
    except Held as held:
        return _show(comment, form, 409, problem=who_looks(held.claim))
    except Stale:
        form.seen.data = comment.version
        return _show(comment, form, 409, is_stale=True)
    return see("public.comment", number=number, gjort="flyttat")


def _comment(number: str) -> Comment:
    comment: Comment = found(comment_by_number(number, someone()))
    require(comment)
    return comment


def _show(
    comment: Comment,
    form: MoveForm,
    status: int = 200,
    *,
    problem: str | None = None,
    is_stale: bool = False,
) -> Response:
    here = Destination(comment.goal, comment.assignment)
    why = moving.why_not(comment, here, clock.now())
    stays = why in (WhyNotMoved.NOT_SHOWN, WhyNotMoved.A_REPLY, WhyNotMoved.ANSWERED)
    return render(
        "moderation/move.html",
        status,
        comment=comment,
        form=form,
        stays=str(WHY_NOT_MOVED[why]) if why and stays else None,
        problem=problem,
        is_stale=is_stale,
        longest=LONGEST_REASONS,
    )
