"""Ordering and narrowing the comments on a page: each way to see them has an address of its own."""

import re
from urllib.parse import parse_qsl

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from dialog import kept
from dialog.conversation.models import Comment
from dialog.conversation.rules import Kind
from dialog.db import clock, db, transaction
from dialog.plan.queries import area_at, wording_of
from dialog.public.rules import (
    Cursor,
    Order,
    Speaker,
    Stage,
    View,
    cursor_of,
    is_worth_keeping,
    view_of,
    without_what_is_open,
)
from dialog.public.threads import threads
from tests.test_house_rules import queries_of
from tests.world import GOAL_2024

NUMBER = "2026-000007"

# An address says what is chosen; what is no choice there is, is left open.
ADDRESSES = [
    ("", View()),
    ("ordning=nyast", View()),
    ("ordning=stod", View(order=Order.SUPPORTED)),
    ("ordning=x&typ=x&omrade=x&av=x&lage=x&stycke=x", View()),
    ("typ=fraga", View(kind=Kind.QUESTION)),
    ("typ=question", View()),
    ("omrade=3", View(area_id=3)),
    ("omrade=99", View()),
    ("omrade=03", View()),
    ("av=organisation&lage=forsenat", View(speaker=Speaker.ORGANISATION, stage=Stage.LATE)),
    ("stycke=5", View(paragraph_id=5)),
    ("stycke=6", View()),
    ("stycke=" + "9" * 400, View()),
]


@pytest.mark.parametrize(("address", "view"), ADDRESSES)
def test_an_address_asks_for_a_view(address, view):
    asked = view_of(dict(parse_qsl(address)), areas=[3], paragraphs=[5])
    assert asked == view
    assert view_of(dict(parse_qsl(view.query())), areas=[3], paragraphs=[5]) == view


# A cursor says where a page starts; by a count, what it stood at too. What can't be read starts from the beginning.
CURSORS = [
    (None, Order.NEWEST, None),
    ("", Order.NEWEST, None),
    ("finns-inte", Order.NEWEST, None),
    (NUMBER, Order.NEWEST, Cursor(NUMBER, None)),
    (NUMBER, Order.UNANSWERED, Cursor(NUMBER, None)),
    (NUMBER, Order.SUPPORTED, None),
    (f"12.{NUMBER}", Order.SUPPORTED, Cursor(NUMBER, 12)),
    (f"12.{NUMBER}", Order.NEWEST, Cursor(NUMBER, None)),
    (f"-1.{NUMBER}", Order.DISCUSSED, None),
    (f"{'9' * 30}.{NUMBER}", Order.DISCUSSED, None),
]


@pytest.mark.parametrize(("written", "order", "cursor"), CURSORS)
def test_a_cursor_says_where_a_page_starts(written, order, cursor):
    assert cursor_of(written, order) == cursor
    assert cursor is None or cursor_of(str(cursor), order) == cursor


# A page that many ask for is kept: as it stands, and with one choice that is the same for every goal.
KEPT = [
    ("", True),
    ("ordning=stod", True),
    ("typ=fraga", True),
    ("lage=forsenat", True),
    ("ordning=nyast", False),
    ("ordning=x", False),
    ("omrade=3", False),
    ("stycke=3", False),
    ("typ=fraga&av=person", False),
    (f"efter={NUMBER}", False),
    ("t=1732261234567", False),
    ("typ=fraga&", False),
]


@pytest.mark.parametrize(("query", "kept"), KEPT)
def test_only_what_many_ask_for_is_worth_keeping(query, kept):
    assert is_worth_keeping(query) is kept


def shown(client, query: str = "") -> list[str]:
    page = client.get(f"{GOAL_2024}?{query}").text
    return re.findall(r'id="inlagg-([\d-]+)"', page)


@pytest.fixture
def said(world) -> dict[str, Comment]:
    """Five comments that differ in everything that can be chosen."""
    paragraph = wording_of(world.goal()).summary[0]
    said = {"question": world.published(world.rut, "En fråga om målet i stort.", kind=Kind.QUESTION)}
    clock.forward(days=20)
    said["area"] = world.published(world.rut, "Ett förslag som gäller Lit.", area_id=area_at("lit").id)
    said["group"] = world.published(world.vera, "Vi i bygden tycker det här.", mandate=world.mandate)
    said["paragraph"] = world.published(
        world.rut, "En oro om stycket.", paragraph=paragraph, kind=Kind.CONCERN
    )
    said["answered"] = world.published(world.rut, "Det här får ett svar.")
    world.answered(said["answered"])
    world.published(world.nils, "En replik om stycket.", parent=said["paragraph"])
    with transaction():
        for name, support in (("area", 7), ("answered", 12)):
            db.session.execute(update(Comment).where(Comment.id == said[name].id).values(support=support))
    return said


CHOICES = [
    ("", ["answered", "paragraph", "group", "area", "question"]),
    ("ordning=aldst", ["question", "area", "group", "paragraph", "answered"]),
    ("ordning=stod", ["answered", "area", "paragraph", "group", "question"]),
    ("ordning=repliker", ["paragraph", "answered", "group", "area", "question"]),
    ("ordning=obesvarat", ["question", "area", "group", "paragraph"]),
    ("typ=fraga", ["question"]),
    ("typ=oro", ["paragraph"]),
    ("omrade={area}", ["area"]),
    ("av=organisation", ["group"]),
    ("av=person", ["answered", "paragraph", "area", "question"]),
    ("lage=vantar", ["paragraph", "group", "area", "question"]),
    ("lage=forsenat", ["question"]),
    ("lage=besvarat", ["answered"]),
    ("stycke={paragraph}", ["paragraph"]),
    ("typ=forslag&av=person&ordning=aldst", ["area", "answered"]),
    ("typ=fraga&lage=besvarat", []),
]


@pytest.mark.parametrize(("query", "names"), CHOICES)
def test_each_choice_shows_what_it_says(world, client, said, query, names):
    paragraph = said["paragraph"].paragraph.first_id
    query = query.format(area=area_at("lit").id, paragraph=paragraph)
    replies = {
        one.number for one in db.session.scalars(select(Comment).where(Comment.parent_id.is_not(None)))
    }
    numbers = [number for number in shown(client, query) if number not in replies]
    assert numbers == [said[name].number for name in names]
    for prefix in ("", "/en"):
        page = client.get(f"{prefix}{GOAL_2024}?{query}").text
        assert ("Visa alla inlägg" in page or "Show all comments" in page) == bool(query)


def test_the_number_of_comments_on_a_paragraph_leads_to_them(world, client, said):
    paragraph = said["paragraph"].paragraph
    link = f'href="{GOAL_2024}?stycke={paragraph.first_id}#inlaggen"'
    page = client.get(GOAL_2024).text
    assert link in page
    assert "Om ett stycke i texten" in client.get(f"{GOAL_2024}?stycke={paragraph.first_id}").text


def test_the_form_says_what_is_chosen_and_works_as_a_plain_form(world, client, said):
    page = client.get(f"{GOAL_2024}?ordning=stod&typ=fraga&lage=vantar").text
    assert "2 val begränsar vad som visas." in page
    for value in ("stod", "fraga", "vantar"):
        assert f'<option value="{value}" selected>' in page
    form = re.search(r'<form class="listing".*?</form>', page, re.S).group()
    assert 'method="get"' in form
    assert "hx-" not in form


# A form sends all its choices; those that were made are left as they were written.
OPEN = [
    ("", ""),
    ("ordning=&typ=&omrade=&av=&lage=", ""),
    ("ordning=&typ=fraga&omrade=&av=&lage=", "typ=fraga"),
    ("ordning=stod&typ=&efter=2.2026-000001", "ordning=stod&efter=2.2026-000001"),
    ("typ=x&&av=%3D", "typ=x&av=%3D"),
    ("utm_source=kommunen.se", "utm_source=kommunen.se"),
]


@pytest.mark.parametrize(("query", "left"), OPEN)
def test_choices_that_nobody_made_are_left_out_of_an_address(query, left):
    assert without_what_is_open(query) == left
    assert without_what_is_open(left) == left


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_form_leads_to_the_address_of_what_was_chosen_which_is_kept_for_all(world, client, prefix):
    task = f"/uppdrag/{world.assignment(1).id}"
    for page in (f"{prefix}{GOAL_2024}", f"{prefix}{task}"):
        sent = client.get(f"{page}?ordning=&typ=fraga&omrade=&av=&lage=")
        assert (sent.status_code, sent.location) == (303, f"{page}?typ=fraga")
        assert client.get(sent.location).status_code == 200
        assert client.get(f"{page}?ordning=&typ=&omrade=&av=&lage=").location == page
    assert client.get("/uppdrag/9999?typ=").status_code == 404


def test_a_choice_that_nothing_meets_says_so(world, client, said):
    assert (
        "Inget inlägg stämmer med det du har valt."
        in client.get(f"{GOAL_2024}?typ=fraga&av=organisation").text
    )


def test_an_assignments_page_has_the_same_choices(world, client):
    task = world.assignment(1)
    question = world.published(world.rut, "En fråga om uppdraget.", assignment=task, kind=Kind.QUESTION)
    world.published(world.rut, "Ett förslag om uppdraget.", assignment=task)
    page = client.get(f"/uppdrag/{task.id}?typ=fraga").text
    assert re.findall(r'id="inlagg-([\d-]+)"', page) == [question.number]


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("narrowed", [View(), View(kind=Kind.PROPOSAL), View(stage=Stage.WAITING)])
def test_a_walk_meets_each_comment_once_while_new_ones_come(world, order, narrowed):
    world.trusted(world.rut)
    with transaction():
        db.session.execute(update(Comment).values(kind=Kind.PROPOSAL))
    for number in range(45):
        world.say(world.rut, f"Inlägg {number} om målet i stort.")
        clock.forward(minutes=3)
    with transaction():
        db.session.execute(update(Comment).values(support=Comment.id % 4 * 5))
    there = set(db.session.scalars(select(Comment.number)))
    view = View(order=order, kind=narrowed.kind, stage=narrowed.stage)
    met, cursor = [], None
    for turn in range(5):
        page = threads("goal_id", world.goal().id, view, cursor, clock.today())
        met += [thread.key.number for thread in page.threads]
        if page.next_cursor is None:
            break
        cursor = cursor_of(page.next_cursor, order)
        world.say(world.rut, f"Ett nytt inlägg, det {turn}:e, medan någon läser.")
        clock.forward(minutes=3)
    assert len(met) == len(set(met))
    assert there <= set(met)


STATES = ["published", "hidden", "withdrawn"]
ROWS = st.lists(
    st.tuples(st.sampled_from([0, 5, 6]), st.booleans(), st.sampled_from(STATES), st.integers(0, 2)),
    min_size=2, max_size=9,
)  # fmt: skip


@settings(
    max_examples=15,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=ROWS)
def test_every_order_is_what_python_makes_of_it_whatever_there_is(world, rows):
    """The same on both databases, since it is the same as here."""
    goal = world.goal()
    with transaction():
        db.session.execute(update(Comment).values(goal_id=world.goal("1-1", 2023).id))
    for support, is_answered, state, replies in rows:
        clock.forward(hours=1)
        comment = world.published(world.rut, f"Inlägg {clock.now()} i raden.")
        for number in range(replies):
            world.published(world.nils, f"Replik {number} {clock.now()}.", parent=comment)
        with transaction():
            answered_at = clock.now() if is_answered else None
            values = {"state": state, "support": support, "answered_at": answered_at}
            db.session.execute(update(Comment).where(Comment.id == comment.id).values(values))
    of_goal = select(Comment).where(Comment.goal_id == goal.id).execution_options(populate_existing=True)
    heads = [one for one in db.session.scalars(of_goal.order_by(Comment.id)) if one.heads_a_thread]
    expected = {
        Order.NEWEST: sorted(heads, key=lambda one: -one.id),
        Order.OLDEST: sorted(heads, key=lambda one: one.id),
        Order.SUPPORTED: sorted(heads, key=lambda one: (-one.support, -one.id)),
        Order.DISCUSSED: sorted(heads, key=lambda one: (-one.reply_count, -one.id)),
        Order.UNANSWERED: [one for one in heads if one.is_public and one.answered_at is None],
    }
    for order, comments in expected.items():
        page = threads("goal_id", goal.id, View(order=order), None, clock.today())
        assert [thread.key.id for thread in page.threads] == [one.id for one in comments], order


QUERIES = [
    "",
    *(f"ordning={order}" for order in Order),
    "typ=forslag",
    "av=person",
    "lage=vantar",
    "lage=besvarat",
]


@pytest.mark.parametrize("query", QUERIES)
def test_what_was_hidden_is_in_no_view_nor_what_it_was_like(world, client, query):
    """A marker stands where nothing is chosen; a choice would say what the hidden comment was like."""
    hidden = world.published(world.rut, "Kanariefågel i ett inlägg som döljs.")
    world.published(world.nils, "En replik som står kvar.", parent=hidden)
    lost = world.published(world.rut, "Ett inlägg med en dold replik.")
    reply = world.published(world.vera, "Kanariefågel i en replik som döljs.", parent=lost)
    client.get(f"{GOAL_2024}?{query}")
    world.decide(hidden, "hide")
    world.decide(reply, "hide")
    page = client.get(f"{GOAL_2024}?{query}").text
    assert "Kanariefågel" not in page
    assert f'id="inlagg-{reply.number}"' not in page
    is_narrowed = (not query.startswith("ordning") and query) or query == "ordning=obesvarat"
    assert (f'id="inlagg-{hidden.number}"' in page) == (not is_narrowed)
    assert ("En replik som står kvar." in page) == (not is_narrowed)


def test_a_view_takes_as_many_queries_with_few_comments_as_with_many(world, app):
    def measure() -> dict[str, int]:
        kept.set_up(app)  # nothing kept from before
        return {query: len(queries_of(app, app.test_client(), f"{GOAL_2024}?{query}")) for query in QUERIES}

    def bulk(number: int) -> None:
        for n in range(number):
            comment = world.say(world.rut, f"Inlägg {n} {clock.now()} om målet i stort.")
            world.say(world.rut, f"Replik {n} {clock.now()} till inlägget.", parent=comment)
            clock.forward(minutes=5)

    world.trusted(world.rut)
    bulk(25)
    few = measure()
    bulk(50)
    assert measure() == few
    assert max(few.values()) <= 12
