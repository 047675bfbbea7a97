"""Signing in with a link by e-mail."""

import re

import pytest
from itsdangerous import URLSafeSerializer
from markupsafe import escape
from sqlalchemy import func, select

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.notify.models import Letter
from dialog.notify.sending import send_waiting
from dialog.notify.transport import KeptForReading
from dialog.people.models import Person, SignedIn, SignInAttempt, SignInLink
from dialog.people.operations import LinkNotUsable, use_sign_in_link
from dialog.people.queries import link_of_token, token_of
from dialog.people.rules import (
    MOST_SIGN_IN_ATTEMPTS,
    SIGN_IN_LINK_HOLDS,
    SIGN_IN_LINKS_PER_ADDRESS,
    network_of,
)
from tests.databases import SECRET
from tests.threads import at_once

ADDRESS = "rut@example.org"


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def ask(client, email: str = ADDRESS, page: str = "/logga-in"):
    """Ask for a link on `page`, as the form there sends it."""
    html = client.get(page).text
    action = re.search(r'<form class="form" method="post" action="([^"]+)"', html).group(1)
    return client.send(page, {"email": email}, to=action.replace("&amp;", "&"))


def newest_link() -> SignInLink:
    return db.session.scalars(select(SignInLink).order_by(SignInLink.id.desc()).limit(1)).one()


def asked(client, email: str = ADDRESS, page: str = "/logga-in") -> str:
    """The address in the letter that somebody who asked for a link gets."""
    assert ask(client, email, page).status_code == 303
    link = newest_link()
    return f"{'/en' if link.language == 'en' else ''}/logga-in/{token_of(link)}"


def who_is_signed_in(client) -> str | None:
    found = re.search(r"<strong>([^<]+@[^<]+)</strong>", client.get("/konto").text)
    return found.group(1) if found else None


def test_somebody_new_signs_in_with_the_link_in_the_letter(world, client):
    assert ask(client, "ny@example.org").location == "/logga-in/skickat"
    assert send_waiting(KeptForReading()) == 1
    letter = db.session.scalars(select(Letter)).one()
    assert letter.address == "ny@example.org"
    address = re.search(r"http://localhost(/logga-in/\S+)", letter.body).group(1)
    assert "ny@example.org" in client.get(address).text
    assert client.send(address).location == "/"
    assert who_is_signed_in(client) == "ny@example.org"
    assert db.session.scalars(
        select(Person.email).where(Person.name.is_(None), Person.email.like("ny@%"))
    ).all()


def test_somebody_who_has_been_here_before_is_the_same_person(world, client):
    people = count(Person)
    client.send(asked(client))
    assert who_is_signed_in(client) == ADDRESS
    assert count(Person) == people


def test_opening_the_link_does_not_use_it_up(world, client, app):
    address = asked(client)
    for _ in range(3):
        scanner = app.test_client()
        assert scanner.get(address).status_code == 200
        assert scanner.head(address).status_code == 200
        assert who_is_signed_in(scanner) is None
    assert newest_link().used_at is None
    assert client.send(address).status_code == 303
    assert who_is_signed_in(client) == ADDRESS


def test_looking_at_the_pages_for_signing_in_writes_nothing(world, client):
    address = asked(client)
    before = count(Event)
    for page in ("/logga-in", "/logga-in/skickat", address, "/logga-in/inte-en-lank"):
        client.get(page)
        client.head(page)
    assert (count(Event), count(SignedIn)) == (before, 0)


def test_a_link_works_once(world, client, app):
    address = asked(client)
    other = app.test_client()
    token = other.token(address)
    client.send(address)
    refused = other.post(address, data={"csrf_token": token})
    assert refused.status_code == 410
    assert "/logga-in" in refused.text
    assert who_is_signed_in(other) is None
    assert client.get(address).status_code == 410
    assert count(SignedIn) == 1


def test_a_link_holds_for_a_quarter_of_an_hour(world, client):
    address = asked(client)
    clock.forward(minutes=14, seconds=59)
    assert client.get(address).status_code == 200
    token = client.token(address)
    clock.forward(seconds=1)
    assert client.get(address).status_code == 410
    assert client.post(address, data={"csrf_token": token}).status_code == 410
    assert count(SignedIn) == 0


def test_a_link_that_expires_between_the_page_and_the_button_is_refused_inside_the_transaction(world, client):
    asked(client)
    link = newest_link()
    clock.forward(minutes=15)
    with pytest.raises(LinkNotUsable), transaction():
        use_sign_in_link(link, now=clock.now())
    assert count(SignedIn) == 0


def signed(payload, secret=SECRET, salt="sign-in-link") -> str:
    return URLSafeSerializer(secret, salt=salt).dumps(payload)


def test_a_link_is_signed_with_the_secret_and_for_this_alone(world, client, app):
    asked(client)
    link = newest_link()
    assert client.get(f"/logga-in/{signed(link.key)}").status_code == 200
    forged = [
        signed(link.key, secret="another secret that is long enough too"),
        signed(link.key, salt="another salt"),
        signed(link.id),  # what any other database has as well
        signed([link.key]),
        signed(None),
        link.key,
        token_of(link) + "x",
        token_of(link)[:-1],
        token_of(link).replace(".", ""),
        "MQ.",
        ".",
        "å" * 20,
        "x" * 4000,
        "%ff%fe",
    ]
    for token in forged:
        response = client.get(f"/logga-in/{token}")
        assert response.status_code == 410, token
        assert ADDRESS not in response.text
        assert client.send("/logga-in", to=f"/logga-in/{token}").status_code == 410, token
    assert count(SignedIn) == 0


def test_a_link_used_twice_at_the_same_time_signs_in_once(world):
    with transaction():
        link = SignInLink(
            email="ny@example.org",
            language="sv",
            created_at=clock.now(),
            expires_at=clock.now().replace(year=2027),
        )
        db.session.add(link)
    token = token_of(link)

    def use(n: int) -> bool:
        try:
            link = link_of_token(token, clock.now())
            if link is None:
                return False
            with transaction():
                use_sign_in_link(link, now=clock.now())
        except LinkNotUsable:
            return False
        return True

    assert sorted(at_once(world.app, 6, use)) == [False] * 5 + [True]
    assert count(SignedIn) == 1


def test_two_links_of_somebody_new_used_at_the_same_time_make_one_person(world):
    with transaction():
        links = [
            SignInLink(
                email="ny@example.org",
                language="sv",
                created_at=clock.now(),
                expires_at=clock.now().replace(year=2027),
            )
            for _ in range(5)
        ]
        db.session.add_all(links)
    ids = [link.id for link in links]

    def use(n: int) -> int:
        link = db.session.get_one(SignInLink, ids[n])
        with transaction():
            return use_sign_in_link(link, now=clock.now())[0].id

    assert len(set(at_once(world.app, 5, use))) == 1
    assert count(SignedIn) == 5


def test_the_answer_is_the_same_whether_the_address_is_known_or_not_or_has_had_enough(world, app):
    def answers(email: str) -> tuple:
        client = app.test_client()
        response = ask(client, email)
        sent = client.get(response.location)
        without_token = re.sub(rb'(csrf[^"]*" (?:value|content)=")[^"]*', rb"\1", sent.data)
        without_token = without_token.replace(email.encode(), b"")  # which the asker wrote
        headers = {name: value for name, value in response.headers if name != "Set-Cookie"}
        return response.status_code, response.data, headers, sent.status_code, without_token

    for _ in range(SIGN_IN_LINKS_PER_ADDRESS):
        ask(app.test_client(), "mona@example.org")
    before = count(SignInLink)
    known, unknown, full = (answers(one) for one in (ADDRESS, "okand@example.org", "mona@example.org"))
    assert known == unknown == full
    assert count(SignInLink) == before + 2


def test_nobodys_mailbox_can_be_flooded(world, client):
    for _ in range(SIGN_IN_LINKS_PER_ADDRESS + 3):
        assert ask(client).status_code == 303
    assert count(SignInLink) == count(Letter) == SIGN_IN_LINKS_PER_ADDRESS == 5
    ask(client, "nils@example.org")
    assert count(SignInLink) == 6
    clock.forward(minutes=15)
    ask(client)
    assert count(SignInLink) == 7


def test_a_used_link_makes_room_for_another(world, client):
    for _ in range(SIGN_IN_LINKS_PER_ADDRESS):
        address = asked(client)
    client.send(address)
    ask(client)
    assert count(SignInLink) == SIGN_IN_LINKS_PER_ADDRESS + 1


def test_one_address_however_it_is_written_is_one_person(world, client):
    client.send(asked(client, "  RUT@Example.ORG "))
    assert who_is_signed_in(client) == ADDRESS


@pytest.mark.parametrize(
    "email",
    [
        "",
        " ",
        "rut",
        "rut@",
        "@example.org",
        "rut@example",
        "rut@@example.org",
        "rut@example.org, nils@example.org",
        "rut@example.org\nBcc: nils@example.org",
        "rut@example.org\x00",
        "rut\u202e@example.org",
        "Rut <rut@example.org>",
        "rut@" + "e" * 250 + ".org",
        "<script>@example.org",
    ],
)
def test_what_is_not_an_address_is_said_at_the_field_and_stays_there(world, client, email):
    response = ask(client, email)
    assert response.status_code == 422
    assert 'id="email-error"' in response.text
    assert count(SignInLink) == 0
    if email.isascii() and email.isprintable() and email.strip():
        assert f'value="{escape(email)}"' in response.text


def test_what_says_how_long_a_link_holds_says_what_holds(world, client):
    minutes = int(SIGN_IN_LINK_HOLDS.total_seconds() // 60)
    asked(client)
    send_waiting(KeptForReading())
    for words in (
        client.get("/logga-in/skickat").text,
        client.get("/logga-in/inte-en-lank").text,
        db.session.scalars(select(Letter.body)).one(),
    ):
        assert f"{minutes} minuter" in words


def test_somebody_new_gets_letters_in_the_language_they_signed_in_with(world, client):
    client.send(asked(client, "new@example.org", "/en/logga-in"))
    assert db.session.scalar(select(Person.language).where(Person.email == "new@example.org")) == "en"


def test_signing_in_forgets_what_the_browser_held_before(world, client):
    world.sign_in(client, world.mona)
    with client.session_transaction() as session:
        session["left"] = "behind"
        before = session["_user_id"]
    client.send(asked(client))
    with client.session_transaction() as session:
        assert "left" not in session
        assert session["_user_id"] != before
    assert who_is_signed_in(client) == ADDRESS


def test_the_cookie_is_kept_from_scripts_and_foreign_sites(world, client):
    response = client.send(asked(client))
    cookie = next(one for one in response.headers.getlist("Set-Cookie") if one.startswith("dialog="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires=" in cookie


def test_the_database_alone_opens_no_account(world, client):
    client.send(asked(client))
    with client.session_transaction() as session:
        key = session["_user_id"]
    row = db.session.scalars(select(SignedIn)).one()
    assert key not in str(vars(row))
    assert len(row.key_hash) == 64


def test_a_link_of_another_database_with_the_same_secret_opens_nothing(world, client):
    """A database that was made anew, or put back from a copy, gives the same ids to others."""
    asked(client)
    before = newest_link()
    token, link_id = token_of(before), before.id
    with transaction():
        db.session.delete(db.session.get_one(SignInLink, link_id))
    with transaction():
        db.session.add(
            SignInLink(id=link_id, email="nils@example.org", language="sv", created_at=clock.now(),
                       expires_at=clock.now() + SIGN_IN_LINK_HOLDS)
        )  # fmt: skip
    assert client.get(f"/logga-in/{token}").status_code == 410


def test_whoever_signs_in_as_somebody_else_leaves_no_key_behind(world, client, app):
    client.send(asked(client))
    thief = app.test_client()
    thief.set_cookie("dialog", client.get_cookie("dialog").value)
    assert who_is_signed_in(thief) == ADDRESS
    client.send(asked(client, "nils@example.org"))
    assert who_is_signed_in(client) == "nils@example.org"
    assert who_is_signed_in(thief) is None


@pytest.mark.parametrize("email", [ADDRESS, "okand@example.org"])
def test_a_network_that_asks_for_link_after_link_has_to_wait(world, app, email):
    client = app.test_client()
    for number in range(MOST_SIGN_IN_ATTEMPTS):
        assert ask(client, f"{number}@example.org").status_code == 303
        clock.forward(seconds=10)
    refused = ask(client, email)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "200"  # until the first of them is five minutes old
    assert "många försök" in refused.text
    assert count(SignInLink) == MOST_SIGN_IN_ATTEMPTS
    clock.forward(seconds=200)
    assert ask(client, email).status_code == 303
    assert ask(client, email).status_code == 429


def test_the_answer_to_too_many_is_the_same_whoever_is_asked_for(world, app):
    for number in range(MOST_SIGN_IN_ATTEMPTS):
        ask(app.test_client(), f"{number}@example.org")
    known, unknown = (ask(app.test_client(), email) for email in (ADDRESS, "okand@example.org"))
    without_token = [
        re.sub(r'(csrf[^"]*" (?:value|content)=")[^"]*', r"\1", one.text) for one in (known, unknown)
    ]
    assert without_token[0] == without_token[1]


def test_another_network_does_not_have_to_wait(world, client, app):
    for number in range(MOST_SIGN_IN_ATTEMPTS):
        ask(client, f"{number}@example.org")
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert ask(elsewhere).status_code == 303


def test_what_is_kept_of_a_network_cannot_be_told_from_and_not_for_long(world, client):
    ask(client)
    [attempt] = db.session.scalars(select(SignInAttempt)).all()
    assert "127.0.0.1" not in str(vars(attempt)) and len(attempt.who) == 64
    clock.forward(minutes=5)
    ask(client)
    assert count(SignInAttempt) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::3", "2001:db8:1:2:ffff::4", True),
        ("2001:db8:1:2::3", "2001:db8:1:3::3", False),
        ("", "192.0.2.1", False),
        ("unix:", "unix:", True),
    ],
)
def test_what_counts_as_one_network(one, other, same):
    assert (network_of(one, SECRET) == network_of(other, SECRET)) == same
    assert network_of(one, SECRET) != network_of(one, "another secret")


def test_a_form_without_a_word_in_it_is_told_so_where_its_token_comes_another_way(client):
    answer = client.post("/logga-in", headers={"X-CSRFToken": client.token("/logga-in")})
    assert answer.status_code == 422
    assert "email-error" in answer.text
