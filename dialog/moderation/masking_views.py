"""The page for taking personal data out of a comment: what is to go, how it will look, and then the decision."""

from flask import Response, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from dialog.conversation.models import Comment
from dialog.conversation.queries import comment_by_number
from dialog.conversation.rules import Act
from dialog.conversation.words import mark_in
from dialog.db import clock, transaction
from dialog.languages import writing_in
from dialog.moderation import masking
from dialog.moderation.masking_forms import MaskForm
from dialog.moderation.rules import LONGEST_REASONS
from dialog.moderation.views import blueprint, see_queue
from dialog.permissions import permitted
from dialog.states import Stale, UnlistedMove
from dialog.text import what_points_somebody_out
from dialog.web import found, render, require, see, someone


@blueprint.get("/moderering/<number>/maskera")
@permitted("see_masking")
def prepare_masking(number: str) -> Response:
    comment = found(comment_by_number(number, someone()))
    require(comment)
    begun = {
        "seen": comment.version,
        "passages": "\n".join(what_points_somebody_out(comment.words.text)),
        "reasons": _reasons_for(comment),
    }
    return _show(comment, MaskForm(comment, formdata=None, data=begun))


def _reasons_for(comment: Comment) -> str:
    """What the reasons start from, in the language of the author's letters."""
    with writing_in(comment.author.language):
        return gettext(
            "Your comment held personal data about somebody, which they have not chosen to show everybody. It is taken "
            "out of what is shown. The rest of your comment stands as you wrote it."
        )


@blueprint.post("/moderering/<number>/maskera")
@permitted("decide")
def mask(number: str) -> AnyResponse:
    comment = found(comment_by_number(number, someone()))
    require(comment)
    form = MaskForm(comment)
    if form.seen.data in (None, comment.version):
        if not form.validate():
            return _show(comment, form, 422)
        if "decide" not in request.form or not form.has_looked:
            return _show(comment, form, is_looked_at=True)
    elif "decide" not in request.form:
        raise Stale(comment)
    has_waited = comment.review_since is not None
    with transaction():
        masking.mask(
            comment,
            form.passages.passages,
            form.reasons.data,
            moderator=someone(),
            seen=form.seen.data,
            now=clock.now(),
        )
    if has_waited:
        return see_queue(None, beslutat=number, beslut=Act.MASK)
    return see("public.comment", number=number, beslut=Act.MASK)


def _show(comment: Comment, form: MaskForm, status: int = 200, *, is_looked_at: bool = False) -> Response:
    if not masking.can_be_masked(comment):
        raise UnlistedMove("Personal data can't be taken out of what it is now.")
    passages = form.passages.passages
    return render(
        "moderation/mask.html",
        status,
        comment=comment,
        form=form,
        is_looked_at=is_looked_at,
        mark=mark_in(comment.language),
        passages=passages,
        also_found=masking.also_found_in(comment, passages) if is_looked_at else [],
        longest=LONGEST_REASONS,
    )
