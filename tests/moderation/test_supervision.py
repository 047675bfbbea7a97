"""The record of supervision: what is written on it and by what, who sees it, and when moderators are reminded."""

from datetime import date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from dialog.db import STOCKHOLM, clock, db, transaction
from dialog.events import Event
from dialog.moderation.models import SupervisedDay
from dialog.moderation.operations import claim_comment
from dialog.moderation.queries import supervision
from dialog.moderation.rules import may_remind
from dialog.moderation.supervision import MayNotSupervise, note_gone_through
from dialog.notify.letters import NotWanted, write
from dialog.notify.models import Letter
from dialog.notify.reminding import remind_moderators
from dialog.notify.rules import LetterKind
from dialog.people.models import RoleGrant

PAGE, QUEUE = "/moderering/tillsyn", "/moderering"
WORDS = "Ett inlägg som ingen har granskat på länge."

# Whether moderators may be told, by the time in Sweden: on days when offices work, once they have opened.
REMINDERS = [
    ("2026-03-11T07:59", False),
    ("2026-03-11T08:00", True),
    ("2026-03-11T23:59", True),
    ("2026-03-14T12:00", False),  # a Saturday
    ("2026-04-03T12:00", False),  # Good Friday
    ("2026-06-19T12:00", False),  # midsummer's eve
    ("2026-04-07T12:00", True),
]


def days() -> list[SupervisedDay]:
    as_they_are = select(SupervisedDay).execution_options(populate_existing=True)
    return list(db.session.scalars(as_they_are.order_by(SupervisedDay.day)))


def reminders() -> list[Letter]:
    return list(
        db.session.scalars(select(Letter).where(Letter.kind == LetterKind.QUEUE_LATE).order_by(Letter.id))
    )


@pytest.mark.parametrize(("local", "may"), REMINDERS)
def test_when_moderators_may_be_reminded(local, may):
    assert may_remind(datetime.fromisoformat(local).replace(tzinfo=STOCKHOLM)) == may


def test_deciding_and_claiming_are_put_on_record_with_what_then_waits_the_longest(world):
    first, second = world.say(world.nils), world.say(world.vera, WORDS)
    world.decide(first, "publish")
    [day] = days()
    assert (day.day, day.last_at, day.last_by_id) == (clock.today(), clock.now(), world.mona.id)
    assert (day.oldest_id, day.oldest_since) == (second.id, second.review_since)
    clock.forward(hours=1)
    with transaction():
        claim_comment(second, moderator=world.max, now=clock.now())
    [day] = days()
    assert (day.last_at, day.last_by_id, day.oldest_id) == (clock.now(), world.max.id, second.id)
    clock.forward(days=1)
    world.decide(second, "hide", world.max)
    assert [(one.day, one.oldest_id) for one in days()] == [
        (date(2026, 3, 11), second.id),
        (date(2026, 3, 12), None),
    ]
    assert all(one.gone_through_at is None for one in days())


def test_looking_at_the_queue_and_at_the_record_writes_nothing(world, client):
    world.say(world.nils)
    world.sign_in(client, world.mona)
    for page in (QUEUE, PAGE):
        assert client.get(page).status_code == 200
    assert days() == []


def test_a_moderator_says_that_the_queue_is_gone_through(world, client):
    comment = world.say(world.nils)
    world.sign_in(client, world.mona)
    for _ in range(2):
        sent = client.send(PAGE)
        assert (sent.status_code, sent.location) == (303, f"{PAGE}?antecknat=1")
    page = client.get(sent.location).text.replace("\xa0", " ")
    assert "Det är antecknat att kön är genomgången." in page
    assert (
        f"genomgången kl. 10.00, någon arbetade senast kl. 10.00. Då hade "
        f'<span class="number">{comment.number}</span> väntat längst' in page
    )
    assert "Mona" not in page
    [day] = days()
    assert day.gone_through_at == clock.now()
    event = db.session.scalars(select(Event).where(Event.kind == "supervision.gone_through")).first()
    assert (event.subject_id, event.actor_id, event.details) == (
        day.id,
        world.mona.id,
        {"oldest": comment.id},
    )


@pytest.mark.parametrize("name", ["rut", "eva", "adam", "karin"])
def test_only_moderators_say_so(world, client, name):
    with pytest.raises(MayNotSupervise), transaction():
        note_gone_through(world.people[name], clock.now())
    world.sign_in(client, world.people[name])
    assert client.send("/logga-in", to=PAGE).status_code == 403
    assert days() == []


def test_a_day_is_on_record_once(world):
    for _ in range(2):
        with transaction():
            note_gone_through(world.mona, clock.now())
    with pytest.raises(IntegrityError), transaction():
        db.session.add(SupervisedDay(day=clock.today()))


def test_an_administrator_sees_the_record_with_the_days_when_nothing_was_done(world, client):
    with transaction():
        note_gone_through(world.mona, clock.now())
    clock.forward(days=6)  # from Wednesday to Tuesday
    with transaction():
        note_gone_through(world.max, clock.now())
    world.sign_in(client, world.adam)
    page = client.get(PAGE).text.replace("\xa0", " ")
    assert page.count("ingen arbetade i kön") == 3  # Thursday, Friday and Monday
    assert "14 mars" not in page
    assert "Kön är genomgången</button>" not in page
    world.sign_in(client, world.rut)
    assert client.get(PAGE).status_code == 403


def test_a_long_record_is_read_month_by_month_and_nothing_else_is_a_date(world, client):
    with transaction():
        note_gone_through(world.mona, clock.now())
    clock.forward(days=40)
    kept = supervision(clock.today())
    assert len([day for day in kept.days if day.month == 3]) + len(kept.days) > 20
    assert kept.earlier == date(2026, 3, 20)
    assert list(supervision(kept.earlier).days)[-1] == date(2026, 3, 11)
    assert supervision(kept.earlier).earlier is None
    world.sign_in(client, world.mona)
    assert "genomgången kl. 10.00" in client.get(f"{PAGE}?till=2026-03-20").text.replace("\xa0", " ")
    for asked in ("2026-02-31", "x" * 99, "9999-12-31", "0001-01-01", "2026-01-01"):
        assert client.get(f"{PAGE}?till={asked}").status_code == 200


def test_moderators_are_told_once_a_day_when_something_has_waited_too_long(world):
    comment = world.say(world.nils, WORDS)
    for days_later, told in ((0, 0), (2, 0), (0, 0), (3, 2), (0, 2), (1, 4)):
        clock.forward(days=days_later)
        remind_moderators()
        remind_moderators()
        assert len(reminders()) == told, clock.today()
        if clock.today() == date(2026, 3, 13):
            assert days() == []
    assert {letter.address for letter in reminders()} == {"mona@example.org", "max@example.org"}
    message = write(reminders()[-1])
    assert message.subject == "Något i granskningskön har väntat för länge"
    assert "/moderering\n" in message.body and "11 mars 2026" in message.body
    assert WORDS not in message.body and comment.number not in message.body
    assert db.session.scalar(select(func.count()).where(Event.kind == "supervision.overdue")) == 2


def test_nobody_is_told_on_a_day_off(world):
    world.say(world.nils, WORDS)
    clock.set(datetime(2026, 3, 21, 12, 0, tzinfo=STOCKHOLM))
    remind_moderators()
    assert reminders() == []
    clock.forward(days=2)
    remind_moderators()
    assert len(reminders()) == 2


def test_a_reminder_that_holds_no_more_is_not_sent(world):
    comment = world.say(world.nils, WORDS)
    clock.forward(days=7)
    remind_moderators()
    to_max, to_mona = sorted(reminders(), key=lambda letter: letter.address)
    with transaction():
        db.session.delete(
            db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == world.max.id)).one()
        )
    with pytest.raises(NotWanted):
        write(to_max)
    assert write(to_mona)
    world.decide(comment, "publish")
    with pytest.raises(NotWanted):
        write(to_mona)
