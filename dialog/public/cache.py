"""Pages that are the same for every visitor: kept as bytes, by the revision of what they show."""

import gzip
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

from flask import Response, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock
from dialog.web import person, wants_fragment

MOST_BYTES = 32 * 1024 * 1024  # of compressed pages in one process: a few thousand pages


@dataclass(frozen=True)
class KeptPage:
    compressed: bytes
    plain: bytes
    etag: str


class PageCache:
    """The pages used most recently, within `MOST_BYTES`."""

    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[object, ...], KeptPage] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: tuple[object, ...]) -> KeptPage | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def keep(self, key: tuple[object, ...], page: KeptPage) -> None:
        with self._lock:
            if key in self._pages:
                return
            self._pages[key] = page
            self._bytes += len(page.compressed) + len(page.plain)
            while self._bytes > MOST_BYTES:
                _, oldest = self._pages.popitem(last=False)
                self._bytes -= len(oldest.compressed) + len(oldest.plain)


def cached_page(revision: Callable[[], int | None], make: Callable[[], Response]) -> AnyResponse:
    """The page `make` gives, made once per revision, language and day for everybody who isn't signed in.

    Lateness changes at midnight, so the day is part of what a page is kept under.
    """
    if wants_fragment() or person() is not None:
        return make()
    cache: PageCache = current_app.extensions["page_cache"]
    key = (request.script_root, request.full_path, revision(), clock.today())
    page = cache.get(key)
    if page is None:
        response = make()
        if response.status_code != 200:
            return response
        plain = response.get_data()
        page = KeptPage(gzip.compress(plain, 6, mtime=0), plain, sha256(plain).hexdigest()[:24])
        cache.keep(key, page)
    return _respond(page)


def _respond(page: KeptPage) -> AnyResponse:
    headers = {
        "Cache-Control": "no-cache",
        "Vary": "Accept-Encoding, Cookie, HX-Request",
        "ETag": f'W/"{page.etag}"',
    }
    if request.if_none_match.contains_weak(page.etag):
        return Response(status=304, headers=headers)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(page.compressed, headers=headers, mimetype="text/html")
    return Response(page.plain, headers=headers, mimetype="text/html")
