"""Opening what is sealed: who may, with which reason, what is shown once, and what is kept of it."""

import pytest
from sqlalchemy import select

from dialog.db import clock, db, transaction
from dialog.events import Event, first_broken
from dialog.permissions import PERMISSIONS, allowed
from dialog.records.models import Opening
from dialog.records.operations import MayNotOpen, NothingSealed, open_sealed
from dialog.records.queries import badly_sealed
from dialog.search.models import Entry
from dialog.states import ReasonMissing

LIST = "/registrator/forseglat"
TEXT = "Läraren Eva Strömberg är sjuk igen, och klassen får ingen buss."
WHY = "Någon har begärt ut handlingen."

# Who may see that something is sealed, and who may open it: the registrar alone.
MAY = {
    name: name == "rikard"
    for name in ("rut", "nils", "mona", "max", "olle", "eva", "karin", "adam", "rikard")
}


@pytest.fixture
def comment(world):
    return world.masked(world.published(world.nils, TEXT), "Eva Strömberg")


@pytest.fixture
def rikard(world, client):
    world.sign_in(client, world.rikard)
    return client


def opened(comment, person, reason: str = WHY):
    with transaction():
        return open_sealed(comment, reason, registrar=person, now=clock.now())


def openings() -> list[Opening]:
    return list(db.session.scalars(select(Opening).order_by(Opening.id)))


@pytest.mark.parametrize(("name", "may"), MAY.items())
def test_only_a_registrar_may(world, comment, name, may):
    person = world.people[name]
    assert allowed("see_sealed", person) is allowed("open_sealed", person) is may
    if not may:
        with pytest.raises(MayNotOpen):
            opened(comment, person)
        assert openings() == []
    assert not allowed("open_sealed", None) and PERMISSIONS["open_sealed"].writes


def test_who_when_why_and_which_wordings_are_kept_and_never_the_text(world, comment):
    assert [one.text for one in opened(comment, world.rikard)] == [TEXT]
    [row] = openings()
    assert (row.comment_id, row.opened_by_id, row.reason, row.opened_at) == (
        comment.id, world.rikard.id, WHY, clock.now(),
    )  # fmt: skip
    event = db.session.scalars(select(Event).where(Event.kind == "seal.opened")).one()
    assert (event.actor_id, event.details) == (world.rikard.id, {"comment": comment.id, "wordings": [1]})
    assert first_broken() is None


def test_it_takes_a_reason_and_something_that_is_sealed(world, comment):
    with pytest.raises(ReasonMissing):
        opened(comment, world.rikard, "")
    world.settle(world.appealed(comment, "Det har stått i tidningen."), "granted")
    with pytest.raises(NothingSealed):
        opened(comment, world.rikard)
    assert openings() == []


def test_the_pages_lead_from_the_number_to_the_text_and_show_it_once(world, rikard, comment):
    page = rikard.get(LIST).text
    assert comment.number in page and "Aldrig" in page and "klassen" not in page
    address = f"{LIST}/{comment.number}"
    before = rikard.get(address).text
    assert "Ingen har öppnat det." in before and "klassen" not in before
    response = rikard.send(address, {"reason": WHY})
    assert response.status_code == 200 and TEXT in response.text
    assert "no-store" in response.headers["Cache-Control"]
    after = rikard.get(address).text
    assert "Strömberg" not in after and WHY in after and "Rikard" in after
    assert "1 gång" in rikard.get(LIST).text
    assert "What it said" in rikard.send(f"/en{address}", {"reason": WHY}).text
    assert len(openings()) == 2


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Skriv varför det måste öppnas."),
        ("Kort.", "Skriv minst 10 tecken."),
        ("x" * 501, "Skriv högst 500 tecken."),
    ],
)
def test_bad_input_opens_nothing_and_stays_as_it_was_typed(rikard, comment, reason, sentence):
    response = rikard.send(f"{LIST}/{comment.number}", {"reason": reason})
    assert response.status_code == 422 and sentence in response.text and reason in response.text
    assert "Strömberg" not in response.text and openings() == []


def test_what_is_not_sealed_is_not_there(world, rikard, comment):
    whole = world.published(world.rut, "Ett inlägg som är helt.")
    for number in (whole.number, "2026-999999", "x"):
        assert rikard.get(f"{LIST}/{number}").status_code == 404
        assert rikard.send(LIST, {"reason": WHY}, to=f"{LIST}/{number}").status_code == 404


def test_the_list_has_pages_and_takes_the_same_number_of_queries(world, rikard, comment, monkeypatch):
    monkeypatch.setattr("dialog.records.queries.PAGE_SIZE", 1)
    other = world.masked(world.published(world.rut, TEXT), "Strömberg")
    first = rikard.get(LIST).text
    assert other.number in first and comment.number not in first
    later = rikard.get(f"{LIST}?efter={other.id}").text
    assert comment.number in later and other.number not in later


def test_the_doctor_finds_what_can_be_read_or_found_all_the_same(world, comment):
    assert badly_sealed() == []
    with transaction():
        entry = db.session.scalars(
            select(Entry).where(Entry.subject_id == comment.id, Entry.kind == "comment")
        ).one()
        entry.stems = "strömberg"
    assert badly_sealed() == [comment.number]
