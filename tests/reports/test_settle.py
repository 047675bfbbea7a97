"""What a moderator decides settles the report, in the same transaction, and each who made it is told."""

import pytest
from sqlalchemy import select

from dialog.conversation.models import Comment
from dialog.db import db
from dialog.events import Event
from dialog.notify.letters import write
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.reports.models import Report, Voice
from dialog.reports.rules import Reason, ReportState
from tests import counts

SECRET = "Hemligfågel står ingen annanstans."


@pytest.fixture
def comment(world) -> Comment:
    return world.published(world.nils, f"Ett inlägg som anmäls. {SECRET}")


def report_on(comment) -> Report:
    db.session.expire_all()
    return db.session.scalars(select(Report).where(Report.comment_id == comment.id)).one()


def settled_letters() -> dict[str, str]:
    found = select(Letter).where(Letter.kind == LetterKind.REPORT_SETTLED).order_by(Letter.id)
    return {letter.address: write(letter).body for letter in db.session.scalars(found)}


@pytest.mark.parametrize(
    ("act", "state", "said"),
    [
        ("hide", ReportState.UPHELD, "dolt det"),
        ("look", ReportState.DISMISSED, "varken bryter mot lagen"),
        ("withdraw", ReportState.LAPSED, "själv dragit tillbaka"),
    ],
)
def test_what_is_decided_settles_the_report_and_all_are_told(world, client, comment, act, state, said):
    signed_in = world.reported(comment, world.rut)
    confirmed = world.reported(comment, email="a@example.org")
    world.confirmed(confirmed)
    world.reported(comment, email="obekraftad@example.org")
    unknown = world.reported(comment)
    world.withdraw(comment) if act == "withdraw" else world.decide(comment, act)
    report = report_on(comment)
    assert (report.state, report.settled_at is not None) == (state, True)
    assert db.session.get_one(Comment, comment.id).report_count == 0
    assert {voice.network for voice in report.voices} == {None}
    told = settled_letters()
    assert set(told) == {"rut@example.org", "a@example.org"}
    for body in told.values():
        assert said in body
        assert SECRET not in body
    for voice in (signed_in, confirmed, unknown):
        receipt = client.get(f"/anmalan/{voice.key}").text
        assert said in receipt
        assert SECRET not in receipt
    kind = db.session.scalars(
        select(Event.kind).where(Event.subject_type == "report").order_by(Event.id)
    ).all()
    assert kind[-1] == f"report.{state}"
    counts.assert_right()


def test_the_ground_is_said_and_nothing_of_what_was_hidden(world, client, comment):
    voice = world.reported(comment, world.rut)
    world.decide(comment, "hide")
    receipt = client.get(f"/anmalan/{voice.key}").text
    assert "Handlar inte om kommunens mål eller uppdrag" in receipt
    assert f"/inlagg/{comment.number}" not in receipt


def test_a_comment_shown_again_says_so_on_the_receipt(world, client, comment):
    voice = world.reported(comment, world.rut)
    world.decide(comment, "hide")
    world.decide(comment, "restore")
    assert "visas igen" in client.get(f"/anmalan/{voice.key}").text
    assert report_on(comment).state == ReportState.UPHELD


def test_a_comment_shown_again_with_other_words_is_not_said_to_have_been_found_in_order(
    world, client, comment
):
    voice = world.reported(comment, world.rut)
    world.decide(comment, "hide")
    world.edit(comment, "Helt andra ord, som inte bryter mot någonting.")
    world.decide(comment, "publish")
    receipt = client.get(f"/anmalan/{voice.key}").text
    assert "visas med andra ord" in receipt
    assert "En ny granskning" not in receipt


def test_the_receipt_of_a_dismissed_report_does_not_hide_that_the_comment_is_gone_since(
    world, client, comment
):
    voice = world.reported(comment, world.rut)
    world.decide(comment, "look")
    gone = "försvunnit av ett annat skäl"
    assert gone not in client.get(f"/anmalan/{voice.key}").text
    world.withdraw(comment)
    assert gone in client.get(f"/anmalan/{voice.key}").text


def test_a_decision_about_what_nobody_has_reported_settles_nothing(world, comment):
    other = world.published(world.rut, "Ett annat inlägg.")
    world.reported(other)
    world.decide(comment, "hide")
    assert report_on(other).state == ReportState.OPEN


def test_the_same_comment_reported_after_a_decision_opens_another_report(world, comment):
    world.reported(comment, world.rut)
    world.decide(comment, "look")
    world.reported(comment, world.vera)
    states = db.session.scalars(select(Report.state).order_by(Report.id)).all()
    assert states == [ReportState.DISMISSED, ReportState.OPEN]
    counts.assert_right()


def test_an_edit_leaves_what_is_reported_in_the_queue_as_reported(world, client, comment):
    voice = world.reported(comment, world.rut)
    world.edit(comment, "Andra ord, sedan någon har anmält de första.")
    world.sign_in(client, world.mona)
    page = client.get("/moderering").text
    assert "Anmält, visas redan" in page
    assert "om en tidigare version" in page
    assert db.session.get_one(Voice, voice.id).wording == 1


def test_whoever_is_about_to_decide_is_told_of_a_report_that_came_meanwhile(world, client, comment):
    waiting = world.published(world.trusted(world.rut), "Det visas med en gång, och ska granskas.")
    world.sign_in(client, world.mona)
    seen = waiting.version
    world.reported(waiting, world.vera, Reason.THREAT)
    answer = client.send("/moderering", {"seen": seen, "act": "look"}, to=f"/moderering/{waiting.number}")
    assert answer.status_code == 409
    assert report_on(waiting).state == ReportState.OPEN


def test_moved_to_another_goal_the_report_goes_with_it_and_stays_open(world, client):
    before, after = world.goal("1-1", 2023), world.goal("1-2", 2023)
    comment = world.published(world.nils, f"Ett inlägg som anmäls och flyttas. {SECRET}", goal=before)
    voice = world.reported(comment, world.rut)
    world.moved(comment, after)
    assert (report_on(comment).state, voice.wording) == (ReportState.OPEN, 1)
    assert db.session.get_one(Comment, comment.id).report_count == 1
    assert settled_letters() == {}
    world.sign_in(client, world.mona)
    assert comment.number not in client.get(f"/moderering?mal={before.id}").text
    there = client.get(f"/moderering?mal={after.id}").text
    assert comment.number in there and "Anmält, visas redan" in there
    world.decide(db.session.get_one(Comment, comment.id), "look")
    assert report_on(comment).state == ReportState.DISMISSED
    assert set(settled_letters()) == {"rut@example.org"}
    assert comment.number in client.get(f"/anmalan/{voice.key}").text
    counts.assert_right()
