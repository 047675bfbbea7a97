"""A comment's own page, its receipt and its author's list, in every state it can be in."""

import re
from dataclasses import dataclass

import pytest

from dialog.conversation.models import Comment
from dialog.db import clock, db, transaction
from tests.world import ANSWER, GOAL_2024, WORDS

REASONS = "Det handlar inte om målet."


@dataclass(frozen=True)
class Row:
    """A state: the days waited in it, what everybody may see, and the words on the receipt."""

    state: str
    days: int
    public: bool
    says: tuple[str, ...]
    says_not: tuple[str, ...] = ()


# Who has the receipt's address can follow every step. Everybody sees the comment while it is published, else
# only its author does.
ROWS = [
    Row(
        "received",
        0,
        False,
        ("En moderator läser", "Inom 2\u00a0arbetsdagar", "Inom 10\u00a0arbetsdagar från att"),
        ("Publicerat", "Senast den"),
    ),
    Row(
        "published",
        0,
        True,
        ("Publicerat</a>", "Kommunstyrelsen svarar", "Senast den", 'datetime="2026-03-25"', "Spara adressen"),
    ),
    Row(
        "published",
        14,
        True,
        ("Kommunstyrelsen svarar", "Senast den"),
        ("<strong>Försenat", "har inte svarat än"),
    ),
    Row(
        "published",
        15,
        True,
        ("Kommunstyrelsen har inte svarat än", "<strong>Försenat.</strong>", "Svaret skulle ha kommit den"),
        ("Senast den",),
    ),
    Row("published", 31, True, ("<strong>Mycket försenat.</strong>", "Svaret skulle ha kommit den")),
    Row("hidden", 0, False, ("Varför inlägget inte visas", REASONS), ("Kommunstyrelsen svarar",)),
    Row(
        "answered",
        0,
        True,
        ("Kommunstyrelsen har svarat", ANSWER.we_decided, ANSWER.because, "Ditt inlägg är besvarat."),
        ("Senast den", "Spara adressen"),
    ),
    Row("answered then hidden", 0, False, ("Varför inlägget inte visas", REASONS), (ANSWER.we_decided,)),
    Row("withdrawn", 0, False, ("Tillbakadraget av dig",), ("Kommunstyrelsen svarar", "En moderator läser")),
    Row("restored", 0, True, ("Visas inte", "Kommunstyrelsen svarar"), ("Varför inlägget inte visas",)),
]
IN_EVERY_STATE = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.state} for {row.days} days")


def made(world, row: Row):
    """A comment by Nils in the row's state, as many days old."""
    comment = world.say() if row.state == "received" else world.published()
    if row.state.startswith("answered"):
        world.answered(comment)
    if row.state in {"hidden", "answered then hidden", "restored"}:
        world.decide(comment, "hide")
    if row.state == "restored":
        world.decide(comment, "restore")
    if row.state == "withdrawn":
        world.withdraw(comment)
    clock.forward(days=row.days)
    return comment


@IN_EVERY_STATE
def test_the_receipt_says_where_the_comment_stands(world, client, row):
    comment = made(world, row)
    response = client.get(f"/kvitto/{comment.receipt_key}")
    assert response.status_code == 200
    for words in ("Mottaget och registrerat", comment.number, WORDS, *row.says):
        assert words in response.text, words
    for words in row.says_not:
        assert words not in response.text, words
    assert '<meta name="robots" content="noindex">' in response.text
    english = client.get(f"/en/kvitto/{comment.receipt_key}").text
    assert "Received and registered" in english
    assert WORDS in english
    assert "Mottaget" not in english
    assert response.headers["Cache-Control"] == "private, no-store"


@IN_EVERY_STATE
def test_others_see_the_comment_while_it_is_published_and_else_it_does_not_exist(world, app, row):
    comment = made(world, row)
    for name in ("visitor", "rut", "eva", "rikard", "adam"):
        client = world.browser_of(name)
        for prefix in ("", "/en"):
            response = client.get(f"{prefix}/inlagg/{comment.number}")
            is_there = row.public or row.state == "withdrawn"  # then a marker stands in its place
            assert response.status_code == (200 if is_there else 404), name
            assert (WORDS in response.text) == row.public, name
            assert response.headers["Cache-Control"] == "private, no-store"


@IN_EVERY_STATE
def test_its_author_and_a_moderator_see_it_in_every_state(world, client, row):
    comment = made(world, row)
    for person in (world.mona, world.nils):
        world.sign_in(client, person)
        assert WORDS in client.get(f"/inlagg/{comment.number}").text
    own = client.get("/mina-inlagg").text
    assert WORDS in own
    assert f"/kvitto/{comment.receipt_key}" in own


@IN_EVERY_STATE
def test_it_is_counted_and_shown_on_the_goal_while_it_is_published(world, client, row):
    made(world, row)
    page = client.get(GOAL_2024).text
    assert (WORDS in page) == row.public
    assert world.goal().comment_count == (1 if row.public else 0)
    assert world.goal().answered_count == (1 if row.state == "answered" else 0)


def test_the_receipt_names_every_committee_and_each_answer(world, client):
    comment = world.published(assignment=world.assignment(2))
    world.answered(comment)
    page = client.get(f"/kvitto/{comment.receipt_key}").text
    assert "Kommunstyrelsen har svarat" in page
    for name in ("Tekniska nämnden", "Vård- och omsorgsnämnden", "Social- och arbetsmarknadsnämnden"):
        assert f"{name} svarar" in page
    assert "Kommunstyrelsen svarar" not in page


def test_the_answer_stands_before_what_is_late_on_the_receipt(world, client):
    comment = world.published(assignment=world.assignment(2))
    world.answered(comment)
    clock.forward(days=20)
    page = client.get(f"/kvitto/{comment.receipt_key}").text
    assert page.index("Kommunstyrelsen har svarat") < page.index("Tekniska nämnden har inte svarat än")
    assert "Ditt inlägg är besvarat." not in page
    assert "Ditt inlägg har fått en del av svaren." in page


def test_the_receipt_promises_what_the_committees_promise(world, client):
    with transaction():
        world.committee("KS").answer_days = 15
    assert "Inom 15\u00a0arbetsdagar från att" in client.get(f"/kvitto/{world.say().receipt_key}").text


def test_the_receipt_leads_to_the_comment_while_it_is_public(world, client):
    comment = world.published()
    link = f'href="/inlagg/{comment.number}"'
    assert link in client.get(f"/kvitto/{comment.receipt_key}").text
    world.decide(comment, "hide")
    assert link not in client.get(f"/kvitto/{comment.receipt_key}").text


def test_a_comments_own_page_does_not_link_to_itself(world, client):
    comment = world.published()
    assert "Visa inlägget" in client.get(GOAL_2024).text
    page = client.get(f"/inlagg/{comment.number}").text
    main = page[page.index("<main") : page.index("</main>")]
    assert "Visa inlägget" not in main
    assert f'href="/inlagg/{comment.number}"' not in main


def test_a_hidden_comments_receipt_says_the_ground_and_where_it_comes_from(world, client):
    comment = world.published()
    world.decide(comment, "hide")
    page = client.get(f"/kvitto/{comment.receipt_key}").text
    assert "Handlar inte om kommunens mål eller uppdrag</strong> (husreglerna)" in page
    assert world.mona.name not in page


def test_a_receipt_cannot_be_guessed_from_the_number(world, client):
    comment = world.published()
    assert client.get(f"/kvitto/{comment.number}").status_code == 404
    assert client.get(f"/kvitto/{comment.id}").status_code == 404
    assert len(comment.receipt_key) >= 20


def test_the_receipts_address_is_on_no_public_page(world, client):
    comment = world.published()
    world.answered(comment)
    for address in (GOAL_2024, "/", f"/inlagg/{comment.number}", "/svar/1", "/namnd/ks"):
        assert comment.receipt_key not in client.get(address).text


def test_own_comments_are_the_persons_own_and_follow_page_by_page(world, client):
    world.trusted(world.rut)
    for number in range(22):
        world.say(world.rut, f"Inlägg nummer {number} om målet.")
    world.published(world.nils, "Ett inlägg av någon annan.")
    world.sign_in(client, world.rut)
    first = client.get("/mina-inlagg").text
    second = client.get("/mina-inlagg" + re.search(r'href="(\?efter=[\d-]+)"', first).group(1)).text
    shown = [re.findall(r'id="inlagg-([\d-]+)"', page) for page in (first, second)]
    assert shown[0] + shown[1] == [f"2026-{number:06d}" for number in range(23, 0, -1)]
    assert "Ett inlägg av någon annan." not in first + second


def test_somebody_who_has_written_nothing_is_shown_the_way(world, client):
    world.sign_in(client, world.rut)
    assert "Du har inte skickat något" in client.get("/mina-inlagg").text


def test_a_visitor_has_no_comments_of_their_own(client):
    response = client.get("/mina-inlagg")
    assert (response.status_code, response.location) == (303, "/logga-in?next=/mina-inlagg")


def test_who_speaks_for_an_organisation_is_shown_with_it(world, client):
    comment = world.published(world.vera, mandate=world.mandate)
    page = client.get(f"/inlagg/{comment.number}").text
    for words in ("Lockne byalag", "Vera", "årsmötet 2026-02-01"):
        assert words in page


def test_a_comment_in_another_language_is_marked_up_with_it(world, client):
    comment = world.published(text="Mijjieh sïjhtebe bussem åadtjodh.")
    with transaction():
        db.session.get(Comment, comment.id).language = "sma"
    assert 'lang="sma"' in client.get(f"/inlagg/{comment.number}").text


def test_nobody_is_asked_to_report_their_own_comment_among_their_own(world, client):
    comment = world.published(world.nils)
    world.sign_in(client, world.nils)
    page = client.get("/mina-inlagg").text
    assert comment.number in page
    assert f"/inlagg/{comment.number}/anmal" not in page
