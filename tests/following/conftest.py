"""Who follows what, and the worker's reading of the log."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

import pytest

from dialog.db import STOCKHOLM, clock, db, transaction
from dialog.following import operations, queries
from dialog.following.rules import HowOften, Thing
from dialog.notify.rules import LetterKind
from dialog.notify.sending import send_waiting
from dialog.notify.telling import read_the_log, tell_followers
from dialog.notify.transport import TemporaryFailure
from tests.notify.conftest import mail_server, recorder, smtp

__all__ = ["mail_server", "recorder", "smtp"]


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


@pytest.fixture
def wants(world):
    """Let a person choose how often letters come."""

    def choose(person, how_often):
        with transaction():
            operations.choose_letters(person, HowOften(how_often), now=clock.now())

    return choose


@dataclass
class Post:
    """Keeps the letters about what one follows that are sent, as addresses and messages."""

    keeps_secrets: bool = False
    fails: bool = False
    sent: list = field(default_factory=list)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def deliver(self, letter, message):
        if self.fails:
            raise TemporaryFailure("450")
        if letter.kind in (LetterKind.FOLLOWED, LetterKind.DIGEST):
            self.sent.append((letter.address.split("@")[0], message))

    def work(self):
        """What the worker does each minute; gives to whom letters went, and what they said."""
        self.sent.clear()
        db.session.rollback()
        tell_followers()
        send_waiting(self)
        db.session.expire_all()
        return list(self.sent)

    def to(self):
        return sorted(name for name, _ in self.work())


@pytest.fixture
def post():
    return Post()


@pytest.fixture
def morning():
    """Let it be past seven the next morning, or so many mornings later."""

    def wait(days=1):
        local = clock.now().astimezone(STOCKHOLM)
        next_one = datetime.combine(local.date() + timedelta(days=days), time(7, 1), STOCKHOLM)
        clock.set(next_one.astimezone(UTC))

    return wait
