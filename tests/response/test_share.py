"""Choosing which committees answer a comment: more than the plan names, and fewer while they haven't begun."""

import itertools
import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from dialog.conversation.rules import CommentState
from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.response.models import Matter
from dialog.response.rules import MatterState, WhyNotRemoved, may_be_shared, why_not_removed
from dialog.response.sharing import MayNotShare, NotRemoved, NotShared, share_with, sharing_of, take_away
from dialog.states import ReasonMissing, Stale
from tests import counts

REASON = "Det är en fråga om gatorna, och dem sköter tekniska nämnden."
DUE, REMOVED = MatterState.DUE, MatterState.REMOVED

# A committee is let off only while it owes an answer, before it has begun one, where no other committee has passed the
# comment on to it, once, and never the last that answers. The first of these that fails is what is told.
WHY = (
    WhyNotRemoved.NOT_DUE,
    WhyNotRemoved.BEGUN,
    WhyNotRemoved.PASSED_ON_HERE,
    WhyNotRemoved.REMOVED_BEFORE,
    WhyNotRemoved.LAST,
)


@pytest.mark.parametrize("state", list(MatterState))
@pytest.mark.parametrize("holds", list(itertools.product([False, True], repeat=4)), ids=str)
def test_when_a_committee_may_be_let_off(state, holds):
    begun, passed_on, before, last = holds
    why = why_not_removed(
        state, is_begun=begun, was_passed_on_here=passed_on, was_removed_before=before, is_last=last
    )
    assert why == next((why for why, it in zip(WHY, (state != DUE, *holds), strict=True) if it), None)


# Only what everybody can read is answered, and a reply goes to the other participants.
@pytest.mark.parametrize("state", list(CommentState))
@pytest.mark.parametrize("is_reply", [False, True])
def test_what_committees_are_chosen_for(state, is_reply):
    assert may_be_shared(state, is_reply=is_reply) == (state == CommentState.PUBLISHED and not is_reply)


def share(world, comment, code="TN", by=None) -> bool:
    with transaction():
        return share_with(comment, world.committee(code), moderator=by or world.mona, now=clock.now())


def remove(world, comment, code="KS", by=None, seen=None, reason=REASON) -> bool:
    matter = at(world, comment, code)
    with transaction():
        return take_away(
            matter,
            reason,
            moderator=by or world.mona,
            seen=matter.version if seen is None else seen,
            now=clock.now(),
        )


def at(world, comment, code) -> Matter:
    where = (Matter.comment_id == comment.id, Matter.committee_id == world.committee(code).id)
    return db.session.scalars(select(Matter).where(*where).execution_options(populate_existing=True)).one()


def states(world, comment) -> dict[str, MatterState]:
    db.session.expire_all()
    return {matter.committee.code: matter.state for matter in sharing_of(comment).matters}


def log(kind: str) -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))


def test_one_more_committee_answers_with_a_clock_of_its_own(world):
    comment = world.published()
    first = at(world, comment, "KS")
    clock.forward(days=3)
    assert share(world, comment)
    added = at(world, comment, "TN")
    assert (added.state, added.opened_at, added.added_at) == (DUE, clock.now(), clock.now())
    assert added.due_on > first.due_on
    assert [event.details for event in log("matter.added")] == [
        {"comment": comment.id, "committee": world.committee("TN").id}
    ]
    assert added in world.matters("TN")
    counts.assert_right()


def test_a_committee_that_has_a_matter_already_is_left_as_it_is(world):
    comment = world.published()
    before = (at(world, comment, "KS").version, at(world, comment, "KS").added_at)
    assert not share(world, comment, "KS")
    assert share(world, comment) and not share(world, comment)
    assert (at(world, comment, "KS").version, at(world, comment, "KS").added_at) == before
    assert len(log("matter.added")) == 1


def test_one_that_has_not_begun_is_let_off_for_a_reason(world):
    comment = world.published()
    share(world, comment)
    assert remove(world, comment)
    assert states(world, comment) == {"KS": REMOVED, "TN": DUE}
    assert at(world, comment, "KS").remove_reason == REASON
    assert not remove(world, comment)
    assert len(log("matter.removed")) == 1
    assert world.matters("KS", comment) == []
    counts.assert_right()


def test_the_last_one_is_never_let_off(world):
    comment = world.published()
    with pytest.raises(NotRemoved) as told:
        remove(world, comment)
    assert told.value.why == WhyNotRemoved.LAST
    share(world, comment)
    remove(world, comment)
    with pytest.raises(NotRemoved):
        remove(world, comment, "TN")
    assert states(world, comment) == {"KS": REMOVED, "TN": DUE}


def test_one_that_has_begun_answered_or_been_passed_it_goes_on(world):
    drafted, answered, passed = (world.published(text=f"Inlägg nummer {n} om bussen.") for n in range(3))
    world.drafted(drafted)
    world.answered(answered)
    world.forwarded(at(world, passed, "KS"), "TN")
    for comment, code, why in (
        (drafted, "KS", WhyNotRemoved.BEGUN),
        (answered, "KS", WhyNotRemoved.NOT_DUE),
        (passed, "KS", WhyNotRemoved.NOT_DUE),
        (passed, "TN", WhyNotRemoved.PASSED_ON_HERE),
    ):
        share(world, comment, "SAN")
        with pytest.raises(NotRemoved) as told:
            remove(world, comment, code)
        assert told.value.why == why


def test_one_that_was_let_off_can_be_asked_again_and_then_stays(world):
    comment = world.published()
    share(world, comment)
    remove(world, comment)
    clock.forward(days=2)
    assert share(world, comment, "KS")
    again = at(world, comment, "KS")
    assert (again.state, again.opened_at, again.remove_reason) == (DUE, clock.now(), REASON)
    with pytest.raises(NotRemoved) as told:
        remove(world, comment)
    assert told.value.why == WhyNotRemoved.REMOVED_BEFORE
    counts.assert_right()


def test_it_stays_let_off_when_the_comment_is_hidden_and_shown_again(world):
    comment = world.published()
    share(world, comment)
    remove(world, comment)
    world.decide(comment, "hide")
    assert states(world, comment) == {"KS": REMOVED, "TN": MatterState.CLOSED}
    world.decide(comment, "restore")
    assert states(world, comment) == {"KS": REMOVED, "TN": DUE}
    counts.assert_right()


def test_nobody_is_chosen_for_what_nobody_answers(world):
    waiting = world.say(world.nils)
    parent = world.published(world.rut, "Ett inlägg som någon svarar på.")
    reply = world.published(world.rut, "En replik på det inlägget.", parent=parent)
    for comment in (waiting, reply):
        with pytest.raises(NotShared):
            share(world, comment)
    with pytest.raises(NotShared):
        share(world, parent, "KF")
    assert db.session.scalar(select(func.count()).select_from(Matter)) == 1


@pytest.mark.parametrize("name", ["rut", "nils", "eva", "tore", "adam", "karin"])
def test_only_moderators_choose(world, name):
    comment = world.published()
    for act in (share, remove):
        with pytest.raises(MayNotShare):
            act(world, comment, by=world.people[name])


def test_a_moderator_chooses_not_for_their_own(world, client):
    comment = world.decide(world.say(world.mona), "publish", world.max)
    with pytest.raises(MayNotShare):
        share(world, comment)
    assert share(world, comment, by=world.max)
    world.sign_in(client, world.mona)
    assert client.get(f"/moderering/{comment.number}/namnder").status_code == 403


def test_what_has_changed_meanwhile_is_not_let_off(world):
    comment = world.published()
    share(world, comment)
    seen = at(world, comment, "KS").version
    world.decide(comment, "hide")
    world.decide(comment, "restore")
    with pytest.raises(Stale):
        remove(world, comment, seen=seen)
    with pytest.raises(ReasonMissing):
        remove(world, comment, reason="")
    assert states(world, comment)["KS"] == DUE


def test_the_database_refuses_to_let_off_without_a_reason(world):
    world.published()
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(Matter.__table__.update().values(state="removed"))


def page(comment) -> str:
    return f"/moderering/{comment.number}/namnder"


def test_a_moderator_adds_and_takes_away_on_the_page(world, client, app):
    comment = world.published()
    world.sign_in(client, world.mona)
    assert page(comment) in client.get(f"/inlagg/{comment.number}").text
    assert "Lägg till en annan nämnd först." in client.get(page(comment)).text
    answer = client.send(page(comment), {"committees": ["tn", "san"]})
    assert (answer.status_code, answer.location) == (303, f"{page(comment)}?sparat=1")
    assert states(world, comment) == {"KS": DUE, "TN": DUE, "SAN": DUE}
    version = re.search(r'name="seen" value="(\d+)"', client.get(page(comment)).text).group(1)
    answer = client.send(page(comment), {"seen": version, "reason": REASON}, to=f"{page(comment)}/ks/ta-bort")
    assert answer.status_code == 303
    assert states(world, comment)["KS"] == REMOVED
    assert REASON in client.get(page(comment)).text
    receipt = app.test_client().get(f"/kvitto/{comment.receipt_key}").text
    assert "Tekniska nämnden ska också svara" in receipt and "Kommunstyrelsen svarar inte" in receipt
    assert REASON in receipt
    card = app.test_client().get(f"/inlagg/{comment.number}").text
    assert "Tekniska nämnden ska svara" in card and "Kommunstyrelsen ska svara" not in card


def test_bad_input_and_what_can_not_be_taken_away_are_told(world, client):
    comment = world.published()
    world.sign_in(client, world.mona)
    assert client.send(page(comment), {}).status_code == 422
    assert client.send(page(comment), {"committees": "finns-inte"}).status_code == 303
    last = client.send(page(comment), {"seen": "1", "reason": REASON}, to=f"{page(comment)}/ks/ta-bort")
    assert last.status_code == 409 and "Lägg till en annan nämnd först." in last.text
    share(world, comment)
    for data in (
        {"seen": "1", "reason": ""},
        {"seen": "1", "reason": "kort"},
        {"seen": "x", "reason": REASON},
    ):
        assert client.send(page(comment), data, to=f"{page(comment)}/ks/ta-bort").status_code == 422
    stale = client.send(page(comment), {"seen": "7", "reason": REASON}, to=f"{page(comment)}/ks/ta-bort")
    assert stale.status_code == 409 and "Något har ändrats" in stale.text
    gone = client.send(page(comment), {"seen": "1", "reason": REASON}, to=f"{page(comment)}/kfn/ta-bort")
    assert gone.status_code == 404
    waiting = world.say(world.rut, "Ett inlägg som ännu väntar på granskning.")
    assert client.get(page(waiting)).status_code == 404
    assert states(world, comment) == {"KS": DUE, "TN": DUE}
