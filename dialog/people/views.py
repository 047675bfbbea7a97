"""Signing in and out, the notice, and one's own account."""

from typing import Any

from flask import Blueprint, Response, current_app, redirect, request, session, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import LoginManager, login_user, logout_user
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from dialog.attempts import TooManyAttempts
from dialog.db import clock, transaction
from dialog.languages import language
from dialog.people import operations, queries, rules
from dialog.people.forms import LettersForm, NoticeForm, ProfileForm, SignInForm
from dialog.people.models import Person
from dialog.people.rules import kind_of_browser, network_of
from dialog.permissions import permitted
from dialog.web import found, local_path, person, render, see, someone

blueprint = Blueprint("people", __name__)
login_manager = LoginManager()
ASKED = "asked"  # where the browser keeps the address that a link was asked for, so that it can be shown
PROVEN = (
    "proven"  # where the browser keeps what a provider of e-legitimation has vouched for, see proof_views
)


@login_manager.user_loader
def load_person(key: str) -> Person | None:
    person = queries.person_signed_in(key, clock.now())
    if person is not None:
        person.browser_key = key
    return person


def key_held() -> str | None:
    """The key by which this browser is signed in, if it is."""
    reader = person()
    return reader.browser_key if reader else None


def kind_here() -> str | None:
    """What kind of browser asks."""
    return kind_of_browser(request.user_agent.string)


def owner_of_drafts(person: Person) -> str:
    """By what this browser knows whose unsent text it holds."""
    return rules.owner_of_drafts(person.id, current_app.config["SECRET_KEY"])


def sign_in_browser(person: Person, key: str) -> None:
    """Let this browser's cookie hold `key`; everything it held before is gone."""
    session.clear()
    person.browser_key = key
    login_user(person)
    session.permanent = True


@blueprint.get("/logga-in")
@permitted("see_sign_in")
def sign_in() -> Response:
    return render("people/sign_in.html", form=SignInForm(), next=local_path(request.args.get("next")))


@blueprint.post("/logga-in")
@permitted("sign_in")
def request_link() -> AnyResponse:
    form, next_path = SignInForm(), local_path(request.args.get("next"))
    if not form.validate():
        return render("people/sign_in.html", 422, form=form, next=next_path)
    send_link(form.email.data, next_path=next_path)
    return see("people.link_sent", next=next_path)


def send_link(email: str, *, next_path: str | None) -> None:
    """Have a link sent to `email`, unless so many have been asked for from this network that it has to wait."""
    now, network = clock.now(), network_of(request.remote_addr or "", current_app.config["SECRET_KEY"])
    try:
        with transaction():
            operations.note_attempt(network, now=now)
            operations.request_sign_in(email, language=language(), next_path=next_path, now=now)
    except TooManyAttempts as refusal:
        raise TooManyRequests(retry_after=refusal.seconds) from None
    session[ASKED] = email


@blueprint.get("/logga-in/skickat")
@permitted("see_sign_in")
def link_sent() -> Response:
    next_path = local_path(request.args.get("next"))
    return render("people/link_sent.html", email=session.get(ASKED), next=next_path)


@blueprint.get("/logga-in/<token>")
@permitted("see_sign_in")
def open_link(token: str) -> Response:
    """A page with a button, so that a mail scanner that follows the link doesn't use it up."""
    link = queries.link_of_token(token, clock.now())
    if link is None:
        return render("people/link_not_usable.html", 410)
    return render("people/open_link.html", link=link, token_=token)


@blueprint.post("/logga-in/<token>")
@permitted("sign_in")
def use_link(token: str) -> AnyResponse:
    link = queries.link_of_token(token, clock.now())
    if link is None:
        return render("people/link_not_usable.html", 410)
    try:
        with transaction():
            person, key = operations.use_sign_in_link(
                link, now=clock.now(), instead_of=key_held(), browser=kind_here()
            )
    except operations.LinkNotUsable:
        return render("people/link_not_usable.html", 410)
    proven = session.get(PROVEN, {})
    sign_in_browser(person, key)
    if proven.get("address") == link.email:  # else it is somebody else's, who used the browser before
        session[PROVEN] = proven
    return redirect(local_path(link.next_path) or url_for("public.overview"), 303)


@blueprint.post("/logga-ut")
@permitted("sign_out")
def sign_out() -> AnyResponse:
    with transaction():
        operations.close_browser(someone().get_id(), now=clock.now())
    return _leave()


@blueprint.get("/fore-du-skriver")
@permitted("read")
def notice() -> Response:
    """The notice; with the form for whoever is to acknowledge it before they can write."""
    reader = person()
    if reader is None or queries.is_prepared(reader):
        return _show_notice(None)
    return _show_notice(NoticeForm(data={"name": reader.name, "area": reader.area_id}))


@blueprint.post("/fore-du-skriver")
@permitted("edit_account")
def acknowledge_notice() -> AnyResponse:
    person, form = someone(), NoticeForm()
    if not form.validate():
        return _show_notice(form, 422)
    notice, now = found(queries.notice_in_force()), clock.now()
    if form.version.data != notice.version:
        form.read.errors = [gettext("This text has been changed since you opened it. Read it again.")]
        return _show_notice(form, 422)
    with transaction():
        operations.acknowledge_notice(person, notice, now=now)
        operations.edit_account(
            person, name=form.name.data, area_id=form.area.data, language=person.language, now=now
        )
    return redirect(local_path(request.args.get("next")) or url_for("public.overview"), 303)


def _show_notice(form: NoticeForm | None, status: int = 200) -> Response:
    notice, next_path = found(queries.notice_in_force()), local_path(request.args.get("next"))
    if form is not None:
        form.version.data = notice.version
    return render("people/notice.html", status, form=form, notice=notice, next=next_path)


@blueprint.get("/konto")
@permitted("see_account")
def account() -> Response:
    return _show_account()


@blueprint.post("/konto")
@permitted("edit_account")
def edit_account() -> AnyResponse:
    person, form = someone(), ProfileForm()
    if not form.validate():
        return _show_account(422, profile=form)
    with transaction():
        operations.edit_account(
            person,
            name=form.name.data,
            area_id=form.area.data,
            language=person.language,
            now=clock.now(),
            name_is_real=form.name_is_real.data,
        )
    return see("people.account", sparat=1)


@blueprint.post("/konto/namn")
@permitted("edit_account")
def show_real_name() -> AnyResponse:
    person = someone()
    name = found(queries.real_name_of(person))
    with transaction():
        operations.edit_account(
            person, name=name, area_id=person.area_id, language=person.language, now=clock.now()
        )
    return see("people.account", sparat=1)


@blueprint.post("/konto/e-legitimation/koppla-fran")
@permitted("edit_account")
def unlink_identity() -> AnyResponse:
    with transaction():
        operations.unlink_identity(someone(), now=clock.now())
    return see("people.account", frankopplad=1)


@blueprint.post("/konto/brev")
@permitted("edit_account")
def edit_letters() -> AnyResponse:
    form = LettersForm()
    if not form.validate():
        return _show_account(422, letters=form)
    with transaction():
        operations.choose_language(someone(), form.language.data, now=clock.now())
    return see("people.account", sparat=1)


@blueprint.post("/konto/webblasare/<int:signed_in_id>")
@permitted("sign_out")
def end_browser(signed_in_id: int) -> AnyResponse:
    signed_in = found(queries.browser_of(someone(), signed_in_id))
    with transaction():
        operations.end_browser(signed_in, now=clock.now())
    return see("people.account", utloggad=1)


@blueprint.post("/konto/webblasare")
@permitted("sign_out")
def end_other_browsers() -> AnyResponse:
    with transaction():
        operations.end_browsers(someone(), now=clock.now(), but=someone().get_id())
    return see("people.account", utloggad=1)


@blueprint.post("/konto/logga-ut-overallt")
@permitted("sign_out")
def sign_out_everywhere() -> AnyResponse:
    with transaction():
        operations.end_browsers(someone(), now=clock.now())
    return _leave()


def _leave() -> AnyResponse:
    """Go to the first page, with nothing of the person left in this browser."""
    logout_user()
    session.clear()
    return see("public.overview")


def _show_account(
    status: int = 200, *, profile: ProfileForm | None = None, letters: LettersForm | None = None
) -> Response:
    reader = someone()
    return render(
        "people/account.html",
        status,
        profile=profile or ProfileForm(None, data=_profile_of(reader)),
        letters=letters or LettersForm(None, data={"language": reader.language}),
        browsers=queries.browsers_of(reader, clock.now()),
        identity=queries.identity_of(reader),
        saved=next((str(words) for name, words in _DONE.items() if name in request.args), None),
    )


def _profile_of(person: Person) -> dict[str, Any]:
    return {"name": person.name, "name_is_real": person.name_is_real, "area": person.area_id}


# What the account page says was done, by what stands in its address.
_DONE = {
    "sparat": lazy_gettext("Your changes are saved."),
    "mandat": lazy_gettext("Your mandate is given up."),
    "utloggad": lazy_gettext("You are signed out there."),
    "legitimerad": lazy_gettext("Your e-legitimation is linked to your account."),
    "frankopplad": lazy_gettext("Your e-legitimation is no longer linked to your account."),
}
