"""The demonstration's pages: choose whom to be, and read the letters that were sent."""

from flask import Blueprint, Response, current_app, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, db, transaction
from dialog.demo import cast, examples
from dialog.notify.models import Letter
from dialog.notify.rules import LetterState
from dialog.people.models import Person
from dialog.people.operations import open_browser
from dialog.people.rules import Role
from dialog.people.views import key_held, kind_here, sign_in_browser
from dialog.permissions import permitted
from dialog.web import found, render

blueprint = Blueprint("demo", __name__)
LETTERS_SHOWN = 50


@blueprint.get("/demo")
@permitted("see_demo")
def choose() -> Response:
    return render("demo/choose.html", members=cast.members_with_buttons(), cast=cast.content("cast"))


@blueprint.post("/demo/<key>")
@permitted("play_a_part")
def play(key: str) -> AnyResponse:
    member = found(cast.member(key))
    person = found(db.session.scalar(select(Person).where(Person.email == member["email"])))
    with transaction():
        browser_key = open_browser(person, now=clock.now(), instead_of=key_held(), browser=kind_here())
    sign_in_browser(person, browser_key)
    return redirect(_first_page_of(person), 303)


def _first_page_of(person: Person) -> str:
    """Where somebody with the person's duties begins the day."""
    if person.has_role(Role.MODERATOR):
        return url_for("moderation.queue")
    if person.has_role(Role.OFFICER):
        grant = next(grant for grant in person.grants if grant.role == Role.OFFICER)
        assert grant.committee is not None
        return url_for("response.inbox", slug=grant.committee.slug)
    if person.has_role(Role.CUSTOMER_CENTRE):
        return url_for("reception.choose")
    if person.has_role(Role.ADMINISTRATOR):
        return url_for("plan.register")
    if person.has_role(Role.REGISTRAR):
        return url_for("records.sealed")
    return url_for("public.overview")


@blueprint.get("/demo/brev")
@permitted("see_demo")
def letters() -> Response:
    statement = select(Letter).where(Letter.state.in_([LetterState.SENT, LetterState.QUEUED]))
    if address := request.args.get("till", "").strip().lower():
        statement = statement.where(Letter.address == address)
    newest = db.session.scalars(statement.order_by(Letter.id.desc()).limit(LETTERS_SHOWN)).all()
    return render("demo/letters.html", letters=newest, address=address)


@blueprint.get("/demo/brev/<int:letter_id>")
@permitted("see_demo")
def letter(letter_id: int) -> Response:
    # Ours alone become links; `|paragraphs` would make none of the address the demonstration runs at by default.
    service = f"{current_app.config['SETTINGS'].address}/"
    return render("demo/letter.html", letter=found(db.session.get(Letter, letter_id)), service=service)


@blueprint.get("/design")
@permitted("see_demo")
def design() -> Response:
    now, today = clock.now(), clock.today()
    return render(
        "demo/design.html",
        today=today,
        goal=examples.GOAL,
        standings=list(examples.standings(now, today)),
        comments=examples.comments(now),
        answers=examples.answers(now),
        promises=examples.promises(now, today),
        follow_ups=examples.follow_ups(now),
        paragraphs=examples.paragraphs(),
        dialogues=examples.dialogues(today),
        forms=examples.forms(),
    )
