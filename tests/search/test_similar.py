"""What is like a comment that is being written: shown to its writer, to be supported instead of said again."""

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import func, select

from dialog.db import clock, db
from dialog.events import Event
from dialog.search.likeness import MOST_A_MINUTE, MOST_SHOWN, likeness, telling
from dialog.search.similar import similar_to
from dialog.stems import stems_of
from tests.world import GOAL_2024

ADDRESS = f"{GOAL_2024}/liknande"
WRITE = f"{GOAL_2024}/skriv"
BUS = "Kvällsbussen till Häggenås borde gå en timme senare på fredagar."


def stems(*texts: str) -> list[list[str]]:
    return [stems_of(text) for text in texts]


@pytest.mark.parametrize(
    ("sentence", "written", "said", "is_like"),
    [
        ("The same in other words is like it.", "Kvällsbuss mot Häggenås, inte så tidig", BUS, True),
        ("Other forms of the words are the same words.", "kvällsbussarna på en fredag", BUS, True),
        ("One word in common is not enough.", "Häggenås behöver en lekplats", BUS, False),
        ("Words that say nothing don't count.", "Det borde vara en till och det är så", BUS, False),
        ("Nothing written is like nothing.", "", BUS, False),
        ("Nor are signs alone.", "👋 👋 !!! ---", BUS, False),
        ("Words in Sámi are words as well.", "Bïenje jïh gïele", "Gïele jïh bïenje", True),
    ],
)
def test_what_is_like_a_text(sentence, written, said, is_like):
    weights = telling(stems_of(written), stems(said))
    assert bool(likeness(stems_of(said), weights)) == is_like, sentence


def test_a_rare_word_tells_more_than_a_common_one():
    sample = stems(*["Skolan behöver böcker"] * 15, *["Vägen till Lit"] * 15, "Skolan i Lit behöver en ramp")
    weights = telling(stems_of("rampen vid skolan i Lit"), sample)
    assert max(weights, key=weights.__getitem__) == stems_of("ramp")[0]
    assert stems_of("skolan")[0] not in weights, "What most speak of says nothing of what this is about."


def said(world, *texts: str) -> list:
    world.trusted(world.rut)
    return [world.published(world.rut, text) for text in texts]


def numbers(found) -> list[str]:
    return [one.comment.number for one in found]


def test_others_have_said_it_the_likest_first(world):
    weak, other, strong = said(
        world,
        "Bussen till Häggenås är alltid full på morgonen.",
        "Biblioteket borde ha öppet på söndagar.",
        BUS,
    )
    found = similar_to(
        "Låt kvällsbussen till Häggenås gå senare på fredagar, bussen behövs", world.goal(), world.nils
    )
    assert numbers(found) == [strong.number, weak.number]
    assert other.number not in numbers(found)
    assert "<mark>Häggenås</mark>" in found[0].snippet


def test_it_shows_few_however_many_there_are(world):
    said(
        world,
        *(
            f"Kvällsbussen till Häggenås går för tidigt på {day}."
            for day in ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"]
        ),
    )
    assert len(similar_to(BUS, world.goal(), world.nils)) == MOST_SHOWN


def test_what_isnt_public_is_never_like_anything(world):
    hidden, withdrawn = said(world, BUS, BUS + " Annars tar folk bilen.")
    own = world.published(world.nils, BUS)
    reply = world.published(world.vera, "Kvällsbussen till Häggenås, ja!", parent=own)
    elsewhere = world.published(world.vera, BUS, goal=world.goal("1-1", 2023))
    world.say(world.prepared(world.gun), BUS)
    world.decide(hidden, "hide")
    world.withdraw(withdrawn)
    assert similar_to(BUS, world.goal(), world.nils) == [], (reply.number, elsewhere.number)


@pytest.fixture
def nils(world, client):
    world.sign_in(client, world.nils)
    return client


def ask(client, text: str, prefix: str = "", **more):
    return client.send(f"{prefix}{WRITE}", {"text": text}, to=f"{prefix}{ADDRESS}", **more)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_part_of_the_page_says_how_many_and_lets_one_agree(world, nils, prefix):
    [comment] = said(world, BUS)
    part = ask(nils, BUS, prefix, headers={"HX-Request": "true"}).text
    assert ("1 comment is like yours" if prefix else "1 inlägg liknar ditt") in part
    assert f'action="{prefix}/inlagg/{comment.number}/stallning"' in part
    assert "<html" not in part
    world.thinks(world.nils, comment)
    part = ask(nils, BUS, prefix, headers={"HX-Request": "true"}).text
    assert 'aria-pressed="true"' in part


def test_without_javascript_it_stands_on_the_preview(world, nils):
    [comment] = said(world, BUS)
    form = {
        "text": BUS,
        "kind": "proposal",
        "language": "sv",
        "speaks_for": "",
        "form_key": "en-ny-nyckel",
        "area": "",
    }
    page = nils.send(WRITE, form | {"preview": "1"}).text
    assert "Andra har sagt något liknande" in page
    assert comment.number in page
    assert "Andra har sagt något liknande" not in nils.get(WRITE).text


@pytest.mark.parametrize(
    "text", ["", " ", "a", "👋", "x" * 400_000, "' OR 1=1 --", '"*NEAR(', "\x00\u202e", "1 2 3"]
)
def test_anything_can_be_asked_about(world, nils, text):
    said(world, BUS)
    answer = ask(nils, text)
    assert answer.status_code == 200
    assert "Ingen har sagt något liknande än." in answer.text


def test_what_is_being_written_is_neither_stored_nor_logged(world, nils, caplog, capsys):
    said(world, BUS)
    token = nils.token(WRITE)
    events = db.session.scalar(select(func.count()).select_from(Event))
    written = []

    def note(connection, cursor, statement, *_):
        written.append(statement)

    sqlalchemy_event.listen(db.engines[None], "before_cursor_execute", note)
    try:
        nils.post(ADDRESS, data={"text": "Hemligheten om Häggenås kvällsbuss", "csrf_token": token})
    finally:
        sqlalchemy_event.remove(db.engines[None], "before_cursor_execute", note)
    assert written == [], "It asks the reader alone, which can't write."
    assert db.session.scalar(select(func.count()).select_from(Event)) == events
    assert "emligheten" not in caplog.text + "".join(capsys.readouterr())


def test_only_whoever_is_signed_in_asks_and_only_about_a_goal_there_is(world, nils, app):
    visitor = app.test_client()
    assert visitor.send("/logga-in", {"text": BUS}, to=ADDRESS).status_code == 401
    assert nils.send(WRITE, {"text": BUS}, to=f"{GOAL_2024}-finns-inte/liknande").status_code == 404


def test_a_script_is_held_back(world, nils):
    clock.forward(minutes=3)  # into a minute in which nothing has been asked
    token = nils.token(WRITE)
    answers = [
        nils.post(ADDRESS, data={"text": "", "csrf_token": token}).status_code
        for _ in range(MOST_A_MINUTE + 1)
    ]
    assert answers == [200] * MOST_A_MINUTE + [429]
    clock.forward(minutes=1)
    assert ask(nils, BUS).status_code == 200


def statements_for(world) -> int:
    """How many statements it takes to find what is like a text."""
    asked: list[str] = []

    def note(connection, cursor, statement, *_):
        asked.append(statement)

    sqlalchemy_event.listen(db.engines["read"], "before_cursor_execute", note)
    try:
        similar_to(BUS, world.goal(), world.nils)
    finally:
        sqlalchemy_event.remove(db.engines["read"], "before_cursor_execute", note)
    return len(asked)


def test_as_many_queries_for_many_as_for_few(world):
    said(world, BUS)
    few = statements_for(world)
    said(world, *(f"Kvällsbussen till Häggenås går för tidigt, dag {number}." for number in range(9)))
    assert statements_for(world) == few <= 9
