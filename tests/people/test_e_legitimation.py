"""Signing in with an e-legitimation, against a provider that answers over the network."""

import re

import pytest
import requests
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.notify.models import Letter
from dialog.notify.sending import send_waiting
from dialog.notify.transport import KeptForReading
from dialog.people.models import Identity, Person, SignInLink
from dialog.people.operations import NotThisStep, link_identity, use_proof
from dialog.people.queries import token_of
from dialog.people.rules import Proof
from tests.people.e_legitimation import (
    ADDRESS,
    DONE,
    LINUS,
    OTHER,
    START,
    answer_of,
    came_back,
    heading,
    press,
    rows,
    signed_in_as,
)
from tests.people.provider import NUMBER, of_others_making
from tests.people.test_sign_in import asked
from tests.test_house_rules import queries_of
from tests.threads import at_once

LINK = {NUMBER: LINUS, "name": "Rut Ek"}
NEW = {NUMBER: LINUS, "name": "Linus Ny", "email": "Linus@Example.org", "email_verified": True}


@pytest.fixture
def linked(world, client, provider):
    """Rut has linked her e-legitimation, and is signed in."""
    provider.says = dict(LINK)
    world.sign_in(client, world.rut)
    came_back(client)
    assert press(client).status_code == 303
    return client


def kinds(person: Person) -> list[str]:
    statement = select(Event.kind).where(Event.subject_type == "person", Event.subject_id == person.id)
    return list(db.session.scalars(statement.order_by(Event.id)))


def opened(client, address: str) -> str:
    """Open the newest link, sent to `address`; gives where the button there leads."""
    link = db.session.scalars(select(SignInLink).order_by(SignInLink.id.desc()).limit(1)).one()
    assert link.email == address
    return client.send(f"/logga-in/{token_of(link)}").location


def test_whoever_is_signed_in_links_their_e_legitimation(world, client, provider):
    provider.says = dict(LINK)
    world.sign_in(client, world.rut)
    page = came_back(client, f"{START}?next=/konto?legitimerad=1")
    assert heading(page) == "Koppla din e-legitimation"
    assert "rut@example.org" in page.text
    assert rows()[1] == 0  # nothing is kept before the button is pressed
    response = press(client)
    assert response.location == "/konto?legitimerad=1"
    account = client.get(response.location).text
    assert "Din e-legitimation är kopplad till ditt konto." in account
    assert "Bekräftad: du visade vem du är med e-legitimation" in account
    identity = db.session.scalars(select(Identity)).one()
    assert (identity.person_id, identity.verified_at, identity.name) == (world.rut.id, clock.now(), "Rut Ek")
    assert kinds(world.rut)[-1] == "person.verified"


def test_whoever_has_linked_it_comes_to_the_same_account(world, linked, provider, app):
    other = app.test_client()
    page = came_back(other, f"{START}?next=/om")
    assert "Vi känner igen dig" in page.text
    before = rows()
    assert press(other).location == "/om"
    assert signed_in_as(other) == "rut@example.org"
    assert rows() == (before[0], before[1], before[2] + 1)
    assert kinds(world.rut)[-1] == "person.signed_in"


def test_e_mail_remains_a_way_in_for_whoever_has_linked(linked, app):
    other = app.test_client()
    other.send(asked(other, "rut@example.org"))
    assert signed_in_as(other) == "rut@example.org"


def test_somebody_new_whose_address_the_provider_has_proven_gets_an_account(world, client, provider):
    provider.says = dict(NEW)
    people, _, _ = rows()
    page = came_back(client)
    assert "Du får ett konto med adressen linus@example.org" in page.text
    assert rows() == (people, 0, 0)
    assert press(client).location == "/"
    assert signed_in_as(client) == "linus@example.org"
    assert rows() == (people + 1, 1, 1)
    newcomer = db.session.scalars(select(Person).where(Person.email == "linus@example.org")).one()
    assert kinds(newcomer) == ["person.created", "person.verified", "person.signed_in"]
    assert newcomer.name is None  # the name shown is one's own choice


@pytest.mark.parametrize(
    "changes",
    [
        {"email": None},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": "ingen adress"},
        {"email": ["linus@example.org"]},
    ],
)
def test_an_address_that_the_provider_has_not_proven_is_asked_for(world, client, provider, changes):
    provider.says = {**NEW, **changes}
    page = came_back(client)
    assert heading(page) == "Din e-postadress också"
    assert 'value=""' in page.text
    assert press(client).status_code == 409
    assert rows()[1:] == (0, 0)


def test_an_address_is_proven_by_the_usual_letter_before_anything_is_linked(world, client, provider):
    provider.says = {NUMBER: LINUS}
    came_back(client)
    assert client.send(DONE, {"email": "Ny@example.org"}, to=ADDRESS).location == "/logga-in/skickat"
    assert rows()[1] == 0
    assert send_waiting(KeptForReading()) == 1
    assert db.session.scalars(select(Letter.address)).one() == "ny@example.org"
    assert opened(client, "ny@example.org") == DONE
    assert rows()[1] == 0
    assert heading(client.get(DONE)) == "Koppla din e-legitimation"
    assert press(client).status_code == 303
    assert signed_in_as(client) == "ny@example.org"
    assert rows()[1] == 1


def test_an_address_that_has_an_account_is_proven_by_a_letter_first(world, client, provider):
    provider.says = {**NEW, "email": "nils@example.org"}
    page = came_back(client)
    assert "Det finns redan ett konto med din adress" in page.text
    assert 'value="nils@example.org"' in page.text
    assert press(client).status_code == 409
    assert signed_in_as(client) is None
    client.send(DONE, {"email": "nils@example.org"}, to=ADDRESS)
    assert opened(client, "nils@example.org") == DONE
    press(client)
    assert db.session.scalars(select(Identity.person_id)).one() == world.nils.id


def test_a_letter_opened_elsewhere_signs_in_and_links_nothing(world, client, provider, app):
    """Else somebody could have another open a link, and so link themselves to the other's account."""
    provider.says = {NUMBER: LINUS}
    came_back(client)
    client.send(DONE, {"email": "nils@example.org"}, to=ADDRESS)
    nils = app.test_client()
    assert opened(nils, "nils@example.org") == DONE
    assert nils.get(DONE).status_code == 400
    assert press_without_form(nils).status_code == 400
    assert signed_in_as(nils) == "nils@example.org"
    assert rows()[1] == 0


def press_without_form(client):
    return client.send("/konto", to=DONE)


def test_a_proof_left_in_a_browser_is_not_linked_to_whoever_comes_after(world, client, provider):
    provider.says = {NUMBER: LINUS}
    came_back(client)
    client.send(asked(client, "nils@example.org"))
    assert client.get(DONE).status_code == 400
    assert press_without_form(client).status_code == 400
    assert rows()[1] == 0


@pytest.mark.parametrize("email", ["", "ingen adress", "x" * 300])
def test_an_address_that_is_none_is_said_at_the_field(world, client, provider, email):
    provider.says = {NUMBER: LINUS}
    came_back(client)
    response = client.send(DONE, {"email": email}, to=ADDRESS)
    assert response.status_code == 422
    assert 'id="email-error"' in response.text
    assert f'value="{email}"' in response.text


def test_known_and_unknown_addresses_are_answered_alike(world, app, provider):
    answers = set()
    for email in ("nils@example.org", "ingen@example.org"):
        browser = app.test_client()
        provider.says = {NUMBER: LINUS}
        came_back(browser)
        response = browser.send(DONE, {"email": email}, to=ADDRESS)
        answers.add((response.status_code, response.location, response.get_data()))
    assert len(answers) == 1


def test_one_person_has_one_account(world, linked, provider, app):
    other = app.test_client()
    world.sign_in(other, world.nils)
    page = came_back(other)
    assert heading(page) == "Din e-legitimation kan inte kopplas här"
    assert "Logga ut här och logga in med din e-legitimation" in page.text
    assert press_without_form(other).status_code == 409
    assert db.session.scalars(select(Identity.person_id)).one() == world.rut.id


def test_an_account_has_one_person(linked, provider):
    provider.says = {NUMBER: OTHER}
    page = came_back(linked)
    assert "kopplat till en annan e-legitimation" in page.text
    assert press_without_form(linked).status_code == 409
    assert rows()[1] == 1


def test_linking_twice_is_once(linked):
    assert heading(came_back(linked)) == "Din e-legitimation är kopplad"
    assert press_without_form(linked).status_code == 409
    assert rows()[1] == 1


def test_the_database_holds_one_account_for_each_person_and_one_person_for_each_account(world, linked):
    key = db.session.scalars(select(Identity.key)).one()
    for person_id, other in ((world.nils.id, key), (world.rut.id, "another")):
        values = {"person_id": person_id, "key": other, "verified_at": clock.now(), "name": None}
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(insert(Identity).values(**values))


def test_the_number_may_come_from_the_address_for_more_about_the_person(world, linked, provider, app):
    provider.says, provider.tells = {"sub": "person-9"}, {NUMBER: LINUS}
    assert "Vi känner igen dig" in came_back(app.test_client()).text


def test_without_a_number_the_providers_own_name_for_the_person_serves(world, client, provider, app):
    provider.says = {"sub": "person-7"}
    world.sign_in(client, world.rut)
    came_back(client)
    press(client)
    assert "Vi känner igen dig" in came_back(app.test_client()).text
    provider.says = {"sub": "person-8"}
    assert heading(came_back(app.test_client())) == "Din e-postadress också"


def test_the_real_name_is_shown_only_when_its_owner_says_so(world, linked):
    assert "Enligt den heter du Rut Ek. Det visas inte." in linked.get("/konto").text
    assert linked.send("/konto", to="/konto/namn").location == "/konto?sparat=1"
    assert db.session.get(Person, world.rut.id).name == "Rut Ek"
    assert "Ditt riktiga namn, Rut Ek, visas" in linked.get("/konto").text


def test_a_real_name_that_nobody_has_vouched_for_can_not_be_shown(world, client, provider):
    world.sign_in(client, world.rut)
    assert client.send("/konto", to="/konto/namn").status_code == 404
    provider.says = {NUMBER: LINUS, "name": "Ru\u202et"}
    came_back(client)
    press(client)
    assert client.send("/konto", to="/konto/namn").status_code == 404


def test_the_flow_is_the_one_of_the_profile_and_writes_nothing_on_the_way(world, client, provider):
    before = rows()
    to = client.get(f"{START}?next=/om").location
    parameters = dict(re.findall(r"[?&]([a-z_]+)=([^&]*)", to))
    assert (parameters["response_type"], parameters["code_challenge_method"]) == ("code", "S256")
    assert all(len(parameters[name]) > 15 for name in ("state", "nonce", "code_challenge"))
    assert parameters["redirect_uri"] == "http%3A%2F%2Flocalhost%2Flogga-in%2Fe-legitimation%2Fsvar"
    came_back(client)
    assert "code_verifier" in provider.asked[0]
    assert rows() == before


def test_the_provider_of_the_tests_demands_pkce(world, client, provider):
    to = client.get(START).location
    for gone in (r"&code_challenge=[^&]*", r"&code_challenge_method=[^&]*"):
        back = requests.get(re.sub(gone, "", to), allow_redirects=False, timeout=5)
        assert (back.status_code, back.text) == (400, "invalid_request")
    answer = answer_of(client)
    with client.session_transaction() as session:
        session["started"] = {**session["started"], "code_verifier": "x" * 48}
    client.get(answer)
    assert heading(client.get(DONE)) == "Din e-legitimation gick inte att kontrollera"


def test_any_provider_will_do(world, client, set_up_for):
    """A provider of others' making, which knows neither our claim nor PKCE."""
    with of_others_making({NUMBER: LINUS, "email": "ny@example.org", "email_verified": True}) as issuer:
        set_up_for(issuer)
        to = client.get(START).location
        back = requests.post(to, data={"sub": "person-1"}, allow_redirects=False, timeout=5)
        client.get(back.headers["Location"].removeprefix("http://localhost"))
        assert heading(client.get(DONE)) == "Logga in"
        press(client)
    assert signed_in_as(client) == "ny@example.org"


def test_english_stays_english(world, client, provider):
    provider.says = dict(NEW)
    back = client.get(answer_of(client, f"/en{START}"))
    assert back.location == f"/en{DONE}"
    assert heading(client.get(back.location)) == "Sign in"


def test_nobody_is_sent_to_another_site(world, linked, provider, app):
    other = app.test_client()
    came_back(other, f"{START}?next=https://evil.example/")
    assert press(other).location == "/"


def test_a_way_on_that_no_cookie_holds_is_left_out(world, linked, provider, app):
    other = app.test_client()
    came_back(other, f"{START}?next=/om?{'x' * 600}")
    assert press(other).location == "/"


def test_a_proof_holds_for_half_an_hour(world, client, provider):
    provider.says = dict(NEW)
    came_back(client)
    token = client.token(DONE)
    clock.forward(minutes=30)
    assert client.get(DONE).status_code == 400
    assert client.post(DONE, data={"csrf_token": token}).status_code == 400
    assert rows()[1:] == (0, 0)


def test_where_no_provider_is_set_up_there_is_no_door(world, client):
    assert "e-legitimation" not in client.get("/logga-in").text
    for page in (START, f"{START}/svar", DONE):
        assert client.get(page).status_code == 404
    for page in (DONE, ADDRESS):
        assert client.send("/logga-in", to=page).status_code == 404
    world.sign_in(client, world.rut)
    assert "e-legitimation" not in client.get("/konto").text


def test_the_pages_for_signing_in_name_the_provider(world, client, provider):
    assert "Logga in med Testlegitimation" in client.get("/logga-in").text
    world.sign_in(client, world.rut)
    assert f'href="{START}?next=/konto' in client.get("/konto").text


def test_pages_ask_no_more_queries_than_they_should(world, linked, app):
    assert len(queries_of(app, linked, "/konto")) <= 15
    came_back(linked)
    assert len(queries_of(app, linked, DONE)) <= 15


def test_no_personal_identity_number_stands_anywhere_afterwards(world, client, provider, caplog):
    provider.says = {**NEW, "email": None}
    caplog.set_level("DEBUG")
    wrongs = (
        lambda claims: {**claims, NUMBER: LINUS[:-1] + "0"},
        lambda claims: {**claims, "aud": "x"},
        None,
    )
    with capture_logs() as logged:
        for wrong in wrongs:
            provider.claims_made = wrong
            came_back(client)
        client.send(DONE, {"email": "ny@example.org"}, to=ADDRESS)
        opened(client, "ny@example.org")
        with client.session_transaction() as session:
            kept = dict(session)
        press(client)
        send_waiting(KeptForReading())
    assert rows()[1] == 1
    assert [one["error"] for one in logged] == ["NotANumber", "InvalidClaimError"]
    everything = [str(kept), str(logged), caplog.text, *every_row()]
    assert "ny@example.org" in str(kept)  # what is searched through is there
    assert [one for one in every_row() if "ny@example.org" in one and "logga-in/" in one]
    for number in (LINUS[:-1], LINUS[2:], f"{LINUS[2:8]}-{LINUS[8:]}"):
        assert not [one for one in everything if number in one]


def every_row() -> list[str]:
    with db.engine.connect() as connection:
        tables = [f'"{name}"' for name in inspect(db.engine).get_table_names()]
        return [str(row) for table in tables for row in connection.execute(text(f"SELECT * FROM {table}"))]


def test_a_person_who_presses_in_several_windows_at_once_has_one_account(world):
    people, _, _ = rows()

    def press_in(window: int) -> int:
        proof = Proof(identity="the same", name=None, email=f"ny{window}@example.org")
        with transaction():
            return use_proof(proof, language="sv", now=clock.now())[0].id

    assert len(set(at_once(world.app, 5, press_in))) == 1
    assert rows() == (people + 1, 1, 5)


def test_one_identity_linked_to_several_accounts_at_once_is_linked_to_one(world):
    ids = [world.rut.id, world.nils.id, world.vera.id]

    def link(n: int) -> bool:
        try:
            with transaction():
                proof = Proof(identity="the same", name=None, email=None)
                link_identity(db.session.get_one(Person, ids[n]), proof, now=clock.now())
        except NotThisStep:
            return False
        return True

    assert sorted(at_once(world.app, 3, link)) == [False, False, True]
    assert rows()[1] == 1
