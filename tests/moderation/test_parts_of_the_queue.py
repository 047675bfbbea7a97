"""What a moderator can know of each comment in the queue, and how the queue is narrowed."""

import re

import pytest
from sqlalchemy import event, text

from dialog import kept
from dialog.conversation.models import Comment
from dialog.conversation.rules import ReviewReason
from dialog.db import clock, db, transaction
from dialog.moderation.operations import claim_comment
from dialog.moderation.queries import queue
from dialog.moderation.rules import Age, Choice, in_time_since, waits_too_long
from dialog.plan.queries import wording_of
from tests.test_house_rules import MOST_QUERIES_ELSEWHERE

QUEUE = "/moderering"


def numbers_in(page: str) -> list[str]:
    return re.findall(r'id="granska-([\d-]+)"', page)


@pytest.fixture
def some(world) -> dict[str, Comment]:
    """Comments that differ in all that the queue can be narrowed by."""
    world.trusted(world.rut)
    old = world.say(world.vera, "Ett inlägg om målet, som har väntat länge.")
    clock.forward(days=6)
    found = {
        "old": old,
        "known": world.say(world.rut, "Ett inlägg av någon som är känd, om målet."),
        "assigned": world.say(world.nils, "Ett inlägg om ett uppdrag.", assignment=world.assignment(2)),
        "elsewhere": world.say(world.nils, "Ett inlägg om ett annat mål.", goal=world.goal("1-1", 2023)),
    }
    world.edit(found["known"], "Ett inlägg av någon som är känd, med andra ord.")
    return found


def chosen(world, **choice) -> set[int]:
    return {one.id for one in queue(world.mona, now=clock.now(), choice=Choice(**choice)).comments}


def ids(some, *names: str) -> set[int]:
    return {some[name].id for name in names}


def test_the_queue_is_narrowed_by_goal_committee_reason_and_age(world, some):
    assert chosen(world) == ids(some, *some)
    assert chosen(world, goal_id=world.goal().id) == ids(some, "old", "known", "assigned")
    assert chosen(world, reason=ReviewReason.EDITED) == ids(some, "known")
    assert chosen(world, reason=ReviewReason.FIRST_COMMENT) == ids(some, "old", "assigned", "elsewhere")
    assert chosen(world, age=Age.LATE) == ids(some, "old")
    assert chosen(world, age=Age.IN_TIME) == ids(some, "known", "assigned", "elsewhere")
    assert chosen(world, age=Age.IN_TIME, goal_id=world.goal().id) == ids(some, "known", "assigned")


def test_a_committee_finds_what_it_answers_for(world, some):
    """By the assignment where there is one that somebody has been given, and else by the goal."""
    for committee in db.session.execute(text("SELECT slug, id FROM committee")).all():
        expected = {
            comment.id
            for comment in some.values()
            if committee.id
            in {
                one.id
                for one in (comment.assignment and comment.assignment.committees) or comment.goal.committees
            }
        }
        assert chosen(world, committee=committee.slug) == expected, committee.slug


def test_late_is_the_same_in_the_list_and_on_the_page():
    day = in_time_since(clock.today())
    assert not waits_too_long(day, clock.today())


def test_each_part_of_the_queue_has_an_address_that_its_pages_and_forms_keep(world, client):
    for number in range(21):
        world.say(world.nils, f"Inlägg nummer {number}, som väntar på granskning.")
    world.say(world.vera, "Ett inlägg om ett annat mål.", goal=world.goal("1-1", 2023))
    world.sign_in(client, world.mona)
    address = f"{QUEUE}?mal={world.goal().id}&namnd=&skal=forsta-inlagget&alder=i-tid"
    page = client.get(address).text
    assert len(numbers_in(page)) == 20
    assert "21 inlägg väntar" in page
    kept = f"mal={world.goal().id}&amp;skal=forsta-inlagget&amp;alder=i-tid"
    assert f'action="{QUEUE}/2026-000001?{kept}"' in page
    further = re.search(r'href="(/moderering\?efter=2026-000020[^"]+)"', page).group(1)
    assert kept in further
    assert numbers_in(client.get(further.replace("&amp;", "&")).text) == ["2026-000021"]
    sent = client.send(
        QUEUE, {"seen": "1", "act": "publish"}, to=f"{QUEUE}/2026-000001?{kept}".replace("&amp;", "&")
    )
    assert kept.replace("&amp;", "&") in sent.location


@pytest.mark.parametrize("value", ["", "0", "99999", "x" * 500, "<b>", "-1"])
def test_what_is_no_choice_there_is_leaves_the_whole_queue(world, client, value):
    comment = world.say(world.nils)
    world.sign_in(client, world.mona)
    page = client.get(f"{QUEUE}?mal={value}&namnd={value}&skal={value}&alder={value}").text
    assert numbers_in(page) == [comment.number]
    assert "Visa hela kön" not in page


def test_an_empty_part_of_the_queue_says_so(world, client):
    world.say(world.nils)
    world.sign_in(client, world.mona)
    page = client.get(f"{QUEUE}?skal=andrat").text
    assert "Inget väntar i den här delen av kön." in page
    assert "Visa hela kön" in page


def test_a_comment_is_shown_with_why_and_how_long_it_waits_and_in_its_place(world, client):
    world.trusted(world.rut)
    paragraph = wording_of(world.goal()).summary[0]
    shown = world.say(world.rut, "Ett inlägg om ett stycke, som redan visas.", paragraph=paragraph)
    reply = world.say(world.nils, "En replik som väntar på en moderator.", parent=shown)
    clock.forward(days=1)
    world.edit(shown, "Ett inlägg om ett stycke, med andra ord.")
    world.sign_in(client, world.mona)
    page = client.get(QUEUE).text
    for words in (
        "Ändrat av den som skrev det, visas redan",
        "Första inlägget av den här personen, visas inte än",
        "1 av 2 arbetsdagar",
        "1 tidigare version",
        paragraph.text[:60],
        reply.number,
    ):
        assert words in page
    assert (
        page.count("Ett inlägg om ett stycke, som redan visas.") == 2
    )  # its earlier wording, and what was replied to


def test_the_authors_earlier_decisions_are_sums_and_nothing_they_have_said(world, client):
    for words in ("Det första som sades.", "Det andra som sades.", "Det tredje som sades."):
        shown = world.say(world.nils, f"{words} Av någon som har sagt mycket.")
        world.decide(shown, "look" if shown.is_public else "publish")
    world.decide(world.published(world.nils, "Ett inlägg som dolts av ett skäl."), "hide")
    world.say(world.nils, "Ett inlägg till, som väntar på en moderator.")
    world.say(world.vera, "Ett inlägg av någon som inte har sagt något förr.")
    world.sign_in(client, world.mona)
    page = client.get(QUEUE).text
    sums = re.search(r"Tidigare beslut om samma avsändare: ([^<]+)<", page).group(1)
    assert sums == "2 kvar som de var, 1 publicerat, 1 dolt (handlar inte om kommunens mål eller uppdrag)"
    assert "Inga tidigare beslut om samma avsändare" in page
    assert "sades" not in page


def test_the_page_asks_as_many_questions_whatever_waits(world, client):
    def questions() -> int:
        kept.set_up(client.application)  # cold: nothing of what waits has been shown
        asked = []

        def note(connection, cursor, statement, *rest) -> None:
            asked.append(statement)

        for engine in db.engines.values():
            event.listen(engine, "before_cursor_execute", note)
        try:
            assert client.get(f"{QUEUE}?namnd=ks").status_code == 200
        finally:
            for engine in db.engines.values():
                event.remove(engine, "before_cursor_execute", note)
        return len([one for one in asked if one.startswith("SELECT")])

    parent = world.published(world.trusted(world.rut), "Ett inlägg att svara på.")
    world.say(world.nils, "En replik som väntar på en moderator.", parent=parent)
    world.sign_in(client, world.mona)
    client.get(QUEUE)
    few = questions()
    for number in range(25):
        author = (world.nils, world.vera, world.rut)[number % 3]
        comment = world.say(
            author,
            f"Inlägg nummer {number}, som väntar på en moderator.",
            parent=None if number % 2 else parent,
        )
        world.edit(comment, f"Inlägg nummer {number}, med andra ord.")
        with transaction():
            claim_comment(comment, moderator=world.max, now=clock.now())
    assert questions() == few <= MOST_QUERIES_ELSEWHERE


INDEXES = {
    "": "ix_comment_waiting",
    "goal_id = 1 AND": "ix_comment_waiting_on_goal",
    "review_reason = 'edited' AND": "ix_comment_waiting_because",
}


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("choice", INDEXES)
def test_each_way_to_read_the_queue_has_an_index_that_gives_its_order(world, choice):
    """Without sorting, however much waits."""
    world.say(world.nils)
    with transaction():
        db.session.execute(text("ANALYZE"))
    plan = db.session.execute(
        text(
            f"EXPLAIN QUERY PLAN SELECT id FROM comment WHERE {choice} review_since IS NOT NULL "
            "ORDER BY review_since, id LIMIT 21"
        )
    ).all()
    steps = " ".join(row[3] for row in plan)
    assert INDEXES[choice] in steps
    assert "TEMP B-TREE" not in steps
