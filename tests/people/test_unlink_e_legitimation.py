"""Unlinking one's e-legitimation from one's account."""

import pytest
from sqlalchemy import select

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.people.models import Identity, Person
from dialog.people.operations import unlink_identity
from dialog.people.queries import person_with_identity
from tests.world import WORDS

UNLINK = "/konto/e-legitimation/koppla-fran"


@pytest.fixture
def rut(world) -> Person:
    """Rut, who has linked her e-legitimation."""
    _link(world.rut)
    return world.rut


def _link(person: Person) -> None:
    with transaction():
        db.session.add(Identity(person_id=person.id, key="hers", verified_at=clock.now(), name="Rut Ek"))


def unlinkings() -> list[int]:
    return list(db.session.scalars(select(Event.actor_id).where(Event.kind == "person.unlinked")))


def test_whoever_has_linked_it_unlinks_it_and_all_else_stays(world, rut, client):
    comment = world.published(rut, WORDS)
    world.sign_in(client, rut)
    assert f'action="{UNLINK}"' in client.get("/konto").text
    done = client.send("/konto", to=UNLINK)
    assert (done.status_code, done.location) == (303, "/konto?frankopplad=1")
    page = client.get(done.location).text
    assert "Din e-legitimation är inte längre kopplad till ditt konto." in page
    assert UNLINK not in page
    assert "no longer linked" in client.get(f"/en{done.location}").text
    assert person_with_identity("hers") is None
    assert unlinkings() == [rut.id]
    assert (rut.name, comment.author_id) == ("Rut", rut.id)


def test_it_can_be_linked_again_here_or_to_another_account(world, rut):
    with transaction():
        unlink_identity(rut, now=clock.now())
    _link(world.nils)
    assert person_with_identity("hers").id == world.nils.id


def test_twice_is_once_and_where_nothing_is_linked_nothing_happens(world, rut, client):
    world.sign_in(client, rut)
    assert [client.send("/konto", to=UNLINK).status_code for _ in range(2)] == [303, 303]
    assert unlinkings() == [rut.id]
    world.sign_in(client, world.nils)
    assert client.send("/konto", to=UNLINK).status_code == 303
    assert unlinkings() == [rut.id]


def test_nobody_unlinks_anothers(world, rut, client):
    assert client.send("/logga-in", to=UNLINK).status_code == 401
    world.sign_in(client, world.nils)
    client.send("/konto", to=UNLINK)
    assert person_with_identity("hers").id == rut.id
