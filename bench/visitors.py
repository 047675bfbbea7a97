"""Signed-in people and the forms they fill in, made the way the pages make them."""

from html.parser import HTMLParser
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dialog.db import clock, db, transaction
from dialog.people.models import SignInLink
from dialog.people.operations import request_sign_in
from dialog.people.queries import token_of

# Part of what a session is bound to, so every request of the bench sends it.
AGENT = "bench"
COOKIE = "dialog"


def visitor(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = AGENT
    return client


def sign_in(app: Flask, address: str) -> FlaskClient:
    """A browser in which the person with this address has opened the link they were sent."""
    with app.app_context():
        with transaction():
            request_sign_in(address, language="sv", next_path=None, now=clock.now())
        newest = select(SignInLink).where(SignInLink.email == address).order_by(SignInLink.id.desc())
        page = f"/logga-in/{token_of(db.session.scalars(newest).first())}"
    client = visitor(app)
    fields = {name: value for name, value in form_on(client, page).items() if name == "csrf_token"}
    answer = client.post(page, data=fields)
    if answer.status_code != 303:
        raise RuntimeError(f"Signing in answered {answer.status_code}.")
    return client


def form_on(client: FlaskClient, page: str) -> dict[str, str]:
    """What the fields on a page hold as it comes."""
    answer = client.get(page)
    if answer.status_code != 200:
        raise RuntimeError(f"{page} answered {answer.status_code}.")
    reader = _FormReader()
    reader.feed(answer.text)
    return reader.fields


def get_request(path: str, *, signed_in: FlaskClient | None = None, **headers: str) -> str:
    """A request for a page as it goes over the wire."""
    return _request("GET", path, signed_in, headers)


def post_request(
    path: str, fields: dict[str, str], *, signed_in: FlaskClient | None = None, **headers: str
) -> str:
    """A form as it goes over the wire."""
    body = urlencode(fields, safe="@")
    always = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    return _request("POST", path, signed_in, always | headers) + body


def _request(method: str, path: str, signed_in: FlaskClient | None, headers: dict[str, str]) -> str:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"User-Agent: {AGENT}"]
    if signed_in is not None:
        cookie = signed_in.get_cookie(COOKIE)
        assert cookie is not None
        lines.append(f"Cookie: {COOKIE}={cookie.value}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines) + "\r\n\r\n"


class _FormReader(HTMLParser):
    """Collects the fields of a page: what is hidden, filled in, chosen or ticked."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._list = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = dict(attrs)
        name, value = had.get("name") or "", had.get("value") or ""
        if tag == "select":
            self._list = name
        elif tag == "option" and ("selected" in had or self._list not in self.fields):
            self.fields[self._list] = value
        elif tag == "textarea":
            self.fields[name] = ""
        elif (
            tag == "input"
            and name
            and ("checked" in had or had.get("type") not in {"radio", "checkbox", "submit"})
        ):
            self.fields[name] = value
