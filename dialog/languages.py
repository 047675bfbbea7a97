"""The reader's language: what a page's address says it is, and the catalogue its words come from."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any
from urllib.parse import quote

from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request
from flask_babel import Babel, force_locale

from dialog.config import ROOT
from dialog.web import SAFE_METHODS

_FOLDER = ROOT / "dialog" / "translations"
_IN_A_QUERY = "!$%&'()*+,/:;=?@"  # may stand as they are; what is escaped already is not escaped again
_chosen: ContextVar[str | None] = ContextVar("language", default=None)


class LanguagePrefix:
    """Takes /en off the path and lets it be part of every address made for the page: one page, one language."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/en" or path.startswith("/en/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/en"
            environ["PATH_INFO"] = path[3:] or "/"
        return self.application(environ, start_response)


def language() -> str:
    """The language of the page being made: what its address says."""
    return "en" if request.root_path.endswith("/en") else "sv"


def locale() -> str:
    """The language of what is being made: the chosen one, else the page's, else Swedish (commands, the worker)."""
    return _chosen.get() or (language() if has_request_context() else "sv")


@contextmanager
def writing_in(language: str) -> Iterator[None]:
    """Make what follows in this language, whatever the page's: a letter's is its reader's."""
    before = _chosen.set(language)
    try:
        with force_locale(language):
            yield
    finally:
        _chosen.reset(before)


def other_language() -> str:
    """The address of the same page in the other language."""
    query = f"?{quote(request.query_string, safe=_IN_A_QUERY)}" if request.query_string else ""
    here = quote(request.path) if request.method in SAFE_METHODS else "/"
    return (here if language() == "en" else f"/en{here}") + query


def set_up(app: Flask) -> None:
    """Give the application its languages."""
    Babel(app, locale_selector=locale)
    # Flask-Babel finds its catalogue through several contexts for every string; a page has a hundred of them.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: _catalogue(locale()).ugettext(message),
        lambda one, many, number: _catalogue(locale()).ungettext(one, many, number),
        newstyle=True,
    )
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]
    app.jinja_env.globals.update(language=language, other_language=other_language)


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(_FOLDER, [language])
