"""The application of a test, with its cast and its clock, where a browser can come to it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    def log(self, *_) -> None:
        pass


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Let browsers come to `app` while this lasts; gives the address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def somebody(
    world, app: Flask, browser: Browser, name: str, address: str, **options
) -> Iterator[BrowserContext]:
    """A browser of `name`'s, one of the cast or a visitor, that is signed in at `address`."""
    context = browser.new_context(locale="sv-SE", reduced_motion="reduce", base_url=address, **options)
    if name != "visitor":
        client = app.test_client()
        world.sign_in(client, world.people[name])
        cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
    yield context
    context.close()
