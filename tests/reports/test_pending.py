"""Out of view until a moderator has decided: the rule, who is told what, and everything back in its place."""

import pytest
from sqlalchemy import func, select

from dialog.conversation.models import Comment
from dialog.conversation.rules import CommentState, ReviewReason
from dialog.db import clock, db
from dialog.events import Event
from dialog.moderation.queries import queue
from dialog.moderation.rules import Cursor
from dialog.notify.letters import NotWanted, write
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.plan.models import Goal
from dialog.reports.models import Report, ReportThreshold
from dialog.reports.rules import Reason, ReportState
from dialog.response.models import Matter
from dialog.response.rules import MatterState
from tests import counts
from tests.world import GOAL_2024

SECRET = "Hemligfågel står ingen annanstans."
PAGE = "/forvaltning/anmalningar"


@pytest.fixture
def comment(world) -> Comment:
    """Shown at once, so that no moderator has judged its words."""
    world.trusted(world.rut)
    return world.say(world.rut, f"Det här anmäls av flera. {SECRET}", assignment=world.assignment(1))


def now_of(comment) -> Comment:
    db.session.expire_all()
    return db.session.get_one(Comment, comment.id)


def letters(kind) -> list[Letter]:
    return list(db.session.scalars(select(Letter).where(Letter.kind == kind)))


def matter_states(comment) -> list[MatterState]:
    return list(db.session.scalars(select(Matter.state).where(Matter.comment_id == comment.id)))


def test_three_different_people_take_it_out_of_view_at_once(world, client, comment):
    client.get(GOAL_2024)  # kept while it was public
    world.held(comment)
    held = now_of(comment)
    assert (held.state, held.review_reason) == (CommentState.RECEIVED, ReviewReason.PENDING)
    assert SECRET not in client.get(GOAL_2024).text
    assert client.get(f"/inlagg/{comment.number}").status_code == 404
    assert comment.number not in client.get("/sok?q=hemligfågel").text
    event = db.session.scalars(select(Event).where(Event.kind == "comment.held")).one()
    assert event.actor_id is None
    assert (event.details["people"], event.details["threshold"]) == (3, 3)
    assert MatterState.DUE not in matter_states(comment)
    counts.assert_right()


def test_the_author_is_told_that_software_did_it_on_what_rule_and_that_a_person_looks(world, client, comment):
    world.held(comment)
    [letter] = letters(LetterKind.HELD)
    body = write(letter).body
    assert letter.address == "rut@example.org"
    for said in ("Ingen människa har bestämt det", "3 olika personer", "alltså en människa", "arbetsdagar"):
        assert said in body
    for name in ("Gun", "Karin", "Rikard", "gun@example.org"):
        assert name not in body
    receipt = client.get(f"/kvitto/{comment.receipt_key}").text
    assert "Visas inte tills vidare" in receipt
    assert "av programmet, efter en regel" in receipt


def test_shown_again_it_has_its_place_its_date_and_its_counts(world, client, comment):
    goal = world.goal()
    before = now_of(comment)
    was = (before.published_at, before.number, before.id, [one.shown_from for one in before.wordings])
    shown, matters = db.session.get_one(Goal, goal.id).comment_count, sorted(matter_states(comment))
    clock.forward(hours=3)
    world.held(comment)
    assert db.session.get_one(Goal, goal.id, populate_existing=True).comment_count == shown - 1
    clock.forward(hours=3)
    world.decide(now_of(comment), "publish")
    after = now_of(comment)
    assert (after.published_at, after.number, after.id, [one.shown_from for one in after.wordings]) == was
    assert after.state == CommentState.PUBLISHED
    assert db.session.get_one(Goal, goal.id, populate_existing=True).comment_count == shown
    assert sorted(matter_states(comment)) == matters
    assert SECRET in client.get(GOAL_2024).text
    report = db.session.scalars(select(Report)).one()
    assert report.state == ReportState.DISMISSED
    [letter] = [one for one in letters(LetterKind.PUBLISHED) if one.subject_id == comment.id]
    assert "visas igen" in write(letter).body
    with pytest.raises(NotWanted):
        write(letters(LetterKind.HELD)[0])
    counts.assert_right()


def test_hidden_by_a_moderator_it_stays_away_and_the_report_is_upheld(world, comment):
    world.held(comment)
    world.decide(now_of(comment), "hide")
    assert now_of(comment).state == CommentState.HIDDEN
    assert db.session.scalars(select(Report)).one().state == ReportState.UPHELD
    counts.assert_right()


@pytest.mark.parametrize("act", ["publish", "hide"])
def test_the_public_log_says_that_a_rule_had_taken_it_out_of_view(world, client, comment, act):
    world.held(comment)
    said = "En regel i programmet dolde det tills beslutet kom"
    assert said not in client.get("/moderering/logg").text
    world.decide(now_of(comment), act)
    page = client.get("/moderering/logg").text
    assert page.count(said) == 1 and SECRET not in page


def test_it_stands_first_in_the_queue(world, client, comment):
    older = world.say(world.vera, "Det här har väntat längre.")
    clock.forward(hours=1)
    world.held(comment)
    assert next(iter(queue(world.mona, now=clock.now()).comments)).id == comment.id
    world.sign_in(client, world.mona)
    page = client.get("/moderering").text
    assert page.index(f"granska-{comment.number}") < page.index(f"granska-{older.number}")
    assert "så att en regel dolde det" in page
    assert comment.id not in [
        one.id for one in queue(world.mona, now=clock.now(), after=Cursor(older.number)).comments
    ]


def test_what_a_moderator_has_let_stand_is_never_taken_out_of_view_by_a_count(world):
    comment = world.published(world.nils)
    world.held(comment)
    assert now_of(comment).is_public
    assert now_of(comment).report_count == 3


def test_after_an_edit_nobody_has_judged_the_words_and_the_rule_holds(world):
    comment = world.published(world.nils)
    world.edit(comment, "Andra ord, som ingen moderator har läst.")
    world.held(comment)
    assert now_of(comment).review_reason == ReviewReason.PENDING


def test_its_author_may_change_the_words_and_the_old_ones_are_not_shown_afterwards(world, client, comment):
    world.held(comment)
    world.edit(now_of(comment), "Nu är orden andra, och ingen behöver anmäla dem.")
    assert now_of(comment).review_reason == ReviewReason.PENDING
    world.decide(now_of(comment), "publish")
    page = client.get(f"/inlagg/{comment.number}").text
    assert "Nu är orden andra" in page
    assert SECRET not in page


def test_three_browsers_on_one_network_take_nothing_down(world, comment):
    for number in range(3):
        voice = world.reported(comment, None, Reason.THREAT, network="one", email=f"{number}@example.org")
        world.confirmed(voice)
    for _ in range(3):
        world.reported(comment, None, Reason.THREAT)
    assert now_of(comment).is_public


def test_the_third_to_confirm_their_address_takes_it_out_of_view(world, comment):
    voices = [world.reported(comment, None, Reason.THREAT, email=f"{n}@example.org") for n in range(3)]
    for voice in voices:
        assert now_of(comment).is_public
        world.confirmed(voice)
    assert now_of(comment).review_reason == ReviewReason.PENDING
    counts.assert_right()


def test_a_house_rule_takes_nothing_out_of_view(world, comment):
    for person in (world.gun, world.karin, world.rikard):
        world.reported(comment, person, Reason.ATTACK)
    assert now_of(comment).is_public


def test_replies_stay_and_an_answer_counts_again(world, comment):
    world.published(world.nils, "En replik som står kvar.", parent=comment)
    world.answered(comment)
    world.held(comment)
    counts.assert_right()
    world.decide(now_of(comment), "publish")
    counts.assert_right()


@pytest.mark.parametrize(("people", "held"), [("0", False), ("2", True), ("4", False)])
def test_administrators_set_how_many_it_takes(world, client, comment, people, held):
    world.sign_in(client, world.adam)
    assert client.send(PAGE, {"people": people}).location == f"{PAGE}?sparat=1"
    assert f'value="{people}"' in client.get(PAGE).text
    world.held(comment) if people != "2" else [
        world.reported(comment, one, Reason.THREAT) for one in (world.gun, world.karin)
    ]
    assert (now_of(comment).review_reason == ReviewReason.PENDING) == held


@pytest.mark.parametrize("people", ["1", "", "tre", "-3", "101", "99999999999"])
def test_a_number_that_cannot_be_is_refused_with_what_was_typed(world, client, people):
    world.sign_in(client, world.adam)
    refused = client.send(PAGE, {"people": people})
    assert refused.status_code == 422
    assert "Skriv 0 för att stänga av regeln" in refused.text
    assert f'value="{people}"' in refused.text


def test_setting_what_holds_already_changes_nothing(world, client):
    world.sign_in(client, world.adam)
    for _ in range(2):
        client.send(PAGE, {"people": "5"})
    assert db.session.scalar(select(func.count()).select_from(ReportThreshold)) == 1
    client.send(PAGE, {"people": "3"})
    assert db.session.scalar(select(func.count(Event.id)).where(Event.kind == "report_threshold.set")) == 2
