"""The limit of a cached page: bytes made beforehand, through Flask, after one look-up of a version in SQLite."""

from pathlib import Path

from flask import Flask, Response, request

from bench.limits import connect, folder, settle

DATABASE, PAGE = "cached.db", "page.gz"


def prepare(where: Path, page: bytes) -> None:
    """Lay ready the row with the version, and the compressed page."""
    where.mkdir()
    (where / PAGE).write_bytes(page)
    connection = connect(where / DATABASE)
    connection.execute("CREATE TABLE page (id INTEGER PRIMARY KEY, version INTEGER NOT NULL)")
    connection.execute("INSERT INTO page VALUES (1, 1)")
    connection.commit()
    connection.close()


def make() -> Flask:
    app = Flask(__name__)
    connection = connect(folder() / DATABASE)
    pages = {1: (folder() / PAGE).read_bytes()}

    @app.get("/om")
    def about() -> str:
        return "ready"

    @app.get("/page")
    def page() -> Response:
        version = connection.execute("SELECT version FROM page WHERE id = ?", (1,)).fetchone()[0]
        headers = {"ETag": f'"{version}"', "Vary": "Accept-Encoding"}
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return Response(status=304, headers=headers)
        return Response(pages[version], headers={**headers, "Content-Encoding": "gzip"}, mimetype="text/html")

    settle()
    return app
