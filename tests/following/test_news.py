"""What is new in what one follows, as the site shows it."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import ObjectNotExecutableError

from dialog.conversation.rules import CommentState
from dialog.db import clock, db, transaction
from dialog.dialogues.operations import move_dialogue
from dialog.dialogues.rules import DialogueState
from dialog.following.models import Follow, News, Progress
from dialog.following.operations import read_on
from dialog.following.queries import unread_count
from dialog.notify.telling import read_the_log
from dialog.plan.models import Area
from tests.test_house_rules import MOST_QUERIES_ELSEWHERE, queries_of


def move(world, dialogue, to):
    with transaction():
        move_dialogue(dialogue, to, seen=dialogue.version, editor=world.eva, now=clock.now())


def test_whoever_follows_is_told_of_new_comments_there(world, follows, news):
    area = db.session.scalars(select(Area)).first()
    for person, it in (
        (world.rut, world.goal()),
        (world.vera, world.assignment(1)),
        (world.olle, world.committee("KS")),
        (world.adam, area),
    ):
        follows(person, it)
    comment = world.published(world.nils, assignment=world.assignment(1), area_id=area.id)
    for person in (world.rut, world.vera, world.olle, world.adam):
        assert news(person) == [("commented", comment.id)], person.name


def test_whoever_follows_something_else_is_not(world, follows, news):
    follows(world.rut, world.assignment(3))
    follows(world.vera, world.committee("KFN"))
    world.published(world.nils, assignment=world.assignment(1))
    assert news(world.rut) == news(world.vera) == []


def test_an_answer_is_told_of_wherever_it_belongs(world, follows, news):
    comment = world.published(world.nils, assignment=world.assignment(1))
    for person, it in (
        (world.rut, world.goal()),
        (world.vera, world.assignment(1)),
        (world.adam, world.committee("KS")),
        (world.karin, comment),
    ):
        follows(person, it)
    response = world.answered(comment)
    for person in (world.rut, world.vera, world.adam, world.karin):
        assert news(person) == [("answered", response.id)], person.name


def test_a_changed_comment_is_told_of_to_those_who_follow_it_alone(world, follows, news):
    comment = world.published(world.nils)
    follows(world.rut, comment)
    follows(world.vera, world.goal())
    world.edit(comment, "Bussen till Häggenås borde gå också på natten.")
    assert news(world.rut) == [("changed", comment.id)]
    assert news(world.vera) == []


def test_a_reply_is_told_of_to_those_who_follow_the_comment_its_author_among_them(world, follows, news):
    comment = world.published(world.nils)
    follows(world.vera, comment)
    reply = world.published(world.rut, "Det håller jag med om, särskilt på lördagar.", parent=comment)
    for person in (world.nils, world.vera):
        assert news(person) == [("replied", reply.id)], person.name
    assert news(world.rut) == []


def test_whoever_replies_is_told_when_what_they_replied_to_is_answered(world, news):
    comment = world.published(world.nils)
    for text in ("Det håller jag med om, särskilt på lördagar.", "Och dessutom på söndagar, tycker jag."):
        world.published(world.rut, text, parent=comment)
    response = world.answered(comment)
    assert news(world.rut) == [("answered", response.id)]


def test_a_dialogue_is_told_of_when_it_opens_and_closes(world, follows, news):
    follows(world.rut, world.goal())
    follows(world.vera, world.committee("KS"))
    dialogue = world.asked()
    assert news(world.rut) == []
    move(world, dialogue, DialogueState.OPEN)
    move(world, dialogue, DialogueState.CLOSED)
    for person in (world.rut, world.vera):
        told = [("dialogue_closed", dialogue.id), ("dialogue_opened", dialogue.id)]
        assert news(person) == told


def test_nobody_is_told_of_their_own_doings(world, follows, news):
    for person in (world.nils, world.eva):
        follows(person, world.goal())
    comment = world.published(world.nils)
    world.edit(comment, "Bussen till Häggenås borde gå också på natten.")
    response = world.answered(comment)
    assert news(world.nils) == [("answered", response.id)]
    assert news(world.eva) == [("commented", comment.id)]


def test_whoever_comments_follows_what_they_wrote_and_can_stop(world, client, news):
    comment = world.published(world.nils)
    assert news(world.nils) == []
    world.sign_in(client, world.nils)
    assert comment.number in client.get("/konto/foljer").text
    client.send("/konto/foljer", to=f"/folj/inlagg/{comment.id}/sluta")
    world.answered(comment)
    assert news(world.nils) == []


def test_whom_the_customer_centre_heard_follows_nothing(world, news):
    heard = world.heard()
    read_the_log()
    assert db.session.scalar(select(func.count()).where(Follow.person_id == heard.author_id)) == 0


def test_what_happened_before_one_followed_is_not_told(world, follows, news):
    world.published(world.nils)
    follows(world.rut, world.goal())
    assert news(world.rut) == []


def test_what_happened_before_one_followed_again_is_not_told(world, client, follows, news):
    follows(world.rut, world.goal())
    world.published(world.nils)
    world.sign_in(client, world.rut)
    page = f"/folj/mal/{world.goal().id}"
    client.send(page, to=f"{page}/sluta")
    assert news(world.rut) == []
    client.send(page)
    assert news(world.rut) == []


def test_what_is_hidden_since_is_gone_and_is_not_counted(world, follows, news):
    follows(world.rut, world.goal())
    comment = world.published(world.nils)
    assert news(world.rut) and unread_count(world.rut, clock.now()) == 1
    world.decide(comment, "hide")
    assert news(world.rut) == [] and unread_count(world.rut, clock.now()) == 0
    world.decide(comment, "restore")
    assert news(world.rut) == [("commented", comment.id)]  # once, though it was published twice


def test_what_is_said_of_a_hidden_comment_is_gone_for_those_who_follow_it(world, follows, news, client):
    comment = world.published(world.nils)
    follows(world.rut, comment)
    world.edit(comment, "Bussen till Häggenås borde gå också på natten.")
    world.decide(comment, "hide")
    assert comment.state == CommentState.HIDDEN
    assert news(world.rut) == []
    world.sign_in(client, world.rut)
    assert comment.number not in client.get("/konto/nytt").text


def test_a_reply_is_called_one_by_whatever_it_is_followed(world, follows, news, client):
    follows(world.rut, world.goal())
    comment = world.published(world.nils)
    reply = world.published(world.vera, "Det håller jag med om.", parent=comment)
    news(world.rut)
    world.sign_in(client, world.rut)
    page = client.get("/konto/nytt").text
    for what, number in (("Nytt inlägg", comment.number), ("Ny replik", reply.number)):
        assert f'{what} <span class="number">{number}</span>' in page


def test_what_is_followed_in_two_ways_is_told_once_with_both_reasons(world, follows, news, client):
    follows(world.rut, world.goal())
    follows(world.rut, world.assignment(1))
    comment = world.published(world.nils, assignment=world.assignment(1))
    assert news(world.rut) == [("commented", comment.id)]
    world.sign_in(client, world.rut)
    page = client.get("/konto/nytt").text
    assert f"/uppdrag/{world.assignment(1).id}" in page.split("Du följer:")[1]


def test_what_is_older_than_a_month_is_no_longer_new(world, follows, news):
    follows(world.rut, world.goal())
    world.published(world.nils)
    assert len(news(world.rut)) == 1
    clock.forward(days=31)
    assert news(world.rut) == [] and unread_count(world.rut, clock.now()) == 0


def test_news_come_a_page_at_a_time(world, client, follows, news):
    follows(world.rut, world.goal())
    comments = [
        world.published(
            world.trusted(world.nils) if not number else world.nils, f"Inlägg nummer {number} om vägen."
        )
        for number in range(21)
    ]
    news(world.rut)
    world.sign_in(client, world.rut)
    first = client.get("/konto/nytt").text
    assert comments[-1].number in first and comments[0].number not in first
    more = first.split('href="?efter=')[1].split('"')[0]
    assert comments[0].number in client.get(f"/konto/nytt?efter={more}").text


def test_having_read_is_said_by_a_form_and_by_nothing_else(world, client, follows, news):
    follows(world.rut, world.goal())
    world.published(world.nils)
    news(world.rut)
    world.sign_in(client, world.rut)
    for _ in range(2):
        page = client.get("/konto/nytt").text
        assert "1 oläst" in page
    until = page.split('name="until" value="')[1].split('"')[0]
    assert client.send("/konto/nytt", {"until": until}).status_code == 303
    after = client.get("/konto/nytt").text
    assert "oläst" not in after and "Nytt inlägg" in after
    world.published(world.nils, "Ett inlägg till om bussen, som är nytt.")
    news(world.rut)
    assert "1 oläst" in client.get("/konto/nytt").text


def test_having_read_is_never_taken_back_or_said_of_what_has_not_happened(world, client, follows, news):
    follows(world.rut, world.goal())
    world.sign_in(client, world.rut)
    for until in ("2147483647", "0", "", "x"):
        assert client.send("/konto/foljer", {"until": until}, to="/konto/nytt").status_code == 303
    world.published(world.nils)
    news(world.rut)
    assert unread_count(world.rut, clock.now()) == 1


def test_reading_the_log_that_is_stopped_anywhere_goes_on_from_there(world, follows, monkeypatch, news):
    follows(world.rut, world.goal())
    comment = world.published(world.nils)
    monkeypatch.setattr("dialog.following.operations._MAKE_READERS", None)
    with pytest.raises(ObjectNotExecutableError), transaction():
        read_on()
    assert db.session.scalar(select(func.count()).select_from(News)) == 0
    monkeypatch.undo()
    assert news(world.rut) == [("commented", comment.id)]
    before = db.session.scalar(select(func.count()).select_from(News))
    read_the_log()
    assert db.session.scalar(select(func.count()).select_from(News)) == before
    assert db.session.scalar(select(Progress.event_id)) is not None


def test_the_pages_ask_a_constant_number_of_queries(world, app, follows, news):
    def measure():
        news(world.rut)
        client = app.test_client()
        world.sign_in(client, world.rut)
        return [len(queries_of(app, client, page)) for page in ("/konto/nytt", "/konto/foljer")]

    for it in (
        world.goal(),
        world.assignment(1),
        world.committee("KS"),
        db.session.scalars(select(Area)).first(),
    ):
        follows(world.rut, it)
    move(world, world.asked(), DialogueState.OPEN)
    world.answered(world.published(world.nils, assignment=world.assignment(1)))
    few = measure()
    for number in range(12):
        comment = world.published(
            world.nils, f"Inlägg nummer {number} om vägen.", assignment=world.assignment(1)
        )
        follows(world.rut, comment)
        world.answered(comment)
    assert measure() == few
    assert max(few) <= MOST_QUERIES_ELSEWHERE
