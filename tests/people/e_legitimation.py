"""What the tests of signing in with an e-legitimation share: a browser's way to the provider and back."""

import re
from urllib.parse import urlsplit

import requests
from sqlalchemy import func, select

from dialog.db import db
from dialog.people.models import Identity, Person, SignedIn

START = "/logga-in/e-legitimation"
DONE = f"{START}/klar"
ADDRESS = f"{START}/adress"
LINUS = "199001012385"  # made up, and right by its check digit
OTHER = "198112189876"


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def rows() -> tuple[int, int, int]:
    return count(Person), count(Identity), count(SignedIn)


def answer_of(client, page: str = START) -> str:
    """Go to the provider and prove who one is there; gives the address that the provider sends the browser back to."""
    to = client.get(page)
    assert to.status_code == 303, to.status_code
    back = requests.get(to.location, allow_redirects=False, timeout=5)
    assert back.status_code == 302, back.text
    parts = urlsplit(back.headers["Location"])
    assert f"{parts.scheme}://{parts.netloc}" == "http://localhost"
    return f"{parts.path}?{parts.query}"


def came_back(client, page: str = START):
    """The page after having proven who one is."""
    back = client.get(answer_of(client, page))
    assert back.status_code == 303
    return client.get(back.location)


def press(client, page: str = DONE):
    """Press the button on the page after."""
    return client.send(page)


def signed_in_as(client) -> str | None:
    found = re.search(r"<strong>([^<]+@[^<]+)</strong>", client.get("/konto").text)
    return found.group(1) if found else None


def heading(response) -> str:
    return re.search(r"<h1>(.*?)</h1>", response.text, re.S).group(1).strip()
