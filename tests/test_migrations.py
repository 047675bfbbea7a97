"""Migrations on a database with something in it: every row stays, and the tables become what fresh ones are."""

import pytest
from flask_migrate import downgrade, upgrade
from pysqlite3 import dbapi2
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from dialog import create_app
from dialog.db import clock, db
from dialog.events import first_broken
from dialog.plan.queries import wording_of
from tests import counts, databases
from tests.client import InspectingClient
from tests.conftest import NOW
from tests.world import GOAL_2024, World

# What a database is made of, in its own words, but for the tables that SQLite keeps its index of words in.
MADE_OF = {
    "sqlite": "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'search_index%' ORDER BY type, name",
    "postgresql": """
        SELECT 'column', c.table_name || '.' || c.column_name, c.data_type || c.is_nullable
          FROM information_schema.columns c WHERE c.table_schema = 'public'
        UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        ORDER BY 1, 2
    """,
}
# What comes back empty: it was taken out on the way down, or is made anew from the rest.
NOT_KEPT = {"alembic_version", "dialogue", "digest_run", "follow", "news", "progress", "reader"} | {
    "supervised_day",
    "log_tally",
    "search_entry",
    "search_index",
    "sign_in_attempt",
    "fault_attempt",
    "report",
    "report_attempt",
    "report_threshold",
    "report_voice",
    "wait_sum",
}

# Columns that come back empty: what they hold was not kept before there were any.
NOT_KNOWN = {
    "waiting_since",
    "waited_because",
    "days_promised",
    "to_author",
    "revised_at",
    "publish_at",
    "expiry_noticed_at",
    "report_revised_at",
    "review_noticed_at",
    "ended_early_at",
    "passed_on_after",
    "passed_on_at_once",
    "waited_days",
    "in_time",
}


@pytest.fixture
def world(_prepared, tmp_path):
    """The cast on a database of its own, so that no other test meets what is done to it here."""
    _, shared = _prepared
    source = shared.twin()
    clock.set(NOW)
    app = create_app(databases.environment(source, tmp_path))
    app.testing = True
    app.test_client_class = InspectingClient
    with app.app_context():
        try:
            yield World(app)
        finally:
            databases.close_connections()
            clock.set(None)
            source.remove()


def read(statement: str) -> list[tuple]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def made_of() -> list[tuple]:
    """Every table, index, constraint and trigger; how the words are parted by white space says nothing."""
    rows = read(MADE_OF[db.engine.dialect.name])
    return [(kind, name, " ".join((sql or "").split())) for kind, name, sql in rows]


def rows_of(table: str) -> list[str]:
    """Each row by its columns' names, in an order that doesn't depend on where it lies."""
    with db.engine.connect() as connection:
        rows = connection.execute(text(f"SELECT * FROM {table}")).mappings()
        return sorted(str({key: row[key] for key in row if key not in NOT_KNOWN}) for row in rows)


def everything(but: set[str] = NOT_KEPT) -> dict[str, list[str]]:
    return {
        table: rows_of(table)
        for table in inspect(db.engine).get_table_names()
        if table not in but and not table.startswith("search_index")
    }


def fill(world) -> None:
    """A comment in every state, with matters, answers, decisions, letters and the log."""
    world.say(world.nils, "Det här väntar på en moderator.")
    for number, follows in enumerate((None, "hide", "withdraw", "answer", "restore")):
        comment = world.published(world.rut, f"Inlägg nummer {number}, som får sin gång.")
        if follows == "answer":
            world.answered(comment)
        elif follows == "withdraw":
            world.withdraw(comment)
        elif follows:
            world.decide(comment, "hide")
        if follows == "restore":
            world.decide(comment, "restore")
    speaks = {"mandate": world.mandate}
    paragraph = wording_of(world.goal()).summary[0]
    world.drafted(world.published(world.vera, assignment=world.assignment(2), **speaks))
    world.published(world.vera, "Om ett stycke, för föreningen.", paragraph=paragraph, **speaks)
    world.asked()


def go(move, to: str) -> None:
    databases.close_connections()
    move(revision=to)
    databases.close_connections()


def check_protection() -> None:
    """What the database itself refuses."""
    for change in ("UPDATE event SET kind = 'x'", "DELETE FROM event"):
        with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
            connection.execute(text(change))
    for change in (
        "UPDATE comment SET review_reason = 'because'",
        "UPDATE comment SET state = 'shown'",
        "UPDATE comment SET state = 'received', review_since = NULL",
        "UPDATE comment SET mandate_id = NULL WHERE organisation_id IS NOT NULL",
        "UPDATE comment SET goal_id = 99999",
        "UPDATE comment SET number = 'the same'",
        "UPDATE comment_wording SET comment_id = 99999",
    ):
        with pytest.raises(IntegrityError), db.engine.begin() as connection:
            connection.execute(text(change))
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE comment SET review_reason = review_reason"))


def test_a_database_in_use_goes_down_to_the_first_tables_and_up_again_whole(world):
    fresh = made_of()
    fill(world)
    before = everything()
    go(downgrade, "0001")
    for table in ("comment", "comment_wording", "event", "matter", "coverage", "letter", "decision"):
        assert len(rows_of(table)) == len(before[table]) > 0
    go(upgrade, "head")
    after = everything()
    assert {table for table in before if after[table] != before[table]} == set()
    assert made_of() == fresh
    check_protection()
    assert first_broken() is None
    counts.assert_right()


def test_one_step_down_gives_every_comment_a_reason_that_was_known_then(world):
    fill(world)
    edited, again = (world.published(world.rut, f"Inlägg {n}, som ändras.") for n in ("ett", "två"))
    world.edit(edited, "Det här inlägget är ändrat sedan det visades.")
    world.decide(again, "hide")
    world.edit(again, "Det här inlägget är skickat igen sedan det doldes.")
    before, wordings = everything({*NOT_KEPT, "comment", "comment_wording"}), len(rows_of("comment_wording"))
    go(downgrade, "0004")
    reasons = "SELECT review_reason FROM comment WHERE number = "
    assert read(f"{reasons}'{edited.number}'") == [("new_comment",)]
    assert read(f"{reasons}'{again.number}'") == [("first_comment",)]
    for refused in ("edited", "sent_again"):
        with pytest.raises(IntegrityError), db.engine.begin() as connection:
            connection.execute(text(f"UPDATE comment SET review_reason = '{refused}'"))
    go(upgrade, "head")
    assert everything({*NOT_KEPT, "comment", "comment_wording"}) == before
    assert len(rows_of("comment_wording")) == wordings
    check_protection()


def test_what_organisations_have_said_is_counted_when_they_come_to_be_counted_apart(world):
    parent = world.published(world.rut, "Ett inlägg som får repliker.")
    world.published(world.nils, "En replik från en granne.", parent=parent)
    world.published(world.vera, "En replik från byalaget.", parent=parent, mandate=world.mandate)
    fill(world)
    before = everything()
    go(downgrade, "0018")
    go(upgrade, "head")
    assert everything() == before
    counts.assert_right()


def test_letters_about_faults_stay_where_nothing_knew_of_faults(world):
    fresh = made_of()
    world.faulted()
    letters = len(rows_of("letter"))
    go(downgrade, "0053")
    assert read("SELECT state, kind FROM letter ORDER BY id DESC LIMIT 1") == [("dropped", "report_received")]
    go(upgrade, "head")
    assert len(rows_of("letter")) == letters and made_of() == fresh


def test_commitments_are_gone_where_nothing_knew_of_them_and_the_letters_about_them_stay(world):
    fresh = made_of()
    answer = world.answered(world.published(world.nils, "Ett inlägg med ett svar som lovar något."))
    world.settled(world.promised(answer))
    letters = len(rows_of("letter"))
    go(downgrade, "0041")
    assert read("SELECT count(*) FROM letter WHERE kind LIKE 'commitment%'") == [(0,)]
    assert read("SELECT state FROM letter ORDER BY id DESC LIMIT 1") == [("dropped",)]
    go(upgrade, "head")
    assert (made_of(), len(rows_of("letter"))) == (fresh, letters)


def test_a_published_follow_up_stays_where_nothing_knew_how_assignments_go(world):
    fresh = made_of()
    row = world.read_follow_up(world.assignment(1).title)
    world.accounted(world.assignment(1), "done")
    world.accounted(world.assignment(4), "stopped")
    go(downgrade, "0046")
    assert read("SELECT id FROM follow_up WHERE replaced_at IS NULL") == [(row.id,)]
    go(upgrade, "head")
    assert read("SELECT version, progress FROM follow_up") == [(1, None), (1, None)]
    assert made_of() == fresh


def test_a_wording_has_been_public_since_its_comment_was_published(world):
    fill(world)
    go(downgrade, "0004")
    go(upgrade, "head")
    wrong = read(
        "SELECT comment.number FROM comment JOIN comment_wording ON comment_id = comment.id "
        "WHERE published_at IS DISTINCT FROM shown_from"
    )
    assert wrong == []
    shown = world.app.test_client().get(GOAL_2024).text
    assert "Inlägg nummer 0, som får sin gång." in shown
    assert "Det här väntar på en moderator." not in shown


def test_whoever_was_heard_without_an_address_is_so_again_and_what_they_said_is_still_there(world):
    comment = world.publish_comment(world.heard())
    go(downgrade, "0006")
    assert read("SELECT count(*) FROM person WHERE email LIKE 'heard-%@no-address.invalid'") == [(1,)]
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text("UPDATE person SET email = NULL"))
    go(upgrade, "head")
    assert read("SELECT author_id FROM comment WHERE channel = 'phone'") == [(comment.author_id,)]
    assert read("SELECT id FROM person WHERE email IS NULL") == [(comment.author_id,)]


@pytest.mark.only_on("sqlite")
def test_a_migration_that_leaves_a_row_pointing_at_nothing_is_undone_and_the_guard_is_back(world, caplog):
    fill(world)
    go(downgrade, "0004")
    connection = dbapi2.connect(db.engine.url.database)
    connection.execute("UPDATE matter SET comment_id = 99999 WHERE id = (SELECT min(id) FROM matter)")
    connection.commit()
    connection.close()
    before = made_of()
    with pytest.raises(SystemExit):
        go(upgrade, "head")
    assert "rows would point at nothing" in caplog.text
    assert made_of() == before
    assert read("SELECT version_num FROM alembic_version") == [("0004",)]
    assert read("PRAGMA foreign_keys") == [(1,)]


def test_a_reply_stays_as_a_comment_where_there_are_no_replies_yet(world):
    parent = world.published(world.rut, "Ett inlägg som får en replik.")
    reply = world.published(world.nils, "En replik till inlägget.", parent=parent)
    go(downgrade, "0009")
    assert read("SELECT number FROM comment ORDER BY id") == [(parent.number,), (reply.number,)]
    go(upgrade, "head")
    assert (
        read("SELECT parent_id, parent_wording, reply_count, support FROM comment")
        == [(None, None, 0, 0)] * 2
    )
    for refused in (
        "parent_id = 1",
        "parent_id = 99999, parent_wording = 1",
        "parent_id = 1, parent_wording = 1, reply_count = 1",
    ):
        with pytest.raises(IntegrityError), db.engine.begin() as connection:
            connection.execute(text(f"UPDATE comment SET {refused} WHERE number = '{reply.number}'"))


def test_what_was_reported_goes_on_waiting_where_there_are_no_reports_yet(world):
    world.trusted(world.rut)
    shown, held = (world.say(world.rut, f"Inlägg {number}, som anmäls.") for number in ("ett", "två"))
    world.reported(shown)
    world.held(held)
    go(downgrade, "0021")
    reasons = "SELECT state, review_reason FROM comment WHERE review_reason IS NOT NULL ORDER BY id"
    assert read(reasons) == [("published", "edited"), ("received", "sent_again")]
    assert read("SELECT count(*) FROM letter WHERE kind LIKE 'report%' OR kind = 'held'") == [(0,)]
    go(upgrade, "head")
    assert read("SELECT DISTINCT report_count FROM comment") == [(0,)]


def test_what_was_moved_stays_where_it_is_and_counts_as_read_where_nothing_can_be_moved(world):
    comment = world.published(world.rut, assignment=world.assignment(1))
    world.decide(world.say(world.rut, "Ett inlägg som lämnas som det är."), "look")
    world.moved(comment, assignment=world.assignment(3))
    world.moved(comment, assignment=world.assignment(2))
    go(downgrade, "0031")
    assert read("SELECT count(*) FROM decision WHERE act = 'look'") == [(3,)]
    for table in ("log_tally", "decision_sum"):
        assert read(f"SELECT sum(decisions) FROM {table} WHERE what = 'look'") == [(3,)]
    assert read("SELECT count(*) FROM letter WHERE kind = 'moved'") == [(0,)]
    go(upgrade, "head")
    assert read("SELECT assignment_id FROM comment WHERE number LIKE '%000001'") == [
        (world.assignment(2).id,)
    ]
    counts.assert_right()
