"""Passing on what another committee should answer: with a reason, both times kept, whoever asked told."""

import pytest
from sqlalchemy import select

from dialog.db import clock, db, local_day
from dialog.events import Event
from dialog.notify.letters import NotWanted, write
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.response.forwarding import NotToThem
from dialog.response.models import Matter
from dialog.response.rules import MatterState
from dialog.workdays import after_working_days
from tests import counts

REASON = "Det är tekniska nämnden som sköter gatorna."


@pytest.fixture
def matter(world, client) -> Matter:
    """What KS owes an answer to, with an officer of KS at the screen."""
    comment = world.published(world.rut, "När plogas gångbanan vid skolan i Lit?")
    world.sign_in(client, world.olle)
    return world.matters("KS", comment)[0]


def page(matter: Matter, committee: str = "ks") -> str:
    return f"/namnd/{committee}/arende/{matter.id}/lamna-vidare"


def send(client, world, matter, to: str | None = "TN", reason: str = REASON, **changes):
    body = world.committee(to)
    form = {"to": body.id if body else "", "reason": reason, "seen": matter.version, **changes}
    return client.send("/konto", form, to=page(matter))


def of(comment_id: int) -> dict[str, Matter]:
    db.session.expire_all()
    found = db.session.scalars(select(Matter).where(Matter.comment_id == comment_id))
    return {matter.committee.code: matter for matter in found}


def test_the_other_committee_gets_it_with_a_clock_of_its_own(world, client, matter):
    assert "Lämna vidare" in client.get("/namnd/ks/inkorg").text
    opened_at = matter.opened_at
    clock.forward(days=4)
    sent = send(client, world, matter)
    assert (sent.status_code, sent.location) == (303, "/namnd/ks/inkorg?gjort=vidare")
    matters = of(matter.comment_id)
    ks, tn = matters["KS"], matters["TN"]
    assert (ks.state, ks.forwarded_to_id, ks.forward_reason) == (
        MatterState.FORWARDED,
        tn.committee_id,
        REASON,
    )
    assert (ks.opened_at, ks.forwarded_at) == (opened_at, clock.now())
    assert (tn.state, tn.opened_at) == (MatterState.DUE, clock.now())
    assert tn.due_on == after_working_days(local_day(clock.now()), 10)
    counts.assert_right()
    assert "plogas gångbanan" not in client.get("/namnd/ks/inkorg").text
    world.sign_in(client, world.tore)
    assert "plogas gångbanan" in client.get("/namnd/tn/inkorg").text


def test_everybody_sees_who_passed_it_on_and_why(world, client, matter):
    send(client, world, matter)
    for address in (f"/kvitto/{matter.comment.receipt_key}", f"/inlagg/{matter.comment.number}"):
        assert REASON in client.get(address).text


def test_whoever_asked_is_told_with_the_reason(world, client, matter):
    send(client, world, matter)
    letter = db.session.scalars(select(Letter).where(Letter.kind == LetterKind.FORWARDED)).one()
    assert letter.address == world.rut.email
    body = write(letter).body
    assert REASON in body
    assert "plogas gångbanan" in body
    world.decide(matter.comment, "hide")
    with pytest.raises(NotWanted):
        write(letter)


@pytest.mark.parametrize(
    ("to", "reason", "why"),
    [
        (None, REASON, "Välj vilken nämnd som ska svara i stället."),
        ("KF", REASON, "Välj vilken nämnd som ska svara i stället."),  # the council answers nothing
        ("KS", REASON, "Välj vilken nämnd som ska svara i stället."),  # which has it already
        ("TN", " ", "Den som frågade får veta det."),
        ("TN", "Nej.", "minst"),
        ("TN", "x" * 1001, "högst"),
    ],
)
def test_bad_input_is_said_at_its_field_and_kept(world, client, matter, to, reason, why):
    sent = send(client, world, matter, to, reason)
    assert sent.status_code == 422
    assert why in sent.text
    assert reason.strip() in sent.text
    assert of(matter.comment_id)["KS"].state == MatterState.DUE


def test_twice_is_once(world, client, matter):
    assert [send(client, world, matter).status_code for _ in range(2)] == [303, 303]
    kinds = db.session.scalars(select(Event.kind).where(Event.kind == "matter.forwarded")).all()
    assert len(kinds) == 1
    counts.assert_right()


def test_what_was_answered_meanwhile_stays_answered(world, client, matter):
    seen = matter.version
    world.answered(matter.comment)
    sent = send(client, world, matter, seen=seen)
    assert sent.status_code == 409
    assert "Ingen väntar längre på svar" in sent.text
    assert set(of(matter.comment_id)) == {"KS"}


def test_it_never_goes_back_to_whoever_has_had_it(world, matter):
    world.forwarded(matter)
    tn = of(matter.comment_id)["TN"]
    with pytest.raises(NotToThem):
        world.forwarded(tn, "KS")


def test_another_committees_matter_is_not_theirs_to_pass_on(world, client, matter):
    world.sign_in(client, world.tore)
    assert client.get(page(matter)).status_code == 403
    assert client.get(page(matter, "tn")).status_code == 404
    assert client.get("/namnd/tn/arende/999/lamna-vidare").status_code == 404


def test_what_is_hidden_is_not_there_and_is_owed_by_the_other_once_restored(world, client, matter):
    send(client, world, matter)
    world.decide(matter.comment, "hide")
    assert client.get(page(matter)).status_code == 404
    assert of(matter.comment_id)["TN"].state == MatterState.CLOSED
    world.decide(matter.comment, "restore")
    matters = of(matter.comment_id)
    assert {code: one.state for code, one in matters.items()} == {
        "KS": MatterState.FORWARDED,
        "TN": MatterState.DUE,
    }
    counts.assert_right()
