"""Those who follow an assignment, its goal or its committee are told when a follow-up of it is published."""

import pytest

from dialog.db import clock, db, transaction
from dialog.following.models import News
from dialog.notify.telling import read_the_log
from dialog.plan.accounting import place
from tests import counts

FOLLOWED = {
    "the assignment": lambda world: world.assignment(1),
    "the goal": lambda world: world.goal(),
    "the committee": lambda world: world.committee("KS"),
}


@pytest.mark.parametrize("thing", FOLLOWED.values(), ids=FOLLOWED.keys())
def test_who_follows_is_told_by_letter_and_on_the_page(world, app, follows, wants, post, thing):
    follows(world.rut, thing(world))
    wants(world.rut, "at_once")
    row = world.read_follow_up(world.assignment(1).title, "Vi har träffat åtta företagare.")
    [(name, message)] = post.work()
    assert name == "rut"
    assert message.subject == "Nytt i det du följer: Ny uppföljning av ett uppdrag"
    assert "> Vi har träffat åtta företagare." in message.body
    assert f"/uppdrag/{row.assignment_id}" in message.body
    client = app.test_client()
    world.sign_in(client, world.rut)
    page = client.get("/konto/nytt").text
    assert "Ny uppföljning av ett uppdrag" in page and "Vi har träffat åtta företagare." in page


def test_what_an_officer_writes_is_news_too_but_not_to_the_officer(world, follows, wants, post):
    for person in (world.rut, world.olle):
        follows(person, world.assignment(1))
        wants(person, "at_once")
    world.accounted(world.assignment(1))
    assert [name for name, _ in post.work()] == ["rut"]
    world.accounted(world.assignment(1), "done")
    assert post.work() == [], "Another state with the same words is no new follow-up."


def placed(world, row, about) -> None:
    """What an officer says a published row is about."""
    db.session.refresh(row)
    with transaction():
        place(row, about, None, seen=row.version, actor_id=world.olle.id, now=clock.now())


def test_what_is_put_right_before_anybody_was_told_is_told_once(world, follows, wants, post):
    follows(world.rut, world.goal())
    wants(world.rut, "at_once")
    row = world.read_follow_up("Något som liknar inget uppdrag alls.", "Vi har träffat åtta företagare.")
    for position in (1, 4, 1):
        placed(world, row, world.assignment(position))
    [(_, message)] = post.work()
    assert f"/uppdrag/{world.assignment(1).id}" in message.body
    assert f"/uppdrag/{world.assignment(4).id}" not in message.body


@pytest.mark.parametrize("how_often", ["at_once", "daily"])
def test_other_words_before_anybody_was_told_are_told_once(world, follows, wants, post, morning, how_often):
    follows(world.rut, world.goal())
    wants(world.rut, how_often)
    for words in ("Vi har börjat med arbetet.", "Vi har börjat med arbetet i alla skolor."):
        world.accounted(world.assignment(1), commentary=words)
    morning()
    [(_, message)] = post.work()
    assert message.body.count("Vi har börjat med arbetet") == 1 and "i alla skolor" in message.body


def test_what_is_about_no_assignment_for_certain_is_news_to_nobody(world, follows, wants, post):
    follows(world.rut, world.goal())
    wants(world.rut, "at_once")
    world.read_follow_up("Förbättra kvinnors förutsättningar för företagande.")
    assert post.work() == []
    read_the_log()
    assert counts.count(News, News.what == "followed_up") == 0
