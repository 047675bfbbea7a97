"""What is the same for every reader: pages as bytes and parts of pages, kept by the revision of what they show."""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from threading import Lock
from typing import Any, Generic, TypeVar

from flask import Flask, current_app, render_template, request
from flask import Response as Made
from markupsafe import Markup
from werkzeug.wrappers import Request, Response

from dialog.db import clock
from dialog.languages import language
from dialog.web import person, wants_fragment

Value = TypeVar("Value")

MOST_BYTES = 24 * 1024 * 1024  # of pages in one process, before compression: some hundreds of the largest
MOST_PIECES = 2000  # threads and texts in one process, some kilobytes each


class KeptPage:
    """A whole page as bytes, and compressed from the first time somebody asks for it so."""

    def __init__(self, plain: bytes) -> None:
        self.plain = plain
        self.etag = sha256(plain).hexdigest()[:24]

    @cached_property
    def compressed(self) -> bytes:
        return gzip.compress(self.plain, 6, mtime=0)

    def __len__(self) -> int:
        return len(self.plain)

    def answer(self, request: Request) -> Response:
        """The page for whoever asks: nothing if they have it already, compressed if they can read that."""
        headers = {
            "Cache-Control": "no-cache",
            "Vary": "Accept-Encoding, Cookie, HX-Request",
            "ETag": f'W/"{self.etag}"',
        }
        if request.if_none_match.contains_weak(self.etag):
            return Response(status=304, headers=headers)
        if request.accept_encodings.quality("gzip") > 0:
            headers["Content-Encoding"] = "gzip"
            return Response(self.compressed, headers=headers, mimetype="text/html")
        return Response(self.plain, headers=headers, mimetype="text/html")


class Kept(Generic[Value]):
    """What was used most recently, within a most of `size` in all.

    Everything is kept under the revision of what it shows, so nothing here is ever wrong: only unused.
    """

    def __init__(self, most: int, size: Callable[[Value], int]) -> None:
        self._kept: OrderedDict[Hashable, Value] = OrderedDict()
        self._most, self._size, self._total = most, size, 0
        self._lock = Lock()

    def get(self, key: Hashable) -> Value | None:
        with self._lock:
            value = self._kept.get(key)
            if value is not None:
                self._kept.move_to_end(key)
            return value

    def keep(self, key: Hashable, value: Value) -> None:
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = value
            self._total += self._size(value)
            while self._total > self._most:
                _, oldest = self._kept.popitem(last=False)
                self._total -= self._size(oldest)


def set_up(app: Flask) -> None:
    app.extensions["pages"] = Kept[KeptPage](MOST_BYTES, len)
    app.extensions["pieces"] = Kept[Any](MOST_PIECES, lambda piece: 1)
    app.jinja_env.globals.update(same_for_all=same_for_all)


def piece(key: tuple[Hashable, ...], make: Callable[[], Value]) -> Value:
    """A part of a page, made once for each `key`, day and language. It may show nothing personal."""
    return pieces([key], lambda missing: {key: make()})[key]


def pieces(
    keys: Sequence[tuple[Hashable, ...]], make: Callable[[list[Any]], Mapping[Any, Value]]
) -> dict[Any, Value]:
    """The parts of a page with these keys; `make` gives those that aren't kept, all at once, by their keys.

    What `make` doesn't give isn't there any more. A key says the revision of what the part shows. Lateness changes at
    midnight, so the day is added to it.
    """
    kept: Kept[Value] = current_app.extensions["pieces"]
    when = (language(), clock.today())
    found: dict[tuple[Hashable, ...], Value | None] = {}
    for key in keys:
        found[key] = kept.get((*key, *when))
    missing = [key for key in keys if found[key] is None]
    if missing:
        for key, made in make(missing).items():
            kept.keep((*key, *when), made)
            found[key] = made
    return {key: value for key, value in found.items() if value is not None}


def same_for_all(template: str, *differs_by: Hashable) -> Markup:
    """A part of a page that is the same for whoever reads it, and from page to page but for what it `differs_by`."""
    made = piece((template, *differs_by), lambda: render_template(template))
    return Markup(made)  # noqa: S704 - a template of ours has escaped what it shows


def page_key(language: str, path: str, query: str, revision: int) -> Hashable:
    """What a whole page is kept under. Lateness changes at midnight, so the day is part of it."""
    return (language, path, query, revision, clock.today())


def cached_page(
    revision: int, make: Callable[[], Made], *, is_worth_keeping: Callable[[str], bool]
) -> Response:
    """The page `make` gives, made once per revision, language and day for everybody who isn't signed in.

    It is kept if its query `is_worth_keeping`. Once kept, `front.Front` gives it without coming here.
    """
    if wants_fragment() or person() is not None:
        return make()
    cache: Kept[KeptPage] = current_app.extensions["pages"]
    query = request.query_string.decode("latin-1")
    key = page_key(language(), request.path, query, revision)
    page = cache.get(key)
    if page is None:
        response = make()
        if response.status_code != 200:
            return response
        page = KeptPage(response.get_data())
        if is_worth_keeping(query):
            cache.keep(key, page)
    return page.answer(request)
