"""What every page shares: the gate, the reader's language, page or fragment, headers, and kind errors."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import structlog
from flask import (
    Flask,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import LazyString, lazy_gettext
from flask_htmx import HTMX
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from dialog.permissions import PERMISSIONS, allowed
from dialog.states import Stale, UnlistedMove

if TYPE_CHECKING:
    from dialog.people.models import Person

csrf = CSRFProtect()
htmx = HTMX()
log = structlog.get_logger()

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
LARGEST_NUMBER = 2**31 - 1  # that a column for whole numbers holds in PostgreSQL

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_OVER_HTTPS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}


def add_words(app: Flask, *dictionaries: Mapping[StrEnum, LazyString]) -> None:
    """Let templates write the members of each enumeration with `|word`.

    Members of two enumerations can have the same value, and are then equal: it takes the type to tell them apart.
    """
    words = app.extensions.setdefault("words", {})
    for dictionary in dictionaries:
        words.update({(type(member), member): word for member, word in dictionary.items()})


def word(member: StrEnum) -> str:
    """The word readers see for a member of an enumeration."""
    return str(current_app.extensions["words"][type(member), member])


def person() -> "Person | None":
    """Whoever is signed in."""
    return cast("Person", current_user) if current_user.is_authenticated else None


def someone() -> "Person":
    """Whoever is signed in, where the gate has seen to it that somebody is."""
    return cast("Person", current_user._get_current_object())


def require(act: str, thing: Any) -> None:
    """Refuse with 403 unless whoever asks may do `act` to `thing`."""
    if not allowed(act, person(), thing):
        abort(403)


def found(thing: Any) -> Any:
    """`thing` itself, or 404 when the query gave nothing that may be seen."""
    if thing is None:
        abort(404)
    return thing


def wants_fragment() -> bool:
    """Whether htmx asks for a part of a page, and not for a whole page or one from the history."""
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render(page: str, status: int = 200, *, fragment: str | None = None, **values: Any) -> Response:
    """The page, or the fragment when htmx asked for one; the fragment is included by the page."""
    template = fragment if fragment and wants_fragment() else page
    response = Response(render_template(template, **values), status, mimetype="text/html")
    response.vary.update({"HX-Request", "Cookie"})
    response.headers["Cache-Control"] = "private, no-store"
    return response


def see(endpoint: str, **values: Any) -> AnyResponse:
    """After a change: go and look (303)."""
    return redirect(url_for(endpoint, **values), 303)


def address(endpoint: str, **values: Any) -> str:
    """What `url_for` gives for a page of ours, remembered: a page asks for dozens, mostly the same."""
    return _address(request.root_path, endpoint, tuple(values.items()))


@lru_cache(maxsize=10_000)
def _address(root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


def local_path(target: str | None) -> str | None:
    """`target` if it is a path on this site, else None: nobody is sent elsewhere by a link of ours."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(character) < 32 for character in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def set_up(app: Flask) -> None:
    """Add to the application what this module describes."""
    csrf.init_app(app)
    htmx.init_app(app)
    if proxies := app.config["SETTINGS"].proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    app.before_request(refuse_impossible_addresses)
    app.before_request(refuse_foreign_sites)
    app.before_request(guard)
    app.after_request(add_security_headers)
    app.jinja_env.filters.update(word=word)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined  # a misspelt name is a fault, not an empty place on a page
    settings = app.config["SETTINGS"]
    app.jinja_env.globals.update(municipality=settings.municipality, demo=settings.demo)
    app.jinja_env.globals.update(person=person, allowed=allowed, url_for=address)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(CSRFError, show_http_error)
    app.register_error_handler(Stale, show_stale)
    app.register_error_handler(UnlistedMove, show_stale)
    app.register_error_handler(OperationalError, show_busy)
    app.register_error_handler(Exception, show_broken)


def refuse_impossible_addresses() -> None:
    """Nothing here has an address with a NUL in it, or with a number that no database could hold."""
    parts = [*(request.view_args or {}).values(), *(value for _, value in request.args.items(multi=True))]
    for part in parts:
        words = str(part)
        # The length first: Python refuses to read a number of thousands of digits.
        is_too_large = words.isdecimal() and (len(words) > 10 or int(words) > LARGEST_NUMBER)
        if "\x00" in words or is_too_large:
            abort(404)


def refuse_foreign_sites() -> None:
    """A change can only be asked for from this site's own pages (beside the token in every form)."""
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403)
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)


def guard() -> AnyResponse | None:
    """Refuse whoever may not do the act the route declares. A visitor is shown the way to sign in."""
    if request.endpoint is None:
        return None  # no such address; the error page follows
    act = getattr(current_app.view_functions[request.endpoint], "act", None)
    if act is None:
        raise RuntimeError(f"The view {request.endpoint} declares no act; add @permitted(…).")
    if request.method not in SAFE_METHODS and not PERMISSIONS[act].writes:
        abort(405)
    if allowed(act, None) or allowed(act, person()):
        return None
    if person() is not None:
        abort(403)
    if request.method in SAFE_METHODS and not wants_fragment():
        return redirect(
            url_for("people.sign_in", next=request.script_root + request.full_path.rstrip("?")), 303
        )
    abort(401)


def security_headers(app: Flask) -> dict[str, str]:
    """The headers that every answer of the application carries."""
    return SECURITY_HEADERS | (_OVER_HTTPS if app.config["SESSION_COOKIE_SECURE"] else {})


def add_security_headers(response: Response) -> Response:
    response.headers.update(security_headers(current_app))
    return response


# What each error says: the heading, and what to do next.
ERRORS = {
    400: (
        lazy_gettext("The form could not be read"),
        lazy_gettext(
            "Go back and send it again. If that does not help: copy what you wrote, then open the page anew."
        ),
    ),
    401: (
        lazy_gettext("You need to sign in"),
        lazy_gettext("Sign in, then come back to this page and try again."),
    ),
    403: (
        lazy_gettext("You may not do this"),
        lazy_gettext(
            "Your account has no right to this page. If you think it should, contact the municipality."
        ),
    ),
    404: (
        lazy_gettext("There is no such page"),
        lazy_gettext("The address may be mistyped, or what was here is no longer shown."),
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
    429: (
        lazy_gettext("That was too many attempts"),
        lazy_gettext("Wait a few minutes and try again."),
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


def show_error(code: int, **values: Any) -> Response:
    heading, advice = ERRORS.get(code, ERRORS[400 if code < 500 else 500])
    response = render(
        "error.html",
        code,
        fragment="_error.html",
        heading=heading,
        advice=advice,
        code=code,
        back=urlsplit(htmx.current_url or "").path,
        **values,
    )
    if wants_fragment():
        # Said at the top of the page, so that what was being written below stays.
        response.headers["HX-Retarget"] = "#fel"
        response.headers["HX-Reswap"] = "innerHTML"
    if code == 503:
        response.headers["Retry-After"] = "30"
    return response


def show_http_error(error: HTTPException) -> AnyResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    response = show_error(error.code, became=None)
    if error.code == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods or [])  # type: ignore[attr-defined]
    return response


def show_stale(error: Stale | UnlistedMove) -> Response:
    """A decision about something that has changed meanwhile: say what it has become."""
    thing = error.thing if isinstance(error, Stale) else None
    return show_error(409, became=thing)


def show_busy(error: OperationalError) -> Response:
    """The database is locked, full, read-only or out of reach: nothing was saved, and it may pass."""
    if any(words in str(error.orig) for words in _OUR_OWN_FAULT):
        return show_broken(error)
    log.warning("database busy", error=str(error.orig))
    return show_error(503, became=None)


# What SQLite calls an operational error though it will not pass: a wrong statement, a missing migration.
_OUR_OWN_FAULT = ("no such", "has no column", "syntax error")


def show_broken(error: Exception) -> Response:
    log.exception("unhandled error", path=request.path)
    if current_app.testing:
        raise error
    return show_error(500, became=None)
