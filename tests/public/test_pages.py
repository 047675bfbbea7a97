"""The pages everybody reads, in both languages: what stands on them, and what isn't there."""

import re

import pytest
from sqlalchemy import select

from dialog.db import clock, db, transaction
from dialog.plan.models import Committee, Goal
from dialog.plan.queries import wording_of
from dialog.reception.operations import Spoken
from tests.world import ANSWER, GOAL_2024, WORDS

BIG = "9" * 25


def headings(page: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r"<h[1-6].*?</h[1-6]>", page, re.S)]


def test_the_front_page_shows_the_newest_plan(world, client):
    page = client.get("/").text
    assert "Näringsliv och tillväxt" in page
    assert 'href="/mal/2024/naringsliv-och-tillvaxt"' in page
    assert 'href="/mal/2023"' in page
    assert "kommer från kommunens webbsida" in page


def test_the_front_page_shows_what_is_discussed_and_answered(world, client):
    comment = world.published()
    response = world.answered(comment)
    page = client.get("/").text
    assert WORDS in page
    assert comment.number in page
    assert ANSWER.we_decided in page
    assert f"/svar/{response.id}" in page
    assert "1 inlägg från en invånare" in page


def test_a_years_page_shows_its_goals_in_order(world, client):
    page = client.get("/mal/2023").text
    assert re.findall(r'href="/mal/2023/(1-\d)"', page) == [f"1-{number}" for number in range(1, 9)]
    assert "Näringsliv och tillväxt" not in page


def test_what_is_said_about_one_year_stands_on_that_year(world, client):
    world.published(goal=world.goal("1-1", 2023))
    assert WORDS in client.get("/mal/2023").text
    assert WORDS not in client.get("/mal/2024").text


def test_a_goal_shows_its_text_assignments_owners_and_money(world, client):
    page = client.get(GOAL_2024).text
    for words in (
        "Näringsliv och tillväxt",
        "Förbättra kvinnors förutsättningar för företagande i kommunen",
        "Säkerställ ändamålsenlig användning av det kommunala bostadsinnehavet",
        "Senast 2040 vill kommunen ha 75\u00a0000 invånare",
        "Tekniska nämnden",
        "250\u00a0tkr",
        "1\u00a0200\u00a0tkr",
        'datetime="2024-01-18"',
        "/mal/2023/1-3",
    ):
        assert words.replace("\u00a0", " ") in page.replace("\u00a0", " "), words
    assert page.count("/skriv?stycke=") >= 3


def test_a_goal_says_where_each_assignment_stands(world, client):
    world.answered(world.published(assignment=world.assignment(1)))
    world.published(world.rut, assignment=world.assignment(1))
    page = client.get(GOAL_2024).text
    card = page[page.index(f'href="/uppdrag/{world.assignment(1).id}"') :]
    assert "2 inlägg från invånare, 1 besvarat" in seen(card[: card.index("</article>")])


def seen(html: str) -> str:
    """What is read on a page, however its white space is parted."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_what_organisations_say_is_counted_apart_wherever_comments_are_counted(world, client):
    assignment = world.assignment(1)
    text = wording_of(world.goal(), assignment).clarification or wording_of(world.goal(), assignment).summary
    world.published(world.rut, assignment=assignment, paragraph=text[0])
    world.published(world.vera, assignment=assignment, paragraph=text[0])
    spoken = Spoken("Brev från styrelsen", group_name="Häggenås fiber")
    world.publish_comment(world.heard(assignment=assignment, paragraph=text[0], spoken=spoken))
    of_goal, year = "2 inlägg från invånare, 1 från en organisation", "/mal/2024"
    committee = f"/namnd/{assignment.committees[0].slug}"
    for address in ("/", year, GOAL_2024, committee, f"/uppdrag/{assignment.id}"):
        assert f"{of_goal}, 0 besvarade" in seen(client.get(address).text), address
    page = client.get(f"/uppdrag/{assignment.id}").text
    assert of_goal in seen(page[page.index('id="stycke-') : page.index('id="inlaggen"')])
    english = "2 comments from residents, 1 from an organisation, 0 answered"
    assert english in seen(client.get(f"/en{GOAL_2024}").text)


def test_what_only_organisations_have_said_is_not_said_to_be_from_residents(world, client):
    world.published(world.vera, mandate=world.mandate)
    page = seen(client.get(GOAL_2024).text)
    assert "1 inlägg från en organisation, 0 besvarade" in page
    assert "från en invånare" not in page


def test_replies_from_organisations_are_counted_apart_too(world, client):
    parent = world.published(world.rut)
    world.published(world.nils, "Ett svar från en granne.", parent=parent)
    world.published(world.vera, "Ett svar från byalaget.", parent=parent, mandate=world.mandate)
    assert "Repliker 1 från en invånare, 1 från en organisation" in seen(
        client.get(f"/inlagg/{parent.number}").text
    )
    world.withdraw(parent)
    assert "Repliker 1 från en invånare, 1 från en organisation" in seen(
        client.get(f"/inlagg/{parent.number}").text
    )


def test_an_earlier_goal_says_what_has_replaced_it(client):
    assert GOAL_2024 in client.get("/mal/2023/1-3").text


def test_an_assignment_shows_its_owners_money_and_comments(world, client):
    world.published(assignment=world.assignment(1))
    world.published(world.rut, "Ett inlägg om målet i stort.")
    page = client.get(f"/uppdrag/{world.assignment(1).id}").text
    for words in ("Kommunstyrelsen", "250\u00a0tkr", WORDS, GOAL_2024):
        assert words in page
    assert "Ett inlägg om målet i stort." not in page
    assert f"uppdrag={world.assignment(1).id}" in page


def test_the_committees_are_listed_with_what_waits(world, client):
    world.answered(world.published())
    world.published(world.rut, "Ett inlägg som väntar på svar.")
    page = client.get("/namnd").text
    cards = page[page.index('<ul class="committees">') : page.index("</main>")]
    cards = cards[: cards.index("</ul>")]
    for one in db.session.scalars(select(Committee)):
        assert (one.name_sv in cards) != one.is_council, "The council answers nothing."
        assert f'href="/namnd/{one.slug}"' in page
    card = page[page.index('href="/namnd/ks"') :]
    assert "1 inlägg väntar på svar" in card[: card.index("</li>")]
    assert "1 besvara" in card[: card.index("</li>")]


def test_a_committee_shows_its_promise_its_work_and_its_answers(world, client):
    world.answered(world.published())
    page = client.get("/namnd/ks").text
    assert re.search(r"Lovar att svara inom 10\s+arbetsdagar", page)
    for words in (ANSWER.we_decided, "Näringsliv och tillväxt", "Förbättra kvinnors förutsättningar"):
        assert words in page


@pytest.mark.parametrize(("days", "late"), [(14, 0), (15, 1)])
def test_a_committees_pages_count_what_is_late(world, client, days, late):
    world.published()
    clock.forward(days=days)
    world.published(world.rut, "Ett inlägg som inte är försenat.")
    figures = client.get("/namnd/ks").text
    figures = re.sub(r"<[^>]+>|\s+", " ", figures[figures.index("<dl") : figures.index("</dl>")]).split()
    assert figures[-8:] == ["Väntar", "på", "svar", "2", "Försenade", str(late), "Besvarade", "0"]
    assert ("1 är försenat" in client.get("/namnd").text) == bool(late)


def test_a_committee_that_has_had_nothing_to_answer_has_its_zeroes(client):
    page = client.get("/namnd/tn").text
    assert page.count("<dd>0</dd>") == 4
    assert "0 inlägg väntar på svar" in client.get("/namnd").text


def test_the_council_promises_no_answers_and_shows_none(client):
    page = client.get("/namnd/kf").text
    main = page[page.index("<main") : page.index("</main>")]
    assert "arbetsdagar" not in main
    assert "Senaste svaren" not in main


def test_the_time_within_which_everybody_answers_is_the_longest_promise(world, client):
    for address in ("/", "/om"):
        assert "nom 10\u00a0arbetsdagar" in client.get(address).text
    with transaction():
        world.committee("TN").answer_days = 15
        world.committee("KF").answer_days = 30
    for address in ("/", "/om"):
        assert "nom 15\u00a0arbetsdagar" in client.get(address).text


def test_a_years_page_says_its_year_once_and_the_front_page_over_the_goals(client):
    assert [one for one in headings(client.get("/mal/2023").text) if "2023" in one] == ["Målen för 2023"]
    assert [one for one in headings(client.get("/").text) if "2024" in one] == ["Mål för 2024"]


def test_an_english_page_says_that_an_answer_is_in_swedish(world, client):
    response = world.answered(world.published())
    for address in (f"/svar/{response.id}", GOAL_2024, "/namnd/ks"):
        assert "In Swedish" in client.get(f"/en{address}").text
        assert "På svenska" not in client.get(address).text
    assert "Answer from the Municipal Executive Board" in client.get(f"/en/svar/{response.id}").text


def test_an_answer_shows_its_words_and_the_comments_it_covers(world, client):
    comments = [world.published(text=f"Inlägg {number} som får svar.") for number in range(3)]
    response = world.answered(*comments)
    page = client.get(f"/svar/{response.id}").text
    for words in (ANSWER.you_said, ANSWER.we_decided, ANSWER.because, "Kommunstyrelsen"):
        assert words in page
    assert all(one.number in page for one in comments)
    world.decide(comments[0], "hide")
    page = client.get(f"/svar/{response.id}").text
    assert "Inlägg 0 som får svar." not in page
    assert "Inlägg 1 som får svar." in page


def test_an_answer_that_covers_many_is_read_page_by_page(world, client):
    world.trusted(world.rut)
    comments = [world.say(world.rut, f"Inlägg {number} som får svar.") for number in range(23)]
    response = world.answered(*comments)
    first = client.get(f"/svar/{response.id}").text
    more = re.search(r'href="(\?efter=[\d-]+)#', first).group(1)
    second = client.get(f"/svar/{response.id}{more}").text
    shown = [set(re.findall(r'id="inlagg-([\d-]+)"', page)) for page in (first, second)]
    assert [len(one) for one in shown] == [20, 3]
    assert shown[0] | shown[1] == {one.number for one in comments}


def test_the_comments_of_a_goal_follow_page_by_page(world, client):
    world.trusted(world.rut)
    for number in range(44):
        world.say(world.rut, f"Inlägg {number} om målet i stort.")
        clock.forward(minutes=3)
    seen, address = [], GOAL_2024
    for _ in range(4):
        page = client.get(address).text
        seen += re.findall(r'id="inlagg-([\d-]+)"', page)
        more = re.search(r'href="(\?efter=[\d-]+)#', page)
        if not more:
            break
        address = GOAL_2024 + more.group(1)
    assert seen == [f"2026-{number:06d}" for number in range(45, 0, -1)]


def test_a_page_is_full_though_comments_among_its_own_were_hidden(world, client):
    world.trusted(world.rut)
    comments = [world.say(world.rut, f"Inlägg {number} om målet i stort.") for number in range(24)]
    for comment in comments[-3:]:
        world.decide(comment, "hide")
    page = client.get(GOAL_2024).text
    assert len(re.findall(r'id="inlagg-([\d-]+)"', page)) == 20
    assert f"?efter={comments[1].number}" in page


@pytest.mark.parametrize("cursor", ["finns-inte", "2026-999999", "x" * 500])
def test_a_cursor_that_leads_nowhere_is_no_error(world, client, cursor):
    world.published()
    assert client.get(f"{GOAL_2024}?efter={cursor}").status_code == 200


def test_a_draft_is_no_answer(world, client):
    draft = world.drafted(world.published())
    assert client.get(f"/svar/{draft.id}").status_code == 404
    assert ANSWER.we_decided not in client.get(GOAL_2024).text


MISSING = [
    "/mal/1999",
    "/mal/2024/finns-inte",
    "/mal/2023/naringsliv-och-tillvaxt",
    "/uppdrag/999",
    "/namnd/finns-inte",
    "/inlagg/2026-999999",
    "/inlagg/finns-inte",
    "/kvitto/finns-inte",
    "/svar/999",
    f"/mal/{BIG}",
    f"/mal/{BIG}/1-1",
    f"/uppdrag/{BIG}",
    f"/svar/{BIG}",
    f"/demo/brev/{BIG}",
    "/mal/2024/%00",
    "/namnd/%00",
    "/inlagg/%00",
    "/kvitto/%00",
    f"{GOAL_2024}?efter=%00",
    "/demo/brev?till=%00",
    "/%ED%A0%80",
    "/<b>",
]


def test_what_does_not_exist_is_missing_in_both_languages(client):
    for address in (*MISSING, *(f"/en{one}" for one in MISSING)):
        response = client.get(address)
        assert response.status_code == 404, address
        assert "<h1>" in response.text, address


def test_every_goal_page_is_whole_in_both_languages(world, client):
    for goal in db.session.scalars(select(Goal)):
        for prefix in ("", "/en"):
            assert client.get(f"{prefix}/mal/{goal.year}/{goal.slug}").status_code == 200


@pytest.mark.parametrize(
    ("address", "swedish", "english"),
    [
        ("/", "Mål för 2024", "Goals for 2024"),
        ("/mal/2023", "Målen för 2023", "The goals for 2023"),
        (GOAL_2024, "Näringsliv och tillväxt", "Business and growth"),
        ("/namnd", "Kommunstyrelsen", "Municipal Executive Board"),
        ("/namnd/tn", "Tekniska nämnden", "Technical Services Committee"),
        ("/om", "Så fungerar det", "How it works"),
    ],
)
def test_a_page_is_in_the_language_of_its_address(client, address, swedish, english):
    assert any(swedish in one for one in headings(client.get(address).text))
    page = client.get(f"/en{address}".rstrip("/")).text
    assert any(english in one for one in headings(page))
    assert not any(swedish in one for one in headings(page))


def test_an_english_page_links_to_english_pages_and_gives_the_official_title_in_swedish(client):
    page = client.get(f"/en{GOAL_2024}").text
    assert '<span lang="sv">Näringsliv och tillväxt</span>' in page
    assert "SEK\u00a0250,000" in page
    links = re.findall(r'href="(/[^"]*)"', page[page.index("<main") :])
    assert {link for link in links if not link.startswith("/en/")} == set()


def test_the_way_to_the_same_page_in_the_other_language(client):
    assert f'href="/en{GOAL_2024}"' in client.get(GOAL_2024).text
    assert f'href="{GOAL_2024}"' in client.get(f"/en{GOAL_2024}").text


def test_a_number_of_thousands_of_digits_is_no_address(client):
    assert client.get(f"/uppdrag/{'9' * 4000}").status_code == 404


@pytest.mark.parametrize(
    "parameter", ["t=1732261234567", "fbclid=17322612345", "utm_id=%2B99999999999", f"efter={'9' * 5000}"]
)
def test_a_parameter_that_is_no_business_of_ours_is_no_harm(client, parameter):
    for address in ("/", "/om", GOAL_2024):
        assert client.get(f"{address}?{parameter}").status_code == 200
