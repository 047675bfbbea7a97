"""An officer says which assignment a published follow-up is about, or that it is about none: it is said once."""

import pytest
from sqlalchemy import select

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.following.operations import follow
from dialog.following.queries import news_for
from dialog.following.rules import Thing
from dialog.notify.telling import read_the_log
from dialog.plan.accounting import place
from dialog.plan.models import FollowUp
from dialog.plan.rules import Progress
from dialog.states import Stale
from tests import counts
from tests.test_house_rules import EVERYBODY, OFFICERS_OF_KS
from tests.world import GOAL_2024

PAGE = "/namnd/ks/uppfoljning"
WORDS = "Förbättra kvinnors förutsättningar för företagande."  # shorter than the assignment: asked about
COMMENTARY = "Vi har träffat åtta företagare."


@pytest.fixture
def row(world):
    return world.read_follow_up(WORDS, COMMENTARY)


@pytest.fixture
def olle(world, client, row):
    world.sign_in(client, world.olle)
    return client


def address(row) -> str:
    return f"{PAGE}/{row.id}"


def send(client, row, about, **changes):
    form = {"version": row.version, "about": about, "other": "", "progress": "under_way"}
    return client.send("/konto", form | changes, to=address(row))


def now(row) -> FollowUp:
    db.session.expire_all()
    return db.session.get(FollowUp, row.id)


def test_a_doubtful_row_names_the_assignments_that_it_might_be_about_and_is_shown_to_nobody(
    world, olle, app, row
):
    about = world.assignment(1)
    page = olle.get(PAGE).text
    assert WORDS in page and f"Kanske: {about.title[:40]}" in page and address(row) in page
    form = olle.get(address(row)).text
    assert COMMENTARY in form and f'value="{about.id}"' in form and "Inget av uppdragen här" in form
    visitor = app.test_client()
    for shown in (GOAL_2024, f"/uppdrag/{about.id}", "/namnd/ks"):
        assert COMMENTARY not in visitor.get(shown).text, shown


def test_placed_it_stands_at_the_assignment_with_how_it_goes(world, olle, app, row):
    about = world.assignment(1)
    visitor = app.test_client()
    visitor.get(GOAL_2024)  # kept before it is placed
    assert send(olle, row, about.id).location == f"{PAGE}?sparat=1"
    assert (now(row).assignment_id, now(row).progress) == (about.id, Progress.UNDER_WAY)
    for shown in (GOAL_2024, f"/uppdrag/{about.id}"):
        page = visitor.get(shown).text
        assert COMMENTARY in page and "<strong>Pågår</strong>" in page, shown
        assert "Januari–april (T1) 2024" in page, shown
    assert "uppfoljning.txt" in visitor.get(f"/uppdrag/{about.id}").text
    assert WORDS not in olle.get(PAGE).text
    event = db.session.scalars(select(Event).where(Event.kind == "follow_up.published")).one()
    assert event.actor_id == world.olle.id


def test_another_than_those_that_are_like_it_can_be_chosen(world, olle, row):
    other = world.assignment(4)
    assert send(olle, row, "annat", other=other.id).status_code == 303
    assert now(row).assignment_id == other.id


def test_about_none_it_is_kept_and_shown_apart(world, olle, app, row):
    assert send(olle, row, "inget").status_code == 303
    kept = now(row)
    assert (kept.assignment_id, kept.progress, kept.settled_by_id) == (None, None, world.olle.id)
    page = olle.get(PAGE).text
    assert page.index("Gäller inget av uppdragen här") < page.index(WORDS)
    assert page.count(address(row)) == 1, "There it can be put right."
    assert counts.count(Event, Event.kind == "follow_up.set_aside") == 1
    assert counts.count(Event, Event.kind == "follow_up.published") == 0


def test_said_twice_is_said_once_and_said_otherwise_is_refused(world, olle, row):
    about = world.assignment(1)
    assert {send(olle, row, about.id).status_code for _ in range(2)} == {303}
    assert counts.count(Event, Event.kind == "follow_up.published") == 1
    sent = send(olle, row, "inget", version=1)
    assert sent.status_code == 409
    assert "det du sade är inte sparat" in sent.text and f"/uppdrag/{about.id}" in sent.text
    assert now(row).assignment_id == about.id
    assert send(olle, row, "inget", version=now(row).version).status_code == 303, "Knowingly it is put right."


def test_what_was_said_wrong_is_put_right_and_is_no_more_news_where_it_stood(world, olle, app, row):
    with transaction():
        follow(world.rut, Thing.ASSIGNMENT, world.assignment(1).id, now=clock.now())
        follow(world.nils, Thing.ASSIGNMENT, world.assignment(4).id, now=clock.now())
    wrong, right = world.assignment(1), world.assignment(4)
    visitor = app.test_client()
    send(olle, row, wrong.id)
    assert COMMENTARY in visitor.get(f"/uppdrag/{wrong.id}").text
    read_the_log()
    assert f'value="{wrong.id}" checked' in olle.get(address(row)).text, "What holds is chosen."
    assert send(olle, row, "annat", other=right.id, version=now(row).version).status_code == 303
    assert COMMENTARY not in visitor.get(f"/uppdrag/{wrong.id}").text
    assert COMMENTARY in visitor.get(f"/uppdrag/{right.id}").text
    read_the_log()
    told = {name: len(news_for(world.people[name], clock.now()).items) for name in ("rut", "nils")}
    assert told == {"rut": 0, "nils": 1}
    assert send(olle, row, "inget", version=now(row).version).status_code == 303
    assert COMMENTARY not in visitor.get(GOAL_2024).text
    kinds = select(Event.kind).where(Event.subject_type == "follow_up").order_by(Event.id)
    assert [kind.removeprefix("follow_up.") for kind in db.session.scalars(kinds)] == [
        *("kept", "published", "taken_away", "published", "taken_away", "set_aside")
    ]


def test_a_row_that_was_placed_by_its_words_can_be_put_right_too(world, olle):
    row = world.read_follow_up(world.assignment(1).title, COMMENTARY)
    page = olle.get(f"{PAGE}/uppdrag/{world.assignment(1).id}?period=t1").text
    assert address(row) in page
    assert send(olle, row, "inget").status_code == 303
    again = world.read_follow_up(world.assignment(1).title, "Nya ord om det.")
    assert (again.assignment_id, again.is_doubtful) == (None, False), "Read in anew it is not placed again."


def test_what_a_newer_row_has_taken_the_place_of_is_left_as_it_was(world, olle, row):
    world.read_follow_up(WORDS, "Andra ord om det.")
    assert send(olle, row, "inget").status_code == 404
    with pytest.raises(Stale), transaction():
        place(now(row), None, None, seen=now(row).version, actor_id=world.olle.id, now=clock.now())


def test_what_another_officer_said_meanwhile_stands(world, olle, app, row):
    seen, eva = row.version, app.test_client()
    world.sign_in(eva, world.eva)
    send(eva, row, "inget")
    sent = send(olle, row, world.assignment(1).id, version=seen)
    assert (sent.status_code, now(row).assignment_id) == (409, None)
    assert "gäller inget av uppdragen här" in sent.text


@pytest.mark.parametrize(
    "changes",
    [
        {"about": ""},
        {"about": "999999"},
        {"about": "x"},
        {"about": "annat"},
        {"about": "annat", "other": "999999"},
        {"about": "inget", "progress": "snart"},
        {"about": "inget", "version": "x"},
    ],
)
def test_bad_input_places_nothing(olle, row, changes):
    sent = send(olle, row, **changes)
    assert sent.status_code == 422 and "Det här behöver rättas" in sent.text
    assert now(row).is_doubtful


@pytest.mark.parametrize("name", sorted(EVERYBODY - {"visitor"} - OFFICERS_OF_KS))
def test_nobody_else_says_what_it_is_about(world, client, row, name):
    world.sign_in(client, world.people[name])
    assert client.get(address(row)).status_code == 403
    assert send(client, row, "inget").status_code == 403
    assert now(row).is_doubtful


def test_another_committees_row_is_not_there_and_one_of_nobodys_is_the_executive_boards(world, app, olle):
    theirs = world.read_follow_up("Laga gatorna i stan.", committee="Tekniska nämnden")
    nobodys = world.read_follow_up("Räkna stjärnorna.", committee="Månnämnden")
    assert olle.get(address(theirs)).status_code == 404
    assert send(olle, theirs, "inget").status_code == 404
    page = olle.get(PAGE).text
    assert "Räkna stjärnorna." in page and "finns inte i registret" in page
    assert send(olle, nobodys, "inget").status_code == 303
    tore = app.test_client()
    world.sign_in(tore, world.tore)
    page = tore.get("/namnd/tn/uppfoljning").text
    assert "Laga gatorna" in page and "Räkna stjärnorna" not in page
    assert olle.get(f"{PAGE}/999999").status_code == 404


def test_read_in_anew_nothing_that_was_said_is_asked_again(world, olle, row):
    about = world.assignment(1)
    aside = world.read_follow_up("Räkna stjärnorna.", "De är många.")
    send(olle, row, about.id)
    send(olle, aside, "inget")
    same = [
        world.read_follow_up(WORDS, COMMENTARY),
        world.read_follow_up("Räkna stjärnorna.", "De är många."),
    ]
    assert [one.id for one in same] == [row.id, aside.id]
    newer = world.read_follow_up(WORDS, "Nu är vi klara.")
    assert (newer.id != row.id, newer.assignment_id, newer.progress) == (True, about.id, "under_way")
    assert now(row).replaced_at is not None
    assert not world.read_follow_up("Räkna stjärnorna.", "De är fler.").is_doubtful


def test_a_row_whose_committee_comes_to_be_known_is_that_committees(world, olle):
    nobodys = world.read_follow_up("Räkna stjärnorna.", committee="Månnämnden")
    with transaction():
        body = world.committee("TN")
        body.aliases = [*body.aliases, "Månnämnden"]
    again = world.read_follow_up("Räkna stjärnorna.", committee="Månnämnden")
    assert (again.committee_id, again.is_doubtful) == (world.committee("TN").id, True)
    assert now(nobodys).replaced_at is not None
