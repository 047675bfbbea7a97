"""Searching: what is found, in which order, and that nothing hidden ever is."""

import pytest
from sqlalchemy import select, text

from dialog.conversation.models import Comment
from dialog.db import db, transaction
from dialog.plan.queries import area_at
from dialog.search import operations, queries
from dialog.search.models import Entry
from dialog.search.queries import Filters
from dialog.search.rules import EntryKind, Order
from tests.world import ANSWER

OPEN = Filters()


def numbers(query: str, filters: Filters = OPEN, **more) -> list[str]:
    """The registration numbers of the comments that are found, in order."""
    found = queries.search(query, filters, **more)
    return [
        db.session.get_one(Comment, one).number for kind, one in found.things if kind == EntryKind.COMMENT
    ]


def everything(query: str) -> list[tuple[str, int]]:
    return [(str(kind), one) for kind, one in queries.search(query, OPEN).things]


@pytest.fixture
def voices(world):
    """Three comments by people who are known."""
    texts = (
        "Bussarna till Häggenås går för sällan på sena kvällar.",
        "Låt företagen i byn bygga en vindskyddad busshållplats.",
        "En sen buss är bättre än ingen buss alls, säger vi i Lit.",
    )
    return [world.published(world.nils, words) for words in texts]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("buss", {0, 2}),
        ("BUSSEN", {0, 2}),
        ("buss*", {0, 1, 2}),
        ("häggenås", {0}),
        ("haggenas", set()),
        ('"sena kvällar"', {0}),
        ('"sen buss"', {2}),
        ('"buss sen"', set()),
        ("buss kvällar", {0}),
        ("finnsinte", set()),
        ("alls säger", {2}),
    ],
)
def test_what_is_found(voices, query, found):
    assert set(numbers(query)) == {voices[place].number for place in found}


def test_the_best_first_or_the_newest_first(world, voices):
    often = world.published(world.nils, "Buss, buss och åter buss: det är vad vi talar om här i byn.")
    latest = world.published(
        world.nils,
        "Vi som bor längs vägen norrut har länge väntat på att en buss ska stanna vid skolan också.",
    )
    assert numbers("buss")[0] == often.number
    assert numbers("buss", order=Order.NEWEST)[0] == latest.number


def test_goals_assignments_and_answers_are_found_too(world, voices):
    with transaction():
        operations.rebuild()
    answer = world.answered(voices[0])
    word = ANSWER.we_decided.split()[-1]
    assert ("answer", answer.id) in everything(word)
    goal, assignment = world.goal(), world.assignment(1)
    assert ("goal", goal.id) in everything(goal.title)
    assert ("assignment", assignment.id) in everything(f'"{assignment.title}"')


def test_what_is_hidden_is_gone_at_once_and_back_in_its_place_when_restored(world, voices):
    world.decide(voices[2], "hide")
    assert numbers("buss", order=Order.NEWEST) == [voices[0].number]
    assert numbers("ingen") == []
    stems = db.session.scalars(
        select(Entry.stems).where(Entry.subject_id == voices[2].id, Entry.kind == "comment")
    )
    assert stems.all() == [None]
    world.decide(db.session.get_one(Comment, voices[2].id, populate_existing=True), "restore")
    newer = world.published(world.nils, "Ännu en mening om en buss, för ordningens skull.")
    assert numbers("buss", order=Order.NEWEST) == [newer.number, voices[2].number, voices[0].number]


def test_a_comment_that_waits_is_not_found(world):
    world.say(world.rut, "En buss som ingen moderator har läst om än.")
    assert numbers("moderator") == []


def test_filters(world, voices):
    lit = area_at("lit").id
    there = world.published(world.nils, "Bussen i Lit behöver gå oftare än i dag.", area_id=lit)
    group = world.published(world.vera, "Byalaget vill ha en buss på kvällen.", mandate=world.mandate)
    world.answered(voices[0])
    assert numbers("buss", Filters(area_id=lit)) == [there.number]
    assert numbers("buss", Filters(by_organisation=True)) == [group.number]
    assert group.number not in numbers("buss", Filters(by_organisation=False))
    assert numbers("buss", Filters(is_answered=True)) == [voices[0].number]
    assert numbers("buss", Filters(year=2023)) == []
    assert set(numbers("buss", Filters(year=2024))) == set(numbers("buss"))
    assert numbers("buss", Filters(kind=EntryKind.ANSWER)) == []


def test_the_index_made_anew_finds_the_same(world, voices):
    with transaction():
        operations.rebuild()
    world.answered(voices[0])
    world.decide(voices[1], "hide")
    before = [everything(query) for query in ("buss*", "företag", "kommunen")]
    with transaction():
        found = operations.rebuild()
    assert [everything(query) for query in ("buss*", "företag", "kommunen")] == before
    assert found == db.session.execute(text("SELECT count(*) FROM search_index")).scalar()


def test_more_hits_than_are_ranked(world, voices, monkeypatch):
    monkeypatch.setattr(queries, "MOST_RANKED", 2)
    found = queries.search("buss*", OPEN)
    assert (found.count, found.is_more) == (2, True)


def test_the_page(client, world, voices):
    page = client.get("/sok?q=bussen")
    assert "Sök: bussen" in page.text
    assert "2 träffar" in page.text
    assert "<mark>Bussarna</mark>" in page.text
    assert f"/inlagg/{voices[0].number}" in page.text
    english = client.get("/en/sok?q=bussen")
    assert "2 found" in english.text


def test_the_page_without_a_query_and_with_nothing_found(client, world):
    assert "Vad letar du efter?" in client.get("/sok").text
    assert "Skriv minst ett ord" not in client.get("/sok").text
    assert "Skriv minst ett ord" in client.get("/sok?q=&typ=comment").text
    assert "Inget hittades" in client.get("/sok?q=finnsinte").text


def test_a_number_leads_to_the_comment_it_was_registered_under(client, world, voices):
    number = voices[0].number
    for language in ("", "/en"):
        answer = client.get(f"{language}/sok?q={number}")
        assert (answer.status_code, answer.location) == (303, f"{language}/inlagg/{number}")
    world.decide(voices[0], "hide")
    for gone in (number, "2026-999999"):
        assert "Inget hittades" in client.get(f"/sok?q={gone}").text


@pytest.mark.parametrize(
    "address",
    [
        "/sok?q=%22", "/sok?q=*", "/sok?q=%22*%22*", "/sok?q=" + "ö" * 3000, "/sok?q=NEAR(a%20b)",
        "/sok?q=stems:a", "/sok?q=-buss", "/sok?q='%20OR%201=1", "/sok?q=buss&typ=annat&ar=abc&omrade=-1&sida=0",
        "/sok?q=buss&ar=abc&ordning=?&besvarat=x&sida=99", "/sok?q=%E2%80%AEx", "/sok?q=%F0%9F%98%80",
    ],
)  # fmt: skip
def test_odd_queries_get_a_page(client, voices, address):
    assert client.get(address).status_code == 200


def test_pages_of_hits_and_what_is_chosen_stays(client, world):
    for number in range(25):
        world.published(world.nils, f"Bussen nummer {number} går för sällan, tycker vi i byn.")
    first = client.get("/sok?q=bussen&ordning=newest&organisation=nej")
    assert "sida=2" in first.text
    assert '<option value="newest" selected>' in first.text
    second = client.get("/sok?q=bussen&ordning=newest&organisation=nej&sida=2")
    assert second.text.count('<li class="hit">') == 5


def test_no_door_of_the_search_shows_what_is_hidden(client, world, voices):
    world.decide(voices[0], "hide")
    for address in ("/sok?q=häggenås", "/sok?q=bussarna", "/en/sok?q=h*", "/sok?q=sena&ordning=newest"):
        assert voices[0].number not in client.get(address).text


@pytest.mark.parametrize("word", ["å" * 4000, "x" * 3000])
def test_a_word_of_any_length_can_be_said_and_is_found_by_its_beginning(world, word):
    comment = world.published(world.nils, f"{word} och en buss")
    assert numbers(f"{word[:20]}*") == [comment.number]
    assert numbers(f"{word[:100]} buss") == []
