"""One transaction per change: it commits as a whole or not at all, whoever else is writing."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from dialog.conversation.models import Comment, CommentWording, RegistrationYear
from dialog.conversation.rules import CommentState, Kind
from dialog.conversation.submitting import Submission, submit_comment
from dialog.db import OLDEST_SAFE_SQLITE, after_commit, clock, db, local_day, transaction
from dialog.events import Event, first_broken
from dialog.moderation.operations import decide
from dialog.moderation.rules import Ground
from dialog.notify.models import Letter
from dialog.people.models import Person
from dialog.plan.models import Goal
from dialog.response.models import Matter, Response, Workload
from dialog.response.operations import Incomplete, publish
from dialog.states import Stale
from tests.threads import at_once
from tests.world import WORDS

THREADS, FORMS, TIMES = 8, 3, 5


def count(*models) -> list[int]:
    return [db.session.scalar(select(func.count()).select_from(model)) for model in models]


def rename(name: str) -> None:
    db.session.execute(update(Person).where(Person.email == "rut@example.org").values(name=name))


def fail_after(*changes) -> None:
    """Make the changes in one transaction, and fail at its end."""
    with transaction():
        for change in changes:
            change()
        raise ZeroDivisionError


def name_of_rut() -> str:
    db.session.rollback()
    return db.session.scalar(select(Person.name).where(Person.email == "rut@example.org"))


def test_a_transaction_inside_another_is_refused_and_undoes_both(world):

    def change_within_a_change() -> None:
        with transaction():
            rename("Ruth")
            with transaction():
                rename("Rutan")

    with pytest.raises(RuntimeError, match="inside another"):
        change_within_a_change()
    assert name_of_rut() == "Rut"
    with transaction():
        rename("Ruth")
    assert name_of_rut() == "Ruth"


def test_a_failing_transaction_leaves_nothing_at_all(world):
    world.trusted(world.nils)
    everything = (Comment, CommentWording, Event, Letter, Matter)
    before, last = count(*everything), db.session.scalar(select(RegistrationYear.last))
    shown, waiting = world.goal().comment_count, db.session.scalars(select(Workload.waiting)).all()
    rung, registered = [], []

    def submit() -> None:
        after_commit(lambda: rung.append("bell"))
        registered.append(submit_comment(a_form(world, "fails"), author=world.nils, now=clock.now()).number)

    with pytest.raises(ZeroDivisionError):
        fail_after(submit)
    assert registered == [f"2026-{last + 1:06d}"]
    db.session.expire_all()
    assert count(*everything) == before
    assert db.session.scalar(select(RegistrationYear.last)) == last
    assert world.goal().comment_count == shown
    assert db.session.scalars(select(Workload.waiting)).all() == waiting
    assert rung == []
    assert world.say(world.nils, "Det här inlägget får numret som inte gick åt.").number.endswith(
        f"{last + 1:06d}"
    )


def test_what_waits_for_the_commit_runs_once_and_after_it(world):
    seen = []

    def look() -> None:
        seen.append(name_of_rut())

    with transaction():
        rename("Ruth")
        after_commit(look)
        after_commit(look)
        assert seen == []
    assert seen == ["Ruth"]
    with transaction():
        rename("Rut")
    assert seen == ["Ruth"]


def test_what_waited_for_a_transaction_that_failed_is_forgotten(world):
    seen = []
    with pytest.raises(ZeroDivisionError):
        fail_after(lambda: after_commit(lambda: seen.append("bell")))
    with transaction():
        rename("Ruth")
    assert seen == []


def test_what_waits_for_the_commit_may_change_something_itself(world):
    def change() -> None:
        with transaction():
            rename("Rutan")

    with transaction():
        rename("Ruth")
        after_commit(change)
    assert name_of_rut() == "Rutan"


def test_a_commit_that_the_database_refuses_leaves_nothing(world):

    def add_somebody_else_with_her_address() -> None:
        with transaction():
            rename("Ruth")
            db.session.add(Person(email="rut@example.org", created_at=clock.now(), grants=[]))

    with pytest.raises(IntegrityError):
        add_somebody_else_with_her_address()
    assert name_of_rut() == "Rut"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE person SET name = 'x'",
        "DELETE FROM letter",
        "INSERT INTO registration_year VALUES (1999, 1)",
        "CREATE TABLE x (id INTEGER)",
        "DROP TABLE letter",
    ],
)
def test_a_reader_cannot_write(world, statement):
    with pytest.raises(DBAPIError, match=r"(?i)read-?only"):
        db.session.execute(text(statement))
    db.session.rollback()


def test_a_reader_can_read_while_somebody_writes(world):
    with transaction():
        rename("Ruth")
        with db.engines["read"].connect() as reader:
            names = (
                reader.execute(select(Person.name).where(Person.email == "rut@example.org")).scalars().all()
            )
    assert names == ["Rut"]
    assert name_of_rut() == "Ruth"


def test_after_a_failure_reading_is_reading_again(world):
    with pytest.raises(ZeroDivisionError):
        fail_after(lambda: rename("Ruth"))
    with pytest.raises(DBAPIError):
        db.session.execute(text("UPDATE person SET name = 'x'"))
    db.session.rollback()


@pytest.mark.only_on("sqlite")
def test_sqlite_is_set_up_so_that_nothing_is_lost(context):
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10000,
        "trusted_schema": 0,
        "recursive_triggers": 1,
    }
    with db.engines[None].connect() as writer:
        assert {name: writer.execute(text(f"PRAGMA {name}")).scalar() for name in wanted} == wanted
        version = writer.execute(text("SELECT sqlite_version()")).scalar()
    assert tuple(map(int, version.split("."))) >= OLDEST_SAFE_SQLITE
    with db.engines["read"].connect() as reader:
        assert reader.execute(text("PRAGMA query_only")).scalar() == 1
        assert reader.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_a_row_that_points_at_nothing_is_refused(world):
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(update(Person).where(Person.email == "rut@example.org").values(area_id=99999))


def test_a_moment_comes_back_in_utc_and_without_a_zone_is_refused(world):
    elsewhere = datetime(2026, 7, 1, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    with transaction():
        db.session.execute(update(Person).where(Person.id == world.rut.id).values(created_at=elsewhere))
    kept = db.session.scalar(select(Person.created_at).where(Person.id == world.rut.id))
    assert kept == elsewhere
    assert kept.utcoffset() == timedelta(0)
    with pytest.raises(StatementError, match="time zone"), transaction():
        db.session.execute(update(Person).values(created_at=datetime(2026, 7, 1)))  # noqa: DTZ001 - what is refused


def test_the_day_is_the_one_it_is_in_sweden():
    assert local_day(datetime(2026, 6, 30, 21, 59, tzinfo=UTC)).isoformat() == "2026-06-30"
    assert local_day(datetime(2026, 6, 30, 22, 0, tzinfo=UTC)).isoformat() == "2026-07-01"
    assert local_day(datetime(2026, 12, 31, 22, 59, tzinfo=UTC)).isoformat() == "2026-12-31"
    assert local_day(datetime(2026, 12, 31, 23, 0, tzinfo=UTC)).isoformat() == "2027-01-01"


def a_form(world, key: str) -> Submission:
    return Submission(
        form_key=key, goal=world.goal(), kind=Kind.PROPOSAL, text=WORDS, html=f"<p>{WORDS}</p>", language="sv"
    )


def test_many_who_send_at_once_and_more_than_once_are_registered_once_each_without_a_gap(world):
    world.trusted(world.nils)
    goal_id, author_id, now = world.goal().id, world.nils.id, clock.now()

    def send(thread: int) -> list[tuple[str, str]]:
        numbers = []
        for turn in range(FORMS * TIMES):
            # Neighbours send each other's forms too, so that the same form arrives from two at a time.
            form = f"{(thread + turn // FORMS % 2) % THREADS}-{turn % FORMS}"
            goal, author = db.session.get_one(Goal, goal_id), db.session.get_one(Person, author_id)
            submission = Submission(
                form_key=form,
                goal=goal,
                kind=Kind.PROPOSAL,
                text=f"{WORDS} {form}",
                html="<p></p>",
                language="sv",
            )
            with transaction():
                numbers.append((form, submit_comment(submission, author=author, now=now).number))
        return numbers

    sent = {pair for pairs in at_once(world.app, THREADS, send) for pair in pairs}
    assert len(sent) == THREADS * FORMS
    numbers = db.session.scalars(select(Comment.number).order_by(Comment.number)).all()
    assert numbers == [f"2026-{serial:06d}" for serial in range(1, THREADS * FORMS + 2)]
    assert world.goal().comment_count == THREADS * FORMS + 1
    assert count(CommentWording) == [THREADS * FORMS + 1]
    assert first_broken() is None


def test_an_answer_published_while_moderators_hide_what_it_covers_never_deadlocks(world):
    comments = [world.published(world.nils, f"Inlägg nummer {n}, som strax får ett svar.") for n in range(5)]
    draft, editor, moderator, now = world.drafted(*comments).id, world.eva.id, world.mona.id, clock.now()
    ids = [comment.id for comment in comments]

    def decide_or_publish(n: int) -> None:
        with suppress(Stale, Incomplete), transaction():
            if n == 0:
                response = db.session.get_one(Response, draft)
                publish(response, seen=response.version, editor=db.session.get_one(Person, editor), now=now)
            else:
                comment, by = db.session.get_one(Comment, ids[n - 1]), db.session.get_one(Person, moderator)
                hiding = {"ground": Ground.OFF_TOPIC, "reasons": "Det hör inte hit.", "criticises": False}
                decide(comment, "hide", moderator=by, seen=comment.version, now=now, **hiding)

    at_once(world.app, 6, decide_or_publish)
    assert {comment.state for comment in comments} == {CommentState.HIDDEN}
    assert world.goal().comment_count == world.goal().answered_count == 0
    assert first_broken() is None


def test_what_one_change_reads_no_other_changes_before_it_is_done(world):
    def add_one(n: int) -> None:
        with transaction():
            last = db.session.scalar(select(RegistrationYear.last).where(RegistrationYear.year == 1900))
            if last is None:
                db.session.add(RegistrationYear(year=1900, last=1))
            else:
                db.session.execute(
                    update(RegistrationYear).where(RegistrationYear.year == 1900).values(last=last + 1)
                )

    at_once(world.app, 8, add_one)
    assert db.session.scalar(select(RegistrationYear.last).where(RegistrationYear.year == 1900)) == 8


@pytest.mark.only_on("sqlite")
def test_a_writer_that_gives_up_lets_the_next_one_in(world):
    assert os.path.exists(f"{db.engine.url.database}.writer")

    def fail_or_write(n: int) -> None:
        try:
            with transaction():
                rename(f"Rut {n}")
                if n % 2:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass

    at_once(world.app, 8, fail_or_write)
    assert int(name_of_rut().removeprefix("Rut ")) % 2 == 0


def test_a_page_waits_a_little_for_its_turn_and_then_says_so(world, client, monkeypatch):
    monkeypatch.setattr("dialog.db.BUSY_SECONDS_FOR_A_PAGE", 1)
    form = {"csrf_token": client.token("/logga-in"), "email": "rut@example.org"}
    with transaction(), ThreadPoolExecutor(1) as threads:
        rename("Ruth")
        began = time.monotonic()
        busy = threads.submit(client.post, "/logga-in", data=form).result()
        assert 1 <= time.monotonic() - began < 5
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "30")
    assert name_of_rut() == "Ruth"
    assert client.post("/logga-in", data=form).status_code == 303
