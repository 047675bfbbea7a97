"""What a reader is told when something goes wrong: what happened, what to do next, and where their words are."""

from collections.abc import Callable
from math import ceil
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from flask import Flask, Response, current_app, request
from flask_babel import LazyString, lazy_gettext, ngettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, TooManyRequests, Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from dialog import events
from dialog.permissions import allowed
from dialog.states import Stale, UnlistedMove
from dialog.text import clean
from dialog.web import (
    SAFE_METHODS,
    declared_act,
    here,
    htmx,
    is_from_elsewhere,
    local_path,
    parts_of,
    person,
    render,
    wants_fragment,
)

log = structlog.get_logger()


def set_up(app: Flask) -> None:
    """Have the application answer what goes wrong with pages of its own."""
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(CSRFError, show_token_error)
    app.register_error_handler(Stale, show_stale)
    app.register_error_handler(UnlistedMove, show_stale)
    app.register_error_handler(OperationalError, show_busy)
    app.register_error_handler(Exception, show_broken)


def add_story(app: Flask, table: str, story: Callable[[events.Event], str | None]) -> None:
    """Let a refused change of a row in `table` be told by `story`: what happened last, by which role and when."""
    app.extensions.setdefault("stories", {})[table] = story


# What each error says: the heading, and what to do next.
ERRORS = {
    400: (
        lazy_gettext("The form could not be read"),
        lazy_gettext(
            "Go back and send it again. If that does not help: copy what you wrote, then open the page anew."
        ),
    ),
    401: (
        lazy_gettext("You are no longer signed in"),
        lazy_gettext(
            "Nothing was saved. If you have written something: copy it first, then sign in and send it again."
        ),
    ),
    403: (
        lazy_gettext("You may not do this"),
        lazy_gettext(
            "Your account has no right to this page. If you think it should, contact the municipality."
        ),
    ),
    404: (
        lazy_gettext("There is no such page"),
        lazy_gettext(
            "The address may be mistyped, or what was here is no longer shown. "
            "Search for what you were looking for, or start from the goals."
        ),
    ),
    405: (
        lazy_gettext("That is not possible here"),
        lazy_gettext(
            "The page can only be reached through its form. Go back to the page before and start from there."
        ),
    ),
    409: (
        lazy_gettext("Somebody was here before you"),
        lazy_gettext(
            "This has changed since you opened the page, so nothing was saved. Look at what it is now."
        ),
    ),
    413: (
        lazy_gettext("That was too much to send"),
        lazy_gettext(
            "Shorten the text and send it again. What you wrote is still in the form if you go back."
        ),
    ),
    415: (
        lazy_gettext("This can't be read here"),
        lazy_gettext("Write your text in the form itself. Files can't be sent."),
    ),
    429: (
        lazy_gettext("That was many times in a short while"),
        lazy_gettext(
            "To keep the service from misuse, nobody may do this so often. Wait a few minutes and try again."
        ),
    ),
    500: (
        lazy_gettext("Something went wrong with us"),
        lazy_gettext("The fault is ours and has been noted. Try again in a while."),
    ),
    503: (
        lazy_gettext("The service is busy right now"),
        lazy_gettext(
            "Nothing was saved. Go back and send again in half a minute; what you wrote is still there."
        ),
    ),
}


# What a part of a page says instead, where the browser has kept what was being written.
_KEPT = {
    400: lazy_gettext(
        "Nothing was sent, but what you wrote is kept in this browser. Open the page again, and send it from there."
    ),
    401: lazy_gettext(
        "Nothing was sent, but what you wrote is kept in this browser. "
        "Sign in, and it is there when you come back to the form."
    ),
    **dict.fromkeys(
        (429, 500, 503),
        lazy_gettext(
            "What you wrote is still here below. Wait a while and send it again: it is only taken once."
        ),
    ),
}
_SIGN_IN_AND_SEND = lazy_gettext(
    "Nothing was saved. What you wrote is on this page, to be sent once you have signed in."
)
_NOTHING_TO_SEND = lazy_gettext("Wait half a minute, and open the page again.")
_SIGNED_IN_SINCE = (
    lazy_gettext("Send it once more"),
    lazy_gettext("You have signed in since you opened the form. Read through what you wrote, and send it."),
)

# What is said over a form that shows what was typed beside what somebody else has saved meanwhile.
CHANGED_BY_ANOTHER = lazy_gettext(
    "Somebody else has changed this since you opened it, so nothing is saved yet. "
    "What you wrote is still here, and under each heading stands what it now says. Save again to keep yours."
)

# The fields in which people write what would be sad to lose. Addresses, choices and tokens are none of them.
LONG_TEXTS = frozenset(
    {
        "because",
        "can_change",
        "cannot_change",
        "commentary",
        "en",
        "method_en",
        "method_sv",
        "note",
        "passages",
        "purpose",
        "reason",
        "reasons",
        "remit_en",
        "remit_sv",
        "sent_back_because",
        "sv",
        "text",
        "to_author",
        "we_decided",
        "what_changed",
        "what_en",
        "what_sv",
        "why_en",
        "why_sv",
        "words",
        "you_said",
    }
)


def show_error(
    code: int,
    *,
    became: Any = None,
    story: str | None = None,
    words: tuple[LazyString, LazyString | str] | None = None,
) -> Response:
    """The page that says what went wrong, or the part of one when htmx asked; with what had been written.

    What may be taken another time stands in a form to send again. `words` are a heading and an advice of its own.
    """
    heading, advice = words or ERRORS.get(code, ERRORS[400 if code < 500 else 500])
    written = _written()
    fields = _sent_fields() if written and code in _KEPT else None
    if fields and code == 401:
        advice = _SIGN_IN_AND_SEND
    if code == 503 and request.method in SAFE_METHODS:
        advice = _NOTHING_TO_SEND
    response = render(
        "error.html",
        code,
        fragment="_error.html",
        heading=heading,
        advice=advice,
        code=code,
        back=_page_behind(),
        became=became,
        story=story,
        is_part=wants_fragment(),
        written=written,
        fields=fields,
        kept=_KEPT.get(code),
    )
    if wants_fragment():
        # Said at the top of the page, so that what was being written below stays.
        response.headers["HX-Retarget"] = "#fel"
        response.headers["HX-Reswap"] = "innerHTML"
    if code == 503:
        response.headers["Retry-After"] = "30"
    return response


def _page_behind() -> str | None:
    """The page where the request was made, if it is known and can be opened again."""
    if request.method in SAFE_METHODS and not wants_fragment():
        return here()
    for path in (_path_here(htmx.current_url or request.referrer), here()):
        if path and _can_be_opened(path):
            return path
    return None


def _path_here(address: str | None) -> str | None:
    """The path of an address, if it is one on this site."""
    parts = parts_of(address or "")
    if parts is None or parts.netloc != request.host:
        return None
    return local_path(parts._replace(scheme="", netloc="", fragment="").geturl())


def _can_be_opened(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    bare = urlsplit(path).path.removeprefix(request.script_root)
    return adapter is not None and adapter.test(unquote(bare), "GET")


def _written() -> str:
    """What somebody wrote in the form that wasn't taken. A page keeps it by itself when only a part is asked for."""
    if request.method in SAFE_METHODS or wants_fragment() or is_from_elsewhere():
        return ""
    try:
        texts = [clean(value) for name, value in request.form.items() if _is_long_text(name)]
    except HTTPException:  # it was too much to read
        return ""
    return "\n\n".join(filter(None, texts))


def _is_long_text(name: str) -> bool:
    return name.rpartition("-")[2] in LONG_TEXTS  # what stands many times on a page has a prefix


def _sent_fields() -> list[tuple[str, str]]:
    """What the form held that wasn't taken, but for its token."""
    return [
        (name, clean(value))
        for name, value in request.form.items(multi=True)
        if name not in {"csrf_token", "again"}
    ]


def show_token_error(error: CSRFError) -> AnyResponse:
    """A form's token isn't this browser's: most often its writer has signed out in another window meanwhile, or in."""
    if person() is None and not allowed(declared_act(), None):
        return show_http_error(Unauthorized())
    is_sent_again = "again" in request.form
    return show_error(400, words=_SIGNED_IN_SINCE) if is_sent_again else show_http_error(error)


def show_http_error(error: HTTPException) -> AnyResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    if isinstance(error, TooManyRequests):
        return show_wait(error)
    response = show_error(error.code)
    if error.code == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods or [])  # type: ignore[attr-defined]
    return response


def show_wait(error: TooManyRequests) -> Response:
    """That somebody has to wait, and for how long."""
    seconds = error.retry_after if isinstance(error.retry_after, int) else 60
    advice = ngettext(
        "To keep the service from misuse, nobody may do this so often. Wait %(num)d minute and try again.",
        "To keep the service from misuse, nobody may do this so often. Wait %(num)d minutes and try again.",
        ceil(seconds / 60),
    )
    response = show_error(429, words=(ERRORS[429][0], advice))
    response.headers["Retry-After"] = str(seconds)
    return response


def show_stale(error: Stale | UnlistedMove) -> Response:
    """A decision about something that has changed meanwhile: say what it has become, and by whose hand."""
    thing = error.thing if isinstance(error, Stale) else None
    return show_error(409, became=thing, story=_last_about(thing))


def _last_about(thing: Any) -> str | None:
    story = current_app.extensions.get("stories", {}).get(getattr(thing, "__tablename__", None))
    event = events.latest(thing) if story else None
    return story(event) if event else None


def show_busy(error: OperationalError) -> Response:
    """The database is locked, full, read-only or out of reach: nothing was saved, and it may pass."""
    if any(words in str(error.orig) for words in _OUR_OWN_FAULT):
        return show_broken(error)
    log.warning("database busy", error=str(error.orig))
    return show_error(503)


# What SQLite calls an operational error though it will not pass: a wrong statement, a missing migration.
_OUR_OWN_FAULT = ("no such", "has no column", "syntax error")


def show_broken(error: Exception) -> Response:
    log.exception("unhandled error", endpoint=request.endpoint)  # not the path: it can hold somebody's key
    if current_app.testing:
        raise error
    return show_error(500)
