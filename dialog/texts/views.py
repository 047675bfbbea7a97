"""The texts for everybody, with their earlier versions; and the administrators' pages for writing them."""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.errors import CHANGED_BY_ANOTHER
from dialog.kept import cached_page
from dialog.permissions import permitted
from dialog.plain import advise
from dialog.texts.forms import TextForm, blank_form, sent_form
from dialog.texts.operations import Changed, publish
from dialog.texts.queries import Version, in_force, versions
from dialog.texts.rules import KEYS_AT, LONGEST_TEXT, SLUGS, TextKey
from dialog.web import found, render, see, someone

blueprint = Blueprint("texts", __name__)

_ELSEWHERE = {TextKey.ABOUT: "public.about", TextKey.NOTICE: "people.notice"}  # which show more than the text


@blueprint.get("/<any(husregler, personuppgifter, lattlast):slug>")
@permitted("read")
def page(slug: str) -> AnyResponse:
    return _kept("texts/page.html", KEYS_AT[slug])


@blueprint.get("/tillganglighet")
@permitted("read")
def statement() -> AnyResponse:
    return _kept("texts/statement.html", TextKey.ACCESSIBILITY)


def _kept(template: str, key: TextKey) -> AnyResponse:
    version = in_force(key)
    return cached_page(
        version.version,
        lambda: render(template, slug=SLUGS[key], version=version),
        is_worth_keeping=lambda query: not query,
    )


@blueprint.get("/texter/<slug>")
@permitted("read")
def all_versions(slug: str) -> Response:
    key = _key_at(slug)
    return render("texts/versions.html", key=key, slug=slug, versions=versions(key), address=_address_of(key))


@blueprint.get("/texter/<slug>/<int:number>")
@permitted("read")
def one_version(slug: str, number: int) -> AnyResponse:
    every = versions(_key_at(slug))
    version = found(next((one for one in every if one.version == number), None))
    if version == every[0]:
        return redirect(_address_of(version.key), 303)
    return render("texts/version.html", slug=slug, version=version, address=_address_of(version.key))


@blueprint.get("/forvaltning/texter")
@permitted("see_texts")
def texts() -> Response:
    return render("texts/texts.html", texts={slug: in_force(key) for slug, key in KEYS_AT.items()})


@blueprint.get("/forvaltning/texter/<slug>")
@permitted("see_texts")
def write(slug: str) -> Response:
    version = in_force(_key_at(slug))
    return _show(slug, blank_form(version), version)


@blueprint.post("/forvaltning/texter/<slug>/forhandsgranska")
@permitted("edit_texts")
def preview(slug: str) -> Response:
    """What was written as it will be shown: nothing is published, and nothing kept."""
    key = _key_at(slug)
    form = sent_form(key, request.form)
    if not form.validate():
        return _show(slug, form, in_force(key), 422)
    words = form.words()
    as_shown = Version(key, form.version.data + 1, words.sv, words.en, clock.today(), words.statement)
    # A form made anew has room for more known faults.
    again = blank_form(as_shown)
    again.version.data = form.version.data
    return _show(slug, again, in_force(key), as_shown=as_shown, advice=advise(words.sv))


@blueprint.post("/forvaltning/texter/<slug>")
@permitted("edit_texts")
def publish_text(slug: str) -> AnyResponse:
    key = _key_at(slug)
    form = sent_form(key, request.form)
    if not form.validate():
        return _show(slug, form, in_force(key), 422)
    try:
        with transaction():
            publish(key, form.words(), seen=form.version.data, administrator=someone(), now=clock.now())
    except Changed as changed:
        form.version.data = changed.version.version
        return _show(slug, form, changed.version, 409, problem=str(CHANGED_BY_ANOTHER))
    return see("texts.texts", sparat=slug)


def _key_at(slug: str) -> TextKey:
    key: TextKey = found(KEYS_AT.get(slug))
    return key


def _address_of(key: TextKey) -> str:
    """Where everybody reads a text."""
    if key in _ELSEWHERE:
        return url_for(_ELSEWHERE[key])
    return (
        url_for("texts.statement") if key == TextKey.ACCESSIBILITY else url_for("texts.page", slug=SLUGS[key])
    )


def _show(slug: str, form: TextForm, version: Version, status: int = 200, **shown: Any) -> Response:
    """The form; `problem` when somebody has published meanwhile, with what it then says."""
    return render(
        "texts/edit.html",
        status,
        slug=slug,
        key=version.key,
        form=form,
        version=version,
        longest=LONGEST_TEXT,
        **{"problem": None, "as_shown": None, "advice": None, **shown},
    )
