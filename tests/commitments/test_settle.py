"""An editor says what became of a commitment: kept, changed or not kept. It is said once, in words for everybody."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dialog.commitments.models import Commitment
from dialog.commitments.rules import CommitmentState, Promise
from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.states import ReasonMissing, Stale
from tests import counts
from tests.test_house_rules import EVERYBODY
from tests.world import GOAL_2024

WORDS = "Turen har gått varje kväll sedan i måndags."
FORM = {"outcome": "kept", "reasons": WORDS}
NEW = {
    "text": "Vi kör en kvällstur på fredagar.",
    "owner": "Enheten för kollektivtrafik",
    "due_on": "2026-09-01",
}
CHANGED = {"outcome": "changed", "reasons": "Upphandlingen tog längre tid än vi trodde.", **NEW}
AFTER = datetime(2026, 6, 3, 9, tzinfo=UTC)


@pytest.fixture
def answer(world):
    return world.answered(world.published(world.rut, "När börjar kvällsbussen till Häggenås gå?"))


@pytest.fixture
def promised(world, answer):
    """What KS has promised in an answer, by 1 June 2026."""
    return world.promised(answer)


@pytest.fixture
def eva(world, client, promised):
    world.sign_in(client, world.eva)
    return client


def page(commitment) -> str:
    return f"/namnd/ks/ataganden/{commitment.id}"


def send(client, commitment, form=FORM, **changes):
    start = {"seen": commitment.version, "text": commitment.text, "owner": commitment.owner, "due_on": ""}
    return client.send("/konto", start | form | changes, to=page(commitment))


def now(commitment) -> Commitment:
    db.session.expire_all()
    return db.session.get(Commitment, commitment.id)


def test_what_is_kept_says_so_in_words_and_leaves_the_goals_page(world, eva, app, answer, promised):
    visitor = app.test_client()
    assert promised.text in visitor.get(GOAL_2024).text
    assert page(promised) in eva.get(f"/svar/{answer.id}").text
    assert send(eva, promised).location == f"/svar/{answer.id}?gjort=atagande#ataganden"
    assert now(promised).state == CommitmentState.KEPT
    assert promised.text not in visitor.get(GOAL_2024).text
    for shown in (f"/svar/{answer.id}", "/namnd/ks/ataganden"):
        text = visitor.get(shown).text
        assert "<strong>Hållet</strong>" in text and WORDS in text, shown
    assert "Säg hur det gick" not in eva.get(f"/svar/{answer.id}").text, "It can't be said again."
    event = db.session.scalars(select(Event).where(Event.kind == "commitment.kept")).one()
    assert (event.subject_id, event.actor_id) == (promised.id, world.eva.id)
    counts.assert_right()


def test_what_is_not_kept_says_so(eva, app, answer, promised):
    send(eva, promised, outcome="not_kept", reasons="Det fanns inga pengar kvar i år.")
    text = app.test_client().get(f"/svar/{answer.id}").text
    assert "<strong>Inte hållet</strong>" in text and "Det fanns inga pengar kvar" in text
    counts.assert_right()


def test_what_is_changed_is_followed_as_what_is_promised_instead(eva, app, answer, promised):
    assert send(eva, promised, CHANGED).status_code == 303
    [successor] = db.session.scalars(select(Commitment).where(Commitment.succeeds_id == promised.id))
    assert (successor.text, successor.due_on, successor.state) == (NEW["text"], date(2026, 9, 1), "open")
    visitor = app.test_client()
    goal = visitor.get(GOAL_2024).text
    assert NEW["text"] in goal and promised.text not in goal
    text = visitor.get(f"/svar/{answer.id}").text
    assert text.index(promised.text) < text.index("<strong>Ändrat</strong>") < text.index(NEW["text"])
    counts.assert_right()


def test_said_twice_is_said_once(eva, promised):
    assert {send(eva, promised, CHANGED).status_code for _ in range(2)} == {303}
    assert counts.count(Commitment) == 2
    assert counts.count(Event, Event.kind == "commitment.changed") == 1
    counts.assert_right()


def test_what_another_editor_said_meanwhile_stands_and_the_words_are_kept(world, eva, promised):
    seen = promised.version
    world.settled(promised, "not_kept", "Det fanns inga pengar kvar i år.")
    sent = send(eva, promised, seen=seen)
    assert sent.status_code == 409
    assert "hann före dig" in sent.text and "Det fanns inga pengar kvar" in sent.text and WORDS in sent.text
    assert now(promised).state == CommitmentState.NOT_KEPT
    counts.assert_right()


def test_the_same_outcome_in_other_words_is_not_dropped_without_a_word(world, eva, promised):
    seen = promised.version
    world.settled(promised, "kept", "Turen går alla vardagar.")
    sent = send(eva, promised, seen=seen)
    assert sent.status_code == 409
    assert "hann före dig" in sent.text and "Turen går alla vardagar." in sent.text and WORDS in sent.text


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        (FORM | {"outcome": ""}, 1),
        (FORM | {"outcome": "open"}, 1),
        (FORM | {"reasons": ""}, 1),
        (FORM | {"reasons": "klart"}, 1),
        (FORM | {"reasons": "x" * 1001}, 1),
        (CHANGED | {"text": ""}, 1),
        (CHANGED | {"owner": "rut@example.org"}, 1),
        (CHANGED | {"due_on": ""}, 1),
        (CHANGED | {"due_on": "sen"}, 1),
        (CHANGED | {"due_on": "2026-03-11"}, 1),
        (CHANGED | {"text": "", "owner": "", "due_on": ""}, 3),
    ],
)
def test_bad_input_says_nothing_and_stays_as_typed(eva, promised, form, wrong):
    sent = send(eva, promised, form)
    assert sent.status_code == 422
    assert sent.text.count('class="field-error"') == wrong
    assert form["reasons"] in sent.text and form.get("due_on", "") in sent.text
    assert (now(promised).state, counts.count(Commitment)) == (CommitmentState.OPEN, 1)


def test_the_same_promise_is_no_change(eva, promised):
    same = {"text": promised.text, "owner": promised.owner, "due_on": promised.due_on.isoformat()}
    sent = send(eva, promised, CHANGED, **same)
    assert (sent.status_code, "Det här är redan lovat" in sent.text) == (422, True)
    assert send(eva, promised, CHANGED, **same | {"due_on": "2026-06-02"}).status_code == 303


def test_what_is_promised_instead_is_not_looked_at_where_nothing_is(eva, promised):
    assert send(eva, promised, text="", owner="", due_on="sen").status_code == 303


# Role × committee × state: an editor of the committee alone, and only while nothing has been said.
@pytest.mark.parametrize("committee", ["KS", "TN"])
@pytest.mark.parametrize("state", ["open", "kept", "changed", "not_kept"])
def test_only_the_committees_editors_settle_and_only_what_is_open(world, app, committee, state):
    about = {"assignment": world.assignment(2)} if committee == "TN" else {}
    comment = world.published(world.rut, "Ett inlägg med ett svar som lovar något.", **about)
    commitment = world.promised(world.answered(comment, committee=committee))
    if state != "open":
        instead = Promise("Vi gör något annat i stället.", "Gatuenheten", date(2026, 7, 1))
        world.settled(commitment, state, WORDS, instead=instead if state == "changed" else None)
    settled = now(commitment).settled_at
    address = page(commitment).replace("/ks/", f"/{committee.lower()}/")
    editor = {"KS": "eva", "TN": "tore"}[committee]
    for name in sorted(EVERYBODY - {"visitor", editor}):
        client = app.test_client()
        world.sign_in(client, world.people[name])
        assert client.get(address).status_code == 403, name
        assert client.send("/konto", FORM | {"seen": 1}, to=address).status_code == 403, name
        assert client.get(address.replace(f"/{committee.lower()}/", "/san/")).status_code == 403, name
    assert now(commitment).settled_at == settled
    client = app.test_client()
    world.sign_in(client, world.people[editor])
    form = FORM | {"seen": now(commitment).version}
    expected = {"open": 303, "kept": 303}.get(state, 409)  # kept once more changes nothing
    assert client.send("/konto", form, to=address).status_code == expected
    assert now(commitment).state == ("kept" if state == "open" else state)
    counts.assert_right()


def test_what_is_no_commitment_of_the_committees_is_not_there(world, eva):
    other = world.answered(
        world.published(world.rut, "Ett inlägg om vägen till Lit.", assignment=world.assignment(2)),
        committee="TN",
    )
    theirs = world.promised(other)
    for address in (page(theirs), "/namnd/ks/ataganden/999999"):
        assert eva.get(address).status_code == 404
        assert eva.send("/konto", FORM, to=address).status_code == 404


def test_without_words_or_what_is_promised_instead_nothing_is_said(world, promised):
    for to, words in (("kept", ""), ("changed", WORDS)):
        with pytest.raises(ReasonMissing):
            world.settled(promised, to, words)
    with pytest.raises(Stale):
        world.settled(promised, seen=promised.version - 1)
    assert now(promised).state == CommitmentState.OPEN


def test_the_database_refuses_what_is_settled_without_words(world, promised):
    with pytest.raises(IntegrityError), transaction():
        promised.state = CommitmentState.KEPT


def test_late_is_said_in_words_everywhere_until_something_is_said(world, eva, app, answer, promised):
    visitor = app.test_client()
    shown = (f"/svar/{answer.id}", GOAL_2024, "/namnd/ks/ataganden")
    clock.set(datetime(2026, 6, 1, 9, tzinfo=UTC))
    assert not any("<strong>Försenat</strong>" in visitor.get(one).text for one in shown)
    clock.set(AFTER)
    assert all("<strong>Försenat</strong>" in visitor.get(one).text for one in shown)
    world.sign_in(eva, world.eva)
    send(eva, promised)
    assert not any("<strong>Försenat</strong>" in visitor.get(one).text for one in shown)
