"""A committee's page of what it has promised: what remains first, by its day; sums that are right; a part at a time."""

import re

import pytest

from dialog import kept
from dialog.db import clock
from tests.test_house_rules import MOST_QUERIES, queries_of
from tests.world import GOAL_2024

PAGE = "/namnd/ks/ataganden"


@pytest.fixture
def answer(world):
    return world.answered(world.published(world.rut, "När börjar kvällsbussen till Häggenås gå?"))


def shown(client, address: str) -> list[str]:
    return re.findall(r"Vi gör sak \d+", client.get(address).text)


def test_what_remains_comes_first_by_its_day_and_then_what_is_settled_the_newest_first(world, client, answer):
    made = {
        number: world.promised(answer, f"Vi gör sak {number}, som utlovat.", f"2026-0{month}-01")
        for number, month in ((1, 9), (2, 7), (3, 8), (4, 6), (5, 5))
    }
    world.settled(made[5])
    clock.forward(minutes=1)
    world.settled(made[4], "not_kept")
    found = list(dict.fromkeys(shown(client, PAGE)))
    assert [one[-1] for one in found] == ["2", "3", "1", "4", "5"]


def test_twenty_at_a_time_and_each_once(world, client, answer):
    for number in range(100, 145):
        commitment = world.promised(answer, f"Vi gör sak {number}, som utlovat.", "2026-06-01")
        if number >= 122:
            world.settled(commitment)
    seen: list[str] = []
    for start in ("efter", "fore"):
        address: str | None = PAGE
        while address:
            page = client.get(address).text
            part = page.split('id="avslutade"')
            seen += re.findall(r"Vi gör sak \d+", part[0 if start == "efter" else -1])
            found = re.search(rf'href="(\?{start}=\d+)#', page)
            address = PAGE + found.group(1) if found else None
    assert len(set(seen)) == 45
    assert seen.count("Vi gör sak 100") == seen.count("Vi gör sak 144") == 1


def test_the_sums_say_how_the_committee_keeps_what_it_promises(world, client, answer):
    assert "Det som nämnden lovar i sina svar kommer att stå här" in client.get("/namnd/ks").text
    for number, to in enumerate(("kept", "kept", "not_kept", None)):
        commitment = world.promised(answer, f"Vi gör sak {number}, som utlovat.")
        if to:
            world.settled(commitment, to)
    for page in ("/namnd/ks", PAGE):
        text = client.get(page).text
        for word, number in (("Hållet", 2), ("Inte hållet", 1), ("Ändrat", 0), ("Pågår", 1)):
            assert f"<dt>{word}</dt><dd>{number}</dd>" in text, page
        assert "<dt>Försenade, av dem som pågår</dt><dd>0</dd>" in text


@pytest.mark.parametrize("query", ["?efter=999999", "?efter=x", "?fore=-1", "?fore=999999999999", "?efter="])
def test_an_address_that_leads_nowhere_gives_a_page_all_the_same(client, query):
    assert client.get(PAGE + query).status_code == 200


def test_what_is_no_committee_has_no_page(client):
    assert client.get("/namnd/finns-inte/ataganden").status_code == 404


def test_in_english_the_words_are_marked_as_swedish(world, client, answer):
    world.promised(answer)
    text = client.get(f"/en{PAGE}").text
    assert 'lang="sv"><p>Vi kör en kvällstur på prov.</p>' in text
    assert "To be done by" in text


def test_the_goals_page_shows_ten_and_says_that_there_are_more(world, client, answer):
    for number in range(12):
        world.promised(answer, f"Vi gör sak {number}, som utlovat.", f"2026-06-{number + 1:02d}")
    page = client.get(GOAL_2024).text
    assert len(set(re.findall(r"Vi gör sak \d+", page))) == 10
    assert "Vi gör sak 11" not in page
    assert "Det finns fler." in page


def test_the_goals_page_asks_no_more_for_what_is_promised(world, app, answer):
    def asked() -> int:
        kept.set_up(app)  # nothing kept from before
        client = app.test_client()
        world.sign_in(client, world.nils)
        return len(queries_of(app, client, GOAL_2024))

    before = asked()
    for number in range(12):
        world.promised(answer, f"Vi gör sak {number}, som utlovat.")
    assert asked() == before <= MOST_QUERIES["public.goal"]
