"""What waits for a moderator, and who sees what has been hidden."""

import re

import pytest
from sqlalchemy import delete, select, update

from dialog.conversation.models import Comment
from dialog.db import clock, db, transaction
from dialog.moderation.queries import queue
from dialog.people.models import RoleGrant
from tests.world import GOAL_2024, WORDS

QUEUE = "/moderering"
SECRET_WORDS = "Det här ska ingen annan kunna läsa."
REASONS = "Det handlar inte om målet."


def numbers_in(page: str) -> list[str]:
    return re.findall(r'id="granska-(2026-\d{6})"', page)


def test_what_has_waited_longest_comes_first(world, client):
    waiting = []
    for name, text in (
        ("nils", WORDS),
        ("vera", "Ett inlägg till."),
        ("rut", "Ännu ett inlägg, som väntar."),
    ):
        waiting.append(world.say(world.people[name], text).number)
        clock.forward(hours=1)
    with transaction():
        db.session.execute(
            update(Comment)
            .where(Comment.number == waiting[2])
            .values(review_since=clock.now().replace(year=2025))
        )
    assert [one.number for one in queue(world.mona, now=clock.now()).comments] == [
        waiting[2],
        waiting[0],
        waiting[1],
    ]
    world.sign_in(client, world.mona)
    assert numbers_in(client.get(QUEUE).text) == [waiting[2], waiting[0], waiting[1]]


def test_the_queue_holds_what_nobody_has_looked_at_whether_shown_or_not(world, client):
    world.trusted(world.rut)
    waits, shown = world.say(world.nils), world.say(world.rut, "Det här visas med en gång, men ska granskas.")
    hidden = world.say(world.vera, "Det här döljs, och är därmed avgjort.")
    world.decide(hidden, "hide")
    world.sign_in(client, world.mona)
    page = client.get(QUEUE).text
    assert numbers_in(page) == [waits.number, shown.number]
    assert "2 inlägg väntar" in page
    buttons = {number: set(re.findall(rf'/moderering/{number}".*?name="act" value="(\w+)"', page, re.S))
               for number in (waits.number, shown.number)}  # fmt: skip
    assert buttons == {waits.number: {"publish", "hide"}, shown.number: {"look", "hide"}}


def test_the_queue_shows_who_said_what_about_what_and_why_it_waits(world, client):
    comment = world.say(
        world.vera, mandate=world.mandate, assignment=world.assignment(1), area_id=world.vera.area_id
    )
    world.sign_in(client, world.mona)
    page = client.get(QUEUE).text
    for words in (
        WORDS,
        "Lockne byalag",
        comment.area.name,
        comment.number,
        world.assignment(1).title.rstrip("."),
        "Förslag",
    ):
        assert words in page
    assert "vera@example.org" not in page


def test_what_has_waited_longer_than_two_working_days_is_marked(world, client):
    world.say(world.nils)
    for days, marked in ((0, False), (2, False), (3, True)):
        clock.forward(days=days)
        world.sign_in(client, world.mona)
        assert ("mer än 2 arbetsdagar" in client.get(QUEUE).text) == marked


def test_an_empty_queue_says_that_all_is_done(world, client):
    world.sign_in(client, world.mona)
    page = client.get(QUEUE).text
    assert numbers_in(page) == []
    assert "Inget väntar" in page


NEXT = r'href="(/moderering\?efter=[\d-]+)"'


@pytest.fixture
def long_queue(world) -> list[str]:
    return [
        world.say(world.nils, f"Inlägg nummer {number}, som väntar på granskning.").number
        for number in range(25)
    ]


def test_a_long_queue_is_read_page_by_page_and_says_how_much_there_is(world, client, long_queue):
    world.sign_in(client, world.mona)
    first = client.get(QUEUE).text
    assert numbers_in(first) == long_queue[:20]
    assert "25 inlägg väntar" in first
    second = client.get(re.search(NEXT, first).group(1)).text
    assert numbers_in(second) == long_queue[20:]
    assert not re.search(NEXT, second)


def test_deciding_on_a_later_page_stays_there_whatever_is_decided_before_it(world, client, long_queue):
    world.sign_in(client, world.mona)
    address = re.search(NEXT, client.get(QUEUE).text).group(1)
    world.decide(db.session.scalars(select(Comment).where(Comment.number == long_queue[19])).one(), "publish")
    form = {"seen": "1", "act": "publish"}
    action = re.search(r'action="(/moderering/2026-000021\?efter=[\d-]+)"', client.get(address).text).group(1)
    decided = client.send(QUEUE, form, to=action)
    assert numbers_in(client.get(decided.location).text) == long_queue[21:]
    action = action.replace(long_queue[20], long_queue[21])
    part = client.send(QUEUE, form, to=action, headers={"HX-Request": "true"})
    assert numbers_in(part.text) == long_queue[22:]


def test_ones_own_comments_shut_nobody_elses_out(world, client):
    for number in range(21):
        world.say(world.mona, f"Inlägg nummer {number} av en moderator.")
    comment = world.say(world.nils)
    world.sign_in(client, world.mona)
    page = client.get(QUEUE).text
    assert numbers_in(page) == [comment.number]
    assert "1 inlägg väntar." in page
    assert "21 inlägg som är dina, din organisations eller registrerade av dig, eller" in page
    world.sign_in(client, world.max)
    assert "22 inlägg väntar" in client.get(QUEUE).text


@pytest.mark.parametrize("cursor", ["finns-inte", "2026-999999", "", "9" * 5000, "-1"])
def test_a_page_that_starts_nowhere_is_the_first(world, client, long_queue, cursor):
    world.sign_in(client, world.mona)
    assert numbers_in(client.get(f"{QUEUE}?efter={cursor}").text) == long_queue[:20]


def test_only_a_comments_number_is_said_to_be_decided(world, client):
    world.sign_in(client, world.mona)
    assert "2026-000001</a> är publicerat" in client.get(f"{QUEUE}?beslutat=2026-000001&beslut=publish").text
    said = client.get(f"{QUEUE}?beslutat=Ring+genast+chefen&beslut=publish").text
    assert "chefen" not in said.split('id="queue"')[1] and "publicerat" not in said.split('id="queue"')[1]


@pytest.fixture
def hidden(world):
    comment = world.published(world.nils, SECRET_WORDS)
    world.answered(comment)
    world.decide(comment, "hide")
    return comment


@pytest.mark.parametrize(
    ("name", "status"),
    [("visitor", 404), ("rut", 404), ("eva", 404), ("adam", 404), ("gun", 404), ("nils", 200), ("mona", 200)],
)
def test_a_hidden_comment_exists_for_its_author_and_for_moderators_alone(world, client, hidden, name, status):
    if name != "visitor":
        world.sign_in(client, world.people[name])
    for prefix in ("", "/en"):
        response = client.get(f"{prefix}/inlagg/{hidden.number}")
        assert response.status_code == status
        assert (SECRET_WORDS in response.text) == (status == 200)


def test_a_hidden_comment_is_nowhere_else_either(world, client, hidden):
    for address in (
        "/",
        GOAL_2024,
        f"/uppdrag/{world.assignment(1).id}",
        "/namnd/ks",
        "/svar/1",
        "/mal/2024",
    ):
        assert SECRET_WORDS not in client.get(address).text
        assert SECRET_WORDS not in client.get(address, headers={"HX-Request": "true"}).text
    assert world.goal().comment_count == world.goal().answered_count == 0


def test_a_page_kept_from_before_does_not_show_what_was_hidden_since(world, client):
    comment = world.published(world.nils, SECRET_WORDS)
    kept = client.get(GOAL_2024)
    assert SECRET_WORDS in kept.text
    world.decide(comment, "hide")
    fresh = client.get(GOAL_2024, headers={"If-None-Match": kept.headers["ETag"]})
    assert fresh.status_code == 200
    assert SECRET_WORDS not in fresh.text


def test_the_receipt_says_on_what_ground_and_why_a_comment_is_hidden(world, client, hidden):
    page = client.get(f"/kvitto/{hidden.receipt_key}").text
    assert REASONS in page
    assert "Handlar inte om" in page
    assert SECRET_WORDS in page
    assert "Mona" not in page


def test_a_comment_waiting_is_seen_by_its_author_and_by_moderators_alone(world, client):
    comment = world.say(world.nils)
    for name, status in (("nils", 200), ("mona", 200), ("rut", 404), ("eva", 404)):
        world.sign_in(client, world.people[name])
        assert client.get(f"/inlagg/{comment.number}").status_code == status


def test_somebody_whose_role_is_taken_away_sees_the_queue_no_more(world, client):
    world.sign_in(client, world.mona)
    assert client.get(QUEUE).status_code == 200
    with transaction():
        db.session.execute(delete(RoleGrant).where(RoleGrant.person_id == world.mona.id))
    assert client.get(QUEUE).status_code == 403
