"""What has changed in a goal, word by word, within its year and since the goal it replaced; and what came along."""

import re

import pytest
from sqlalchemy import select

from dialog import kept
from dialog.db import clock, db, transaction
from dialog.plan.models import Paragraph
from dialog.plan.rules import Part
from dialog.plan.storing import Changes, renew_paragraphs
from tests.test_house_rules import MOST_QUERIES, MOST_QUERIES_ELSEWHERE, queries_of
from tests.world import GOAL_2024

PAGE = f"{GOAL_2024}/andringar"
OLD = "Vi ska bygga en väg till Lit före 2025, och den ska vara säker för alla barn."
NEW = "Vi ska bygga en bro till Lit före 2026, och den ska vara säker för alla barn."
LINK = "Vad som har ändrats i målet"


def write(goal, *texts: str, assignment=None, part: Part = Part.TEXT) -> None:
    with transaction():
        renew_paragraphs(goal, assignment, part, texts, Changes(), clock.now())


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def before(world):
    """The goal for 2023 that the one for 2024 replaced."""
    return world.goal("1-3", 2023)


def test_it_says_word_by_word_what_is_otherwise_than_the_year_before(world, client, before):
    write(before, OLD, "Ett stycke som är borta i år, om något helt annat.")
    write(world.goal(), NEW, "Nytt för i år är att alla barn ska lära sig simma.")
    page = client.get(PAGE).text
    for fate, said in (("del", "väg"), ("ins", "bro"), ("del", "2025,"), ("ins", "2026,")):
        assert re.search(rf"<{fate}><span[^>]*>[^<]*</span>{said}<", page), said
    assert "Borttaget: väg (slut på det som har tagits bort)" in words(page), "It is said, not only drawn."
    assert "Nytt stycke Nytt för i år är" in words(page.replace("</p>", " ")), (
        "A whole paragraph is not struck through."
    )
    assert "Stycke som inte finns kvar Ett stycke som är borta" in words(page.replace("</p>", " "))
    assert "Det är våra sammanfattningar" not in page
    assert "/mal/2023/1-3" in page


def test_without_both_years_texts_our_summaries_are_compared_and_it_says_so(client, before):
    assert "så det är våra sammanfattningar som jämförs" in client.get(PAGE).text


def test_it_shows_what_was_reworded_within_the_year_with_the_comments_on_it(world, client, before):
    write(world.goal(), OLD)
    paragraph = db.session.scalars(select(Paragraph).where(Paragraph.text == OLD)).one()
    world.published(world.rut, "Det borde vara en bro.", paragraph=paragraph)
    clock.forward(days=3)
    write(world.goal(), NEW)
    write(world.goal(), "Uppdraget i ord.", assignment=world.assignment(1), part=Part.CLARIFICATION)
    write(world.goal(), "Uppdraget i nya ord.", assignment=world.assignment(1), part=Part.CLARIFICATION)
    page = client.get(PAGE).text.split('id="under-aret"')[1]
    assert "Borttaget: väg" in words(page) and "Tillagt: bro" in words(page)
    assert "1 inlägg om de här orden" in page and f"stycke={paragraph.id}" in page
    assert "Tillagt: nya" in words(page) and f"/uppdrag/{world.assignment(1).id}" in page


def test_a_rewording_names_the_answers_to_what_was_said_of_it_and_they_name_the_new_words(world, client):
    write(world.goal(), OLD, "Ett stycke som står kvar som det är.")
    reworded, kept_as_it_is = (
        db.session.scalars(select(Paragraph).where(Paragraph.text.startswith(begins))).one()
        for begins in ("Vi ska bygga en väg", "Ett stycke som står")
    )
    answer = world.answered(world.published(world.rut, "Det borde vara en bro.", paragraph=reworded))
    other = world.answered(world.published(world.rut, "Det är bra som det är.", paragraph=kept_as_it_is))
    assert "har ändrats sedan dess" not in client.get(f"/svar/{answer.id}").text
    clock.forward(days=3)
    write(world.goal(), NEW, "Ett stycke som står kvar som det är.")
    within = client.get(PAGE).text.split('id="under-aret"')[1]
    assert f"/svar/{answer.id}" in within and f"/svar/{other.id}" not in within
    page = client.get(f"/svar/{answer.id}").text
    assert "har ändrats sedan dess" in page and NEW in page and PAGE in page
    assert "har ändrats sedan dess" not in client.get(f"/svar/{other.id}").text
    world.sign_in(client, world.eva)
    assert NEW in client.get(f"/namnd/ks/svar/{answer.id}/andra").text


def test_it_shows_the_answers_and_commitments_that_came_along(world, client, before):
    answer = world.answered(world.published(world.rut, "När blir vägen klar?", goal=before))
    world.promised(answer, "Vi bygger vägen före jul.")
    page = client.get(PAGE).text
    assert f"/svar/{answer.id}" in page and "Vi bygger vägen före jul." in page


def test_what_is_promised_about_the_goal_before_is_followed_on_this_ones_page_until_it_is_settled(
    world, app, before
):
    visitor = app.test_client()
    visitor.get(GOAL_2024)  # kept before anything is promised
    answer = world.answered(world.published(world.rut, "När blir vägen klar?", goal=before))
    promised = world.promised(answer, "Vi bygger vägen före jul.")
    page = visitor.get(GOAL_2024).text
    assert "Vi bygger vägen före jul." in page and "om målet för 2023" in page
    assert "om målet för 2023" not in visitor.get("/mal/2023/1-3").text
    world.settled(promised)
    for shown in (GOAL_2024, "/mal/2023/1-3"):
        assert "Vi bygger vägen före jul." not in visitor.get(shown).text, shown


def test_the_goals_page_leads_there_where_there_is_something_to_see(world, client, before):
    assert LINK in client.get(GOAL_2024).text
    assert LINK not in client.get("/mal/2023/1-3").text
    write(before, OLD)
    assert LINK not in client.get("/mal/2023/1-3").text
    write(before, NEW)
    kept.set_up(client.application)  # as after an import, which says that the page has changed
    assert LINK in client.get("/mal/2023/1-3").text


def test_a_goal_that_is_new_and_unchanged_has_a_page_all_the_same(client):
    page = client.get("/mal/2023/1-3/andringar").text
    assert "Inget har fått andra ord" in page and "Det som följde med" not in page
    for address in ("/mal/2023/finns-inte/andringar", "/mal/1999/1-3/andringar"):
        assert client.get(address).status_code == 404


def test_what_is_written_is_shown_as_text(world, client, before):
    write(before, "Ett <b>stycke</b> & ett till som är långt nog.")
    write(world.goal(), "Ett <i>stycke</i> & ett till som är långt nog.")
    page = client.get(PAGE).text
    assert "&lt;b&gt;stycke&lt;/b&gt;" in page and "&lt;i&gt;stycke&lt;/i&gt; &amp;" not in page


def test_as_many_queries_however_much_has_changed(world, app, before):
    def asked(page: str) -> int:
        kept.set_up(app)  # nothing kept from before
        return len(queries_of(app, app.test_client(), page))

    answer = world.answered(world.published(world.rut, "När blir vägen klar?", goal=before))
    world.promised(answer)
    write(before, OLD)
    write(world.goal(), NEW)
    few = [asked(PAGE), asked(GOAL_2024)]
    for number in range(6):
        write(before, OLD, *(f"Stycke {one} från förra året, version {number}." for one in range(8)))
        write(world.goal(), NEW, *(f"Stycke {one} i år, som är version {number}." for one in range(8)))
        world.promised(answer, f"Vi gör sak {number}, som utlovat.")
    assert [asked(PAGE), asked(GOAL_2024)] == few
    assert few[0] <= MOST_QUERIES_ELSEWHERE and few[1] <= MOST_QUERIES["public.goal"]
