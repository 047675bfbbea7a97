"""Who of a committee sees to a matter, the parts of the inbox, and notes that nobody else reads."""

from datetime import date

import pytest
from sqlalchemy import select

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.response import handling
from dialog.response.models import Matter, MatterNote
from dialog.states import Stale, UnlistedMove
from tests.response.test_inbox import INBOX, numbers
from tests.test_house_rules import MOST_QUERIES_ELSEWHERE, queries_of

NOTE = "Ring trafikplaneraren innan vi svarar."


@pytest.fixture
def olle(world, client):
    world.sign_in(client, world.olle)
    return client


@pytest.fixture
def matter(world):
    [one] = world.matters("KS", world.published())
    return one


def address(matter: Matter, where: str = "") -> str:
    return f"/namnd/ks/arende/{matter.id}{where}"


def press(client, matter: Matter, where: str, seen: int | None = None, query: str = ""):
    db.session.refresh(matter)
    version = matter.version if seen is None else seen
    return client.send(INBOX, {f"version-{matter.id}": version}, to=address(matter, where) + query)


def taker(matter: Matter) -> int | None:
    db.session.refresh(matter)
    return matter.taken_by_id


def test_taken_it_is_seen_by_the_others_and_let_go_it_is_anybodys(world, olle, app, matter):
    sent = press(olle, matter, "/ta")
    assert (sent.status_code, sent.location) == (303, f"{INBOX}#arende-{matter.id}")
    assert "Du har tagit den." in olle.get(INBOX).text
    colleague = app.test_client()
    world.sign_in(colleague, world.eva)
    assert f"{world.olle.name} tog den" in colleague.get(INBOX).text
    assert "Ta över den" in colleague.get(INBOX).text
    assert press(olle, matter, "/slapp").status_code == 303
    assert taker(matter) is None
    kinds = select(Event.kind).where(Event.subject_type == "matter").order_by(Event.id)
    assert db.session.scalars(kinds).all() == ["matter.taken", "matter.left"]


def test_a_colleague_takes_it_over_knowingly_and_never_unseen(world, olle, app, matter):
    before = matter.version
    press(olle, matter, "/ta")
    colleague = app.test_client()
    world.sign_in(colleague, world.eva)
    assert press(colleague, matter, "/ta", seen=before).status_code == 409
    assert taker(matter) == world.olle.id
    assert press(colleague, matter, "/ta").status_code == 303
    assert taker(matter) == world.eva.id
    assert press(olle, matter, "/slapp").status_code == 303
    assert taker(matter) == world.eva.id, "Nobody lets go of what a colleague has taken."


def test_taken_twice_is_taken_once(world, olle, matter):
    version = matter.version
    assert {press(olle, matter, "/ta", seen=version).status_code for _ in range(2)} == {303}
    assert len(db.session.scalars(select(Event.id).where(Event.kind == "matter.taken")).all()) == 1


def test_what_needs_no_answer_is_taken_by_nobody(world, matter):
    world.answered(matter.comment)
    db.session.refresh(matter)
    with pytest.raises(UnlistedMove), transaction():
        handling.take(matter, officer=world.olle, seen=matter.version, now=clock.now())


def test_a_matter_taken_by_another_meanwhile_is_refused(world, matter):
    with pytest.raises(Stale), transaction():
        handling.take(matter, officer=world.olle, seen=matter.version + 1, now=clock.now())


# Each part, what belongs to it, and in words. Day 0 is a Wednesday; what is due is due on 2026-03-25.
def test_the_parts_of_the_inbox(world, client):
    late, today, taken, task = (
        world.published(world.trusted(world.rut), f"Inlägg nummer {n} till nämnden.", **about)
        for n, about in enumerate([{}, {}, {}, {"assignment": world.assignment(1)}])
    )
    days = {late: date(2026, 3, 10), today: date(2026, 3, 11)}
    with transaction():
        for comment, day in days.items():
            world.matters("KS", comment)[0].due_on = day
        [one] = world.matters("KS", taken)
        handling.take(one, officer=world.olle, seen=one.version, now=clock.now())
    world.sign_in(client, world.olle)

    def part(query: str) -> set[str]:
        return set(numbers(client.get(f"{INBOX}{query}").text))

    everything = {one.comment.number for one in world.matters("KS")}
    assert part("") == everything
    assert part("?visa=idag") == {today.number}
    assert part("?visa=forsenade") == {late.number}
    assert part("?visa=mina") == {taken.number}
    assert part("?visa=lediga") == everything - {taken.number}
    assert part(f"?uppdrag={task.assignment_id}") == {task.number}
    assert part(f"?visa=mina&uppdrag={task.assignment_id}") == set()
    for nonsense in ("?visa=x", "?uppdrag=999999", "?uppdrag=-1", "?efter=x"):
        assert part(nonsense) == everything, nonsense
    page = client.get(f"{INBOX}?visa=mina").text
    assert '<strong aria-current="true">Mina (1)</strong>' in page
    assert (
        "Inget väntar i den här delen av inkorgen."
        in client.get(f"{INBOX}?visa=mina&uppdrag={task.assignment_id}").text
    )


def test_taking_leads_back_to_the_part_one_was_on(world, olle, matter):
    sent = press(olle, matter, "/ta", query="?visa=lediga")
    assert sent.location == f"{INBOX}?visa=lediga#arende-{matter.id}"


def test_the_matters_own_page_says_when_the_answer_is_late(world, olle, matter):
    assert "Ska besvaras senast den" in olle.get(address(matter)).text
    clock.forward(days=20)
    page = olle.get(address(matter)).text
    assert "<strong>Försenat</strong>: skulle ha besvarats den" in page
    assert "Ska besvaras senast den" not in page


def test_an_answer_is_begun_from_the_matters_own_page_as_long_as_one_is_owed(world, olle, matter):
    begins = 'action="/namnd/ks/svar"'
    assert begins in olle.get(address(matter)).text
    sent = olle.send(address(matter), {"matter": matter.id}, to="/namnd/ks/svar")
    assert sent.status_code == 303
    assert olle.get(sent.location).text.count(matter.comment.number)
    world.answered(matter.comment)
    assert begins not in olle.get(address(matter)).text


def test_a_note_is_read_by_the_committees_officers_alone(world, olle, app, matter):
    sent = olle.send(address(matter), {"text": NOTE}, to=address(matter, "/anteckningar"))
    assert sent.location == f"{address(matter)}#anteckningar"
    assert NOTE in olle.get(address(matter)).text
    assert "1 anteckning" in olle.get(INBOX).text
    for name, status in {"eva": 200, "tore": 403, "mona": 403, "nils": 403, "adam": 403}.items():
        client = app.test_client()
        world.sign_in(client, world.people[name])
        assert client.get(address(matter)).status_code == status, name
    visitor = app.test_client()
    for page in (f"/inlagg/{matter.comment.number}", f"/kvitto/{matter.comment.receipt_key}"):
        assert NOTE not in visitor.get(page).text
    [written] = db.session.scalars(select(MatterNote)).all()
    assert (written.author_id, written.written_at) == (world.olle.id, clock.now())


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001, "19811218-9876 ska inte stå här"])
def test_a_note_that_cannot_be_kept_stays_as_typed(world, olle, matter, text):
    sent = olle.send(address(matter), {"text": text}, to=address(matter, "/anteckningar"))
    assert sent.status_code == 422
    assert text.strip() in sent.text
    assert db.session.scalars(select(MatterNote)).all() == []


@pytest.mark.parametrize("where", ["", "/ta", "/slapp", "/anteckningar"])
def test_what_is_no_matter_of_the_committees_is_not_there(world, olle, matter, where):
    world.decide(matter.comment, "hide")
    strange = [address(matter, where), f"/namnd/ks/arende/999999{where}"]
    for one in strange:
        status = olle.get(one).status_code if not where else olle.send("/konto", {}, to=one).status_code
        assert status == 404, one


def test_as_many_queries_for_many_matters_and_notes_as_for_few(world, app, olle, matter):
    with transaction():
        handling.take(matter, officer=world.eva, seen=matter.version, now=clock.now())
        handling.note(matter, NOTE, officer=world.eva, now=clock.now())
    pages = [INBOX, address(matter)]
    few = [len(queries_of(app, olle, page)) for page in pages]
    for number in range(12):
        [one] = world.matters("KS", world.published(world.trusted(world.rut), f"Inlägg nummer {number}."))
        with transaction():
            handling.take(one, officer=world.eva, seen=one.version, now=clock.now())
            for about in (one, matter):
                handling.note(about, NOTE, officer=world.eva, now=clock.now())
    assert [len(queries_of(app, olle, page)) for page in pages] == few
    assert max(few) <= MOST_QUERIES_ELSEWHERE
