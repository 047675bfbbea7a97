"""Reasons start from a template for each ground, which administrators write; nothing that was typed is lost."""

import re

import pytest
from sqlalchemy import select, update

from dialog.conversation.rules import CommentState
from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.moderation.models import Decision, ReasonText
from dialog.moderation.reason_texts import (
    Changed,
    MayNotWrite,
    filled,
    shipped,
    template_for,
    templates,
    write_template,
)
from dialog.moderation.rules import GROUND_SLUGS, LONGEST_REASONS, SHORTEST_REASONS, Ground
from dialog.people.models import Person

QUEUE, PAGES = "/moderering", "/forvaltning/motiveringar"
ATTACK = f"{PAGES}/personangrepp"
HX = {"HX-Request": "true"}
SV, EN = "Skriv om saken och inte om personen.", "Write about the matter and not about the person."


def write(world, sv=SV, en=EN, seen=0, by=None, ground=Ground.PERSONAL_ATTACK):
    with transaction():
        return write_template(ground, sv, en, seen=seen, administrator=by or world.adam, now=clock.now())


# What the field holds when a template is put into it. An empty field takes it; a template that nobody has touched gives
# way to another; and what somebody has typed stays, with the template after it, once.
FILLED = [
    ("", "Mall A", "Mall A"),
    ("  \n", "Mall A", "Mall A"),
    ("Mall A", "Mall B", "Mall B"),
    ("Mall A", "Mall A", "Mall A"),
    ("Egna ord", "Mall A", "Egna ord\n\nMall A"),
    ("Egna ord\n\nMall A", "Mall A", "Egna ord\n\nMall A"),
    ("Mall A, ändrad", "Mall B", "Mall A, ändrad\n\nMall B"),
]


@pytest.mark.parametrize(("typed", "template", "holds"), FILLED)
def test_nothing_that_was_typed_is_lost(typed, template, holds):
    assert filled(typed, template, {"Mall A", "Mall B"}) == holds


def test_every_ground_has_a_template_in_both_languages_and_an_address():
    assert set(shipped()) == set(GROUND_SLUGS) == set(Ground)
    assert len(set(GROUND_SLUGS.values())) == len(Ground)
    for template in shipped().values():
        for words in (template.sv, template.en):
            assert SHORTEST_REASONS <= len(words) <= LONGEST_REASONS
        assert template.sv != template.en


def test_what_is_written_holds_from_then_on_and_every_version_stays(world):
    assert template_for(Ground.PERSONAL_ATTACK) == shipped()[Ground.PERSONAL_ATTACK]
    write(world)
    write(world, sv="Andra ord om samma sak.", seen=1)
    now = template_for(Ground.PERSONAL_ATTACK)
    assert (now.sv, now.en, now.version) == ("Andra ord om samma sak.", EN, 2)
    assert templates() == shipped() | {Ground.PERSONAL_ATTACK: now}
    assert [
        (row.version, row.sv) for row in db.session.scalars(select(ReasonText).order_by(ReasonText.id))
    ] == [
        (1, SV),
        (2, "Andra ord om samma sak."),
    ]
    event = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert (event.kind, event.actor_id) == ("reason_text.written", world.adam.id)
    assert event.details == {"ground": "personal_attack", "version": 2}


def test_writing_what_it_says_already_changes_nothing(world):
    write(world)
    assert write(world, seen=0).version == 1
    assert len(db.session.scalars(select(ReasonText)).all()) == 1


def test_the_second_of_two_administrators_is_told(world):
    write(world)
    with pytest.raises(Changed) as told:
        write(world, sv="Andra ord om samma sak.")
    assert told.value.template.sv == SV


@pytest.mark.parametrize("name", ["mona", "rut", "eva", "karin", "rikard"])
def test_only_administrators_write(world, client, name):
    with pytest.raises(MayNotWrite):
        write(world, by=world.people[name])
    world.sign_in(client, world.people[name])
    assert client.get(PAGES).status_code == client.get(ATTACK).status_code == 403
    assert save(client).status_code == 403


def save(client, **changes):
    data = {"csrf_token": client.token("/logga-in"), "version": "0", "sv": SV, "en": EN, **changes}
    return client.post(ATTACK, data=data)


def test_an_administrator_writes_a_template_and_sees_what_was_written(world, client):
    world.sign_in(client, world.adam)
    assert "[…]" in client.get(ATTACK).text
    answer = save(client)
    assert (answer.status_code, answer.location) == (303, f"{PAGES}?sparat=1")
    page = client.get(answer.location).text
    assert SV in page and EN in page and page.count("Så som tjänsten levereras.") == len(Ground) - 1
    assert "Version 1" in client.get(ATTACK).text


def test_two_administrators_at_once_see_both_and_the_next_press_keeps_ones_own(world, client):
    write(world)
    world.sign_in(client, world.adam)
    answer = save(client, sv="Andra ord om samma sak.")
    assert answer.status_code == 409
    assert "Andra ord om samma sak." in answer.text and SV in answer.text
    assert re.search(r'name="version" value="(\d+)"', answer.text).group(1) == "1"
    assert save(client, sv="Andra ord om samma sak.", version="1").status_code == 303


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"sv": ""}, {"sv"}),
        ({"en": "kort"}, {"en"}),
        ({"sv": "x" * 2001}, {"sv"}),
        ({"sv": "Ring 890201-3286 om det här."}, {"sv"}),
        ({"version": "x"}, set()),
    ],
)
def test_bad_input_is_refused_at_the_field(world, client, changes, fields):
    world.sign_in(client, world.adam)
    answer = save(client, **changes)
    assert answer.status_code == 422
    assert set(re.findall(r'id="(\w+)-error"', answer.text)) == fields
    assert db.session.scalars(select(ReasonText)).all() == []


def test_there_is_no_template_for_what_is_no_ground(world, client):
    world.sign_in(client, world.adam)
    assert client.get(f"{PAGES}/finns-inte").status_code == 404


def fill(client, comment, headers=None, **changes):
    data = {"seen": str(comment.version), "act": "hide", "ground": "personal_attack", "reasons": ""}
    token = {"csrf_token": client.token("/logga-in")}
    return client.post(f"{QUEUE}/{comment.number}/mall", data={**data, **token, **changes}, headers=headers)


def reasons_in(text: str, comment) -> str:
    return re.search(
        rf'<textarea[^>]*id="reasons-{comment.number}"[^>]*>\n(.*?)</textarea>', text, re.S
    ).group(1)


@pytest.mark.parametrize("headers", [None, HX])
def test_a_moderator_fills_in_the_template_and_nothing_is_decided(world, client, headers):
    write(world)
    comment = world.say(world.nils)
    world.sign_in(client, world.mona)
    answer = fill(client, comment, headers, reasons="Hej!", criticises="no")
    assert answer.status_code == 200
    assert reasons_in(answer.text, comment) == f"Hej!\n\n{SV}"
    assert 'value="personal_attack" selected' in answer.text
    assert re.search(r'value="no" checked', answer.text)
    assert answer.text.lstrip().startswith("<!doctype" if not headers else '<div class="form hiding"')
    if not headers:
        assert '<details class="hide-form" open>' in answer.text and 'role="alert"' not in answer.text
    db.session.refresh(comment)
    assert (comment.state, comment.version) == (CommentState.RECEIVED, 1)
    assert db.session.scalars(select(Decision)).all() == []


def test_without_a_ground_it_is_asked_for_and_what_was_typed_stays(world, client):
    comment = world.say(world.nils)
    world.sign_in(client, world.mona)
    answer = fill(client, comment, ground="", reasons="Mina egna ord.")
    assert answer.status_code == 422
    assert "Välj en grund först." in answer.text
    assert reasons_in(answer.text, comment) == "Mina egna ord."


def test_an_author_whose_letters_are_in_english_gets_english_words(world, client):
    write(world)
    comment = world.say(world.nils)
    with transaction():
        db.session.execute(update(Person).where(Person.id == world.nils.id).values(language="en"))
    world.sign_in(client, world.mona)
    assert reasons_in(fill(client, comment).text, comment) == EN


def test_the_fields_of_every_comment_lead_to_its_own_template(world, client):
    first, second = world.say(world.nils), world.say(world.rut, "Ett annat inlägg som väntar.")
    world.sign_in(client, world.mona)
    page = client.get(f"{QUEUE}?alder=i-tid").text
    for comment in (first, second):
        assert f'formaction="{QUEUE}/{comment.number}/mall?alder=i-tid#reasons-{comment.number}"' in page
    shown = world.published(world.vera)
    page = client.get(f"/inlagg/{shown.number}").text
    assert f'formaction="{QUEUE}/{shown.number}/mall#reasons-{shown.number}"' in page


@pytest.mark.parametrize("headers", [None, HX])
def test_the_reasons_for_several_are_filled_in_and_the_ticks_stay(world, client, headers):
    write(world)
    comment = world.say(world.nils)
    world.sign_in(client, world.mona)
    data = {"chosen": f"{comment.number}.1", "ground": "personal_attack", "reasons": "", "act": "hide"}
    token = {"csrf_token": client.token("/logga-in")}
    answer = client.post(f"{QUEUE}/flera/mall", data={**data, **token}, headers=headers)
    assert answer.status_code == 200
    assert re.search(rf'id="reasons-flera"[^>]*>\n{re.escape(SV)}</textarea>', answer.text)
    if not headers:
        assert re.search(rf'value="{comment.number}.1" id="valj-{comment.number}" checked', answer.text)


def test_nobody_fills_in_reasons_about_their_own(world, client):
    comment = world.say(world.mona)
    for person in (world.mona, world.rut, world.adam):
        world.sign_in(client, person)
        assert fill(client, comment).status_code in (403, 404)
