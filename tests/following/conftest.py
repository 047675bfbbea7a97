"""Who follows what, and the worker's reading of the log."""

import pytest

from dialog.db import clock, db, transaction
from dialog.following import operations, queries
from dialog.following.rules import Thing
from dialog.notify.telling import read_the_log


@pytest.fixture
def follows(world):
    """Let a person follow a goal, an assignment, a committee, an area or a comment."""

    def follow(person, it):
        with transaction():
            operations.follow(person, Thing(it.__tablename__), it.id, now=clock.now())

    return follow


@pytest.fixture
def news(world):
    """What is new for a person once the worker has read the log: what happened, and the id of the thing it is about."""

    def read(person):
        read_the_log()
        db.session.expire_all()
        return [(str(item.what), item.subject.id) for item in queries.news_for(person, clock.now()).items]

    return read
