"""What every page shares: the gate, the reader's language, page or fragment, and headers."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import SplitResult, urlsplit

import structlog
from flask import (
    Flask,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface
from flask_babel import LazyString
from flask_htmx import HTMX
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from dialog.permissions import PERMISSIONS, allowed

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


class Sessions(SecureCookieSessionInterface):
    """Makes what signs and reads the cookie once in a process, and not several times in each request."""

    def __init__(self) -> None:
        self._made: dict[Any, URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if app.secret_key not in self._made:
            self._made[app.secret_key] = super().get_signing_serializer(app)
        return self._made[app.secret_key]


class Application(Flask):
    """Flask for functions that are none of them coroutines: each request passes a dozen, and it looks at each."""

    session_interface = Sessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


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
    """Whoever is signed in: nobody in a browser that brings no session, which most don't."""
    return cast("Person", current_user) if session and current_user.is_authenticated else None


def someone() -> "Person":
    """Whoever is signed in, where the gate has seen to it that somebody is."""
    return cast("Person", current_user._get_current_object())


def require(thing: Any) -> None:
    """Refuse with 403 unless whoever asks may do the act that the route declares to `thing`."""
    if not allowed(declared_act(), person(), thing):
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


def address_here() -> str:
    """The whole address of the page that is asked for, as it is passed on: without what narrows or orders it."""
    return f"{current_app.config['SETTINGS'].address}{request.script_root}{request.path}"


def local_path(target: str | None) -> str | None:
    """`target` if it is a path on this site, else None: nobody is sent elsewhere by a link of ours."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(character) < 32 for character in target):
        return None
    parts = parts_of(target)
    return None if parts is None or parts.scheme or parts.netloc else target


def parts_of(address: str) -> SplitResult | None:
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
    app.jinja_env.globals.update(address_here=address_here)


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
    if request.method not in SAFE_METHODS and is_from_elsewhere():
        abort(403)


def is_from_elsewhere() -> bool:
    """Whether another site's page has made the browser ask."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    parts = parts_of(origin)
    return parts is None or parts.netloc != request.host


def guard() -> AnyResponse | None:
    """Refuse whoever may not do the act the route declares. A visitor is shown the way to sign in."""
    if request.endpoint is None:
        return None  # no such address; the error page follows
    act = declared_act()
    if request.method not in SAFE_METHODS and not PERMISSIONS[act].writes:
        abort(405)
    if allowed(act, None) or allowed(act, person()):
        return None
    if person() is not None:
        abort(403)
    if request.method in SAFE_METHODS and not wants_fragment():
        return redirect(url_for("people.sign_in", next=here()), 303)
    abort(401)


def declared_act() -> str:
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
