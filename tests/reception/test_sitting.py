"""What is said at a meeting is put on record one by one, and has a page of its own."""

import re
from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from dialog import kept
from dialog.conversation.models import Comment, Sitting
from dialog.conversation.rules import Channel, CommentState
from dialog.db import changed, clock, db, transaction
from dialog.dialogues.operations import move_dialogue
from dialog.dialogues.rules import DialogueState
from dialog.events import Event
from dialog.people.models import Person
from dialog.people.operations import give_role
from dialog.people.rules import Role
from dialog.reception.operations import MayNotReceive, Meeting, record_sitting
from tests.counts import count
from tests.test_house_rules import queries_of
from tests.threads import at_once
from tests.world import GOAL_2024, WORDS

NEW = "/kundcenter/moten/ny"
SECRET = "Hemliga ord som ingen får se på någon sida."


@pytest.fixture
def karin(world, client):
    """The customer centre's browser."""
    world.sign_in(client, world.karin)
    return client


def key_on(client, page: str) -> str:
    return re.search(r'name="form_key" value="([^"]+)"', client.get(page).text).group(1)


def open_sitting(world, client, **changes):
    filled = {
        "form_key": key_on(client, NEW),
        "goal": str(world.goal().id),
        "place": "Bygdegården i Häggenås",
        "area": "",
        "held_on": "2026-03-10",
        "attending": "23",
        "told": "1",
        **changes,
    }
    return client.send(NEW, {name: value for name, value in filled.items() if value is not None})


def say(client, page: str, text: str = WORDS, **changes):
    headers = changes.pop("headers", {})
    filled = {"form_key": key_on(client, page), "kind": "concern", "text": text, "language": "sv", "name": ""}
    return client.send(page, {**filled, **changes}, headers=headers)


def test_a_meeting_is_recorded_and_what_is_said_is_added_one_by_one(world, karin):
    page = open_sitting(world, karin).location
    for words in ("Vägen måste plogas tidigare på morgonen.", "Bussen går för sällan på kvällen."):
        sent = say(karin, page, words, name="Siv")
        assert sent.status_code == 303
    shown = karin.get(sent.location).text
    assert "2026-000002" in shown
    assert shown.index("Bussen går för sällan") < shown.index("Vägen måste plogas")
    comments = db.session.scalars(select(Comment)).all()
    assert {one.channel for one in comments} == {Channel.MEETING}
    assert {one.state for one in comments} == {CommentState.RECEIVED}
    assert {(one.sitting_id, one.received_on) for one in comments} == {(1, date(2026, 3, 10))}
    assert count(Event, Event.kind == "sitting.recorded") == 1
    assert count(Event, Event.kind == "notice.told") == 2


def test_with_htmx_the_answer_is_the_part_with_a_fresh_form_and_the_list(world, karin):
    page = f"/kundcenter/moten/{world.met().id}"
    sent = say(karin, page, headers={"HX-Request": "true"})
    assert sent.status_code == 200
    assert sent.text.lstrip().startswith('<div class="sitting" id="motet">')
    assert sent.text.count(WORDS) == 1
    assert "2026-000001" in sent.text
    wrong = say(karin, page, "Kort.", headers={"HX-Request": "true"})
    assert (wrong.status_code, 'id="text-error"' in wrong.text, "Kort." in wrong.text) == (422, True, True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"goal": ""}, "goal"),
        ({"goal": "99999"}, "goal"),
        ({"place": "x"}, "place"),
        ({"place": "x" * 81}, "place"),
        ({"area": "99"}, "area"),
        ({"held_on": "2026-03-12"}, "held_on"),
        ({"held_on": ""}, "held_on"),
        ({"attending": "0"}, "attending"),
        ({"attending": "många"}, "attending"),
        ({"attending": "10001"}, "attending"),
        ({"told": None}, "told"),
    ],
)
def test_bad_input_about_a_meeting_is_said_at_the_field_and_what_was_typed_stays(
    world, karin, changes, field
):
    sent = open_sitting(world, karin, **changes)
    assert sent.status_code == 422
    assert f'id="{field}-error"' in sent.text
    assert "place" in changes or 'value="Bygdegården i Häggenås"' in sent.text
    assert count(Sitting) == 0


def test_a_meeting_on_a_goal_whose_time_is_over_is_refused_before_anybody_has_spoken(world, karin):
    dialogue = world.asked(closes_on=date(2026, 3, 20))
    with transaction():
        move_dialogue(dialogue, DialogueState.OPEN, seen=dialogue.version, editor=world.eva, now=clock.now())
    clock.forward(days=14)
    sent = open_sitting(world, karin, held_on=str(clock.today()))
    assert sent.status_code == 422
    assert "Tiden för inlägg om det här målet var slut den dagen" in sent.text
    assert count(Sitting) == 0
    assert open_sitting(world, karin, held_on="2026-03-20").status_code == 303


def test_the_most_that_can_be_there_is_written_as_numbers_are(world, karin):
    assert "1 till 10\u00a0000" in open_sitting(world, karin, attending="10001").text


def test_bad_input_about_what_was_said_keeps_what_was_typed(world, karin):
    sent = say(karin, f"/kundcenter/moten/{world.met().id}", kind="rant", name="Siv i Lit")
    assert sent.status_code == 422
    assert WORDS in sent.text and "Siv i Lit" in sent.text
    assert count(Comment) == 0


def test_only_whoever_put_the_meeting_on_record_adds_to_it(world, client):
    page = f"/kundcenter/moten/{world.met().id}"
    with transaction():
        give_role("rut@example.org", Role.CUSTOMER_CENTRE, None, now=clock.now())
    assert client.get(page).status_code == 303
    for person, status in ((world.mona, 403), (world.rut, 404), (world.karin, 200)):
        world.sign_in(client, person)
        assert client.get(page).status_code == status
    assert client.get("/kundcenter/moten/99999").status_code == 404
    with pytest.raises(MayNotReceive):
        record_sitting(
            Meeting("en nyckel", world.goal(), "Lit", clock.today(), 3), official=world.mona, now=clock.now()
        )


def test_the_same_forms_sent_twenty_times_at_once_make_one_meeting_and_one_comment(world, app):
    official_id = world.karin.id

    def press(n: int) -> tuple[int, str]:
        official = db.session.get(Person, official_id)
        sitting = world.met(form_key="pressed again", official=official)
        said = world.heard(form_key="and again", sitting=sitting, official=official)
        return sitting.id, said.number

    assert set(at_once(app, 20, press)) == {(1, "2026-000001")}
    assert count(Sitting) == count(Comment) == 1


def test_the_card_says_which_meeting_and_how_many_were_there(world, client):
    comment = world.publish_comment(world.heard(sitting=world.met(held_on=date(2026, 3, 5))))
    for page in (f"/inlagg/{comment.number}", GOAL_2024, f"/moten/{comment.sitting_id}"):
        shown = client.get(page).text
        assert f'<a href="/moten/{comment.sitting_id}">Bygdegården i Häggenås</a>' in shown
        assert "23 deltagare" in shown and "5\u00a0mars\u00a02026" in shown
    assert "Bygdegården i Häggenås" in client.get(f"/kvitto/{comment.receipt_key}").text


def test_how_many_were_there_is_no_count_of_comments(world):
    world.publish_comment(world.heard(sitting=world.met()))
    assert world.goal().comment_count == 1


@pytest.mark.parametrize("state", ["received", "hidden", "hidden again"])
def test_what_is_not_public_is_nowhere_on_the_meetings_page(world, client, state):
    sitting = world.met()
    hidden = world.heard(SECRET, name="Hemliga Hans", sitting=sitting)
    world.publish_comment(world.heard(sitting=sitting))
    if state == "hidden again":
        world.publish_comment(hidden)
    if state != "received":
        world.decide(hidden, "hide")
    for headers in ({}, {"HX-Request": "true"}):
        shown = client.get(f"/moten/{sitting.id}", headers=headers).text
        assert WORDS in shown
        for word in (SECRET, "Hemliga Hans", hidden.number):
            assert word not in shown
    world.sign_in(client, world.rut)
    assert SECRET not in client.get(f"/moten/{sitting.id}").text


def test_there_is_no_page_of_a_meeting_that_was_not_held(client):
    assert client.get("/moten/99999").status_code == 404
    assert client.get("/moten/x").status_code == 404


def test_the_meetings_pages_are_paged_and_ask_a_constant_number_of_queries(world, app, client):
    sitting = world.met()
    pages = (f"/moten/{sitting.id}", f"/kundcenter/moten/{sitting.id}", "/kundcenter")

    def measure() -> list[int]:
        kept.set_up(app)
        browser = app.test_client()
        world.sign_in(browser, world.karin)
        return [len(queries_of(app, browser, page)) for page in pages]

    def add(number: int) -> None:
        world.publish_comment(world.heard(f"Sagt på mötet, nummer {number} av många.", sitting=sitting))

    for number in range(2):
        add(number)
    few = measure()
    for number in range(2, 25):
        add(number)
    assert measure() == few
    assert max(few) <= 15
    first = client.get(pages[0]).text
    following = client.get(pages[0] + re.search(r'href="(\?efter=[^#"]+)', first).group(1)).text
    assert "nummer 24 av" in first and "nummer 2 av" not in first
    assert "nummer 2 av" in following and "nummer 24 av" not in following


@pytest.mark.parametrize("change", [{"channel": "phone"}, {"sitting_id": 99999}])
def test_the_database_refuses_half_a_meeting(world, change):
    comment = world.heard(sitting=world.met())
    with pytest.raises(IntegrityError), transaction():
        changed(update(Comment).where(Comment.id == comment.id).values(**change))


def test_the_database_refuses_a_meeting_where_nobody_was(world):
    with pytest.raises(IntegrityError):
        world.met(attending=0)
