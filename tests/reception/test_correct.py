"""Whoever put a comment on record puts right a slip of the pen in it, until a moderator has decided about it."""

import pytest
from sqlalchemy import select

from dialog.conversation.editing import MayNotChange, NoLongerEdited, edit_comment
from dialog.conversation.models import Comment, CommentWording
from dialog.conversation.rules import CommentState, ReviewReason, may_be_corrected
from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.people.operations import give_role
from dialog.people.rules import Role
from dialog.states import Stale
from tests.counts import count
from tests.world import WORDS

RIGHT = "Bussen till Häggenås borde gå också på kvällarna."


@pytest.mark.parametrize(
    ("state", "reason", "expected"),
    [
        # Until a moderator has decided about it the first time.
        (CommentState.RECEIVED, ReviewReason.FIRST_COMMENT, True),
        # Not where it waits because it was changed after that, or where it doesn't wait any more.
        *(
            (CommentState.RECEIVED, reason, False)
            for reason in ReviewReason
            if reason != ReviewReason.FIRST_COMMENT
        ),
        *(
            (state, reason, False)
            for state in CommentState
            if state != CommentState.RECEIVED
            for reason in (None, *ReviewReason)
        ),
    ],
)
def test_when_a_slip_of_the_pen_may_be_put_right(state, reason, expected):
    assert may_be_corrected(state, reason) is expected


def address(comment: Comment) -> str:
    return f"/kundcenter/inlagg/{comment.number}/ratta"


def correct(comment: Comment, official, text: str = RIGHT, seen: int | None = None):
    with transaction():
        return edit_comment(
            comment,
            text,
            text,
            author=official,
            seen=comment.version if seen is None else seen,
            now=clock.now(),
        )


def test_a_slip_is_put_right_and_what_it_said_before_is_kept(world, client):
    comment = world.heard(sitting=world.met())
    world.sign_in(client, world.karin)
    assert f'href="{address(comment)}"' in client.get(f"/kundcenter/moten/{comment.sitting_id}").text
    sent = client.send(address(comment), {"seen": comment.version, "text": RIGHT})
    assert sent.status_code == 303
    assert "Inlägget är rättat." in client.get(sent.location).text
    db.session.refresh(comment)
    assert (comment.words.text, comment.state) == (RIGHT, CommentState.RECEIVED)
    assert db.session.scalars(select(CommentWording.text).order_by(CommentWording.number)).all() == [
        WORDS,
        RIGHT,
    ]
    event = db.session.scalars(select(Event).where(Event.kind == "comment.edited")).one()
    assert (event.actor_id, event.details["corrected"]) == (world.karin.id, True)
    assert "Rättat av kundcenter" in client.get(f"/kvitto/{comment.receipt_key}").text


@pytest.mark.parametrize("act", ["publish", "hide"])
def test_what_a_moderator_has_decided_about_is_left_as_it_is_and_what_was_typed_stays(world, client, act):
    comment = world.heard()
    seen = comment.version
    world.decide(comment, act)
    with pytest.raises(NoLongerEdited):
        correct(comment, world.karin)
    world.sign_in(client, world.karin)
    assert client.get(address(comment)).status_code == 200
    sent = client.send("/logga-in", {"seen": seen, "text": RIGHT}, to=address(comment))
    assert sent.status_code == 409
    assert RIGHT in sent.text
    assert "kan inte längre rättas" in sent.text
    assert count(CommentWording) == 1


def test_only_whoever_put_it_on_record_puts_it_right(world, client):
    heard, written = world.heard(), world.say(world.nils, "Det här skrev Nils själv på webben.")
    with transaction():
        give_role("rut@example.org", Role.CUSTOMER_CENTRE, None, now=clock.now())
    db.session.refresh(world.rut)
    for comment, person in ((heard, world.rut), (heard, world.mona), (written, world.karin)):
        with pytest.raises(MayNotChange):
            correct(comment, person)
        world.sign_in(client, person)
        assert client.get(address(comment)).status_code == (403 if person is world.mona else 404)
    assert client.get("/kundcenter/inlagg/2026-000099/ratta").status_code == 404
    visitor = client.application.test_client()
    assert visitor.get(address(heard)).status_code == 303


def test_twice_changes_nothing_and_a_stale_form_shows_both(world, client):
    comment = world.heard()
    seen = comment.version
    assert correct(comment, world.karin) is not None
    assert correct(comment, world.karin, seen=seen) is None
    with pytest.raises(Stale):
        correct(comment, world.karin, "Något helt annat än det som sades.", seen=seen)
    world.sign_in(client, world.karin)
    sent = client.send(address(comment), {"seen": seen, "text": "Något helt annat än det som sades."})
    assert sent.status_code == 409
    assert RIGHT in sent.text and "Något helt annat" in sent.text


@pytest.mark.parametrize("changes", [{"text": "Kort."}, {"text": "a" * 5001}, {"seen": "inget"}])
def test_bad_input_is_refused_and_what_was_typed_stays(world, client, changes):
    comment = world.heard()
    world.sign_in(client, world.karin)
    sent = client.send(address(comment), {"seen": comment.version, "text": RIGHT, **changes})
    assert sent.status_code == 422
    assert changes.get("text", RIGHT) in sent.text
    assert count(CommentWording) == 1
