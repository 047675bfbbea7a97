"""The browser's files: read once at the start, compressed once, under addresses that change when they do."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, request

from dialog.permissions import permitted

# What every page asks for comes in one file of each kind: on a slow line it is the number of requests that costs.
_JOINED = {
    "site.css": ("vendor/designsystem.css", "dialog.css"),
    "site.js": ("dialog.js", "drafts.js"),
}
_COMPRESSED = {"text/css", "text/javascript", "image/svg+xml", "text/plain"}


@dataclass(frozen=True)
class Asset:
    content: bytes
    compressed: bytes | None
    mimetype: str
    digest: str


class MissingAsset(Exception):
    """A template names a file that isn't there, most often because `make install` hasn't been run."""


def set_up(app: Flask, folder: Path) -> None:
    """Read the files below `folder`, serve them at /static/, and give templates `asset(name)`."""
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for name, parts in _JOINED.items():
        if files.keys() >= set(parts):
            files[name] = b"\n".join(files[part] for part in parts)
    assets = {name: _made(name, content) for name, content in files.items()}

    def asset(name: str) -> str:
        """The address of a file, without the language's prefix, so that both languages share one copy."""
        if name not in assets:
            raise MissingAsset(f"static/{name} is missing. Run `make install`.")
        return f"/static/{name}?v={assets[name].digest}"

    @permitted("read")
    def static(name: str) -> Response:
        if name not in assets:
            abort(404)
        return _respond(assets[name])

    app.jinja_env.globals["asset"] = asset
    app.add_url_rule("/static/<path:name>", "static", static)


def _made(name: str, content: bytes) -> Asset:
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(
        content=content,
        compressed=gzip.compress(content, 9, mtime=0) if mimetype in _COMPRESSED else None,
        mimetype=mimetype,
        digest=hashlib.sha256(content).hexdigest()[:12],
    )


def _respond(asset: Asset) -> Response:
    wants_compressed = asset.compressed is not None and request.accept_encodings.quality("gzip") > 0
    response = Response(asset.compressed if wants_compressed else asset.content, mimetype=asset.mimetype)
    if wants_compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if request.args.get("v") == asset.digest else "no-cache"
    )
    response.set_etag(asset.digest, weak=True)  # the same for what is compressed and what isn't
    response.make_conditional(request)
    return response
