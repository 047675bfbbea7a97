"""A committee's officers say how an assignment goes, period by period: in words, and as one of five."""

from datetime import date

import pytest
from sqlalchemy import select

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.people.operations import give_role
from dialog.people.rules import Role
from dialog.plan.accounting import account_for
from dialog.plan.models import FollowUp
from dialog.plan.rules import Period, Progress, usual_period
from dialog.states import ReasonMissing, Stale
from tests import counts
from tests.test_house_rules import EVERYBODY, OFFICERS_OF_KS
from tests.world import GOAL_2024

PAGE = "/namnd/ks/uppfoljning"
FORM = {"progress": "delayed", "commentary": "Upphandlingen har tagit längre tid än vi trodde."}
IN_WORDS = {
    "not_started": "Inte påbörjat",
    "under_way": "Pågår",
    "delayed": "Försenat",
    "done": "Klart",
    "stopped": "Avbrutet",
}


@pytest.mark.parametrize(
    ("sentence", "today", "period"),
    [
        ("In the year's first months.", "2024-01-15", Period.T1),
        ("Until August is over.", "2024-08-31", Period.T1),
        ("Then the months until August.", "2024-09-01", Period.T2),
        ("Until the year is over.", "2024-12-31", Period.T2),
        ("Then all of it.", "2025-01-01", Period.YEAR_END),
        ("Before the year begins.", "2023-12-31", Period.T1),
    ],
)
def test_which_follow_up_a_committee_is_at(sentence, today, period):
    assert usual_period(2024, date.fromisoformat(today)) == period, sentence


@pytest.fixture
def olle(world, client):
    world.sign_in(client, world.olle)
    return client


def address(world, period: str = "t1", position: int = 1) -> str:
    return f"{PAGE}/uppdrag/{world.assignment(position).id}?period={period}"


def send(client, world, period: str = "t1", version: int = 0, **changes):
    return client.send("/konto", FORM | {"version": version} | changes, to=address(world, period))


def said() -> list[FollowUp]:
    db.session.expire_all()
    return list(
        db.session.scalars(select(FollowUp).where(FollowUp.replaced_at.is_(None)).order_by(FollowUp.id))
    )


@pytest.mark.parametrize("progress", list(Progress))
def test_everybody_reads_how_it_goes_in_words(world, olle, app, progress):
    visitor = app.test_client()
    visitor.get(GOAL_2024)
    assert send(olle, world, progress=progress).location == f"{PAGE}?ar=2024&period=t1&sparat=1"
    about = f"/uppdrag/{world.assignment(1).id}"
    for shown in (GOAL_2024, about):
        page = visitor.get(shown).text
        assert f"<strong>{IN_WORDS[progress]}</strong>" in page and FORM["commentary"] in page, shown
    assert "Skrivet här av nämnden" in visitor.get(about).text
    assert f"<strong>{IN_WORDS[progress]}</strong>" in olle.get(f"{PAGE}?ar=2024&period=t1").text


def test_the_goals_page_shows_the_newest_period_and_the_assignments_all(world, olle, app):
    for period, words in (("year_end", "Allt är klart."), ("t1", "Vi har börjat."), ("t2", "Halvvägs nu.")):
        send(olle, world, period, commentary=words + " Mer finns att läsa.")
    visitor = app.test_client()
    goal, about = (visitor.get(one).text for one in (GOAL_2024, f"/uppdrag/{world.assignment(1).id}"))
    assert "Allt är klart." in goal and "Halvvägs nu." not in goal
    places = [about.index(words) for words in ("Allt är klart.", "Halvvägs nu.", "Vi har börjat.")]
    assert places == sorted(places)


def test_each_of_an_assignments_committees_says_how_it_goes_for_it(world, app):
    both = world.assignment(2)
    world.accounted(both, "done", "Kommunstyrelsens del är klar.")
    world.accounted(both, "delayed", "Tekniska nämndens del dröjer.", committee="TN")
    for shown in (GOAL_2024, f"/uppdrag/{both.id}"):
        page = app.test_client().get(shown).text
        assert "Kommunstyrelsens del är klar." in page and "Tekniska nämndens del dröjer." in page, shown


def test_said_twice_is_said_once_and_said_anew_takes_the_place_of_what_was_said(world, olle):
    assert {send(olle, world).status_code for _ in range(2)} == {303}
    assert counts.count(FollowUp) == 1
    send(olle, world, version=1, progress="done", commentary="Nu är det upphandlat och klart.")
    [one] = said()
    assert (one.progress, one.version, counts.count(FollowUp)) == ("done", 2, 2)


def test_another_state_with_the_same_words_is_the_same_account(world, olle):
    send(olle, world)
    send(olle, world, version=1, progress="done")
    [one] = said()
    assert (one.progress, one.version, counts.count(FollowUp)) == ("done", 2, 1)
    assert counts.count(Event, Event.kind == "follow_up.progress_set") == 1
    assert counts.count(Event, Event.kind == "follow_up.published") == 1


def test_what_another_officer_said_meanwhile_is_shown_beside_what_was_typed(world, olle):
    world.accounted(world.assignment(1), "done", "Det är redan klart.")
    sent = send(olle, world, version=0)
    assert sent.status_code == 409
    assert "Det är redan klart." in sent.text and FORM["commentary"] in sent.text
    assert [one.progress for one in said()] == ["done"]
    assert send(olle, world, version=1).status_code == 303, "Knowingly it takes its place."
    with pytest.raises(Stale):
        world.accounted(world.assignment(1), "stopped", seen=1)


def test_beside_a_published_commentary_only_how_it_goes_is_said(world, olle, app):
    row = world.read_follow_up(world.assignment(1).title, "Vi har träffat åtta företagare.")
    assert row.assignment_id == world.assignment(1).id
    assert "Läget är inte angivet" in app.test_client().get(f"/uppdrag/{row.assignment_id}").text
    page = olle.get(address(world)).text
    assert 'name="commentary"' not in page and "Vi har träffat åtta företagare." in page
    assert send(olle, world, version=row.version).status_code == 303
    [one] = said()
    assert (one.id, one.progress, one.commentary) == (row.id, "delayed", "Vi har träffat åtta företagare.")


def test_what_is_published_takes_the_place_of_what_was_written_by_hand(world):
    world.accounted(world.assignment(1), "done")
    row = world.read_follow_up(world.assignment(1).title, "Vi har träffat åtta företagare.")
    assert [(one.id, one.progress) for one in said()] == [(row.id, "done")]


@pytest.mark.parametrize(
    "changes",
    [
        {"progress": ""},
        {"progress": "snart"},
        {"commentary": ""},
        {"commentary": "klart"},
        {"commentary": "x" * 4001},
        {"version": "x"},
    ],
)
def test_bad_input_says_nothing_and_stays_as_typed(world, olle, changes):
    sent = send(olle, world, **changes)
    assert sent.status_code == 422
    assert (FORM | changes)["commentary"] in sent.text
    assert said() == []


def test_without_words_nothing_is_said(world):
    with pytest.raises(ReasonMissing):
        world.accounted(world.assignment(1), commentary="")


@pytest.mark.parametrize("name", sorted(EVERYBODY - {"visitor"} - OFFICERS_OF_KS))
def test_nobody_else_says_how_it_goes(world, client, name):
    world.sign_in(client, world.people[name])
    assert client.get(PAGE).status_code == 403
    assert client.get(address(world)).status_code == 403
    assert send(client, world).status_code == 403
    assert said() == []


def test_what_is_no_assignment_of_the_committees_is_not_there(world, olle):
    for one in (address(world, position=3), f"{PAGE}/uppdrag/999999"):
        assert olle.get(one).status_code == 404
        assert olle.send("/konto", FORM, to=one).status_code == 404


@pytest.mark.parametrize(
    "query", ["?ar=1999", "?ar=x", "?period=t9", "?ar=2024&period=", "?ar=2024&period=t2"]
)
def test_an_address_that_names_no_year_or_period_gives_the_usual(olle, query):
    assert olle.get(PAGE + query).status_code == 200


def test_a_committee_without_assignments_has_a_page_that_says_so(world, app):
    client = app.test_client()
    board = world.committee("VN")
    with transaction():
        give_role(world.olle.email, Role.OFFICER, board, now=clock.now())
    world.sign_in(client, world.olle)
    assert "inga uppdrag" in client.get(f"/namnd/{board.slug}/uppfoljning").text


def test_account_for_is_refused_without_having_seen_what_is_said(world):
    world.accounted(world.assignment(1))
    with pytest.raises(Stale), transaction():
        account_for(
            world.assignment(1),
            world.committee("KS"),
            Period.T1,
            Progress.DONE,
            "Det är klart nu.",
            seen=0,
            actor_id=world.olle.id,
            now=clock.now(),
        )
