"""The moderators' queue and their decisions."""

from datetime import date
from typing import Any, Literal

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from dialog.conversation.models import Comment
from dialog.conversation.queries import PAGE_SIZE, comment_alone
from dialog.conversation.rules import Act, is_registration_number
from dialog.db import clock, transaction
from dialog.moderation import operations, queries, seconding
from dialog.moderation.forms import DecisionForm, SettleProposalForm, SeveralForm
from dialog.moderation.looks import Looks, Sent, look_of_choices, place_of
from dialog.moderation.models import Proposal
from dialog.moderation.rules import REASON_SLUGS, UNDONE_BY, Age, Choice, Cursor, Order, ProposalState
from dialog.moderation.supervision import note_gone_through as note_queue_gone_through
from dialog.moderation.words import who_looks
from dialog.permissions import permitted
from dialog.states import Stale, UnlistedMove
from dialog.web import found, render, require, see, someone, wants_fragment, whole_number

EARLIEST_YEAR = 2000  # before there was anything here to supervise

blueprint = Blueprint("moderation", __name__)


@blueprint.get("/moderering")
@permitted("see_queue")
def queue() -> Response:
    return show_queue()


@blueprint.post("/moderering/<string(minlength=11):number>")
@permitted("decide")
def decide(number: str) -> AnyResponse:
    comment = found(comment_alone(number, someone()))
    require(comment)
    form = DecisionForm()
    if not form.validate():
        return show_queue(422, failed=form, first=comment)
    try:
        with transaction():
            made = operations.decide(
                comment,
                form.act.data,
                moderator=someone(),
                seen=form.seen.data,
                now=clock.now(),
                ground=form.ground.data,
                reasons=form.reasons.data,
                criticises=form.says_it_criticises,
            )
    except operations.Held as held:
        return show_queue(409, first=comment, problem=who_looks(held.claim))
    return _go_on(number, ProposalState.OPEN if isinstance(made, Proposal) else form.act.data, form)


def _go_on(number: str, act: str, form: DecisionForm | SettleProposalForm) -> AnyResponse:
    """After something was decided about a comment: to where the moderator was."""
    if form.on_its_page.data:
        return see("public.comment", number=number, beslut=act)
    if wants_fragment():
        return show_queue(decided=number, act=act, at=form.then.data)
    return see_queue(form.then.data, beslutat=number, beslut=act)


@blueprint.post("/moderering/<number>/forslag")
@permitted("settle_proposal")
def settle_proposal(number: str) -> AnyResponse:
    comment = found(comment_alone(number, someone()))
    proposal = found(queries.newest_proposals([comment.id]).get(comment.id))
    require(proposal)
    form = SettleProposalForm()
    if not form.validate():
        return show_queue(422, failed_second=form, first=comment)
    try:
        with transaction():
            seconding.settle_proposal(
                proposal,
                form.outcome.data,
                form.words.data,
                moderator=someone(),
                seen=form.seen.data,
                now=clock.now(),
            )
    except operations.Held as held:
        return show_queue(409, first=comment, problem=who_looks(held.claim))
    return _go_on(number, form.outcome.data, form)


@blueprint.post("/moderering/flera")
@permitted("decide")
def decide_several() -> AnyResponse:
    form = SeveralForm()
    if not form.validate():
        return show_queue(422, several=form)
    became = {number: _decide_one_of(number, seen, form) for number, seen in form.chosen.data.items()}
    left = [number for number, outcome in became.items() if outcome == "left"]
    proposed = list(became.values()).count("proposed")
    done = len(became) - len(left)
    if wants_fragment():
        return show_queue(done=done, left=left, proposed=proposed)
    return see_queue(None, klara=str(done), kvar=left, foreslagna=str(proposed) if proposed else None)


def _decide_one_of(number: str, seen: int, form: SeveralForm) -> Literal["done", "proposed", "left"]:
    """Decide about one of several, whatever becomes of the others: it is left as it was where it can't be decided."""
    comment = comment_alone(number, someone())
    if comment is None:
        return "left"
    leaves_it = form.act.data == Act.PUBLISH and comment.is_public
    try:
        with transaction():
            made = operations.decide(
                comment,
                Act.LOOK if leaves_it else form.act.data,
                moderator=someone(),
                seen=seen,
                now=clock.now(),
                ground=form.ground.data,
                reasons=form.reasons.data,
                criticises=form.says_it_criticises,
            )
    except (operations.MayNotDecide, operations.Held, Stale, UnlistedMove):
        return "left"
    return "proposed" if isinstance(made, Proposal) else "done"


@blueprint.post("/moderering/<number>/ta")
@permitted("claim")
def claim(number: str) -> AnyResponse:
    comment = found(comment_alone(number, someone()))
    require(comment)
    try:
        with transaction():
            operations.claim_comment(comment, moderator=someone(), now=clock.now())
    except operations.Held as held:
        return show_queue(409, first=comment, problem=who_looks(held.claim))
    return _show_claimed(number)


@blueprint.post("/moderering/<number>/slapp")
@permitted("claim")
def release(number: str) -> AnyResponse:
    comment = found(comment_alone(number, someone()))
    with transaction():
        operations.release_comment(comment, moderator=someone(), now=clock.now())
    return _show_claimed(number)


def _show_claimed(number: str) -> AnyResponse:
    """The queue as it was, at the comment that was taken or let go."""
    return show_queue(at=number) if wants_fragment() else see_queue(number)


def see_queue(at: str | None, **said: Any) -> AnyResponse:
    """Go back to the page of the queue that the moderator is on, at the comment with the number `at`."""
    anchor = f"granska-{at}" if at else None
    return see("moderation.queue", **said, **place_in_queue(), _anchor=anchor)


def place_in_queue() -> dict[str, Any]:
    """The page of the queue that the moderator is on, as parameters of its address."""
    return {"efter": _cursor(), **_choice(queries.choices()).parameters()}


def _cursor() -> Cursor | None:
    """Where the page of the queue starts, by the address; None for the first page."""
    return Cursor.read(request.args.get("efter", ""))


def _number_in_address(name: str) -> str | None:
    number = request.args.get(name, "")
    return number if is_registration_number(number) else None


def _left() -> list[str]:
    """The comments that the address says couldn't be decided with the others."""
    return [number for number in request.args.getlist("kvar") if is_registration_number(number)][:PAGE_SIZE]


def _choice(choices: queries.Choices) -> Choice:
    """The part of the queue that the address asks for. What is no choice there is is left open."""
    asked = request.args
    goal_id, committee = whole_number(asked.get("mal")), asked.get("namnd")
    return Choice(
        goal_id=goal_id if goal_id in choices.goals else None,
        committee=committee if committee in choices.committees else None,
        reason=next((one for one, slug in REASON_SLUGS.items() if slug == asked.get("skal")), None),
        age=next((one for one in Age if one == asked.get("alder")), None),
        order=next((one for one in Order if one == asked.get("ordning")), Order.OLDEST),
    )


def show_queue(
    status: int = 200,
    *,
    decided: str | None = None,
    act: str | None = None,
    failed: DecisionForm | None = None,
    first: Comment | None = None,
    problem: str | None = None,
    at: str | None = None,
    several: SeveralForm | None = None,
    done: int | None = None,
    left: list[str] | None = None,
    proposed: int | None = None,
    failed_second: SettleProposalForm | None = None,
) -> Response:
    """The queue, with `first` in it whether or not it waits on this page; `at` is the comment to be at."""
    now, choices = clock.now(), queries.choices()
    choice, after = _choice(choices), _cursor()
    place = {"efter": after, **choice.parameters()}
    shown = queries.queue(someone(), now=now, choice=choice, after=after, first=first)
    sent = Sent(first, failed, failed_second, several)
    decided, act = decided or _number_in_address("beslutat"), act or request.args.get("beslut")
    return render(
        "moderation/queue.html",
        status,
        fragment="moderation/_queue.html",
        queue=shown,
        looks=Looks(shown.comments, shown.background, place=place_of(**place), sent=sent),
        choice=choice,
        look_of_choices=look_of_choices(choice, choices),
        is_oldest_first=choice.order == Order.OLDEST,
        place=place,
        decided=decided,
        act=act,
        undoable=queries.undoable(decided, someone()) if act in UNDONE_BY else None,
        done=whole_number(request.args.get("klara")) if done is None else done,
        left=queries.what_became_of(_left() if left is None else left, now),
        several=several,
        proposed=whole_number(request.args.get("foreslagna")) if proposed is None else proposed,
        failed=failed,
        failed_second=failed_second,
        problem=problem,
        at=at,
        is_part=wants_fragment(),
    )


@blueprint.get("/moderering/tillsyn")
@permitted("see_supervision")
def supervision() -> Response:
    return render(
        "moderation/supervision.html",
        supervision=queries.supervision(_until()),
        today=clock.today(),
        noted="antecknat" in request.args,
    )


@blueprint.post("/moderering/tillsyn")
@permitted("supervise")
def note_gone_through() -> AnyResponse:
    with transaction():
        note_queue_gone_through(someone(), clock.now())
    return see("moderation.supervision", antecknat=1)


def _until() -> date:
    """The last day of the record that the address asks for; today where it asks for none that has been."""
    try:
        asked = date.fromisoformat(request.args.get("till", ""))
    except ValueError:
        return clock.today()
    return min(asked, clock.today()) if asked.year >= EARLIEST_YEAR else clock.today()
