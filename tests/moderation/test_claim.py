"""Saying that one is looking at a comment: who gets it, for how long, and what others may do meanwhile."""

import re

import pytest
from sqlalchemy import func, select

from dialog.conversation.models import Comment
from dialog.conversation.rules import Act, CommentState
from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.moderation.models import Claim
from dialog.moderation.operations import Held, MayNotDecide, claim_comment, release_comment
from dialog.moderation.rules import CLAIM_HOLDS, DECISIONS, MAY_WHILE_ANOTHER_LOOKS, acts_on
from dialog.people.models import Person
from dialog.states import Stale
from tests.threads import at_once

QUEUE = "/moderering"
HX = {"HX-Request": "true"}
HELD = "Max (moderator) tittar på det, till kl. 10.15."

# Who holds a comment, and what somebody else may then decide about it. It is the same once it has lapsed, or when it
# is one's own: everything. What another looks at can be hidden at once, by law, and else waits for them.
TABLE = [
    ("nobody", Act.PUBLISH, True),
    ("nobody", Act.HIDE, True),
    ("oneself", Act.PUBLISH, True),
    ("oneself", Act.HIDE, True),
    ("another", Act.PUBLISH, False),
    ("another", Act.HIDE, True),
    ("another, lapsed", Act.PUBLISH, True),
    ("another, lapsed", Act.HIDE, True),
    ("another, let go", Act.PUBLISH, True),
]


def take(comment: Comment, moderator: Person) -> Claim:
    with transaction():
        return claim_comment(comment, moderator=moderator, now=clock.now())


def let_go(comment: Comment, moderator: Person) -> None:
    with transaction():
        release_comment(comment, moderator=moderator, now=clock.now())


def press(client, comment: Comment, what: str = "ta", headers=None):
    token = client.token("/logga-in")
    return client.post(f"{QUEUE}/{comment.number}/{what}", data={"csrf_token": token}, headers=headers)


def claims() -> list[str]:
    kinds = select(Event.kind).where(Event.subject_type == "claim").order_by(Event.id)
    return [kind.removeprefix("claim.") for kind in db.session.scalars(kinds)]


@pytest.mark.parametrize(("holder", "act", "may"), TABLE)
def test_what_may_be_decided_while_somebody_looks(world, holder, act, may):
    comment = world.say(world.nils)
    if holder != "nobody":
        take(comment, world.mona if holder == "oneself" else world.max)
    if holder.endswith("lapsed"):
        clock.forward(seconds=CLAIM_HOLDS.total_seconds())
    if holder.endswith("let go"):
        let_go(comment, world.max)
    if may:
        world.decide(comment, act, world.mona)
    else:
        with pytest.raises(Held) as held:
            world.decide(comment, act, world.mona)
        assert held.value.claim.moderator_id == world.max.id
    decided = db.session.scalar(select(Comment.state).where(Comment.id == comment.id))
    assert (decided != CommentState.RECEIVED) == may


def test_the_rule_for_what_another_looks_at_knows_every_decision():
    assert set(MAY_WHILE_ANOTHER_LOOKS) == set(DECISIONS)
    assert acts_on(CommentState.RECEIVED, waits=True, another_looks=True) == [Act.HIDE]
    assert acts_on(CommentState.PUBLISHED, waits=True, another_looks=True) == [Act.HIDE]
    assert acts_on(CommentState.RECEIVED, waits=True) == [Act.PUBLISH, Act.HIDE]


def test_a_claim_holds_for_its_time_and_then_lapses_without_anybodys_doing(world):
    comment = world.say(world.nils)
    assert take(comment, world.max).until == clock.now() + CLAIM_HOLDS
    clock.forward(seconds=CLAIM_HOLDS.total_seconds() - 1)
    with pytest.raises(Held):
        take(comment, world.mona)
    clock.forward(seconds=1)
    assert take(comment, world.mona).moderator_id == world.mona.id
    assert claims() == ["taken", "taken"]


def test_a_decision_ends_the_claim(world):
    comment = world.say(world.nils)
    claim = take(comment, world.mona)
    world.decide(comment, "publish")
    db.session.refresh(claim)
    assert claim.until == clock.now()


def test_taking_what_one_has_and_letting_go_of_what_one_has_not_change_nothing(world):
    comment = world.say(world.nils)
    let_go(comment, world.mona)
    take(comment, world.mona)
    clock.forward(minutes=1)
    take(comment, world.mona)
    let_go(comment, world.max)
    assert db.session.scalars(select(Claim.until)).one() == clock.now() + CLAIM_HOLDS - (
        clock.now() - comment.submitted_at
    )
    assert claims() == ["taken"]


def test_what_waits_no_longer_is_not_taken(world):
    comment = world.published(world.nils)
    with pytest.raises(Stale):
        take(comment, world.mona)


@pytest.mark.parametrize("name", ["rut", "eva", "adam", "mona"])
def test_only_moderators_take_and_never_their_own(world, name):
    comment = world.say(world.mona)
    with pytest.raises(MayNotDecide):
        take(comment, world.people[name])
    assert claims() == []


def test_of_two_who_take_at_the_same_moment_one_gets_it(world):
    comment = world.say(world.nils)
    moderators, comment_id, now = [world.mona.id, world.max.id], comment.id, clock.now()

    def one(n: int) -> str:
        try:
            with transaction():
                moderator = db.session.get_one(Person, moderators[n])
                claim_comment(db.session.get_one(Comment, comment_id), moderator=moderator, now=now)
        except Held:
            return "told"
        return "taken"

    assert sorted(at_once(world.app, 2, one)) == ["taken", "told"]
    assert db.session.scalar(select(func.count()).select_from(Claim)) == 1
    assert claims() == ["taken"]


def test_others_see_who_is_on_it_and_are_offered_what_they_may_do(world, client):
    comment = world.say(world.nils)
    world.sign_in(client, world.max)
    response = press(client, comment)
    assert (response.status_code, response.location) == (303, f"{QUEUE}#granska-{comment.number}")
    page = client.get(QUEUE).text
    assert "Du har tagit det, till kl. 10.15." in page.replace("\xa0", " ")
    assert "Släpp den" in page
    assert re.findall(r'<input type="hidden" name="act" value="(\w+)"', page) == ["publish", "hide"]
    world.sign_in(client, world.mona)
    page = client.get(QUEUE).text
    assert HELD in page.replace("\xa0", " ")
    assert re.findall(r'<input type="hidden" name="act" value="(\w+)"', page) == ["hide"]
    assert "Jag tar den" not in page
    world.sign_in(client, world.max)
    press(client, comment, "slapp")
    world.sign_in(client, world.mona)
    assert "Jag tar den" in client.get(QUEUE).text


@pytest.mark.parametrize("headers", [None, HX])
def test_whoever_comes_second_is_told_kindly(world, client, headers):
    comment = world.say(world.nils)
    take(comment, world.max)
    world.sign_in(client, world.mona)
    for response in (
        press(client, comment, headers=headers),
        client.post(
            f"{QUEUE}/{comment.number}",
            data={"csrf_token": client.token("/logga-in"), "seen": "1", "act": "publish"},
            headers=headers,
        ),
    ):
        assert response.status_code == 409
        assert f'role="alert" tabindex="-1" data-focus><p>{HELD}' in response.text.replace("\xa0", " ")
        assert response.text.count("data-focus") == 1
    assert claims() == ["taken"]


def test_htmx_gets_the_queue_at_the_comment_that_was_taken(world, client):
    world.say(world.vera, "Ett inlägg som har väntat längre.")
    comment = world.say(world.nils)
    world.sign_in(client, world.mona)
    part = press(client, comment, headers=HX).text
    assert part.lstrip().startswith('<div id="queue">')
    assert re.findall(r'id="granska-([\d-]+)"[^>]* data-focus', part) == [comment.number]


def test_taking_what_somebody_has_decided_meanwhile_says_what_it_has_become(world, client):
    comment = world.say(world.nils)
    world.decide(comment, "hide", world.max)
    world.sign_in(client, world.mona)
    response = press(client, comment)
    assert response.status_code == 409
    assert "En moderator dolde det" in response.text


@pytest.mark.parametrize("what", ["ta", "slapp"])
def test_there_is_nothing_to_take_of_what_does_not_exist_and_nobody_else_takes(world, client, what):
    comment = world.say(world.nils)
    world.sign_in(client, world.mona)
    token = client.token("/logga-in")
    assert client.post(f"{QUEUE}/2026-999999/{what}", data={"csrf_token": token}).status_code == 404
    for person in (world.nils, world.eva, world.adam):
        world.sign_in(client, person)
        assert press(client, comment, what).status_code == 403
    world.sign_in(client, world.mona)
    own = world.say(world.mona)
    assert press(client, own).status_code == 403
