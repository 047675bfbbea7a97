"""Who may take a matter, begin an answer to it or pass it on, and while it is in which state.

What can be done with the answer once it is begun stands in test_review; who opens a matter again, in test_verdict.
"""

import pytest
from sqlalchemy import select

from dialog.db import db
from dialog.response.models import Coverage, Matter
from dialog.response.rules import MatterState

OFFICERS_OF_KS = ("olle", "eva")
EVERYBODY_ELSE = ("rut", "vera", "mona", "rikard", "karin", "adam", "tore")
STATES = {
    MatterState.DUE: lambda world, comment: None,
    MatterState.ANSWERED: lambda world, comment: world.answered(comment),
    MatterState.FORWARDED: lambda world, comment: world.forwarded(world.matters("KS", comment)[0]),
    MatterState.CLOSED: lambda world, comment: world.decide(comment, "hide"),
}


def is_taken(matter: Matter) -> bool:
    return matter.taken_by_id is not None


def is_drafted(matter: Matter) -> bool:
    return db.session.scalar(select(Coverage.id).where(Coverage.matter_id == matter.id)) is not None


def is_passed_on(matter: Matter) -> bool:
    return matter.state == MatterState.FORWARDED


ACTS = {
    "take": ("/namnd/{committee}/arende/{id}/ta", is_taken),
    "begin an answer": ("/namnd/{committee}/svar", is_drafted),
    "pass on": ("/namnd/{committee}/arende/{id}/lamna-vidare", is_passed_on),
}


def do(client, world, act: str, matter: Matter, committee: str = "ks") -> tuple[int, bool]:
    """Try an act on a matter by its address at a committee: the status, and whether anything came of it."""
    address, happened = ACTS[act]
    before, matter_id = happened(matter), matter.id
    form = {
        "seen": matter.version,
        f"version-{matter_id}": matter.version,
        "matter": [matter_id],
        "to": world.committee("KFN").id,
        "reason": "Det är de som sköter gatorna.",
    }
    answer = client.send("/konto", form, to=address.format(committee=committee, id=matter_id))
    db.session.expire_all()
    return answer.status_code, happened(db.session.get(Matter, matter_id)) and not before


# Role × committee × state: only who works for the committee, and only while it owes an answer.
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", OFFICERS_OF_KS)
def test_the_committees_own_people_work_on_what_is_due_and_on_nothing_else(world, client, name, state, act):
    comment = world.published()
    [matter] = world.matters("KS", comment)
    STATES[state](world, comment)
    matter = db.session.get(Matter, matter.id, populate_existing=True)
    assert matter.state == state
    world.sign_in(client, world.people[name])
    assert do(client, world, act, matter)[1] == (state == MatterState.DUE)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("name", EVERYBODY_ELSE)
def test_nobody_who_does_not_work_for_the_committee_does_anything(world, client, name, act):
    [matter] = world.matters("KS", world.published())
    world.sign_in(client, world.people[name])
    assert do(client, world, act, matter) == (403, False)


@pytest.mark.parametrize("act", ACTS)
def test_nobody_reaches_another_committees_matter_by_their_own_address(world, client, act):
    """Tore works for TN, and this is a matter of KS."""
    [matter] = world.matters("KS", world.published())
    world.sign_in(client, world.tore)
    status, happened = do(client, world, act, matter, committee="tn")
    assert status in (404, 409, 422)
    assert not happened


@pytest.mark.parametrize("act", ACTS)
def test_whoever_is_not_signed_in_is_asked_to_be(world, app, act):
    [matter] = world.matters("KS", world.published())
    visitor = app.test_client()
    address, happened = ACTS[act]
    token = visitor.token("/logga-in")
    sent = visitor.post(
        address.format(committee="ks", id=matter.id), data={"csrf_token": token, "matter": [matter.id]}
    )
    assert sent.status_code in (303, 401, 403)
    assert not happened(db.session.get(Matter, matter.id))
