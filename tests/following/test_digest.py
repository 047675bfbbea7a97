"""Digests: one letter a day or a week of what is new, visible and followed when it is sent."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from dialog.conversation.models import Comment
from dialog.db import clock, db, transaction
from dialog.following.rules import HowOften
from dialog.notify import telling
from dialog.notify.models import DigestRun, Letter
from dialog.notify.rules import LetterKind, LetterState
from dialog.notify.sending import send_waiting
from dialog.notify.telling import tell_followers
from tests.following.crowd import gather_crowd, measured
from tests.following.power import cut_at_commit


def digests(*conditions):
    db.session.expire_all()
    return db.session.scalar(select(func.count()).where(Letter.kind == LetterKind.DIGEST, *conditions))


@pytest.fixture
def rut_follows(world, follows, post):
    """Rut follows the goal, and today's digests have gone."""
    follows(world.rut, world.goal())
    assert post.to() == []


def test_what_is_new_comes_in_one_letter_the_next_morning(world, rut_follows, post, morning):
    comments = [world.published(world.nils, f"Inlägg nummer {number} om vägarna.") for number in (1, 2)]
    response = world.answered(comments[0])
    assert post.to() == []
    morning()
    [(name, message)] = post.work()
    assert (name, message.subject) == ("rut", "Det som är nytt i det du följer")
    for comment in comments:
        assert message.body.count(f"> {comment.words.text}") == 1
    assert f"/svar/{response.id}" in message.body
    morning()
    assert post.to() == []  # never empty, and never the same again


def test_a_weekly_digest_comes_on_monday(world, rut_follows, wants, post, morning):
    wants(world.rut, "weekly")
    world.published(world.nils)  # on a Wednesday
    told = {}
    for _ in range(7):
        morning()
        for name in post.to():
            told[name] = clock.today().strftime("%A")
    assert told == {"rut": "Monday"}


def test_it_does_not_come_before_seven(world, rut_follows, post, morning):
    world.published(world.nils)
    morning()
    clock.forward(minutes=-2)
    assert post.to() == []
    clock.forward(minutes=1)
    assert post.to() == ["rut"]


def test_what_is_hidden_before_it_is_sent_is_not_told_and_an_empty_one_is_not_sent(
    world, rut_follows, post, morning
):
    hidden, shown = (world.published(world.nils, f"Inlägg {name} om vägarna.") for name in ("ett", "två"))
    morning()
    tell_followers()
    world.decide(hidden, "hide")
    [(_, message)] = post.work()
    assert shown.number in message.body
    assert hidden.number not in message.body and hidden.words.text not in message.body
    world.published(world.nils, "Ett inlägg som också döljs innan brevet går.")
    morning()
    tell_followers()
    newest = db.session.scalar(select(func.max(Letter.id)).where(Letter.kind == LetterKind.DIGEST))
    hide_everything(world)
    assert post.to() == []
    assert db.session.get_one(Letter, newest, populate_existing=True).state == LetterState.DROPPED


def hide_everything(world):
    for comment in db.session.scalars(select(Comment).where(Comment.is_public)).all():
        world.decide(comment, "hide")


def test_what_is_left_before_it_is_sent_is_not_told(world, client, rut_follows, post, morning):
    world.published(world.nils)
    morning()
    tell_followers()
    assert digests() == 1
    world.sign_in(client, world.rut)
    client.send("/konto/foljer", to=f"/folj/mal/{world.goal().id}/sluta")
    assert post.to() == []


def test_whoever_wants_none_gets_none_also_when_it_is_queued(world, rut_follows, wants, post, morning):
    world.published(world.nils)
    morning()
    tell_followers()
    wants(world.rut, "never")
    assert post.to() == []
    wants(world.rut, "daily")
    morning()
    assert post.to() == []  # what happened while none were wanted


def test_whose_comment_an_answer_covers_is_not_told_of_it_again(world, follows, post, morning):
    follows(world.nils, world.goal())
    comment = world.published(world.nils)
    post.work()
    world.answered(comment)
    morning()
    assert post.to() == []


def test_what_a_letter_at_once_has_told_is_not_told_in_a_digest(world, rut_follows, wants, post, morning):
    wants(world.rut, "at_once")
    first = world.published(world.nils)
    assert post.to() == ["rut"]
    wants(world.rut, "daily")
    second = world.published(world.nils, "Ett inlägg till, som kommer senare.")
    morning()
    [(_, message)] = post.work()
    assert second.number in message.body and first.number not in message.body


def test_what_waited_for_one_digest_comes_in_the_other(world, rut_follows, wants, post, morning):
    world.published(world.nils)
    wants(world.rut, "weekly")
    wants(world.rut, "daily")
    morning()
    assert post.to() == ["rut"]


def test_what_could_not_be_sent_yesterday_is_told_once_today(world, rut_follows, post, morning):
    world.published(world.nils)
    morning()
    post.fails = True
    assert post.to() == []
    second = world.published(world.nils, "Ett inlägg till, som kommer senare.")
    morning()
    post.fails = False
    bodies = [message.body for _, message in post.work()]
    assert sum(body.count("Bussen till Häggenås") for body in bodies) == 1
    assert sum(body.count(second.number) for body in bodies) == 1 + bodies[-1].count(
        f"/inlagg/{second.number}"
    )


def test_a_changed_comment_is_told_once_however_often_it_changed(world, follows, post, morning):
    comment = world.published(world.nils)
    follows(world.rut, comment)
    post.work()
    for number in range(3):
        world.edit(comment, f"Bussen till Häggenås borde gå klockan {20 + number}.")
    morning()
    [(_, message)] = post.work()
    assert message.body.count("Ändrat inlägg") == 1 and "klockan 22" in message.body


@pytest.mark.parametrize(("how_often", "days"), [("daily", 7), ("weekly", 14)])
@pytest.mark.parametrize("change", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_over_a_clock_change_nothing_is_lost_or_told_twice(
    world, follows, wants, post, change, how_often, days
):
    clock.set(change - timedelta(days=2))
    follows(world.rut, world.goal())
    wants(world.rut, how_often)
    post.work()
    told, numbers = [], []
    for hour in range(days * 24):
        clock.set(change - timedelta(days=2) + timedelta(hours=hour))
        if hour % 30 == 0 and hour < 120:
            numbers.append(world.published(world.nils, f"Inlägg nummer {hour} om vägarna.").number)
        told += [message.body for _, message in post.work()]
    assert [sum(f"/inlagg/{number}\n" in body for body in told) for number in numbers] == [1] * len(numbers)


def test_a_clock_that_goes_wrong_by_a_year_loses_nothing_and_tells_nothing_twice(
    world, rut_follows, post, morning
):
    numbers, told = [], []

    def say_and_send():
        numbers.append(world.published(world.nils, f"Inlägg nummer {len(numbers)} om vägarna.").number)
        morning()
        told.extend(message.body for _, message in post.work())

    say_and_send()
    for jump in (365, -365, -365, 365):
        clock.forward(days=jump)
        say_and_send()
    morning(2)
    told.extend(message.body for _, message in post.work())
    assert [sum(f"/inlagg/{number}\n" in body for body in told) for number in numbers] == [1] * len(numbers)


def test_the_database_refuses_a_second_run_of_the_same_day(world, post):
    post.work()
    run = db.session.scalars(select(DigestRun).where(DigestRun.how_often == HowOften.DAILY)).one()
    with pytest.raises(IntegrityError), transaction():
        db.session.add(DigestRun(how_often=run.how_often, period=run.period))


@pytest.mark.parametrize("stops_at", range(1, 8))
def test_queueing_that_is_stopped_anywhere_goes_on_and_each_gets_one(
    world, follows, post, morning, monkeypatch, stops_at
):
    people = [world.rut, world.vera, world.max, world.olle, world.adam]
    for person in people:
        follows(person, world.goal())
    post.work()
    monkeypatch.setattr(telling, "FOLLOWERS_AT_A_TIME", 2)
    monkeypatch.setattr(telling, "_TELL_IN_DIGEST", telling._queue(telling._DIGESTS.limit(2)))
    world.published(world.nils)
    morning()
    cut_at_commit(stops_at)
    tell_followers()
    assert digests() == len(people)
    assert len(post.work()) == len(people)
    assert post.work() == []


def test_a_crash_between_sent_and_marked_repeats_that_letter_alone(world, follows, post, morning):
    for person in (world.rut, world.vera):
        follows(person, world.goal())
    post.work()
    world.published(world.nils)
    post.work()
    morning()
    with (
        patch("dialog.notify.sending._finish", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        post.work()
    db.session.rollback()
    assert len(post.sent) == 1
    [(first, said)] = post.sent
    clock.forward(minutes=6)  # the lease is over
    again = post.work()
    assert sorted(name for name, _ in again) == ["rut", "vera"]
    assert dict(again)[first].body == said.body
    assert post.work() == []


def test_a_batch_takes_a_constant_number_of_statements(world, morning):
    tell_followers()
    most = []
    for size in (500, 4500):
        gather_crowd(world.goal(), size, "daily")
        world.published(world.nils, f"Ett inlägg till {size} som följer målet.")
        morning()
        before = digests()
        with measured() as found:
            tell_followers()
        assert digests() - before == (500 if size == 500 else 5000)
        most.append(max(found.transactions))
    assert most[0] == most[1]


def test_letters_that_somebody_waits_for_go_before_digests(world, rut_follows, morning, recorder):
    world.published(world.nils)
    morning()
    send_waiting(recorder)
    tell_followers()
    clock.forward(minutes=1)
    world.say(world.vera, "Ett inlägg vars kvitto ska gå före.")
    recorder.sent.clear()
    send_waiting(recorder)
    assert [str(letter.kind) for letter, _ in recorder.sent] == ["receipt", "digest"]
