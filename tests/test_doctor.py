"""The doctor: what it says of a service that is well, and that it finds what isn't."""

import pytest
from sqlalchemy import delete, select, text, update

from dialog import create_app
from dialog.commitments.models import CommitmentSum
from dialog.conversation.models import Comment
from dialog.db import clock, db, transaction
from dialog.moderation.models import DecisionSum, LogTally, WatchTally
from dialog.moderation.watching_rules import WatchKind
from dialog.notify.models import Letter
from dialog.plan.models import Assignment, Goal, Paragraph
from dialog.plan.queries import wording_of
from dialog.response.models import WaitSum, Workload
from dialog.stances.models import StanceCount
from tests.plan.commands import run
from tests.test_events import tampering


@pytest.fixture
def busy(world):
    """Comments on a goal, an assignment and a paragraph, with a reply, an answer and one that is hidden."""
    world.watching(WatchKind.WORDS, words="döljs")
    answered = world.published()
    world.published(world.rut, "En replik till inlägget, med egna ord.", parent=answered)
    response = world.answered(answered)
    world.promised(response)
    world.judged(answered, response, "yes")
    world.reported(answered, world.gun)
    world.reported(answered)
    world.thinks(world.gun, answered)
    world.published(world.rut, "Ett inlägg om uppdraget.", assignment=world.assignment(2))
    about = wording_of(world.goal()).summary[0]
    world.published(world.rut, "Ett inlägg om stycket.", paragraph=about)
    world.decide(world.published(world.rut, "Ett inlägg som döljs."), "hide")
    with transaction():
        db.session.execute(update(Letter).values(next_attempt_at=clock.now()))
    return world


def test_a_service_that_is_well(busy, app):
    result = run(app, "doctor")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Loggen är hel: " in result.stdout
    assert result.stdout.count("✓") == 6


def test_it_names_the_first_row_where_the_log_is_broken(busy, app):
    with tampering() as connection:
        connection.execute(text("UPDATE event SET kind = 'comment.hidden' WHERE id IN (3, 7)"))
    result = run(app, "doctor")
    assert result.exit_code == 1
    assert "rad 3 " in result.stderr
    assert result.stdout.count("✓") == 5, "The rest is looked through all the same."


COUNTERS = [
    ("goal", Goal, "comment_count"),
    ("goal", Goal, "by_organisations"),
    ("assignment", Assignment, "answered_count"),
    ("paragraph", Paragraph, "comment_count"),
    ("paragraph", Paragraph, "by_organisations"),
    ("comment.reply_count", Comment, "reply_count"),
    ("comment.reply_count", Comment, "replies_by_organisations"),
    ("comment.report_count", Comment, "report_count"),
    ("stance_count", StanceCount, "agree"),
    ("stance_count", StanceCount, "waiting"),
    *(("workload", Workload, column.key) for column in Workload.__table__.c if not column.primary_key),
    ("wait_sum", WaitSum, "comments"),
    ("decision_sum", DecisionSum, "decisions"),
    ("commitment_sum", CommitmentSum, "commitments"),
    ("log_tally", LogTally, "decisions"),
    ("watch_tally", WatchTally, "overruled"),
]


@pytest.mark.parametrize(("name", "model", "column"), COUNTERS)
def test_it_finds_a_count_that_is_wrong(busy, app, name, model, column):
    key = LogTally.what if model is LogTally else next(iter(model.__table__.primary_key))
    which = db.session.scalar(select(key).order_by(key))
    with transaction():
        db.session.execute(update(model).where(key == which).values({column: getattr(model, column) + 1}))
    result = run(app, "doctor")
    assert result.exit_code == 1
    assert f"{name} " in result.stderr and f"id {which}." in result.stderr


@pytest.mark.parametrize("model", [WaitSum, DecisionSum, CommitmentSum, StanceCount, LogTally])
def test_it_finds_a_count_that_is_not_kept_at_all(busy, app, model):
    with transaction():
        db.session.execute(delete(model))
    result = run(app, "doctor")
    assert result.exit_code == 1 and f"{model.__tablename__} " in result.stderr


def test_it_asks_after_the_worker_when_letters_wait(busy, app):
    clock.forward(minutes=16)
    result = run(app, "doctor")
    assert result.exit_code == 1
    assert "Är programmet som skickar dem igång (worker)?" in result.stderr


def test_it_says_that_the_database_is_behind_the_code(busy, app):
    with transaction():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    result = run(app, "doctor")
    assert result.exit_code == 1
    assert "db upgrade" in result.stderr
    assert result.stdout == ""


def test_it_names_the_cure_where_there_are_no_tables(tmp_path):
    app = create_app({"DIALOG_INSTANCE": str(tmp_path), "SECRET_KEY": "s" * 32})
    result = app.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 1
    assert "prepare" in result.output
