"""A committee's inbox: what waits, what is due first coming first, for the committee's own officers alone."""

import re

import pytest
from sqlalchemy import select

from dialog.db import clock, db, transaction
from dialog.people.operations import give_role
from dialog.people.rules import Role
from dialog.response.models import Matter

INBOX = "/namnd/ks/inkorg"


@pytest.fixture
def olle(world, client):
    """The browser of an officer of KS."""
    world.sign_in(client, world.olle)
    return client


def numbers(page: str) -> list[str]:
    """The registration numbers of the matters on a page, in their order."""
    return re.findall(r'<label class="matter__label".*?<span class="code">(\d{4}-\d{6})</span>', page)


def test_an_officer_sees_what_waits_with_the_words_and_the_time_left(world, olle):
    comment = world.published(text="Vi behöver fler bussar till Häggenås.", area_id=1)
    clock.forward(days=2)
    page = olle.get(INBOX).text
    assert numbers(page) == [comment.number]
    for shown in ("Vi behöver fler bussar till Häggenås.", "Nils", "2024: Näringsliv och tillväxt"):
        assert shown in page
    assert "Har väntat 2 arbetsdagar." in page
    assert "Ska besvaras senast den" in page
    assert 'datetime="2026-03-25"' in page
    assert "1 inlägg väntar på svar." in page


def test_an_empty_inbox_says_so(olle):
    assert "Inget väntar på svar." in olle.get(INBOX).text


def test_one_working_day_is_one_day(world, client):
    world.published()
    clock.forward(days=1)
    world.sign_in(client, world.olle)
    page = client.get(INBOX).text
    assert "Har väntat 1 arbetsdag." in page
    assert "försenat" not in page


def test_what_is_late_is_counted_and_says_since_when(world, client):
    world.published()
    clock.forward(days=31)
    world.published(world.rut, "Ett inlägg som inte är försenat.")
    world.sign_in(client, world.olle)
    page = client.get(INBOX).text
    assert "2 inlägg väntar på svar. 1 är försenat." in page
    words = " ".join(re.sub(r"<[^>]+>", "", page).replace("\u00a0", " ").split())
    assert "Mycket försenat: skulle ha besvarats den 25 mars 2026." in words


def test_what_waits_stands_under_its_goal_the_most_urgent_goal_first(world, olle):
    earlier = world.goal("1-1", 2023)
    first = world.published(text="Ett inlägg om ett mål från 2023.", goal=earlier)
    clock.forward(days=1)
    second = world.published(world.rut, "Ett inlägg om målet från 2024.")
    third = world.published(world.vera, "Ännu ett inlägg om ett mål från 2023.", goal=earlier)
    world.sign_in(olle, world.olle)
    page = olle.get(INBOX).text
    assert numbers(page) == [first.number, third.number, second.number]
    headings = re.findall(r'<h3 id="mal-\d+">(\d{4}):', page)
    assert headings == ["2023", "2024"]
    assert page.index("<h3", page.index(third.number)) < page.index(second.number)


@pytest.mark.parametrize(
    ("days", "word"),
    [(13, None), (14, "Ska besvaras i dag"), (15, "Försenat"), (30, "Försenat"), (31, "Mycket försenat")],
)
def test_how_late_a_matter_is_stands_in_words(world, client, days, word):
    world.published()
    clock.forward(days=days)
    world.sign_in(client, world.olle)
    found = re.search(r'<p class="standing standing--\w+">.*?<strong>(.*?)</strong>', client.get(INBOX).text)
    assert (found.group(1) if found else None) == word


def test_what_is_due_first_comes_first(world, olle):
    late_in_number = world.say(world.nils, "Det första inlägget, som en moderator läser sent.")
    early = world.published(world.rut, "Det andra inlägget, som en moderator läser tidigt.")
    clock.forward(days=3)
    world.publish_comment(late_in_number)
    assert numbers(olle.get(INBOX).text) == [early.number, late_in_number.number]


def test_only_what_waits_at_this_committee_is_there(world, olle):
    ours = world.published(text="Ett inlägg till kommunstyrelsen.")
    world.published(world.rut, "Ett inlägg till socialnämnden.", assignment=world.assignment(3))
    world.say(world.prepared(world.gun), "Ett inlägg som väntar på en moderator.")
    world.decide(world.published(world.vera, "Ett inlägg som har dolts."), "hide")
    world.answered(world.published(world.trusted(world.rut), "Ett inlägg som har fått svar."))
    waiting = set(numbers(olle.get(INBOX).text))
    assert ours.number in waiting
    assert waiting == {matter.comment.number for matter in world.matters("KS")}
    assert "Ett inlägg som har dolts." not in olle.get(INBOX).text


def test_pages_follow_each_other_without_loss_or_repeat(world, olle):
    world.trusted(world.rut)
    for number in range(23):
        clock.forward(hours=2)  # several on the same due day, over several days
        world.say(world.rut, f"Inlägg nummer {number} om samma mål.")
    for number in range(21):
        world.say(world.rut, f"Inlägg nummer {number} på en och samma dag.")
    expected = [
        number
        for (number,) in db.session.execute(select(Matter.comment_id).order_by(Matter.due_on, Matter.id))
    ]
    seen, address = [], INBOX
    for _ in range(5):
        page = olle.get(address).text
        assert len(numbers(page)) <= 20
        seen += numbers(page)
        more = re.search(rf'href="({INBOX}\?efter=\d+)"', page)
        if not more:
            break
        address = more.group(1)
    assert seen == [f"2026-{number:06d}" for number in expected]
    assert len(seen) == 45


def test_the_next_page_starts_where_it_should_though_the_last_matter_was_answered_meanwhile(world, olle):
    world.trusted(world.rut)
    comments = [world.say(world.rut, f"Inlägg nummer {number} om samma mål.") for number in range(24)]
    first = olle.get(INBOX).text
    last = next(one for one in comments if one.number == numbers(first)[-1])
    world.answered(last)
    following = numbers(olle.get(re.search(rf'href="({INBOX}\?efter=\d+)"', first).group(1)).text)
    assert following == [one.number for one in comments[-5:]]


@pytest.mark.parametrize("cursor", ["0", "x", "-1", "999999", ""])
def test_a_cursor_that_leads_nowhere_is_no_error(world, olle, cursor):
    world.published()
    assert olle.get(f"{INBOX}?efter={cursor}").status_code == 200


def test_drafts_are_offered_before_what_waits(world, olle):
    comment = world.published()
    draft = world.drafted(comment)
    page = olle.get(INBOX).text
    assert f'href="/namnd/ks/svar/{draft.id}"' in page
    assert page.index("Utkast") < page.index(comment.number)


def test_a_published_answer_is_no_draft(world, olle):
    response = world.answered(world.published())
    assert f"/namnd/ks/svar/{response.id}" not in olle.get(INBOX).text


@pytest.mark.parametrize("name", ["rut", "vera", "mona", "tore", "rikard", "karin", "adam"])
def test_nobody_else_sees_the_inbox(world, client, name):
    world.sign_in(client, world.people[name])
    assert client.get(INBOX).status_code == 403


def test_an_officer_sees_no_other_committees_inbox(world, olle):
    assert olle.get("/namnd/tn/inkorg").status_code == 403
    assert olle.get("/namnd/kf/inkorg").status_code == 403


def test_whoever_publishes_a_committees_answers_sees_its_inbox_too(world, client):
    with transaction():
        give_role("rut@example.org", Role.EDITOR, world.committee("KS"), now=clock.now())
    world.sign_in(client, world.rut)
    assert client.get(INBOX).status_code == 200
    assert client.get("/namnd/tn/inkorg").status_code == 403


def test_a_visitor_is_asked_to_sign_in_and_comes_back(client):
    response = client.get(INBOX)
    assert response.status_code == 303
    assert response.location == f"/logga-in?next={INBOX}"


def test_an_unknown_committee_has_no_inbox(olle):
    assert olle.get("/namnd/finns-inte/inkorg").status_code == 404


def test_the_inbox_is_never_kept_for_others(world, olle):
    assert olle.get(INBOX).headers["Cache-Control"] == "private, no-store"


def test_the_inbox_is_in_english_too(world, olle):
    world.published()
    page = olle.get(f"/en{INBOX}").text
    assert "1 comment waits for an answer." in page
    assert "Business and growth" in page
    assert "Has waited 0 working days." in page
