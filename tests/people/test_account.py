"""One's own account, and the notice that is read before the first comment."""

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.people.models import Notice, NoticeAcknowledgement, Person
from dialog.people.operations import acknowledge_notice
from dialog.people.queries import is_prepared, notice_in_force
from dialog.plan.models import Area
from tests.threads import at_once
from tests.world import GOAL_2024

NOTICE = "/fore-du-skriver"
FORM = f"{GOAL_2024}/skriv"


@pytest.fixture
def area(world) -> int:
    return db.session.scalar(select(Area.id).where(Area.code == "10"))


def person(email: str) -> Person:
    db.session.expire_all()
    return db.session.scalars(select(Person).where(Person.email == email)).one()


def acknowledged(email: str) -> list[int]:
    return list(
        db.session.scalars(
            select(NoticeAcknowledgement.version)
            .where(NoticeAcknowledgement.person_id == person(email).id)
            .order_by(NoticeAcknowledgement.version)
        )
    )


def new_notice(version: int) -> None:
    """Publish the notice anew."""
    with transaction():
        content = notice_in_force().content
        db.session.add(Notice(version=version, published_on=date(2026, 3, 12), content=content))


def test_name_area_and_language_are_kept(world, client, area):
    world.sign_in(client, world.rut)
    for to, filled in (
        ("/konto", {"name": " Rut  Ek ", "area": str(area)}),
        ("/konto/brev", {"language": "en"}),
    ):
        response = client.send("/konto", filled, to=to)
        assert response.location == "/konto?sparat=1"
        assert "Dina ändringar är sparade" in client.get(response.location).text
    rut = person("rut@example.org")
    assert (rut.name, rut.area_id, rut.language) == ("Rut Ek", area, "en")


def test_a_change_is_an_event_without_anybodys_words(world, client, area):
    world.sign_in(client, world.rut)
    for to, filled in (("/konto", {"name": "Rut Ek", "area": ""}), ("/konto/brev", {"language": "en"})):
        client.send("/konto", filled, to=to)
        event = db.session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
        assert (event.kind, event.actor_id, event.details) == ("person.edited", world.rut.id, {})


def test_where_one_lives_is_ones_own_business(world, client):
    world.sign_in(client, world.rut)
    client.send("/konto", {"name": "Rut", "area": ""})
    assert person("rut@example.org").area_id is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "R"}, "name"),
        ({"name": "R" * 81}, "name"),
        ({"name": "\u200b\u202e"}, "name"),
        ({"name": "Rut\x00Ek"}, "name"),
        ({"name": "tuR\u202e"}, "name"),
        ({"name": "\u3164\u3164"}, "name"),
        ({"name": "🎉🎉"}, "name"),
        ({"name": "-- !"}, "name"),
        ({"name": "Rut" + "\u0301\u0323" * 20}, "name"),
        ({"name": "Rut 070-123 45 67"}, "name"),
        ({"name": "rut@example.org"}, "name"),
        ({"name": "Kommunstyrelsen"}, "name"),
        ({"name": "Moderator"}, "name"),
        ({"area": "٣"}, "area"),
        ({"area": "999999"}, "area"),
        ({"area": "²"}, "area"),
        ({"area": "Lit"}, "area"),
        ({"area": "9" * 40}, "area"),
        ({"area": "9" * 5000}, "area"),
        ({"language": "fi"}, "language"),
        ({"language": ""}, "language"),
    ],
)
def test_bad_input_is_said_at_the_field_and_nothing_is_changed(world, client, changes, field):
    world.sign_in(client, world.rut)
    to = "/konto/brev" if field == "language" else "/konto"
    response = client.send("/konto", {"name": "Rutan", "area": "", **changes}, to=to)
    assert response.status_code == 422
    said = re.search(rf'id="{field}-error"[^>]*><span[^>]*>!</span>(.*?)</p>', response.text, re.S).group(1)
    assert re.search(r"\b(Skriv|Välj|Ta bort|tecken|accenter)\b", said), f"not in Swedish: {said}"
    assert person("rut@example.org").name == "Rut"
    if field == "area":
        assert 'value="Rutan"' in response.text


def test_a_visitor_has_no_account(world, client):
    assert client.get("/konto").location == "/logga-in?next=/konto"
    for to in ("/konto", "/konto/brev"):
        assert client.send("/logga-in", {"name": "x"}, to=to).status_code == 401


def test_the_account_shows_duties_and_mandates(world, client, app):
    world.sign_in(client, world.vera)
    page = client.get("/konto").text
    assert "Lockne byalag" in page
    assert "årsmötet 2026-02-01" in page
    other = app.test_client()
    world.sign_in(other, world.eva)
    assert "Kommunstyrelsen" in other.get("/konto").text


def test_a_mandate_that_has_run_out_is_not_shown_as_one_that_holds(world, client):
    clock.set(clock.now().replace(year=2027, month=2, day=2))
    world.sign_in(client, world.vera)
    account = client.get("/konto").text
    assert "årsmötet" not in account and "Ditt mandat gick ut den" in account


def read(client, next_path: str = FORM, **changes):
    page = f"{NOTICE}?next={next_path}"
    return client.send(page, {"name": "Gun", "area": "", "read": "y", **changes})


def test_the_notice_is_acknowledged_with_its_version_and_the_way_goes_on(world, client):
    world.sign_in(client, world.gun)
    first = client.get(FORM)
    assert first.location.startswith(NOTICE)
    assert read(client).location == FORM
    assert acknowledged("gun@example.org") == [notice_in_force().version]
    assert person("gun@example.org").name == "Gun"
    assert client.get(FORM).status_code == 200


def test_the_notice_says_who_runs_this_and_that_what_is_sent_is_public(world, client):
    world.sign_in(client, world.gun)
    page = client.get(NOTICE).text
    assert "Östersunds kommun" in page
    assert "allmän handling" in page


def test_the_notice_can_be_read_without_signing_in(world, client):
    page = client.get(NOTICE).text
    assert "allmän handling" in page
    assert 'name="read"' not in page
    assert f'href="{NOTICE}"' in client.get("/").text
    world.sign_in(client, world.rut)  # who has read it already
    assert 'name="read"' not in client.get(NOTICE).text
    world.sign_in(client, world.gun)
    assert 'name="read"' in client.get(NOTICE).text


@pytest.mark.parametrize("changes", [{"read": ""}, {"name": ""}, {"area": "999999"}])
def test_an_acknowledgement_needs_the_tick_and_a_name(world, client, changes):
    world.sign_in(client, world.gun)
    filled = {name: value for name, value in changes.items() if value or name != "read"}
    response = client.send(
        NOTICE, {"name": "Gun", "area": "", **({} if "read" in changes else {"read": "y"}), **filled}
    )
    assert response.status_code == 422
    assert f'id="{next(iter(changes))}-error"' in response.text
    summary = re.search(r'role="alert".*?</div>', response.text, re.S).group()
    assert (
        "blir en allmän handling" not in summary
    )  # a box's label is a sentence: only the error stands there
    assert acknowledged("gun@example.org") == []


def test_acknowledging_twice_is_once(world):
    notice, before = notice_in_force(), clock.now()
    clock.forward(hours=1)
    with transaction():
        acknowledge_notice(world.rut, notice, now=clock.now())
    kept = db.session.scalars(
        select(NoticeAcknowledgement).where(NoticeAcknowledgement.person_id == world.rut.id)
    ).one()
    assert kept.acknowledged_at == before
    events = select(func.count()).where(Event.kind == "notice.acknowledged", Event.subject_id == world.rut.id)
    assert db.session.scalar(events) == 1


def test_a_button_pressed_several_times_at_once_acknowledges_once(world):
    gun_id = world.gun.id

    def press(n: int) -> None:
        with transaction():
            gun = db.session.get_one(Person, gun_id)
            acknowledge_notice(gun, notice_in_force(), now=clock.now())

    at_once(world.app, 5, press)
    assert acknowledged("gun@example.org") == [notice_in_force().version]


def test_a_new_version_is_read_before_the_next_comment(world, client):
    world.sign_in(client, world.rut)
    assert client.get(FORM).status_code == 200
    new_notice(99)
    assert client.get(FORM).location.startswith(NOTICE)
    assert not is_prepared(world.rut)
    assert read(client, name="Rut").location == FORM
    assert acknowledged("rut@example.org") == [1, 99]
    assert client.get(FORM).status_code == 200


def test_a_version_that_came_after_the_page_was_opened_is_not_acknowledged_unread(world, client):
    world.sign_in(client, world.gun)
    filled = {"name": "Gun", "area": "", "read": "y", "version": "1"}
    new_notice(99)
    response = client.send(NOTICE, filled)
    assert response.status_code == 422
    assert 'name="version" value="99"' in response.text
    assert acknowledged("gun@example.org") == []


def test_a_form_opened_before_the_new_version_keeps_its_text(world, client):
    world.sign_in(client, world.rut)
    html = client.get(FORM).text
    key = re.search(r'name="form_key" value="([^"]+)"', html).group(1)
    token = client.token(FORM)
    new_notice(99)
    filled = {
        "form_key": key,
        "kind": "proposal",
        "text": "Ett förslag som inte får gå förlorat.",
        "area": "",
    }
    response = client.post(FORM, data={"csrf_token": token, "language": "sv", "speaks_for": "", **filled})
    assert response.status_code == 409
    assert "Ett förslag som inte får gå förlorat." in response.text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", ""])
def test_the_notice_sends_nobody_to_another_site(world, client, target):
    world.sign_in(client, world.gun)
    assert read(client, target).location == "/"
    assert "Gå vidare</a>" not in client.get(f"{NOTICE}?next={target}").text
    assert f'href="{FORM}">Gå vidare</a>' in client.get(f"{NOTICE}?next={FORM}").text
