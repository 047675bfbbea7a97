"""The outbox: claimed under a lease, sent, tried again or given up, and never in the way of anything."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from dialog.db import after_commit, clock, db, transaction
from dialog.events import Event
from dialog.notify import operations, sending, worker
from dialog.notify.models import Letter
from dialog.notify.rules import GIVE_UP_AFTER, LEASE, LetterKind, LetterState, pause_before_attempt
from dialog.notify.sending import send_waiting
from dialog.notify.transport import PermanentFailure, TemporaryFailure
from tests.notify.conftest import Recorder
from tests.threads import at_once

QUEUED, SENT, DROPPED, DEAD = LetterState.QUEUED, LetterState.SENT, LetterState.DROPPED, LetterState.DEAD


def letters(*kinds: LetterKind) -> list[Letter]:
    db.session.rollback()
    db.session.expire_all()
    statement = select(Letter).order_by(Letter.id)
    return list(db.session.scalars(statement.where(Letter.kind.in_(kinds)) if kinds else statement))


def states() -> list[LetterState]:
    return [letter.state for letter in letters()]


# After each failure the pause doubles, from one minute up to four hours.
@pytest.mark.parametrize(
    ("failed", "minutes"),
    [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 64), (8, 128), (9, 240), (10, 240), (10_000, 240)],
)
def test_how_long_to_wait_after_a_failure(failed, minutes):
    assert pause_before_attempt(failed) == timedelta(minutes=minutes)


def test_what_waits_is_sent_once(world, recorder):
    world.say(world.nils)
    assert send_waiting(recorder) == 1
    assert send_waiting(recorder) == 0
    [(letter, message)] = recorder.sent
    assert letter.address == "nils@example.org"
    [kept] = letters()
    assert (kept.state, kept.sent_at, kept.leased_until) == (SENT, clock.now(), None)
    assert (kept.subject, kept.body) == (message.subject, message.body)


def test_more_than_one_batch_is_sent_in_one_go(world, recorder, monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 2)
    for number in range(5):
        world.say(world.nils, f"Inlägg nummer {number}, som väntar på granskning.")
    assert send_waiting(recorder) == 5
    assert [letter.id for letter, _ in recorder.sent] == [letter.id for letter in letters()]


def test_a_temporary_failure_is_tried_again_after_a_pause(world, recorder):
    world.say(world.nils)
    recorder.fails = [TemporaryFailure("421 busy"), TemporaryFailure("421 busy")]
    send_waiting(recorder)
    [letter] = letters()
    assert (letter.state, letter.failures, letter.last_error) == (QUEUED, 1, "421 busy")
    assert letter.next_attempt_at == clock.now() + timedelta(minutes=1)
    clock.forward(seconds=59)
    assert send_waiting(recorder) == 0
    clock.forward(seconds=1)
    send_waiting(recorder)
    [letter] = letters()
    assert (letter.failures, letter.next_attempt_at) == (2, clock.now() + timedelta(minutes=2))
    clock.forward(minutes=2)
    send_waiting(recorder)
    assert states() == [SENT]
    assert recorder.attempts == 3


def test_a_permanent_failure_is_not_tried_again(world, recorder, later):
    world.say(world.nils)
    recorder.fails = [PermanentFailure("550 no such user")]
    send_waiting(recorder)
    later()
    send_waiting(recorder)
    [letter] = letters()
    assert (letter.state, letter.last_error, letter.sent_at) == (DEAD, "550 no such user", None)
    assert recorder.attempts == 1


def test_after_three_days_of_failures_a_letter_is_given_up(world, recorder):
    world.say(world.nils)
    recorder.fails = [TemporaryFailure("421 busy")] * 1000
    started = clock.now()
    while states() == [QUEUED]:
        clock.set(letters()[0].next_attempt_at)
        assert send_waiting(recorder) == 1
    assert states() == [DEAD]
    assert GIVE_UP_AFTER < clock.now() - started < GIVE_UP_AFTER + timedelta(hours=4)
    assert letters()[0].failures == recorder.attempts
    assert 20 < recorder.attempts < 40


def test_one_letter_that_fails_does_not_stop_the_others(world, recorder):
    for number in range(3):
        world.say(world.nils, f"Inlägg nummer {number}, som väntar på granskning.")
    recorder.fails = [PermanentFailure("550"), ZeroDivisionError("a fault of our own"), None]
    send_waiting(recorder)
    assert states() == [DEAD, QUEUED, SENT]
    assert "ZeroDivisionError" in letters()[1].last_error


def test_a_letter_leased_by_another_worker_is_left_alone_until_the_lease_ends(world, recorder):
    world.say(world.nils)
    assert len(sending._claim(clock.now())) == 1
    assert sending._claim(clock.now()) == []
    clock.forward(seconds=LEASE.total_seconds())
    assert send_waiting(recorder) == 0
    clock.forward(seconds=1)
    assert send_waiting(recorder) == 1


def test_a_slow_server_never_makes_a_worker_send_what_it_has_no_lease_on_any_more(world):
    for number in range(6):
        world.say(world.nils, f"Inlägg nummer {number}, som väntar på granskning.")
    other = Recorder()

    class Slow(Recorder):
        def deliver(self, letter, message):
            super().deliver(letter, message)
            clock.forward(seconds=100)
            with world.app.app_context():
                send_waiting(other)

    slow = Slow()
    send_waiting(slow)
    clock.forward(seconds=LEASE.total_seconds())
    send_waiting(other)
    sent = [letter.id for letter, _ in slow.sent + other.sent]
    assert sorted(sent) == [letter.id for letter in letters()]
    assert set(states()) == {SENT}


def test_several_workers_at_once_send_each_letter_once(world):
    for number in range(12):
        world.say(world.nils, f"Inlägg nummer {number}, som väntar på granskning.")
    recorders = [Recorder() for _ in range(4)]
    at_once(world.app, 4, lambda n: send_waiting(recorders[n]))
    sent = [letter.id for recorder in recorders for letter, _ in recorder.sent]
    assert sorted(sent) == [letter.id for letter in letters()]
    assert set(states()) == {SENT}


def test_no_transaction_is_open_while_the_server_is_waited_for(world):
    world.say(world.nils)
    seen = []

    class Watching(Recorder):
        def deliver(self, letter, message):
            seen.append(db.session().in_transaction())

    send_waiting(Watching())
    assert seen == [False]


def test_a_crash_between_sent_and_marked_repeats_that_letter_and_nothing_else(world, recorder, monkeypatch):
    for number in range(3):
        world.say(world.nils, f"Inlägg nummer {number}, som väntar på granskning.")
    finish, calls = sending._finish, []

    def die_at_the_second(letter, *args, **kwargs):
        calls.append(letter.id)
        if len(calls) == 2:
            raise KeyboardInterrupt
        finish(letter, *args, **kwargs)

    monkeypatch.setattr(sending, "_finish", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        send_waiting(recorder)
    monkeypatch.undo()
    first, second, third = letters()
    assert [letter.state for letter in (first, second, third)] == [SENT, QUEUED, QUEUED]
    clock.forward(minutes=6)
    send_waiting(recorder)
    sent = [letter.id for letter, _ in recorder.sent]
    assert sent == [first.id, second.id, second.id, third.id]
    assert states() == [SENT, SENT, SENT]


def test_there_is_one_letter_per_event_and_recipient(world):
    world.say(world.nils)
    [letter] = letters()
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            Letter(
                event_id=letter.event_id,
                kind=letter.kind,
                subject_id=letter.subject_id,
                address=letter.address,
                language="sv",
                queued_at=clock.now(),
                next_attempt_at=clock.now(),
            )
        )


def test_the_database_refuses_a_letter_sent_at_no_time(world):
    world.say(world.nils)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(update(Letter).values(state=SENT))


def test_letters_leave_after_the_change_is_safe_and_not_at_all_without_it(world, monkeypatch):
    seen = []

    class Bell:
        def ring(self):
            seen.append(db.session.scalar(select(func.count()).select_from(Letter)))

    monkeypatch.setitem(world.app.extensions, "doorbell", Bell())
    world.say(world.nils)
    assert seen == [1]

    def ring_and_fail() -> None:
        with transaction():
            after_commit(operations.ring)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ring_and_fail()
    assert seen == [1]


def test_a_doorbell_that_is_broken_never_breaks_a_request(world, client, monkeypatch):
    class Broken:
        def ring(self):
            raise OSError("disk I/O error")

    monkeypatch.setitem(world.app.extensions, "doorbell", Broken())
    comment = world.say(world.nils)
    world.decide(comment, "publish")
    assert client.send("/logga-in", {"email": "rut@example.org"}).status_code == 303
    assert states() == [QUEUED] * 3


def test_the_bell_keeps_quiet_while_the_worker_waits_to_look(monkeypatch):
    rung, now = [], [100.0]
    monkeypatch.setattr(worker.time, "monotonic", lambda: now[0])
    bell = worker.Doorbell(lambda: rung.append(now[0]))
    for moment in (100.0, 100.1, 100.24, 100.25, 100.4, 101.5):
        now[0] = moment
        bell.ring()
    assert rung == [100.0, 100.25, 101.5]


def test_what_is_queued_while_the_bell_keeps_quiet_is_found(world, monkeypatch):
    world.say(world.nils)
    monkeypatch.setattr(
        worker.time, "sleep", lambda _: world.say(world.nils, "Ännu ett inlägg, strax efteråt.")
    )
    huey = world.app.extensions["huey"]
    huey.immediate = True
    try:
        world.app.extensions["doorbell"]._task()
    finally:
        huey.immediate = False
    assert states() == [SENT, SENT]


def test_with_the_workers_file_gone_nothing_is_lost(world, recorder):
    world.say(world.nils)
    for path in world.app.config["SETTINGS"].instance.glob("huey.db*"):
        path.unlink()
    world.say(world.nils, "Ett inlägg till, efter att filen försvann.")
    assert send_waiting(recorder) == 2
    assert states() == [SENT, SENT]


def test_the_workers_task_sends_what_waits(world):
    world.say(world.nils)
    huey = world.app.extensions["huey"]
    huey.immediate = True
    try:
        for name in ("send_letters", "send_letters_in_time"):
            assert any(name in str(key) for key in huey._registry._registry), name
        world.app.extensions["doorbell"]._task()
    finally:
        huey.immediate = False
    assert states() == [SENT]


def test_sending_a_letter_is_no_event_of_its_own(world, recorder):
    world.say(world.nils)
    before = db.session.scalar(select(func.count()).select_from(Event))
    send_waiting(recorder)
    assert db.session.scalar(select(func.count()).select_from(Event)) == before


@pytest.mark.parametrize("failure", [TemporaryFailure, PermanentFailure])
def test_only_the_beginning_of_a_long_complaint_is_kept(world, recorder, failure):
    world.say(world.nils)
    recorder.fails = [failure("550 " + "x" * 10_000)]
    send_waiting(recorder)
    [kept] = letters()
    assert kept.last_error == f"550 {'x' * 496}"
