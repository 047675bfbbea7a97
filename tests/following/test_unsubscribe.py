"""Ending letters about what one follows: from the account, and from a letter without signing in."""

import pytest
from sqlalchemy import func, select

from dialog.db import clock, db
from dialog.events import Event
from dialog.following.models import Follow
from dialog.following.queries import how_often
from dialog.following.rules import HowOften, Thing
from dialog.following.tokens import token_of_end
from dialog.notify.sending import send_waiting
from dialog.notify.telling import tell_followers

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
A_MAIL_PROGRAM = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}


def count_follows(person):
    db.session.expire_all()
    return db.session.scalar(select(func.count()).where(Follow.person_id == person.id))


def wants_now(person):
    db.session.rollback()
    return how_often(person)


@pytest.fixture
def mail(world, follows, wants, mail_server, smtp, post):
    """A letter at once to Rut, as a real mail server received it."""
    follows(world.rut, world.goal())
    wants(world.rut, "at_once")
    world.published(world.nils)
    post.fails = True
    post.work()
    clock.forward(hours=1)
    send_waiting(smtp)
    [mail] = [one for one in mail_server.mails if one["To"] == "rut@example.org"]
    return mail


def path_of(mail):
    address = mail["List-Unsubscribe"].replace("\r\n", "").replace(" ", "").strip("<>")
    return "/" + address.split("/", 3)[3]


def test_the_letter_says_to_a_mail_program_how_it_is_ended(mail):
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/brev/avsluta/" in path_of(mail)
    assert path_of(mail) in mail.get_content()


def test_a_service_letter_says_nothing_of_the_kind(world, mail, mail_server):
    receipts = [one for one in mail_server.mails if one["To"] == "nils@example.org"]
    assert receipts and all(one["List-Unsubscribe"] is None for one in receipts)


def test_a_mail_program_ends_it_with_one_click_and_without_signing_in(world, client, mail):
    for _ in range(2):
        answer = client.post(path_of(mail), data=ONE_CLICK, headers=A_MAIL_PROGRAM)
        assert answer.status_code == 200 and "Du får inga fler sådana mejl" in answer.text
        assert "Set-Cookie" not in answer.headers
    assert wants_now(world.rut) == HowOften.NEVER
    assert count_follows(world.rut) == 1  # what is followed stays, on the site
    events = select(func.count()).where(
        Event.kind == "person.chose_letters", Event.subject_id == world.rut.id
    )
    assert db.session.scalar(events) == 2  # at once, and never: not a third for the second click


def test_looking_at_the_address_ends_nothing(world, client, mail):
    for method in (client.get, client.head):
        assert method(path_of(mail)).status_code == 200
    assert wants_now(world.rut) == HowOften.AT_ONCE
    assert "<form" in client.get(path_of(mail)).text


def test_one_thing_can_be_left_from_a_letter(world, client, follows):
    follows(world.rut, world.goal())
    follows(world.rut, world.assignment(1))
    path = f"/brev/avsluta/{token_of_end(world.rut.id, Thing.GOAL, world.goal().id)}"
    assert "Sluta följa?" in client.get(path).text
    for _ in range(2):
        assert "Du följer det inte längre" in client.post(path, headers=A_MAIL_PROGRAM).text
    assert count_follows(world.rut) == 1
    assert wants_now(world.rut) == HowOften.DAILY


@pytest.mark.parametrize(
    "spoil", [lambda token: token[:-1], lambda token: f"x{token}", lambda _: "inte-en-lank"]
)
def test_an_address_that_is_not_ours_ends_nothing(world, client, follows, spoil):
    follows(world.rut, world.goal())
    path = f"/brev/avsluta/{spoil(token_of_end(world.rut.id))}"
    assert client.get(path).status_code == client.post(path, headers=A_MAIL_PROGRAM).status_code == 404
    assert wants_now(world.rut) == HowOften.DAILY


def test_what_was_queued_before_it_was_ended_is_not_sent(world, client, follows, wants, post):
    follows(world.rut, world.goal())
    wants(world.rut, "at_once")
    world.published(world.nils)
    tell_followers()
    client.post(f"/brev/avsluta/{token_of_end(world.rut.id)}", headers=A_MAIL_PROGRAM)
    assert post.to() == []


def test_answers_to_ones_own_comment_still_come(world, client, recorder):
    comment = world.published(world.nils)
    client.post(f"/brev/avsluta/{token_of_end(world.nils.id)}", headers=A_MAIL_PROGRAM)
    send_waiting(recorder)
    recorder.sent.clear()
    world.answered(comment)
    send_waiting(recorder)
    assert [str(letter.kind) for letter, _ in recorder.sent] == ["answered"]


def test_how_often_is_chosen_on_the_account_page(world, client):
    world.sign_in(client, world.rut)
    page = client.get("/konto").text
    assert 'value="daily" checked' in page
    answer = client.send("/konto", {"how_often": "weekly"}, to="/konto/brev/hur-ofta")
    assert answer.status_code == 303 and "Dina ändringar är sparade" in client.get(answer.location).text
    assert 'value="weekly" checked' in client.get("/konto").text
    assert wants_now(world.rut) == HowOften.WEEKLY


@pytest.mark.parametrize("choice", ["", "hourly", "AT_ONCE"])
def test_a_choice_that_is_none_is_said_at_the_field(world, client, choice):
    world.sign_in(client, world.rut)
    answer = client.send("/konto", {"how_often": choice}, to="/konto/brev/hur-ofta")
    assert answer.status_code == 422 and 'id="how_often-error"' in answer.text
    assert wants_now(world.rut) == HowOften.DAILY
