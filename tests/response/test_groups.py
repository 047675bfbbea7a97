"""What is alike in a committee's inbox: seen together, put together, taken out, and answered at once."""

import re

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import func, select

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.response import groups
from dialog.response.models import GroupChoice, Matter, Response
from tests.response.test_likeness import BUSES, CHARGERS, LAMPS, OTHER

GROUPS = "/namnd/ks/inkorg/liknande"


@pytest.fixture
def olle(world, client):
    """The browser of an officer of KS."""
    world.sign_in(client, world.olle)
    return client


@pytest.fixture
def waiting(world):
    """The matters of six comments at KS: two about lamps, two about buses, one about chargers, one about food."""
    world.trusted(world.rut)
    world.answered(*[matter.comment for matter in world.matters("KS")])
    for text in (LAMPS[0], BUSES[0], LAMPS[1], BUSES[1], CHARGERS[0], OTHER):
        world.say(world.rut, text)
    return sorted(world.matters("KS"), key=lambda matter: matter.id)


def ids(world) -> list[list[int]]:
    db.session.expire_all()
    return [group.ids for group in groups.sorted_at(world.committee("KS")).groups]


def send(client, act: str, one: Matter, other: Matter, *seen: Matter, committee: str = "ks"):
    address = f"/namnd/{committee}/inkorg/liknande/{one.id}/{act}/{other.id}"
    return client.send("/konto", {"group": [matter.id for matter in seen]}, to=address)


def decided() -> int:
    return db.session.scalar(select(func.count()).select_from(GroupChoice))


def test_what_is_alike_is_seen_together_with_what_it_is_about(olle, waiting):
    page = olle.get(GROUPS).text
    assert page.count("2 inlägg: ") == 2
    assert "gatlyktorna" in page
    assert OTHER not in page
    assert f'href="{GROUPS}"' in olle.get("/namnd/ks/inkorg").text


def test_where_nothing_is_alike_it_says_so(world, olle):
    world.published(text=OTHER)
    assert "Inget av det som väntar liknar något annat som väntar." in olle.get(GROUPS).text


def test_a_group_is_opened_and_one_answer_takes_it_all(world, olle, waiting):
    page = olle.get(f"{GROUPS}/{waiting[0].id}").text
    assert [int(one) for one in re.findall(r'name="matter" value="(\d+)"[^>]* checked', page)] == [
        waiting[0].id,
        waiting[2].id,
    ]
    sent = olle.send("/konto", {"matter": [waiting[0].id, waiting[2].id]}, to="/namnd/ks/svar")
    assert sent.status_code == 303
    response = db.session.scalars(select(Response).order_by(Response.id.desc())).first()
    assert {one.matter_id for one in response.coverage} == {waiting[0].id, waiting[2].id}


def test_a_comment_that_is_taken_out_stays_out(world, olle, waiting):
    lamp, _, other_lamp = waiting[:3]
    sent = send(olle, "ta-ut", lamp, other_lamp, lamp, other_lamp)
    assert (sent.status_code, sent.location) == (303, f"{GROUPS}/{lamp.id}?sparat=1")
    assert [lamp.id] in ids(world)
    assert [other_lamp.id] in ids(world)
    world.say(world.rut, f"{LAMPS[1]} Snart, hoppas jag.")
    assert [other_lamp.id] in ids(world)


def test_two_that_are_put_together_stay_together(world, olle, waiting):
    _, bus, _, other_bus, charger, _ = waiting
    sent = send(olle, "lagg-ihop", bus, charger, bus, other_bus)
    assert sent.status_code == 303
    assert "Sparat. Det gäller också när nya inlägg kommer." in olle.get(sent.location).text
    assert [bus.id, other_bus.id, charger.id] in ids(world)
    world.say(world.rut, BUSES[0])
    assert [bus.id, other_bus.id, charger.id] in ids(world)


def test_what_was_taken_out_can_be_put_back(world, olle, waiting):
    lamp, _, other = waiting[:3]
    send(olle, "ta-ut", lamp, other, lamp, other)
    assert f"/lagg-ihop/{other.id}" in olle.get(f"{GROUPS}/{lamp.id}").text
    send(olle, "lagg-ihop", lamp, other, lamp)
    assert [lamp.id, other.id] in ids(world)
    assert decided() == 2


def test_what_was_decided_is_in_the_log_without_anybodys_words(world, olle, waiting):
    lamp, bus, other_lamp = waiting[:3]
    send(olle, "ta-ut", lamp, other_lamp, lamp, other_lamp)
    send(olle, "lagg-ihop", lamp, bus, lamp)
    kinds = ["matter.set_apart", "matter.grouped"]
    rows = db.session.scalars(select(Event).where(Event.kind.in_(kinds)).order_by(Event.id)).all()
    assert [(row.kind, row.actor_id, row.subject_id) for row in rows] == [
        ("matter.set_apart", world.olle.id, other_lamp.id),
        ("matter.grouped", world.olle.id, lamp.id),
    ]
    assert rows[0].details == {"among": [lamp.id, other_lamp.id]}


@pytest.mark.parametrize("act", ["ta-ut", "lagg-ihop"])
def test_twice_is_the_same_as_once(olle, waiting, act):
    lamp, bus, other = waiting[:3]
    for _ in range(2):
        sent = send(olle, act, lamp, other if act == "ta-ut" else bus, lamp, other)
        assert sent.status_code == 303
    events = select(func.count()).where(Event.kind.in_(["matter.set_apart", "matter.grouped"]))
    assert db.session.scalar(events) == 1


@pytest.mark.parametrize("act", ["ta-ut", "lagg-ihop"])
def test_a_group_that_has_changed_since_is_shown_as_it_is_and_nothing_is_saved(world, olle, waiting, act):
    lamp, bus, other = waiting[:3]
    world.say(world.rut, f"{LAMPS[0]} {LAMPS[1]}")
    sent = send(olle, act, lamp, other if act == "ta-ut" else bus, lamp, other)
    assert sent.status_code == 409
    assert "Gruppen har ändrats sedan du öppnade sidan" in sent.text
    assert "3 inlägg" in sent.text
    assert not decided()


@pytest.mark.parametrize("act", ["ta-ut", "lagg-ihop"])
def test_what_no_longer_waits_cannot_be_sorted(world, olle, waiting, act):
    lamp, _, other = waiting[:3]
    world.decide(lamp.comment, "hide")
    sent = send(olle, act, lamp, lamp, lamp, other)
    assert sent.status_code == 409
    assert "väntar inte längre på svar här" in sent.text
    assert not decided()


def test_a_hidden_comment_is_in_no_group(world, olle, waiting):
    send(olle, "lagg-ihop", waiting[0], waiting[1], waiting[0], waiting[2])
    world.decide(waiting[1].comment, "hide")
    assert all(waiting[1].id not in group for group in ids(world))
    assert BUSES[0] not in olle.get(GROUPS).text
    assert olle.get(f"{GROUPS}/{waiting[1].id}").status_code == 404


def test_what_personal_data_was_taken_out_of_is_compared_by_what_is_left(world, olle, waiting):
    world.masked(waiting[0].comment, "Gatlyktorna på Storgatan")
    assert "gatlyktorna" not in olle.get(GROUPS).text


def test_another_committees_comments_are_in_no_group(world, client, waiting):
    theirs = world.published(world.nils, LAMPS[0], assignment=world.assignment(3))
    assert theirs.id not in {one for group in ids(world) for one in group}
    world.sign_in(client, world.tore)
    assert client.get(GROUPS).status_code == 403
    assert client.get(f"/namnd/tn/inkorg/liknande/{waiting[0].id}").status_code == 404
    sent = send(client, "ta-ut", waiting[0], waiting[2], waiting[0], waiting[2], committee="tn")
    assert sent.status_code == 409
    assert not decided()


def test_nobody_else_sorts_or_sees_what_waits(world, client, waiting):
    assert client.get(GROUPS).status_code == 303
    world.sign_in(client, world.rut)
    assert send(client, "ta-ut", waiting[0], waiting[2], waiting[0], waiting[2]).status_code == 403
    assert not decided()


def test_bad_input_is_no_group(olle, waiting):
    sent = olle.send(
        "/konto", {"group": ["x", "9" * 30]}, to=f"{GROUPS}/{waiting[0].id}/ta-ut/{waiting[2].id}"
    )
    assert sent.status_code == 409
    assert olle.get(f"{GROUPS}?efter=x&uppdrag=y").status_code == 200
    assert olle.get(f"{GROUPS}/999999").status_code == 404


def test_groups_can_be_narrowed_to_an_assignment(world, olle, waiting):
    world.say(world.rut, LAMPS[0], assignment=world.assignment(1))
    world.say(world.rut, LAMPS[1], assignment=world.assignment(1))
    page = olle.get(f"{GROUPS}?uppdrag={world.assignment(1).id}").text
    assert page.count("2 inlägg: ") == 1
    assert "bussen" not in page


def test_only_the_most_urgent_are_compared(world, olle, waiting, monkeypatch):
    monkeypatch.setattr(groups, "MOST_COMPARED", 3)
    assert sorted(one for group in ids(world) for one in group) == [matter.id for matter in waiting[:3]]


def test_pages_of_groups_follow_each_other(world, olle, waiting, monkeypatch):
    monkeypatch.setattr(groups, "PAGE_SIZE", 1)
    page = olle.get(GROUPS).text
    assert "gatlyktorna" in page
    assert "bussen" not in page
    page = olle.get(f"{GROUPS}?efter={waiting[0].id}").text
    assert "bussen" in page
    assert "Visa det som ska besvaras senare" not in page


@pytest.mark.parametrize("path", ["", "/{first}"])
def test_however_much_waits_the_statements_are_as_many(world, olle, waiting, path):
    address = GROUPS + path.format(first=waiting[0].id)

    def count() -> int:
        world.sign_in(olle, world.olle)
        statements = []
        listen = ("before_cursor_execute", lambda *args: statements.append(args[2]))
        for engine in db.engines.values():
            sqlalchemy_event.listen(engine, *listen)
        olle.get(address)
        for engine in db.engines.values():
            sqlalchemy_event.remove(engine, *listen)
        return len(statements)

    few = count()
    for number in range(30):
        clock.forward(hours=1)
        world.say(world.rut, f"{(*LAMPS, *BUSES, *CHARGERS)[number % 6]} Nummer {number}.")
    assert count() == few
    assert few <= 15


def test_a_choice_is_kept_though_the_first_of_the_group_is_answered(world, olle, waiting):
    lamp, bus, other, other_bus = waiting[:4]
    send(olle, "lagg-ihop", lamp, bus, lamp, other)
    world.answered(lamp.comment)
    assert [bus.id, other.id, other_bus.id] in ids(world)


def test_a_group_that_was_never_shown_so_is_refused_by_the_operation_itself(world, waiting):
    with pytest.raises(groups.Regrouped), transaction():
        groups.take_out(
            world.committee("KS"), waiting[0].id, seen=[waiting[0].id], officer=world.olle, now=clock.now()
        )
    assert not decided()
