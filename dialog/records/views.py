"""The registrar's pages of what is sealed."""

from collections.abc import Sequence

from flask import Blueprint, Response, request

from dialog.conversation.models import Comment, CommentWording
from dialog.db import clock, transaction
from dialog.permissions import permitted
from dialog.records import operations, queries
from dialog.records.forms import OpeningForm
from dialog.records.rules import LONGEST_REASON
from dialog.web import found, render, someone, whole_number

blueprint = Blueprint("records", __name__)


@blueprint.get("/registrator/forseglat")
@permitted("see_sealed")
def sealed() -> Response:
    before = whole_number(request.args.get("efter"))
    return render("records/sealed.html", sealed=queries.sealed_comments(before), is_later=before is not None)


@blueprint.get("/registrator/forseglat/<number>")
@permitted("see_sealed")
def sealed_comment(number: str) -> Response:
    return _show(found(queries.sealed_comment(number)), OpeningForm(formdata=None))


@blueprint.post("/registrator/forseglat/<number>")
@permitted("open_sealed")
def open_sealed(number: str) -> Response:
    """What is sealed, in the answer to the press of the button and nowhere else: it has no address to come back to."""
    comment, form = found(queries.sealed_comment(number)), OpeningForm()
    if not form.validate():
        return _show(comment, form, 422)
    with transaction():
        opened = operations.open_sealed(comment, form.reason.data, registrar=someone(), now=clock.now())
    return _show(comment, OpeningForm(formdata=None), opened=opened)


def _show(
    comment: Comment, form: OpeningForm, status: int = 200, *, opened: Sequence[CommentWording] = ()
) -> Response:
    return render(
        "records/sealed_comment.html",
        status,
        comment=comment,
        form=form,
        opened=opened,
        openings=queries.openings_of(comment),
        longest=LONGEST_REASON,
    )
