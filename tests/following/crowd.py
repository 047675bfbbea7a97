"""So many who follow a goal, and what telling them takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import event, func, insert, select

from dialog.db import clock, db, transaction
from dialog.following.models import Follow, Reader
from dialog.following.queries import last_event_id
from dialog.following.rules import HowOften, Thing
from dialog.people.models import Person


def gather_crowd(goal, size: int, how_often: str) -> None:
    """Put `size` more people on record who follow `goal` and want letters so often."""
    first = (db.session.scalar(select(func.max(Person.id))) or 0) + 1
    ids, since, now = range(first, first + size), last_event_id(), clock.now()
    person = {"language": "sv", "created_at": now}
    follow = {"thing": Thing.GOAL, "thing_id": goal.id, "since_event_id": since, "followed_at": now}
    known = {"chosen_at_event_id": since, "told_until": since, "read_until": since}
    reader = {"how_often": HowOften(how_often), **known}
    with transaction():
        db.session.execute(
            insert(Person), [{"id": one, "email": f"p{one}@example.org", **person} for one in ids]
        )
        db.session.execute(insert(Follow), [{"person_id": one, **follow} for one in ids])
        db.session.execute(insert(Reader), [{"person_id": one, **reader} for one in ids])


@dataclass
class Measured:
    """How many statements each transaction of the writer took."""

    transactions: list[int] = field(default_factory=list)


@contextmanager
def measured() -> Iterator[Measured]:
    """Count the statements of every transaction that is made inside."""
    found, engine = Measured(), db.engines[None]

    def begin(connection):
        found.transactions.append(0)

    def note(connection, cursor, statement, *_):
        if found.transactions:
            found.transactions[-1] += 1

    event.listen(engine, "begin", begin)
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "begin", begin)
        event.remove(engine, "before_cursor_execute", note)
