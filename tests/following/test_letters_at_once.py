"""Letters to those who want to know at once what happens to what they follow."""

import pytest
from sqlalchemy import func, select

from dialog.db import db
from dialog.following.models import Reader
from dialog.notify import telling
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.notify.telling import tell_followers
from tests.following.crowd import gather_crowd, measured
from tests.following.power import cut_at_commit


def letters():
    db.session.expire_all()
    return db.session.scalar(select(func.count()).where(Letter.kind == LetterKind.FOLLOWED))


def test_whoever_wants_it_at_once_gets_a_letter_about_each_thing(world, follows, wants, post):
    follows(world.rut, world.goal())
    wants(world.rut, "at_once")
    comment = world.published(world.nils)
    [(name, message)] = post.work()
    assert name == "rut"
    assert message.subject == "Nytt i det du följer: Nytt inlägg"
    assert f"> {comment.words.text}" in message.body and f"/inlagg/{comment.number}" in message.body
    assert post.work() == []
    world.answered(comment)
    [(_, message)] = post.work()
    assert "Vi provar en kvällstur i höst." in message.body


def test_whoever_wants_it_otherwise_does_not(world, follows, wants, post):
    for person, how_often in ((world.rut, "daily"), (world.vera, "weekly"), (world.max, "never")):
        follows(person, world.goal())
        wants(person, how_often)
    follows(world.gun, world.goal())  # who has chosen nothing
    post.work()
    world.published(world.nils)
    assert post.to() == []


def test_whose_comment_is_answered_gets_the_answer_once(world, follows, wants):
    comment = world.published(world.nils)
    for person in (world.nils, world.rut):
        follows(person, world.goal())
        wants(person, "at_once")
    world.answered(comment)
    tell_followers()
    to = [
        (letter.address, str(letter.kind))
        for letter in db.session.scalars(select(Letter).where(Letter.kind.in_(("answered", "followed"))))
    ]
    assert sorted(to) == [("nils@example.org", "answered"), ("rut@example.org", "followed")]


def test_a_letter_about_what_is_hidden_before_it_is_sent_is_not_sent(world, follows, wants, post):
    follows(world.rut, world.goal())
    wants(world.rut, "at_once")
    comment = world.published(world.nils)
    tell_followers()
    world.decide(comment, "hide")
    assert post.to() == []


def test_a_letter_about_what_is_left_before_it_is_sent_is_not_sent(world, client, follows, wants, post):
    follows(world.rut, world.goal())
    wants(world.rut, "at_once")
    world.published(world.nils)
    tell_followers()
    world.sign_in(client, world.rut)
    client.send("/konto/foljer", to=f"/folj/mal/{world.goal().id}/sluta")
    assert post.to() == []


def test_a_letter_to_whoever_wants_none_any_more_is_not_sent(world, follows, wants, post):
    follows(world.rut, world.goal())
    wants(world.rut, "at_once")
    world.published(world.nils)
    tell_followers()
    wants(world.rut, "never")
    assert post.to() == []
    wants(world.rut, "at_once")
    assert post.to() == []


def test_what_happened_before_one_chose_at_once_is_not_told_at_once(world, follows, wants, post):
    follows(world.rut, world.goal())
    world.published(world.nils)
    wants(world.rut, "at_once")
    assert post.to() == []


@pytest.mark.parametrize("stops_after", range(1, 7))
def test_queueing_that_is_stopped_anywhere_goes_on_and_each_gets_one(
    world, follows, wants, monkeypatch, stops_after
):
    people = [world.rut, world.vera, world.max, world.olle, world.adam]
    for person in people:
        follows(person, world.goal())
        wants(person, "at_once")
    monkeypatch.setattr(telling, "FOLLOWERS_AT_A_TIME", 2)
    monkeypatch.setattr(telling, "_TELL", telling._queue(telling._TO_TELL.limit(2)))
    world.published(world.nils)
    cut_at_commit(stops_after)
    tell_followers()
    assert letters() == len(people)
    tell_followers()
    assert letters() == len(people)


def test_a_batch_takes_a_constant_number_of_statements(world):
    most = []
    tell_followers()  # this morning's digests begin, to nobody
    for size in (500, 4500):
        gather_crowd(world.goal(), size, "at_once")
        before = letters()
        world.published(world.nils, f"Ett inlägg till {size} som följer målet.")
        with measured() as found:
            tell_followers()
        assert letters() - before == db.session.scalar(select(func.count()).select_from(Reader)) - 1
        most.append(max(found.transactions))
    assert most[0] == most[1]
