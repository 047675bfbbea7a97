"""Signing in with an e-legitimation: to the provider, back from it, and what is done with the proof."""

import hmac
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Response, current_app, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from dialog.config import OpenIDProvider
from dialog.db import clock, transaction
from dialog.languages import language
from dialog.people import operations, provider, queries
from dialog.people.forms import SignInForm
from dialog.people.rules import FAILURE_STATUS, PROOF_HOLDS, Failure, Proof
from dialog.people.views import PROVEN, blueprint, kind_here, send_link, sign_in_browser
from dialog.people.words import FAILURES
from dialog.permissions import permitted
from dialog.web import found, local_path, person, render, see

STARTED = "started"  # where the browser keeps what makes an answer of the provider's understood
LONGEST_WAY = 500  # characters of an address to go on to; a browser's cookie holds 4,000 in all


@blueprint.get("/logga-in/e-legitimation")
@permitted("see_sign_in")
def go_to_provider() -> AnyResponse:
    chosen = _provider()
    try:
        to, kept = provider.begin(chosen, answer_to=_answer_to(), language=language())
    except provider.Failed as failed:
        return _show_failure(failed.failure)
    next_path = local_path(request.args.get("next"))
    session[STARTED] = {**kept, "language": language(), **_dated(next_path)}
    return redirect(to, 303)


@blueprint.get("/logga-in/e-legitimation/svar")
@permitted("see_sign_in")
def provider_answers() -> AnyResponse:
    """Keeps what the provider answers in the browser alone: nothing is done before the person says so."""
    chosen, kept = _provider(), session.get(STARTED, {})
    session[PROVEN] = _outcome(chosen, kept)
    prefix = "/en" if kept.get("language") == "en" and language() == "sv" else ""
    return redirect(f"{prefix}{url_for('people.proven')}", 303)


@blueprint.get("/logga-in/e-legitimation/klar")
@permitted("see_sign_in")
def proven() -> Response:
    _provider()
    return _show_step()


@blueprint.post("/logga-in/e-legitimation/klar")
@permitted("sign_in")
def use_proof() -> AnyResponse:
    _provider()
    proof, reader, next_path, now = _proof(), person(), _kept().get("next"), clock.now()
    if proof is None:
        return _show_step()
    try:
        with transaction():
            if reader is not None:
                operations.link_identity(reader, proof, now=now)
            else:
                newcomer, key = operations.use_proof(proof, language=language(), now=now, browser=kind_here())
    except operations.NotThisStep:
        return _show_step(409)
    if reader is not None:
        del session[PROVEN]
        return redirect(next_path or url_for("people.account", legitimerad=1), 303)
    sign_in_browser(newcomer, key)
    return redirect(next_path or url_for("public.overview"), 303)


@blueprint.post("/logga-in/e-legitimation/adress")
@permitted("sign_in")
def ask_for_address() -> AnyResponse:
    """Have an address proven by a letter; the proof waits in this browser for whoever opens that letter here."""
    _provider()
    form = SignInForm()
    if _proof() is None or person() is not None or not form.validate():
        return _show_step(422, form)
    send_link(form.email.data, next_path=url_for("people.proven"))
    session[PROVEN] = {**_kept(), "address": form.email.data}
    return see("people.link_sent")


def _provider() -> OpenIDProvider:
    """The provider that is configured; 404 where there is none."""
    provider: OpenIDProvider = found(current_app.config["SETTINGS"].provider)
    return provider


def _answer_to() -> str:
    """The one address that the provider knows; the reader's language is kept in the browser meanwhile."""
    return f"{current_app.config['SETTINGS'].address}/logga-in/e-legitimation/svar"


def _dated(next_path: str | None) -> dict[str, Any]:
    """When something was kept in the browser, and where its person is on the way to, if a cookie can hold that."""
    fits = next_path is not None and len(next_path) <= LONGEST_WAY
    return {"at": clock.now().isoformat(), "next": next_path if fits else None}


def _is_in_time(kept: dict[str, Any]) -> bool:
    return "at" in kept and clock.now() - datetime.fromisoformat(kept["at"]) < PROOF_HOLDS


def _outcome(chosen: OpenIDProvider, kept: dict[str, Any]) -> dict[str, Any]:
    """What is kept of the provider's answer: a proof, or why there is none."""
    state = request.args.get("state", "")
    try:
        if not _is_in_time(kept) or not hmac.compare_digest(kept["state"].encode(), state.encode()):
            raise provider.Failed(Failure.STRAY)
        del session[STARTED]  # an answer is taken once
        proof = provider.finish(
            chosen, kept, request.args, answer_to=_answer_to(), secret=current_app.config["SECRET_KEY"]
        )
    except provider.Failed as failed:
        return {"failure": str(failed.failure), **_dated(kept.get("next"))}
    return {**asdict(proof), **_dated(kept["next"])}


def _kept() -> dict[str, Any]:
    kept: dict[str, Any] = session.get(PROVEN, {})
    return kept


def _proof() -> Proof | None:
    """What the provider has vouched for to this browser, while it holds."""
    kept = _kept()
    if "identity" not in kept or not _is_in_time(kept):
        return None
    return Proof(kept["identity"], kept["name"], kept["email"])


def _show_step(status: int = 200, form: SignInForm | None = None) -> Response:
    """What can be done with the proof that this browser holds, or why it holds none."""
    proof = _proof()
    if proof is None:
        return _show_failure(Failure(_kept().get("failure", Failure.STRAY)))
    step = queries.step_with(proof, person())
    form = form or SignInForm(None, data={"email": proof.email})
    return render("people/proof.html", status, step=step, proof=proof, form=form, next=_kept()["next"])


def _show_failure(failure: Failure) -> Response:
    heading, advice = FAILURES[failure]
    next_path = local_path(request.args.get("next")) or _kept().get("next")
    return render(
        "people/proof_failed.html",
        FAILURE_STATUS.get(failure, 400),
        heading=heading,
        advice=advice,
        next=next_path,
    )
