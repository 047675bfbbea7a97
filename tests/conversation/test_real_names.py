"""A dialogue that asks for real names: said before anybody writes, and held by the rule with the text kept."""

import pytest

from dialog.conversation.models import Comment
from dialog.conversation.rules import Refusal
from dialog.conversation.submitting import NotAccepted
from dialog.db import clock, db, transaction
from dialog.people.models import Identity, Person
from dialog.people.operations import edit_account
from dialog.people.queries import name_is_real
from tests.conversation.test_submit import FORM, fill_in
from tests.world import GOAL_2024, WORDS

ASKS = "Här skriver alla under sitt riktiga namn"
TICK = 'name="states_real_name"'


def test_the_goals_page_says_so_before_anybody_is_asked_for_a_word(world, client):
    world.opened(real_names_only=True)
    page = client.get(GOAL_2024).text
    assert page.index(ASKS) < page.index("Skriv om målet")


def test_where_it_is_not_asked_nobody_is_asked(world, client):
    world.opened()
    world.sign_in(client, world.nils)
    assert ASKS not in client.get(GOAL_2024).text
    assert TICK not in client.get(FORM).text
    assert fill_in(client).status_code == 303


def test_it_is_refused_with_what_to_do_and_the_text_stays_and_then_it_is_taken(world, client):
    world.opened(real_names_only=True)
    world.sign_in(client, world.nils)
    refused = fill_in(client)
    assert refused.status_code == 409
    assert "Kryssa i nedan att ditt namn är ditt riktiga" in refused.text
    assert WORDS in refused.text and TICK in refused.text
    assert db.session.query(Comment).count() == 0
    assert fill_in(client, states_real_name="1").status_code == 303
    assert TICK not in client.get(FORM).text  # it is asked once
    assert fill_in(client, text="Ett inlägg till, under samma namn.").status_code == 303


def test_another_name_is_not_the_one_that_was_real(world):
    world.opened(real_names_only=True)
    world.say(world.nils, states_real_name=True)
    for name, real in (("Nils", True), ("Skogsmullen", False)):
        with transaction():
            edit_account(world.nils, name=name, area_id=None, language="sv", now=clock.now())
        assert name_is_real(world.nils) is real
    with pytest.raises(NotAccepted) as refused:
        world.say(world.nils, "Ett inlägg under ett annat namn.")
    assert refused.value.refusal == Refusal.NOT_A_REAL_NAME


def test_a_name_proved_by_e_legitimation_is_real(world):
    world.opened(real_names_only=True)
    with transaction():
        db.session.add(Identity(person_id=world.rut.id, key="k", verified_at=clock.now(), name="Rut"))
    assert world.say(world.rut).number


def test_the_customer_centre_gives_the_name_of_whoever_said_it(world):
    world.opened(real_names_only=True)
    with pytest.raises(NotAccepted):
        world.heard(name=None)
    assert world.heard(name="Sven Kläppe").number


def test_it_is_said_on_the_account_page_too(world, client):
    world.sign_in(client, world.nils)
    assert "Ditt riktiga namn eller ett du väljer, som dialogen tillåter" in client.get("/konto").text
    assert client.send("/konto", {"name": "Nils", "name_is_real": "1", "area": ""}).status_code == 303
    assert db.session.get(Person, world.nils.id).name_is_real
