"""The customer centre puts on record what somebody said by another way than the web."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from dialog.conversation.models import Comment
from dialog.conversation.rules import Channel, CommentState, Refusal, ReviewReason
from dialog.conversation.submitting import NotAccepted
from dialog.db import changed, clock, db, transaction
from dialog.dialogues.operations import move_dialogue
from dialog.dialogues.rules import DialogueState
from dialog.events import Event
from dialog.moderation.operations import MayNotDecide
from dialog.notify.models import Letter
from dialog.people.models import Person
from dialog.people.operations import give_role
from dialog.people.rules import Role
from dialog.reception.operations import MayNotReceive
from tests.counts import count
from tests.threads import at_once
from tests.world import GOAL_2024, TERMS, WORDS

CHOOSE = "/kundcenter"
FORM = GOAL_2024.replace("/mal/", "/kundcenter/")
FILLED = {
    "channel": "phone",
    "received_on": "2026-03-10",
    "kind": "proposal",
    "text": WORDS,
    "paragraph": "",
    "area": "",
    "language": "sv",
    "name": "",
    "told": "1",
}


def fill_in(client, page=FORM, **changes):
    """Send the form on `page` as an official would fill it in, with `changes`."""
    key = re.search(r'name="form_key" value="([^"]+)"', client.get(page).text).group(1)
    filled = {"form_key": key, **FILLED, **changes}
    return client.send(page, {name: value for name, value in filled.items() if value is not None})


def only_comment() -> Comment:
    return db.session.scalars(select(Comment)).one()


@pytest.fixture
def karin(world, client):
    """The customer centre's browser."""
    world.sign_in(client, world.karin)
    return client


def test_mistakes_are_told_in_the_order_the_fields_stand_in(world, karin):
    sent = fill_in(karin, channel="", received_on="i går", kind="", text="Kort", speaks_for="ny", told=None)
    told = re.findall(r'href="#(\w+)"', sent.text.split("Det här behöver rättas")[1].split("</div>")[0])
    assert told == ["channel", "received_on", "kind", "text", "basis", "group_name", "group_kind", "told"]


def test_what_was_said_is_registered_and_waits_for_a_moderator(world, karin):
    assert fill_in(karin, name="Sven i Lit").status_code == 303
    comment = only_comment()
    assert (comment.number, comment.channel, comment.state) == (
        "2026-000001",
        Channel.PHONE,
        CommentState.RECEIVED,
    )
    assert (comment.received_on, comment.registered_by_id) == (date(2026, 3, 10), world.karin.id)
    assert comment.review_reason == ReviewReason.FIRST_COMMENT
    assert (comment.author.name, comment.author.email) == ("Sven i Lit", None)


def test_the_official_gets_the_receipt_and_can_go_on_with_channel_and_day_kept(karin):
    page = karin.get(fill_in(karin, channel="paper").location).text
    receipt = re.search(r'href="(/kvitto/[^"]+)"', page).group(1)
    assert "2026-000001" in page
    assert re.search(r'value="paper" checked', page)
    assert 'value="2026-03-10"' in page
    assert WORDS not in page
    assert WORDS in karin.get(receipt).text
    assert fill_in(karin, text="Det andra samtalet handlade om något annat.").status_code == 303


def test_what_it_is_about_is_found_by_words_in_its_title_and_chosen_by_a_link(world, karin):
    title = world.assignment(1).title
    page = karin.get(f"{CHOOSE}?ar=2024&q={title.split()[0].upper()}").text
    address = f"{FORM}?uppdrag={world.assignment(1).id}"
    assert f'href="{address}"' in page
    assert fill_in(karin, address).status_code == 303
    assert only_comment().assignment_id == world.assignment(1).id
    assert "Inget mål eller uppdrag" in karin.get(f"{CHOOSE}?ar=2024&q=finnsinte").text
    assert 'href="/kundcenter/2023/1-1"' in karin.get(f"{CHOOSE}?ar=2023").text
    assert karin.get(f"{CHOOSE}?ar=x&q=%2a").status_code == 200


def test_it_can_be_about_one_paragraph(karin):
    paragraph = re.findall(
        r'<option value="(\d+)"',
        re.search(r'name="paragraph".*?</select>', karin.get(FORM).text, re.S).group(),
    )[0]
    assert fill_in(karin, paragraph=paragraph, language="sma").status_code == 303
    assert (only_comment().paragraph_id, only_comment().language) == (int(paragraph), "sma")


def test_that_the_notice_was_told_is_on_record_and_nothing_of_what_was_said_is(world):
    comment = world.heard(name="Sven")
    rows = db.session.scalars(select(Event).order_by(Event.id.desc()).limit(3)).all()
    assert [row.kind for row in rows] == ["comment.submitted", "notice.told", "person.created"]
    assert {row.actor_id for row in rows} == {world.karin.id}
    assert rows[1].subject_id == comment.author_id and rows[1].details == {"version": 1}
    assert not [row for row in rows if WORDS in str(row.details) or "Sven" in str(row.details)]


def test_no_letter_goes_to_whoever_has_no_address(world):
    comment = world.publish_comment(world.heard())
    world.answered(comment)
    world.decide(comment, "hide")
    assert count(Letter, Letter.subject_id == comment.id) == 0


def test_the_card_says_the_way_it_came_and_resident_where_the_name_is_withheld(world, client):
    comment = world.publish_comment(world.heard())
    web = world.published(world.rut, "Det här skrevs på webben i stället.")
    card = client.get(f"/inlagg/{comment.number}").text
    assert "På telefon" in card
    assert '<span class="who">Invånare</span>' in card
    assert "På telefon" not in client.get(f"/inlagg/{web.number}").text


def test_the_queue_and_the_receipt_say_the_way_it_came(world, client):
    comment = world.heard(received_on=date(2026, 3, 9), channel=Channel.PAPER)
    receipt = client.get(f"/kvitto/{comment.receipt_key}").text
    assert "registrerat av kundcenter" in receipt
    assert "9\u00a0mars\u00a02026" in receipt
    assert "e-post" not in re.search(r"<main.*</main>", receipt, re.S)[0]
    world.sign_in(client, world.mona)
    assert "På papper" in client.get("/moderering").text


def test_whoever_put_it_on_record_does_not_decide_on_it(world, client):
    with transaction():
        give_role("karin@example.org", Role.MODERATOR, None, now=clock.now())
    comment = world.heard()
    with pytest.raises(MayNotDecide):
        world.decide(comment, "publish", moderator=world.karin)
    world.sign_in(client, world.karin)
    queue = client.get("/moderering").text
    assert f"granska-{comment.number}" not in queue
    assert "1 inlägg som är ditt, din organisations eller registrerat av dig" in queue
    decision = {"seen": 1, "act": "publish"}
    assert client.send("/logga-in", decision, to=f"/moderering/{comment.number}").status_code == 403
    assert world.decide(comment, "publish", moderator=world.max).state == CommentState.PUBLISHED


def test_only_the_customer_centre_registers(world, client):
    with pytest.raises(MayNotReceive):
        world.heard(official=world.mona)
    assert client.get(FORM).status_code == 303
    world.sign_in(client, world.mona)
    assert client.get(FORM).status_code == client.send("/logga-in", FILLED, to=FORM).status_code == 403
    assert count(Comment) == count(Person, Person.email.is_(None)) == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"channel": "web"}, "channel"),
        ({"channel": None}, "channel"),
        ({"received_on": ""}, "received_on"),
        ({"received_on": "i går"}, "received_on"),
        ({"received_on": "2026-03-12"}, "received_on"),
        ({"received_on": "2024-03-11"}, "received_on"),
        ({"kind": "rant"}, "kind"),
        ({"text": "Kort."}, "text"),
        ({"text": "a" * 5001}, "text"),
        ({"text": "Bussen\x00 borde gå oftare än den gör."}, "text"),
        ({"paragraph": "99999"}, "paragraph"),
        ({"area": "99"}, "area"),
        ({"language": "xx"}, "language"),
        ({"name": "n" * 81}, "name"),
        ({"name": "??"}, "name"),
        ({"told": None}, "told"),
        ({"form_key": "en nyckel"}, None),
    ],
)
def test_bad_input_is_said_at_the_field_and_what_was_typed_stays(karin, changes, field):
    sent = fill_in(karin, **{"name": "Sven i Lit", **changes})
    assert sent.status_code == 422
    assert count(Comment) == count(Person, Person.email.is_(None)) == 0
    if field:
        assert f'id="{field}-error"' in sent.text
    if "text" not in changes:
        assert WORDS in sent.text
    if "name" not in changes:
        assert "Sven i Lit" in sent.text


@pytest.mark.parametrize(
    "address",
    ["/kundcenter/2024/finns-inte", "/kundcenter/1999/x", f"{FORM}?uppdrag=99999", f"{FORM}?uppdrag=x"],
)
def test_there_is_no_form_for_what_does_not_exist(karin, address):
    assert karin.get(address).status_code == 404


def test_what_is_kept_in_the_address_is_kept_only_where_it_makes_sense(karin):
    page = karin.get(f"{FORM}?kanal=web&inkom=imorgon&registrerat=2026-000099").text
    assert "checked" not in re.search(r"<fieldset.*?</fieldset>", page, re.S)[0]
    assert 'value="2026-03-11"' in page
    assert "/kvitto/" not in page


def test_the_same_form_sent_twenty_times_at_once_is_one_comment_by_one_person(world, app):
    official_id = world.karin.id

    def press(n: int) -> str:
        return world.heard(form_key="pressed again", official=db.session.get(Person, official_id)).number

    numbers = at_once(app, 20, press)
    assert set(numbers) == {"2026-000001"}
    assert count(Comment) == count(Person, Person.email.is_(None)) == 1
    assert count(Event, Event.kind == "notice.told") == 1


def test_a_form_sent_again_with_other_words_or_by_another_is_refused_whole(world):
    world.heard(form_key="the same form")
    with transaction():
        give_role("mona@example.org", Role.CUSTOMER_CENTRE, None, now=clock.now())
    for again, refusal in (
        ({"text": "Det här är något helt annat."}, Refusal.OTHER_WORDS),
        ({"official": world.mona}, Refusal.ANOTHERS_FORM),
    ):
        with pytest.raises(NotAccepted) as refused:
            world.heard(form_key="the same form", **again)
        assert refused.value.refusal == refusal
    assert count(Comment) == count(Person, Person.email.is_(None)) == 1


def asked_and_closed(world, closed_after_days: int | None) -> None:
    """A dialogue that opens on 11 March with its last day on 1 April, closed early or not at all."""
    dialogue = world.asked()
    steps = [(0, DialogueState.OPEN)]
    if closed_after_days is not None:
        steps.append((closed_after_days, DialogueState.CLOSED))
    for days, to in steps:
        clock.forward(days=days)
        with transaction():
            move_dialogue(dialogue, to, seen=dialogue.version, editor=world.eva, now=clock.now())


@pytest.mark.parametrize(
    ("closed_after_days", "received_on", "is_taken"),
    [
        # On paper before the last day was over: taken, also when it is put on record after it.
        (None, TERMS.closes_on, True),
        (None, TERMS.closes_on + timedelta(days=1), False),
        # The same where it was closed early: what counts is the day it was closed.
        (5, date(2026, 3, 16), True),
        (5, date(2026, 3, 17), False),
        # Closed after its last day, the last day counts.
        (25, TERMS.closes_on, True),
        (25, TERMS.closes_on + timedelta(days=1), False),
        # Before it opened anything could be said.
        (5, date(2026, 3, 1), True),
    ],
)
def test_what_came_in_time_is_taken_after_the_dialogue_closed(
    world, client, closed_after_days, received_on, is_taken
):
    asked_and_closed(world, closed_after_days)
    clock.set(clock.now().replace(month=4, day=10))
    with pytest.raises(NotAccepted):
        world.say(world.nils)
    world.sign_in(client, world.karin)
    sent = fill_in(client, received_on=str(received_on))
    assert sent.status_code == (303 if is_taken else 409)
    assert count(Comment) == count(Person, Person.email.is_(None)) == int(is_taken)
    assert is_taken or (WORDS in sent.text and "registratorn" in sent.text)


def test_the_clock_begins_when_it_is_published(world):
    comment = world.heard(received_on=date(2026, 3, 2))
    clock.forward(days=1)
    [matter, *_] = world.matters("KS", world.publish_comment(comment))
    assert matter.opened_at == clock.now()


@pytest.mark.parametrize(
    "change",
    [
        {"received_on": None},
        {"registered_by_id": None},
        {"channel": "web"},
        {"registered_by_id": 99999},
    ],
)
def test_the_database_refuses_half_a_registration(world, change):
    comment = world.heard()
    with pytest.raises(IntegrityError), transaction():
        changed(update(Comment).where(Comment.id == comment.id).values(**change))


def test_two_people_can_be_without_an_address_and_neither_has_an_account(world):
    first, second = world.heard(), world.heard("Det här är vad den andra personen sade.")
    assert first.author_id != second.author_id
    assert first.author.grants == []
    assert not any(person.email is None for person in world.people.values())
