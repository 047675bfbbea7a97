"""The administrators' pages for the rules that ask moderators for a look, and what the public log says of them."""

import re

import pytest
from sqlalchemy import select

from dialog.conversation.rules import ReviewReason
from dialog.db import db, transaction
from dialog.moderation.models import WatchRule
from dialog.moderation.watching_rules import WatchKind
from tests.test_house_rules import queries_of
from tests.world import GOAL_2024

PAGE = "/forvaltning/regler"
NOTE = "Kan vara ett hot mot någon."
FILLED = {
    "ord": {"words": "döda dig", "form": "any"},
    "lankar": {"days": "7"},
    "upprepning": {"times": "3", "hours": "24", "by": "anybody"},
}


def send(client, address: str, **data):
    return client.post(address, data={"csrf_token": client.token("/logga-in"), **data})


def add(client, kind="ord", **changes):
    return send(client, f"{PAGE}/ny/{kind}", **FILLED[kind] | {"effect": "flag", "note": NOTE} | changes)


def rules() -> list[WatchRule]:
    return list(db.session.scalars(select(WatchRule).order_by(WatchRule.id)))


@pytest.mark.parametrize("kind", FILLED)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_administrator_adds_changes_and_switches_off_a_rule(world, client, kind, prefix):
    world.sign_in(client, world.adam)
    assert client.get(f"{prefix}{PAGE}/ny/{kind}").status_code == 200
    assert add(client, kind).location == f"{PAGE}?sparat=1"
    [rule] = rules()
    assert client.get(f"{prefix}{PAGE}/{rule.id}").status_code == 200
    changed = send(
        client,
        f"{PAGE}/{rule.id}",
        **FILLED[kind] | {"effect": "hold", "note": NOTE, "seen": str(rule.version)},
    )
    assert changed.status_code == 303
    _, new = rules()
    assert (new.effect, new.replaces_id, new.is_on) == ("hold", rule.id, True)
    assert send(client, f"{PAGE}/{new.id}/av", seen="1").status_code == 303
    db.session.expire_all()
    assert [one.is_on for one in rules()] == [False, False]
    page = client.get(f"{prefix}{PAGE}")
    assert NOTE in page.text and page.status_code == 200
    assert client.get(f"{PAGE}/{rule.id}").text.count("<form") == client.get("/om").text.count("<form")


def test_rules_hold_for_what_is_sent_and_changed_through_the_forms(world, client):
    world.trusted(world.rut)
    world.watching(WatchKind.WORDS, words="döda dig")
    world.sign_in(client, world.rut)
    said = {
        "kind": "proposal",
        "language": "sv",
        "form_key": "en-nyckel",
        "text": "Jag ska döda dig, du buss.",
    }
    receipt = send(client, f"{GOAL_2024}/skriv", **said).location
    number = re.search("[0-9]{4}-[0-9]{6}", client.get(receipt).text).group()
    world.sign_in(client, world.mona)
    assert f"granska-{number}" in client.get("/moderering?skal=uppmarksammat-av-regel").text
    world.sign_in(client, world.rut)
    text = "Bussen borde gå på kvällen också."
    assert send(client, f"/inlagg/{number}/andra", seen="1", text=text).status_code == 303
    world.sign_in(client, world.mona)
    assert f"granska-{number}" not in client.get("/moderering?skal=uppmarksammat-av-regel").text


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("ord", {"words": ""}, "words"),
        ("ord", {"words": "???"}, "words"),
        ("ord", {"form": "x"}, "form"),
        ("ord", {"note": "kort"}, "note"),
        ("ord", {"effect": ""}, "effect"),
        ("lankar", {"days": "0"}, "days"),
        ("lankar", {"days": "en vecka"}, "days"),
        ("upprepning", {"times": "1"}, "times"),
        ("upprepning", {"hours": "99999999999"}, "hours"),
        ("upprepning", {"by": ""}, "by"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_stays(world, client, kind, changes, field):
    world.sign_in(client, world.adam)
    answer = add(client, kind, **changes)
    assert answer.status_code == 422
    assert re.findall(r'id="(\w+)-error"', answer.text) == [field]
    assert rules() == []


def test_the_same_rule_again_a_rule_changed_meanwhile_and_one_that_is_not_there(world, client):
    world.sign_in(client, world.adam)
    add(client)
    again = add(client)
    assert again.status_code == 409 and "Det finns redan en regel" in again.text
    [rule] = rules()
    more = {"form": "any", "effect": "flag", "note": NOTE}
    assert send(client, f"{PAGE}/{rule.id}", words="skjuta dig", seen="1", **more).status_code == 303
    late = send(client, f"{PAGE}/{rule.id}", words="slå ihjäl", seen="1", **more)
    assert late.status_code == 409
    assert send(client, f"{PAGE}/{rule.id}/pa", seen="1").status_code == 409
    assert len(rules()) == 2
    for path in (f"{PAGE}/999", f"{PAGE}/ny/annat"):
        assert client.get(path).status_code == 404
    assert send(client, f"{PAGE}/999/av", seen="1").status_code == 404


def test_the_page_asks_as_many_questions_however_many_have_written_rules(world, app, client):
    world.watching(WatchKind.WORDS, words="döda dig")
    world.sign_in(client, world.adam)
    few = len(queries_of(app, client, PAGE))
    for number, name in enumerate(("mona", "max", "karin")):
        world.watching(WatchKind.WORDS, words=f"ord nummer {number}")
        with transaction():
            newest = db.session.scalars(select(WatchRule).order_by(WatchRule.id.desc())).first()
            newest.made_by_id = world.people[name].id
    db.session.expire_all()
    assert len(queries_of(app, client, PAGE)) == few


def test_the_public_log_shows_how_rules_have_done_and_no_words(world, client):
    world.trusted(world.rut)
    world.watching(WatchKind.WORDS, words="döda dig")
    before = client.get("/moderering/logg").text
    for number in range(12):
        comment = world.say(world.rut, f"Jag ska döda dig, sade buss nummer {number}.")
        assert comment.review_reason == ReviewReason.WATCHED
        world.decide(comment, "hide" if number < 6 else "look")
    page = client.get("/moderering/logg").text
    assert "50 % av det som avgjordes" in page and "50 % av det som avgjordes" not in before
    assert "döda" not in page
    world.sign_in(client, world.adam)
    own = client.get(PAGE).text
    assert "dolde moderatorer 6 och lät 6 stå kvar" in own and "50 %" in own
