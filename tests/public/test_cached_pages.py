"""A goal's page is the same bytes for every visitor, and made anew the moment anything on it changes."""

import gzip

import pytest
from sqlalchemy.exc import OperationalError

from dialog.db import clock, transaction
from dialog.people.operations import edit_account
from dialog.plan.operations import edit_entry
from dialog.plan.queries import area_at
from tests.plan.commands import take_in
from tests.plan.samples.reading import sample
from tests.world import ANSWER, GOAL_2024, WORDS

PAGES = pytest.mark.parametrize("address", [GOAL_2024, f"/en{GOAL_2024}", "/mal/2023/1-1"])


@pytest.fixture
def visitor(app):
    """Fetches a page as somebody who has never been here, each time."""
    return lambda address=GOAL_2024, **headers: app.test_client().get(address, headers=headers)


@PAGES
def test_all_visitors_get_the_same_bytes(world, visitor, address):
    world.published()
    first, second = visitor(address), visitor(address)
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]
    assert "csrf_token" not in first.text


@PAGES
def test_a_visitor_with_some_cookie_gets_the_same_bytes_too(app, visitor, address):
    plain = visitor(address)
    client = app.test_client()
    client.set_cookie("other", "x")
    assert client.get(address).data == plain.data
    client.get("/logga-in")  # leaves a session with a form's token in it
    assert client.get(address).data == plain.data


@PAGES
def test_what_may_be_kept_and_for_whom_is_said(visitor, address):
    for response in (visitor(address), visitor(address)):
        assert response.headers["Cache-Control"] == "no-cache"
        assert {part.strip() for part in response.headers["Vary"].split(",")} == {
            "Accept-Encoding",
            "Cookie",
            "HX-Request",
        }
        assert "Set-Cookie" not in response.headers
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"


def test_an_address_that_begins_with_more_slashes_is_the_same_page_and_kept_once(app, visitor):
    twice = app.test_client().get("/", environ_overrides={"PATH_INFO": f"/{GOAL_2024}"})
    assert twice.data == visitor().data
    assert len(app.extensions["pages"]._kept) == 1


@PAGES
def test_a_browser_that_has_the_page_is_told_so(visitor, address):
    tag = visitor(address).headers["ETag"]
    for wanted in (tag, f'"other", {tag}', "*"):
        response = visitor(address, **{"If-None-Match": wanted})
        assert (response.status_code, response.data) == (304, b"")
        assert response.headers["ETag"] == tag
        assert "HX-Request" in response.headers["Vary"]
    assert visitor(address, **{"If-None-Match": 'W/"other"'}).status_code == 200


def test_the_page_is_packed_for_those_who_can_unpack_it(app, visitor):
    plain = visitor().data
    for accepted, packed in (
        ("gzip", True),
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.8", True),
        ("gzip;q=0", False),
        ("identity", False),
        ("", False),
    ):
        client = app.test_client()
        # Below the client that looks at pages, which can't unpack them.
        response = super(type(client), client).open(GOAL_2024, headers={"Accept-Encoding": accepted})
        assert ("gzip" in response.headers.get("Content-Encoding", "")) == packed, accepted
        assert (gzip.decompress(response.data) if packed else response.data) == plain, accepted


def test_the_languages_are_kept_apart(visitor):
    swedish, english = visitor(), visitor(f"/en{GOAL_2024}")
    assert '<html lang="sv"' in swedish.text
    assert '<html lang="en"' in english.text
    assert swedish.headers["ETag"] != english.headers["ETag"]


def test_a_fragment_is_not_the_page_and_is_never_kept(world, visitor):
    for number in range(21):
        world.published(world.rut, f"Inlägg nummer {number} om målet.")
    visitor()
    fragment = visitor(**{"HX-Request": "true"})
    assert "<html" not in fragment.text
    assert fragment.headers["Cache-Control"] == "private, no-store"
    assert "HX-Request" in fragment.headers["Vary"]
    assert "<html" in visitor().text


@pytest.mark.parametrize("name", ["rut", "mona", "eva", "adam"])
def test_a_page_for_somebody_signed_in_is_for_nobody_else(world, app, visitor, name):
    plain = visitor().data
    client = app.test_client()
    world.sign_in(client, world.people[name])
    response = client.get(GOAL_2024)
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in response.headers["Vary"]
    assert "ETag" not in response.headers
    assert "Logga ut" in response.text
    assert visitor().data == plain


def published(world, tmp_path):
    world.published(text="Ett nytt inlägg som ska synas genast.")


def hidden(world, tmp_path):
    world.decide(world.earlier, "hide")


def withdrawn(world, tmp_path):
    world.withdraw(world.earlier)


def answered(world, tmp_path):
    world.answered(world.earlier)


def imported(world, tmp_path):
    take_in(world.app, tmp_path, sample("web_page_2024.txt"))


def committee_renamed(world, tmp_path):
    with transaction():
        board = world.committee("KS")
        edit_entry(
            board, seen=board.version, actor_id=world.adam.id, now=clock.now(), name_sv="Nya styrelsen"
        )


def area_renamed(world, tmp_path):
    with transaction():
        area = area_at("lit")
        edit_entry(
            area, seen=area.version, actor_id=world.adam.id, now=clock.now(), name="Lits nya kommundel"
        )


def author_renamed(world, tmp_path):
    with transaction():
        edit_account(world.rut, name="Rut Andersson", area_id=None, language="sv", now=clock.now())


# What happens, the words that come to the page by it, and those that go.
CHANGES = [
    (published, "Ett nytt inlägg som ska synas genast.", None),
    (hidden, None, WORDS),
    (withdrawn, None, WORDS),
    (answered, ANSWER.we_decided, "Kommunstyrelsen ska svara senast den"),
    (imported, "Det andra stycket innehåller en medveten felskrivning", None),
    (committee_renamed, "Nya styrelsen", "Kommunstyrelsen</a>"),
    (area_renamed, "Lits nya kommundel", None),
    (author_renamed, "Rut Andersson", None),
]


@pytest.mark.parametrize(("change", "comes", "goes"), CHANGES, ids=[row[0].__name__ for row in CHANGES])
def test_a_change_makes_the_page_anew_at_once(world, visitor, tmp_path, change, comes, goes):
    world.earlier = world.published(world.rut, WORDS, area_id=area_at("lit").id)
    before = visitor()
    assert comes is None or comes not in before.text
    assert goes is None or goes in before.text
    change(world, tmp_path)
    after = visitor(**{"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    assert comes is None or comes in after.text
    assert goes is None or goes not in after.text


def test_a_restored_comment_is_back_as_it_was(world, visitor):
    comment = world.published(world.rut, WORDS)
    before = visitor().text
    world.decide(comment, "hide")
    assert WORDS not in visitor().text
    world.decide(comment, "restore")
    assert visitor().text == before


def test_what_happens_to_one_goal_leaves_the_others_kept(world, visitor):
    other = visitor("/mal/2023/1-1").headers["ETag"]
    world.published()
    assert visitor("/mal/2023/1-1", **{"If-None-Match": other}).status_code == 304


def test_lateness_changes_at_midnight_in_sweden(world, visitor):
    world.published()
    tag = visitor().headers["ETag"]
    clock.forward(days=15)
    late = visitor(**{"If-None-Match": tag})
    assert late.status_code == 200
    assert "<strong>Försenat</strong>" in late.text


def test_a_second_committees_answer_shows_on_the_comment_too(world, visitor):
    comment = world.published(assignment=world.assignment(2))
    world.answered(comment)
    assert "Tekniska nämnden har svarat" not in visitor().text
    assert "Tekniska nämnden ska också svara, senast den" in visitor().text
    world.answered(comment, committee="TN")
    assert "Tekniska nämnden har svarat" in visitor().text


def test_the_next_page_of_comments_is_kept_apart_from_the_first(world, visitor):
    for number in range(25):
        world.published(world.rut, f"Inlägg nummer {number} om målet.")
    second = visitor(f"{GOAL_2024}?efter=2026-000006").text
    assert "Inlägg nummer 4 om målet." in second
    assert "Inlägg nummer 24 om målet." not in second
    assert "Inlägg nummer 24 om målet." in visitor().text


@pytest.mark.parametrize("address", ["/mal/2024/finns-inte", "/mal/1999/1-1", "/en/mal/2024/finns-inte"])
def test_a_goal_that_does_not_exist_is_not_kept_either(visitor, address):
    for _ in range(2):
        response = visitor(address)
        assert response.status_code == 404
        assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("kind", ["of the driver", "of SQLAlchemy"])
def test_what_the_database_fails_at_before_the_application_is_left_to_it(app, visitor, monkeypatch, kind):
    visitor()
    front = app.wsgi_app
    failure = (
        OperationalError("SELECT", {}, Exception())
        if "SQL" in kind
        else front.engine.dialect.loaded_dbapi.OperationalError()
    )

    def fail(*_):
        raise failure

    monkeypatch.setattr(front, "_revision", fail)
    assert visitor().status_code == 200
