"""Limiting how often something may be done. The attempts lie in the database, so that all processes count the same."""

import math
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from dialog.db import db


class TooManyAttempts(Exception):
    """So many attempts have been made by the same that they have to wait, for `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def note_attempt(model: Any, who: str, *, most: int, within: timedelta, now: datetime) -> None:
    """Keep in `model`, a table with the columns `who` and `at`, that `who` makes an attempt; `most` of them `within`.

    What is older is thrown away, whoever's it is: one table, one time that it is kept. Raises TooManyAttempts.
    """
    db.session.execute(delete(model).where(model.at <= now - within))
    first, attempts = db.session.execute(
        select(func.min(model.at), func.count()).where(model.who == who)
    ).one()
    if attempts >= most:
        raise TooManyAttempts(math.ceil((first + within - now).total_seconds()))
    db.session.add(model(who=who, at=now))
