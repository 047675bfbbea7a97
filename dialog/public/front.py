"""The shortest way for a page that is kept: one row looked up, and its bytes are sent, before Flask begins."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Request

from dialog.db import db
from dialog.kept import Kept, KeptPage, page_key
from dialog.web import security_headers

_GOAL = re.compile(r"(/en)?(/mal/([0-9]{4})/([a-z0-9-]{1,80}))")
_REVISION = "SELECT revision FROM goal WHERE year = {0} AND slug = {0}"


class Front:
    """Answers a visitor who asks for a goal's page that is kept; everything else goes on to the application.

    A visitor is somebody without a cookie. The page is the same bytes as the application made, with the same
    headers; the revision is read from the database each time, so it is never an old one.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], app: Flask, engine: Engine) -> None:
        self.application, self.engine = application, engine
        self.pages: Callable[[], Kept[KeptPage]] = lambda: app.extensions["pages"]
        self.headers = security_headers(app)
        self.failures = (SQLAlchemyError, engine.dialect.loaded_dbapi.Error)
        self.statement = _REVISION.format("?" if engine.dialect.name == "sqlite" else "%s")

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        page = self._kept_page(environ)
        if page is None:
            return self.application(environ, start_response)
        response = page.answer(Request(environ))
        response.headers.update(self.headers)
        return response(environ, start_response)

    def _kept_page(self, environ: dict[str, Any]) -> KeptPage | None:
        if environ["REQUEST_METHOD"] != "GET" or "HTTP_COOKIE" in environ or "HTTP_HX_REQUEST" in environ:
            return None
        asked = _GOAL.fullmatch(environ.get("PATH_INFO", ""))
        if asked is None:
            return None
        english, path, year, slug = asked.groups()
        try:
            revision = self._revision(int(year), slug)
        except self.failures:
            return None  # the application will meet it too, and says so kindly
        if revision is None:
            return None
        query = environ.get("QUERY_STRING", "")
        return self.pages().get(page_key("en" if english else "sv", path, query, revision))

    def _revision(self, year: int, slug: str) -> int | None:
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(self.statement, (year, slug))
            row = cursor.fetchone()
            return row[0] if row else None
        finally:
            connection.close()


def set_up(app: Flask) -> None:
    """Put the front before the application."""
    with app.app_context():
        app.wsgi_app = Front(app.wsgi_app, app, db.engines["read"])  # type: ignore[method-assign]
