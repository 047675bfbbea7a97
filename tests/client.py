"""A test client that looks at every page it fetches, so that no test lets a broken page pass."""

import contextvars
import os
import re
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import html5lib
from flask import has_app_context
from flask.testing import FlaskClient

from dialog.db import db
from dialog.web import SECURITY_HEADERS

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
# What is new on every visit or in every test, of letters and digits alone: no mistake can stand in it.
NEW_EACH_TIME = re.compile(r'(?<= name="csrf_token" value=")[\w.-]+|(?<= name="form_key" value=")[\w.-]+')
KEY_IN_ADDRESS = re.compile(r'(?<=/)[\w-]{22}(?=["/?#])')  # as secrets.token_urlsafe(16) gives it
# Where a link or a form leads, of these characters alone: no mistake can stand in it either.
ADDRESS = re.compile(r' (href|action)="/[\w/.?=#%-]*"')
WHOLE_PAGES = "DIALOG_TEST_WHOLE_PAGES"  # names the folder with a file for every page this run found whole
# What HTML says of what may stand where, and the parser doesn't: it takes such pages without a word.
DAY_OR_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d))?")
HOLDS_ONLY = {
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"dt", "dd", "div"},
    "tr": {"th", "td"},
    "select": {"option", "optgroup"},
}
PRESSED = {"a", "button", "select", "textarea", "details", "label"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
IN_A_LINE = {"p", "span", "strong", "em", "q", "button", "label"} | HEADINGS
NOT_IN_A_LINE = {
    "article",
    "aside",
    "blockquote",
    "details",
    "div",
    "dl",
    "fieldset",
    "figure",
    "footer",
    "form",
} | ({"header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul"} | HEADINGS)


class InspectingClient(FlaskClient):
    """Fails at once on a page that isn't whole. Fragments are inspected as far as they go."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._tokens: dict[tuple[str, str], str] = {}  # by the session and the page

    def open(self, *args, **kwargs):
        # In a context of its own: a page shares neither session nor loaded rows with the test around it.
        # What is sent while it is made is read to its end there.
        response = contextvars.Context().run(super().open, *args, **{"buffered": True, **kwargs})
        if has_app_context():
            db.session.rollback()
            db.session.expire_all()  # what the test reads next is what the page left behind
        inspect(response)
        return response

    def token(self, page: str) -> str:
        """The token of the first form on a page."""
        return self._hidden(page)["csrf_token"]

    def send(self, page: str, data: dict | None = None, *, to: str | None = None, **kwargs):
        """Fill in the form on `page` and send it to `to` (the page itself if not said)."""
        return self.post(to or page, data=self._hidden(page) | (data or {}), **kwargs)

    def _hidden(self, page: str) -> dict[str, str]:
        """The token of the first form on a page, and the version where it says one.

        A token is good as long as the session is: where it stands alone, the page isn't asked for again.
        """
        if token := self._tokens.get((self._session(), page)):
            return {"csrf_token": token}
        html = self.get(page).text
        found = {
            name: re.search(rf'name="{name}" value="([^"]+)"', html) for name in ("csrf_token", "version")
        }
        assert found["csrf_token"], f"There is no form with a token on {page}."
        hidden = {name: match.group(1) for name, match in found.items() if match}
        if "version" not in hidden:
            self._tokens[self._session(), page] = hidden["csrf_token"]
        return hidden

    def _session(self) -> str:
        cookie = self.get_cookie(self.application.config["SESSION_COOKIE_NAME"])
        return cookie.value if cookie else ""


def inspect(response) -> None:
    """What holds for every answer the service gives."""
    for name, value in SECURITY_HEADERS.items():
        assert response.headers.get(name) == value, (
            f"{name} is missing or different on {response.request.path}"
        )
    if response.mimetype != "text/html" or not response.data or response.status_code in {301, 302, 303}:
        return
    html = without_what_is_new(response.get_data(as_text=True))
    english = (response.request.path + "/").startswith("/en/")
    # Most pages are fetched many times as they are, by several processes and from both databases; parsing is slow.
    whatever_they_lead_to = ADDRESS.sub(r' \1="/"', html)
    found_whole = Path(
        os.environ[WHOLE_PAGES], sha256(f"{english} {whatever_they_lead_to}".encode()).hexdigest()
    )
    if not found_whole.exists():
        _inspect_html(html, response.request.path, english=english)
        found_whole.touch()


def without_what_is_new(html: str) -> str:
    """A page without what is another on every visit, to be held beside others."""
    return KEY_IN_ADDRESS.sub("key", NEW_EACH_TIME.sub("new", html))


def _inspect_html(html: str, path: str, *, english: bool) -> None:
    whole = html.lstrip().lower().startswith("<!doctype")
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parse(html) if whole else parser.parseFragment(html)
    mistakes = [code for _, code, _ in parser.errors]
    assert not mistakes, f"{path} is not valid HTML: {mistakes}"
    assert "&lt;time " not in html, f"{path} shows a day's element as text"
    _inspect_elements(tree, path)
    _inspect_what_holds_what(tree, path)
    if whole:
        _inspect_page(tree, path, english=english)


def _inspect_elements(tree, path: str) -> None:
    elements = [one for one in tree.iter() if isinstance(one.tag, str)]
    ids = [one.get("id") for one in elements if one.get("id")]
    assert len(ids) == len(set(ids)), (
        f"{path}: an id stands twice: {sorted(i for i in ids if ids.count(i) > 1)}"
    )
    labelled = {one.get("for") for one in elements if _name(one) == "label"}
    for one in elements:
        assert _name(one) != "style" and one.get("style") is None, f"{path}: inline style"
        assert not [name for name in one.attrib if name.startswith(("on", "hx-on"))], (
            f"{path}: inline handler"
        )
        if _name(one) == "script":
            assert one.get("src", "").startswith("/static/") and not (one.text or "").strip(), (
                f"{path}: script"
            )
        if _name(one) in {"input", "select", "textarea"} and one.get("type") not in {"hidden", "submit"}:
            assert one.get("id") in labelled or one.get("aria-label"), (
                f"{path}: {one.get('name')} has no label"
            )
        for name in ("href", "src", "action"):
            assert not (one.get(name) or "").startswith(("javascript:", "data:")), f"{path}: {one.get(name)}"
    known = set(ids)
    for one in elements:
        for name in ("aria-describedby", "aria-labelledby"):
            for reference in (one.get(name) or "").split():
                assert reference in known, f"{path}: {name} points at nothing: {reference}"


def _inspect_what_holds_what(tree, path: str) -> None:
    for one in tree.iter():
        name = _name(one)
        held = [_name(other) for other in one if isinstance(other.tag, str)]
        if name in HOLDS_ONLY:
            strange = set(held) - HOLDS_ONLY[name] - {"script", "template"}
            assert not strange, f"{path}: {strange} can't stand right in {name}"
        within = (
            {_name(other) for other in one.iter() if other is not one}
            if name in PRESSED | IN_A_LINE
            else set()
        )
        if name in {"a", "button"}:
            assert not within & (PRESSED | {"input"}), f"{path}: {within} in what is pressed itself, {name}"
        if name in IN_A_LINE:
            assert not within & NOT_IN_A_LINE, f"{path}: {within & NOT_IN_A_LINE} can't stand in {name}"
        if name == "time":
            written = one.get("datetime", "")
            assert DAY_OR_MOMENT.fullmatch(written), (
                f"{path}: {written!r} is no day or moment that HTML knows"
            )


def _inspect_page(tree, path: str, *, english: bool) -> None:
    headings = list(tree.iter(f"{NAMESPACE}h1"))
    assert len(headings) == 1, f"{path} has {len(headings)} h1"
    heading = " ".join("".join(headings[0].itertext()).split())
    title = " ".join("".join(next(tree.iter(f"{NAMESPACE}title")).itertext()).split())
    assert heading and title.startswith(heading), (
        f"{path}: the title {title!r} doesn't begin with {heading!r}"
    )
    assert next(tree.iter(f"{NAMESPACE}html")).get("lang") == ("en" if english else "sv"), path
    levels = [int(_name(one)[1]) for one in tree.iter() if re.fullmatch("h[1-6]", _name(one))]
    jumps = [(first, second) for first, second in pairwise(levels) if second > first + 1]
    assert not jumps, f"{path}: headings jump {jumps}"


def _name(element) -> str:
    return element.tag.removeprefix(NAMESPACE) if isinstance(element.tag, str) else ""
