"""Doing the same thing in several threads at once, as several browsers and workers do."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from dialog.db import db


def at_once(app, number: int, work: Callable[[int], Any]) -> list[Any]:
    """What `work` gives for each of 0 … number-1, each in a thread and a session of its own, started together."""
    db.session.rollback()
    together = Barrier(number)

    def one(n: int) -> Any:
        with app.app_context():
            together.wait(timeout=10)
            try:
                return work(n)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(number) as threads:
        results = list(threads.map(one, range(number)))
    db.session.expire_all()
    return results
