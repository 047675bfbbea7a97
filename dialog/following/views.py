"""The button that follows, what one follows, and what has happened there."""

from typing import Any

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.following import operations, queries
from dialog.following.forms import HowOftenForm, as_chosen
from dialog.following.rules import Thing
from dialog.following.tokens import End, end_of_token
from dialog.permissions import permitted
from dialog.plan.queries import areas
from dialog.web import found, proven_by_its_address, render, see, someone, wants_fragment, whole_number

blueprint = Blueprint("following", __name__)

# What each thing is called in addresses.
NAMES = {
    Thing.GOAL: "mal",
    Thing.ASSIGNMENT: "uppdrag",
    Thing.COMMITTEE: "namnd",
    Thing.AREA: "omrade",
    Thing.COMMENT: "inlagg",
}
_THINGS = {name: thing for thing, name in NAMES.items()}


@blueprint.get("/folj/<name>/<int:thing_id>")
@permitted("see_following")
def button(name: str, thing_id: int) -> Response:
    thing: Thing = found(_THINGS.get(name))
    it = found(queries.thing_at(thing, thing_id, someone()))
    return _show_button(thing, it)


@blueprint.post("/folj/<name>/<int:thing_id>")
@permitted("follow")
def follow(name: str, thing_id: int) -> AnyResponse:
    thing: Thing = found(_THINGS.get(name))
    it = found(queries.thing_at(thing, thing_id, someone()))
    with transaction():
        operations.follow(someone(), thing, thing_id, now=clock.now())
    return _show_button(thing, it) if wants_fragment() else _see_button(name, thing_id)


@blueprint.post("/folj/<name>/<int:thing_id>/sluta")
@permitted("follow")
def unfollow(name: str, thing_id: int) -> AnyResponse:
    """Stop following a thing, also one that is no longer to be seen."""
    thing: Thing = found(_THINGS.get(name))
    with transaction():
        was_followed = operations.unfollow(someone(), thing, thing_id, now=clock.now())
    it = queries.thing_at(thing, thing_id, someone())
    if it is None:
        found(was_followed or None)
        return see("following.follows")
    return _show_button(thing, it) if wants_fragment() else _see_button(name, thing_id)


def _see_button(name: str, thing_id: int) -> AnyResponse:
    return see("following.button", name=name, thing_id=thing_id, gjort=1)


def _show_button(thing: Thing, it: Any) -> Response:
    return render(
        "following/follow.html",
        fragment="following/_button.html",
        thing=thing,
        it=it,
        name=NAMES[thing],
        follows=queries.is_following(someone(), thing, it.id),
        done=request.args.get("gjort") or wants_fragment(),
    )


@blueprint.get("/konto/foljer")
@permitted("see_following")
def follows() -> Response:
    return _show_follows(as_chosen())


def _show_follows(form: HowOftenForm, status: int = 200) -> Response:
    page = queries.followed_by(someone(), before=whole_number(request.args.get("efter")))
    return render("following/follows.html", status, followed=page, names=NAMES, areas=areas(), how_often=form)


@blueprint.get("/konto/nytt")
@permitted("see_following")
def news() -> Response:
    now = clock.now()
    return render(
        "following/news.html",
        latest=queries.news_for(someone(), now, before=whole_number(request.args.get("efter"))),
        unread=queries.unread_count(someone(), now),
        is_first=request.args.get("efter") is None,
    )


@blueprint.post("/konto/nytt")
@permitted("follow")
def read() -> AnyResponse:
    """Everything until the newest that was on the page is read."""
    until = whole_number(request.form.get("until"))
    if until is not None:
        with transaction():
            operations.read_until(someone(), until)
    return see("following.news")


@blueprint.post("/konto/brev/hur-ofta")
@permitted("edit_account")
def choose_letters() -> AnyResponse:
    form = HowOftenForm()
    if not form.validate():
        return _show_follows(form, 422)
    with transaction():
        operations.choose_letters(someone(), form.how_often.data, now=clock.now())
    return see("people.account", sparat=1)


@blueprint.get("/brev/avsluta/<token>")
@permitted("see_unsubscribe")
def ask_unsubscribe(token: str) -> Response:
    """A page with a button, so that a mail scanner that follows the link ends nothing."""
    return _show_end(token, found(end_of_token(token)))


@blueprint.post("/brev/avsluta/<token>")
@permitted("unsubscribe")
@proven_by_its_address
def unsubscribe(token: str) -> Response:
    """End what the address names. Answers 200: a mail program that ends it with one click follows no redirect."""
    end = found(end_of_token(token))
    with transaction():
        operations.end(end, now=clock.now())
    return _show_end(token, end, done=True)


def _show_end(token: str, end: End, *, done: bool = False) -> Response:
    it = (
        queries.things(end.thing, [end.thing_id], None).get(end.thing_id)
        if end.thing and end.thing_id
        else None
    )
    return render("following/unsubscribe.html", token_=token, thing=end.thing, it=it, done=done)
