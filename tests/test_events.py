"""The log: append-only, hash-chained, and the tampering that shows."""

from contextlib import contextmanager
from datetime import timedelta, timezone

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from dialog.db import clock, db, transaction
from dialog.events import FIRST_HASH, Event, UnknownKind, first_broken, listen, record
from tests.plan.commands import empty


@pytest.fixture
def chain(world):
    """A log with the events of a comment that has been said, published and answered."""
    world.answered(world.published(world.nils))
    return db.session.scalars(select(Event.id).order_by(Event.id)).all()


@contextmanager
def tampering():
    """A connection of somebody who has the database's own password, and takes the locks off the log."""
    engine = db.engines[None]
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER IF EXISTS event_refuses_update"))
            connection.execute(text("DROP TRIGGER IF EXISTS event_refuses_delete"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection
    db.session.rollback()
    db.session.expire_all()


def test_what_happens_is_chained(chain):
    assert chain == list(range(1, len(chain) + 1))
    assert len(chain) > 20
    assert first_broken() is None
    first, second = db.session.scalars(select(Event).order_by(Event.id).limit(2)).all()
    assert first.hash == first.computed_hash(FIRST_HASH)
    assert second.hash == second.computed_hash(first.hash)


def test_an_empty_log_is_whole(app, context):
    empty(app)
    assert db.session.scalar(select(func.count()).select_from(Event)) == 0
    assert first_broken() is None


@pytest.mark.parametrize(
    "change",
    [
        "at = '2020-01-01 00:00:00.000000+00:00'",
        "kind = 'comment.hidden'",
        "subject_type = 'goal'",
        "subject_id = subject_id + 1",
        "actor_id = NULL",
        "actor_id = 1",
        """details = '{"role": "administrator"}'""",
        "hash = '0000000000000000000000000000000000000000000000000000000000000000'",
    ],
)
def test_a_changed_row_is_named(chain, change):
    said = db.session.scalars(select(Event.id).where(Event.kind == "comment.submitted")).first()
    with tampering() as connection:
        change = change.replace("+00:00", "") if connection.dialect.name == "sqlite" else change
        connection.execute(text(f"UPDATE event SET {change} WHERE id = {said}"))
    assert first_broken() == said


def test_a_missing_row_shows_in_the_one_after_it(chain):
    with tampering() as connection:
        connection.execute(text("DELETE FROM event WHERE id = 5"))
    assert first_broken() == 6


def test_a_missing_row_shows_even_when_the_others_are_numbered_anew(chain):
    with tampering() as connection:
        connection.execute(text("DELETE FROM letter"))
        connection.execute(text("DELETE FROM event WHERE id = 5"))
        for number in chain[5:]:
            connection.execute(text(f"UPDATE event SET id = {number - 1} WHERE id = {number}"))
    assert first_broken() == 5


def chained_anew(rows: slice) -> None:
    """Give rows the hashes they would have had, had they been written as they now are."""
    with tampering() as connection:
        events = db.session.scalars(select(Event).order_by(Event.id)).all()
        hashes, previous = {}, FIRST_HASH
        for event in events:
            previous = event.computed_hash(previous) if event in events[rows] else event.hash
            hashes[event.id] = previous
        db.session.rollback()
        for number, made in hashes.items():
            connection.execute(
                text("UPDATE event SET hash = :made WHERE id = :id"), {"made": made, "id": number}
            )


def test_a_changed_row_whose_own_hash_was_made_anew_shows_in_the_next(chain):
    with tampering() as connection:
        connection.execute(text("UPDATE event SET kind = 'comment.hidden' WHERE id = 3"))
    chained_anew(slice(2, 3))
    assert first_broken() == 4


def test_a_gap_shows_even_when_everything_after_it_was_chained_anew(chain):
    with tampering() as connection:
        connection.execute(text("DELETE FROM event WHERE id = 5"))
    chained_anew(slice(4, None))
    assert first_broken() == 6


def test_a_row_put_in_shows(chain):
    with tampering() as connection:
        connection.execute(
            text(
                "INSERT INTO event (id, at, kind, subject_type, subject_id, actor_id, details, hash) "
                f"SELECT {len(chain) + 1}, at, kind, subject_type, subject_id, actor_id, details, hash "
                "FROM event WHERE id = 3"
            )
        )
    assert first_broken() == len(chain) + 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET kind = 'x' WHERE id = 1",
        "UPDATE event SET details = '{}'",
        "DELETE FROM event WHERE id = 1",
        "DELETE FROM event",
    ],
)
def test_the_application_itself_cannot_change_or_remove_a_row(chain, statement):
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        db.session.execute(text(statement))
    assert first_broken() is None
    assert db.session.scalar(select(func.count()).select_from(Event)) == len(chain)


def test_the_application_itself_cannot_put_a_row_in_anothers_place_or_empty_the_log(chain):
    columns = "id, at, 'person.edited', subject_type, subject_id, actor_id, details, hash"
    statement = {
        "sqlite": f"REPLACE INTO event SELECT {columns} FROM event WHERE id = 1",
        "postgresql": "TRUNCATE event CASCADE",
    }[db.engine.dialect.name]
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        db.session.execute(text(statement))
    assert first_broken() is None
    assert db.session.scalar(select(func.count()).select_from(Event)) == len(chain)


def test_an_upsert_cannot_change_a_row(chain):
    statement = "INSERT INTO event SELECT * FROM event WHERE id = 1 ON CONFLICT (id) DO UPDATE SET kind = 'x'"
    with pytest.raises(DBAPIError), transaction():
        db.session.execute(text(statement))
    assert first_broken() is None


def test_a_moment_is_chained_the_same_wherever_it_was_told(world):
    with transaction():
        now = clock.now().astimezone(timezone(timedelta(hours=5, minutes=30)))
        record("person.edited", world.rut, actor_id=None, now=now)
    db.session.expire_all()
    assert first_broken() is None


def test_details_are_chained_whatever_letters_they_hold(world):
    with transaction():
        record(
            "person.edited", world.rut, actor_id=None, now=clock.now(), details={"å": ["\u2028", 1.5, None]}
        )
    db.session.expire_all()
    assert first_broken() is None


def test_a_transaction_that_fails_leaves_no_event_and_no_gap(chain, world):

    def record_and_fail() -> None:
        with transaction():
            record("person.edited", world.rut, actor_id=None, now=clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        record_and_fail()
    with transaction():
        event = record("person.edited", world.rut, actor_id=world.rut.id, now=clock.now())
    assert event.id == len(chain) + 1
    assert first_broken() is None


@pytest.fixture
def heard(world):
    """What a listener of this test has heard, for as long as the test lasts."""
    heard: list[Event] = []
    listeners = world.app.extensions["listeners"]
    before = listeners.pop("register.changed", None)
    listen(world.app, "register.changed", heard.append)
    yield heard
    del listeners["register.changed"]
    if before:
        listeners["register.changed"] = before


def test_a_listener_hears_its_own_kind_in_the_same_transaction(world, heard):
    with transaction():
        record("register.changed", world.rut, actor_id=None, now=clock.now())
        assert [event.subject_id for event in heard] == [world.rut.id]
        record("person.signed_in", world.rut, actor_id=None, now=clock.now())
    assert len(heard) == 1


def test_when_a_listener_fails_nothing_has_happened(world, heard):
    def fail(event: Event) -> None:
        raise ZeroDivisionError

    listen(world.app, "register.changed", fail)
    before = db.session.scalar(select(func.count()).select_from(Event))
    with pytest.raises(ZeroDivisionError), transaction():
        record("register.changed", world.rut, actor_id=None, now=clock.now())
    assert db.session.scalar(select(func.count()).select_from(Event)) == before


def test_what_is_misspelt_is_neither_recorded_nor_waited_for(world):
    with pytest.raises(UnknownKind, match=r"comment\.publisched"), transaction():
        record("comment.publisched", world.rut, actor_id=None, now=clock.now())
    with pytest.raises(UnknownKind, match=r"events\.KINDS"):
        listen(world.app, "comment.publisched", print)
    assert "comment.publisched" not in world.app.extensions["listeners"]
