"""The browsers a person is signed in with, and signing out of one of them or all."""

import pytest
from sqlalchemy import select

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.people.models import SignedIn
from dialog.people.operations import open_browser
from dialog.people.rules import BROWSERS_LISTED, kind_of_browser
from tests.people.test_sign_in import asked
from tests.test_house_rules import queries_of

ACCOUNT = "/konto"
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("user_agent", "kind"),
    [
        (ANDROID, "Chrome, Android"),
        (IPHONE, "Safari, iPhone"),
        (IPHONE.replace("Version/18.6", "CriOS/140.0.0.0"), "Chrome, iPhone"),
        (IPHONE.replace("Version/18.6", "FxiOS/143.0"), "Firefox, iPhone"),
        (ANDROID.replace("Chrome/", "SamsungBrowser/28.0 Chrome/"), "Samsung Internet, Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36 OPR/122.0.0.0", "Opera, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox, Linux"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/140.0.0.0 Safari/537.36", "Chrome, Chromebook"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.6 Safari/605.1.15", "Safari, Mac"),
        ("Something/1.0 (Windows)", "Windows"),
        ("curl/8.5.0", None),
        ("", None),
    ],
)  # fmt: skip
def test_of_a_browsers_description_only_its_kind_is_kept(user_agent, kind):
    assert kind_of_browser(user_agent) == kind


def is_signed_in(client) -> bool:
    return client.get(ACCOUNT).status_code == 200


def browsers(person) -> list[SignedIn]:
    db.session.expire_all()
    return list(
        db.session.scalars(select(SignedIn).where(SignedIn.person_id == person.id).order_by(SignedIn.id))
    )


def events(person) -> list[dict]:
    statement = select(Event).where(Event.kind == "person.signed_out", Event.subject_id == person.id)
    return [event.details for event in db.session.scalars(statement.order_by(Event.id))]


@pytest.fixture
def telephone(world, app):
    """Rut's other browser; hers at the desk is `client`."""
    telephone = app.test_client()
    world.sign_in(telephone, world.rut)
    return telephone


@pytest.fixture
def desk(world, client, telephone):
    world.sign_in(client, world.rut)
    return client


def sign_out(client, signed_in: SignedIn):
    return client.send(ACCOUNT, to=f"/konto/webblasare/{signed_in.id}")


def test_the_account_lists_where_one_is_signed_in_this_browser_first(world, desk):
    clock.forward(days=1)
    with transaction():
        open_browser(world.rut, now=clock.now(), browser="Chrome, Android")
        open_browser(world.nils, now=clock.now(), browser="Firefox, Linux")
    page = desk.get(ACCOUNT).text
    assert page.count("browsers__one") == 3
    assert (
        page.index("Den här webbläsaren") < page.index("Chrome, Android") < page.index("En annan webbläsare")
    )
    assert "Firefox, Linux" not in page


def test_what_kind_a_browser_is_stands_in_its_row_from_signing_in(world, client):
    client.send(asked(client, "rut@example.org"), headers={"User-Agent": ANDROID})
    assert [one.browser for one in browsers(world.rut)] == ["Chrome, Android"]
    assert "Den här webbläsaren</strong> (Chrome, Android)" in client.get(ACCOUNT).text


def test_signing_out_of_one_leaves_the_others(world, desk, telephone):
    response = sign_out(desk, browsers(world.rut)[0])
    assert response.location == "/konto?utloggad=1"
    assert "Du är utloggad där" in desk.get(response.location).text
    assert not is_signed_in(telephone)
    assert is_signed_in(desk)
    assert events(world.rut) == [{"signed_in_id": browsers(world.rut)[0].id}]


def test_signing_out_of_one_twice_is_once(world, desk):
    first = browsers(world.rut)[0]
    sign_out(desk, first)
    ended_at = browsers(world.rut)[0].ended_at
    clock.forward(minutes=1)
    assert sign_out(desk, first).status_code == 303
    assert browsers(world.rut)[0].ended_at == ended_at
    assert len(events(world.rut)) == 1


def test_nobody_ends_somebody_elses_browser(world, desk, app):
    other = app.test_client()
    world.sign_in(other, world.nils)
    for one in browsers(world.rut):
        assert sign_out(other, one).status_code == 404
    assert not [one for one in browsers(world.rut) if one.ended_at]
    assert events(world.rut) == []


@pytest.mark.parametrize("signed_in_id", ["0", "999999", "x", "-1", "9" * 40])
def test_a_browser_that_is_not_there_is_missing(desk, signed_in_id):
    assert desk.send(ACCOUNT, to=f"/konto/webblasare/{signed_in_id}").status_code == 404


def test_a_visitor_ends_nothing(world, desk, app):
    visitor = app.test_client()
    first = browsers(world.rut)[0].id
    for to in (f"/konto/webblasare/{first}", "/konto/webblasare", "/konto/logga-ut-overallt"):
        assert visitor.send("/logga-in", to=to).status_code == 401
    assert not [one for one in browsers(world.rut) if one.ended_at]


def test_signing_out_everywhere_but_here_keeps_this_one(world, desk, telephone, app):
    nils = app.test_client()
    world.sign_in(nils, world.nils)
    for _ in range(2):
        assert desk.send(ACCOUNT, to="/konto/webblasare").location == "/konto?utloggad=1"
    assert (is_signed_in(desk), is_signed_in(telephone), is_signed_in(nils)) == (True, False, True)
    assert events(world.rut) == [{"everywhere": True}]
    assert "överallt utom här" not in desk.get(ACCOUNT).text  # where there is nothing more to end


def test_signing_out_everywhere_ends_this_one_too(world, desk, telephone):
    assert desk.send(ACCOUNT, to="/konto/logga-ut-overallt").location == "/"
    assert (is_signed_in(desk), is_signed_in(telephone)) == (False, False)
    assert events(world.rut) == [{"everywhere": True}]


def test_what_has_ended_or_run_out_is_not_listed(world, desk):
    sign_out(desk, browsers(world.rut)[0])
    assert desk.get(ACCOUNT).text.count("browsers__one") == 1
    clock.forward(days=29)
    world.sign_in(desk, world.rut)
    assert desk.get(ACCOUNT).text.count("browsers__one") == 2
    clock.forward(days=2)
    assert desk.get(ACCOUNT).text.count("browsers__one") == 1


def test_the_list_is_bounded_and_holds_this_browser_and_says_how_many_more(world, desk, app):
    few = len(queries_of(app, desk, ACCOUNT))
    with transaction():
        for _ in range(BROWSERS_LISTED + 1):
            open_browser(world.rut, now=clock.now())
    page = desk.get(ACCOUNT).text
    assert page.count("browsers__one") == BROWSERS_LISTED
    assert "Den här webbläsaren" in page
    assert "Och 3 till" in page
    assert len(queries_of(app, desk, ACCOUNT)) == few
