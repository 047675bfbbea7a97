"""What every page shares: the gate, the reader's language, page or fragment, headers, and kind errors."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import SplitResult, unquote, urlsplit

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
from werkzeug.exceptions import HTTPException, TooManyRequests, Unauthorized
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from dialog import events
from dialog.permissions import PERMISSIONS, allowed
from dialog.states import Stale, UnlistedMove
from dialog.text import clean

if TYPE_CHECKING:
    from dialog.people.models import Person

csrf = CSRFProtect()
htmx = HTMX()
log = structlog.get_logger()

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data"}
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


def add_story(app: Flask, table: str, story: Callable[[events.Event], str | None]) -> None:
    """Let a refused change of a row in `table` be told by `story`: what happened last, by which role and when."""
    app.extensions.setdefault("stories", {})[table] = story


def word(member: StrEnum) -> str:
    """The word readers see for a member of an enumeration."""
    return str(current_app.extensions["words"][type(member), member])


def person() -> "Person | None":
    """Whoever is signed in."""
    return cast("Person", current_user) if current_user.is_authenticated else None


def someone() -> "Person":
    """Whoever is signed in, where the gate has seen to it that somebody is."""
    return cast("Person", current_user._get_current_object())


def require(thing: Any) -> None:
    """Refuse with 403 unless whoever asks may do the act that the route declares to `thing`."""
    if not allowed(_declared_act(), person(), thing):
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


def whole_number(text: str | None) -> int | None:
    """The number that `text` is, in plain digits alone; None for anything else, and for what no column can hold."""
    if text is None or not re.fullmatch("[0-9]{1,10}", text) or int(text) > LARGEST_NUMBER:
        return None
    return int(text)


def see(endpoint: str, **values: Any) -> AnyResponse:
    """After a change: go and look (303). htmx is told where in a header, since a browser follows a 303 unseen by it."""
    target = url_for(endpoint, **values)
    return (
        Response(status=204, headers={"HX-Redirect": target}) if wants_fragment() else redirect(target, 303)
    )


def address(endpoint: str, **values: Any) -> str:
    """What `url_for` gives for a page of ours, remembered: a page asks for dozens, mostly the same."""
    return _address(request.root_path, endpoint, tuple(values.items()))


@lru_cache(maxsize=10_000)
def _address(root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


def here() -> str:
    """The page that is asked for, as a path on this site."""
    return request.script_root + request.full_path.rstrip("?")


def local_path(target: str | None) -> str | None:
    """`target` if it is a path on this site, else None: nobody is sent elsewhere by a link of ours."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(character) < 32 for character in target):
        return None
    parts = _parts(target)
    return None if parts is None or parts.scheme or parts.netloc else target


def _parts(address: str) -> SplitResult | None:
    """What an address consists of; None when it can't be one."""
    try:
        return urlsplit(address)
    except ValueError:
        return None


def set_up(app: Flask) -> None:
    """Add to the application what this module describes."""
    app.before_request(refuse_other_bodies)  # before the token is looked for in one
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
    app.jinja_env.globals.update(contact_email=settings.contact_email, contact_phone=settings.contact_phone)
    app.jinja_env.globals.update(person=person, allowed=allowed, url_for=address, here=here)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(CSRFError, show_token_error)
    app.register_error_handler(Stale, show_stale)
    app.register_error_handler(UnlistedMove, show_stale)
    app.register_error_handler(OperationalError, show_busy)
    app.register_error_handler(Exception, show_broken)


def proven_by_its_address(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a view be asked for a change from anywhere, without a form's token: its address proves the right to it.

    For mail programs that end a subscription with one click (RFC 8058): they come from elsewhere, without a cookie.
    """
    view.proven_by_its_address = True  # type: ignore[attr-defined]
    csrf.exempt(view)
    return view


def refuse_other_bodies() -> None:
    """A change is asked for by a form, and no form here takes files."""
    if request.method in SAFE_METHODS or not request.mimetype:
        return
    if request.mimetype not in FORM_TYPES or request.files:
        abort(415)


def refuse_impossible_addresses() -> None:
    """Nothing here has an address with a NUL in it, or a path with a number that no database could hold.

    What else stands in a parameter is for whoever reads it: links come here with parameters of others' making.
    """
    path = [str(part) for part in (request.view_args or {}).values()]
    if any(part.isdecimal() and whole_number(part) is None for part in path):
        abort(404)
    if any("\x00" in part for part in (*path, *(value for _, value in request.args.items(multi=True)))):
        abort(404)


def refuse_foreign_sites() -> None:
    """A change can only be asked for from this site's own pages (beside the token in every form)."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "proven_by_its_address", False):
        return
    if request.method not in SAFE_METHODS and _is_from_elsewhere():
        abort(403)


def _is_from_elsewhere() -> bool:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    parts = _parts(origin)
    return parts is None or parts.netloc != request.host


def guard() -> AnyResponse | None:
    """Refuse whoever may not do the act the route declares. A visitor is shown the way to sign in."""
    if request.endpoint is None:
        return None  # no such address; the error page follows
    act = _declared_act()
    if request.method not in SAFE_METHODS and not PERMISSIONS[act].writes:
        abort(405)
    if allowed(act, None) or allowed(act, person()):
        return None
    if person() is not None:
        abort(403)
    if request.method in SAFE_METHODS and not wants_fragment():
        return redirect(url_for("people.sign_in", next=here()), 303)
    abort(401)


def _declared_act() -> str:
    """The act that the route asked for declares with `@permitted`."""
    act: str | None = getattr(current_app.view_functions[request.endpoint or ""], "act", None)
    if act is None:
        raise RuntimeError(f"The view {request.endpoint} declares no act; add @permitted(…).")
    return act


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
_LONG_TEXTS = ("text", "you_said", "we_decided", "because", "reasons", "purpose")


def show_error(
    code: int,
    *,
    became: Any = None,
    story: str | None = None,
    words: tuple[LazyString, LazyString] | None = None,
) -> Response:
    """The page that says what went wrong, or the part of one when htmx asked; with what had been written.

    What may be taken another time stands in a form to send again. `words` are a heading and an advice of its own.
    """
    heading, advice = words or ERRORS.get(code, ERRORS[400 if code < 500 else 500])
    written = _written()
    fields = _sent_fields() if written and code in _KEPT else None
    if fields and code == 401:
        advice = _SIGN_IN_AND_SEND
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
    parts = _parts(address or "")
    if parts is None or parts.netloc != request.host:
        return None
    return local_path(parts._replace(scheme="", netloc="", fragment="").geturl())


def _can_be_opened(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    bare = urlsplit(path).path.removeprefix(request.script_root)
    return adapter is not None and adapter.test(unquote(bare), "GET")


def _written() -> str:
    """What somebody wrote in the form that wasn't taken. A page keeps it by itself when only a part is asked for."""
    if request.method in SAFE_METHODS or wants_fragment() or _is_from_elsewhere():
        return ""
    try:
        texts = [clean(request.form.get(name, "")) for name in _LONG_TEXTS]
    except HTTPException:  # it was too much to read
        return ""
    return "\n\n".join(filter(None, texts))


def _sent_fields() -> list[tuple[str, str]]:
    """What the form held that wasn't taken, but for its token."""
    return [
        (name, clean(value))
        for name, value in request.form.items(multi=True)
        if name not in {"csrf_token", "again"}
    ]


def show_token_error(error: CSRFError) -> AnyResponse:
    """A form's token isn't this browser's: most often its writer has signed out in another window meanwhile, or in."""
    if person() is None and not allowed(_declared_act(), None):
        return show_http_error(Unauthorized())
    is_sent_again = "again" in request.form
    return show_error(400, words=_SIGNED_IN_SINCE) if is_sent_again else show_http_error(error)


def show_http_error(error: HTTPException) -> AnyResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    response = show_error(error.code)
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.retry_after)
    if error.code == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods or [])  # type: ignore[attr-defined]
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
