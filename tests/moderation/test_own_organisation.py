"""What is said for an organisation is as much its representatives' own as what they say themselves."""

from datetime import date

import pytest

from dialog.appeals.operations import MayNotSettle
from dialog.appeals.queries import waiting_for
from dialog.db import clock, db, transaction
from dialog.moderation.operations import MayNotDecide, claim_comment
from dialog.moderation.queries import queue
from dialog.organisations.models import Mandate
from tests.moderation.deciding import send


@pytest.fixture
def comment(world):
    """What Vera has said for Lockne byalag, for which Mona may speak too, until the end of May."""
    with transaction():
        db.session.add(
            Mandate(
                person_id=world.mona.id,
                organisation_id=world.group.id,
                basis="årsmötet 2026-02-01",
                dated=date(2026, 2, 1),
                expires_on=date(2026, 5, 31),
            )
        )
    db.session.expire(world.group, ["mandates"])
    return world.say(world.vera, mandate=world.mandate)


def test_a_moderator_decides_on_nothing_said_for_an_organisation_they_speak_for(world, comment):
    for act in ("publish", "hide"):
        with pytest.raises(MayNotDecide):
            world.decide(comment, act, world.mona)
    with pytest.raises(MayNotDecide), transaction():
        claim_comment(comment, moderator=world.mona, now=clock.now())
    world.decide(comment, "publish", world.max)


def test_it_waits_for_another_moderator(world, client, comment):
    waiting = queue(world.mona, now=clock.now())
    assert (waiting.comments, waiting.waiting, waiting.own) == ([], 0, 1)
    assert [one.id for one in queue(world.max, now=clock.now()).comments] == [comment.id]
    world.sign_in(client, world.mona)
    page = client.get("/moderering").text
    assert comment.number not in page
    assert "1 inlägg som är ditt, din organisations eller registrerat av dig" in page
    assert send(client, comment, "publish").status_code == 403


def test_what_others_say_for_themselves_waits_for_whoever_speaks_for_an_organisation(world, comment):
    others = world.say(world.nils)
    assert [one.id for one in queue(world.mona, now=clock.now()).comments] == [others.id]


def test_neither_do_they_settle_an_appeal_about_it(world, comment):
    world.decide(comment, "hide", world.max)
    appeal = world.appealed(comment)
    assert (waiting_for(world.mona).appeals, waiting_for(world.mona).others) == ([], [appeal])
    with pytest.raises(MayNotSettle):
        world.settle(appeal, "granted", world.mona)


def test_whose_mandate_is_over_decides_as_any_other(world, comment):
    clock.set(clock.now().replace(month=6))
    assert [one.id for one in queue(world.mona, now=clock.now()).comments] == [comment.id]
    world.decide(comment, "publish", world.mona)
