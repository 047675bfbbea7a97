"""The moderators' page for which committees answer a comment."""

from flask import Response
from werkzeug.wrappers import Response as AnyResponse

from dialog.conversation.models import Comment
from dialog.conversation.queries import comment_by_number
from dialog.db import clock, transaction
from dialog.permissions import permitted
from dialog.response import sharing
from dialog.response.forms import RemoveForm, ShareForm
from dialog.response.models import Matter
from dialog.response.rules import LONGEST_REASON, MatterState, may_be_shared
from dialog.response.views import blueprint
from dialog.response.words import WHY_NOT_REMOVED
from dialog.states import Stale
from dialog.web import found, render, require, see, someone


def _comment(number: str) -> Comment:
    comment: Comment = found(comment_by_number(number, someone()))
    require(comment)
    if not may_be_shared(comment.state, is_reply=comment.is_reply):
        found(None)
    return comment


@blueprint.get("/moderering/<number>/namnder")
@permitted("see_sharing")
def committees_of(number: str) -> Response:
    return _show(_comment(number))


@blueprint.post("/moderering/<number>/namnder")
@permitted("share_matter")
def share(number: str) -> AnyResponse:
    comment = _comment(number)
    form = ShareForm(sharing.sharing_of(comment).others)
    if not form.validate():
        return _show(comment, 422, form=form)
    with transaction():
        for committee in form.chosen():
            sharing.share_with(comment, committee, moderator=someone(), now=clock.now())
    return see("response.committees_of", number=number, sparat=1)


@blueprint.post("/moderering/<number>/namnder/<slug>/ta-bort")
@permitted("share_matter")
def take_away(number: str, slug: str) -> AnyResponse:
    comment = _comment(number)
    matters = {matter.committee.slug: matter for matter in sharing.sharing_of(comment).matters}
    matter, form = found(matters.get(slug)), RemoveForm()
    if matter.state != MatterState.REMOVED and not form.validate():
        return _show(comment, 422, failed=form, failed_matter=matter)
    try:
        with transaction():
            sharing.take_away(
                matter, form.reason.data or "", moderator=someone(), seen=form.seen.data, now=clock.now()
            )
    except sharing.NotRemoved as error:
        problem = str(WHY_NOT_REMOVED[error.why])
        return _show(comment, 409, failed=form, failed_matter=matter, problem=problem)
    except Stale:
        return _show(comment, 409, failed=form, failed_matter=matter, is_stale=True)
    return see("response.committees_of", number=number, sparat=1)


def _show(
    comment: Comment,
    status: int = 200,
    *,
    form: ShareForm | None = None,
    failed: RemoveForm | None = None,
    failed_matter: Matter | None = None,
    problem: str | None = None,
    is_stale: bool = False,
) -> Response:
    of_comment = sharing.sharing_of(comment)
    return render(
        "response/committees_of.html",
        status,
        comment=comment,
        sharing=of_comment,
        form=form or ShareForm(of_comment.others, formdata=None),
        blank=RemoveForm(formdata=None),
        failed=failed,
        failed_matter=failed_matter,
        problem=problem,
        is_stale=is_stale,
        why_not=WHY_NOT_REMOVED,
        today=clock.today(),
        longest=LONGEST_REASON,
    )
