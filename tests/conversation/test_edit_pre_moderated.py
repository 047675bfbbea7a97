"""Changing a comment where every comment waits for a moderator: the new wording waits too."""

import pytest

from dialog.conversation.models import Comment
from dialog.conversation.rules import CommentState, ReviewReason, waits_when_edited
from dialog.db import clock, db, transaction
from dialog.dialogues.operations import move_dialogue
from dialog.dialogues.rules import DialogueState
from dialog.moderation.queries import queue
from dialog.response.models import Matter
from dialog.response.rules import MatterState
from dialog.search.queries import Filters, search
from tests import counts
from tests.world import GOAL_2024, WORDS

OLD = f"Gamla ord om pulkabacken. {WORDS}"
NEW = f"Nya ord om skridskobanan. {WORDS}"
RECEIVED, PUBLISHED, HIDDEN = CommentState.RECEIVED, CommentState.PUBLISHED, CommentState.HIDDEN

# What is hidden waits when it is edited, wherever it stands. What is shown waits where every comment does. What waits
# already goes on waiting where it is.
WAITS = [
    (HIDDEN, False, True),
    (HIDDEN, True, True),
    (PUBLISHED, False, False),
    (PUBLISHED, True, True),
    (RECEIVED, False, False),
    (RECEIVED, True, False),
]


@pytest.mark.parametrize(("state", "pre_moderated", "waits"), WAITS)
def test_an_edited_comment_leaves_what_it_is_by_state_and_dialogue(state, pre_moderated, waits):
    assert waits_when_edited(state, pre_moderated=pre_moderated) is waits


@pytest.fixture
def comment(world) -> Comment:
    """A published comment in a dialogue that has every comment wait."""
    dialogue = world.asked(pre_moderated=True)
    with transaction():
        move_dialogue(dialogue, DialogueState.OPEN, seen=dialogue.version, editor=world.eva, now=clock.now())
    return world.published(text=OLD)


def matter_of(comment: Comment) -> Matter:
    return db.session.query(Matter).filter_by(comment_id=comment.id).one()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_its_author_is_told_before_and_after_that_it_waits(world, client, comment, prefix):
    world.sign_in(client, world.nils)
    address = f"{prefix}/inlagg/{comment.number}"
    sentence = "Until then nobody else can see" if prefix else "Till dess kan ingen annan se"
    assert sentence in client.get(f"{address}/andra").text
    sent = client.send(f"{address}/andra", {"seen": comment.version, "text": NEW})
    assert sent.status_code == 303
    db.session.refresh(comment)
    assert (comment.state, comment.review_reason) == (RECEIVED, ReviewReason.SENT_AGAIN)
    assert "skridskobanan" in client.get(address).text
    receipt = client.get(f"{prefix}/kvitto/{comment.receipt_key}").text
    assert ("Changed and sent again" if prefix else "Ändrat och skickat igen") in receipt


def test_nobody_else_sees_it_finds_it_or_counts_it_until_a_moderator_lets_it_through(world, client, comment):
    world.edit(comment, NEW)
    for word in ("pulkabacken", "skridskobanan"):
        assert client.get(f"/inlagg/{comment.number}").status_code == 404
        assert word not in client.get(GOAL_2024).text
        assert search(word, Filters()).count == 0
    counts.assert_right()
    assert comment.id in [one.id for one in queue(world.mona, now=clock.now()).comments]
    world.publish_comment(comment)
    assert "skridskobanan" in client.get(GOAL_2024).text
    assert (
        "pulkabacken" in client.get(f"/inlagg/{comment.number}").text
    )  # it was public, and still is on record
    assert [search(word, Filters()).count for word in ("pulkabacken", "skridskobanan")] == [0, 1]
    counts.assert_right()


def test_the_committees_clock_goes_on_from_the_day_it_began(world, comment):
    before = matter_of(comment).due_on
    world.edit(comment, NEW)
    assert matter_of(comment).state == MatterState.CLOSED
    clock.forward(days=1)
    world.publish_comment(comment)
    db.session.expire_all()
    assert (matter_of(comment).state, matter_of(comment).due_on) == (MatterState.DUE, before)


def test_taken_back_while_it_waits_it_leaves_its_marker(world, client, comment):
    world.edit(comment, NEW)
    world.withdraw(comment)
    page = client.get(f"/inlagg/{comment.number}")
    assert page.status_code == 200
    assert "Tillbakadraget av den som skrev det" in page.text
    assert "skridskobanan" not in page.text
    assert "pulkabacken" not in page.text


def test_what_waits_already_keeps_its_place_in_the_queue(world, comment):
    waiting = world.say(world.rut, OLD)
    since = waiting.review_since
    clock.forward(hours=1)
    world.edit(waiting, NEW)
    assert (waiting.state, waiting.review_since) == (RECEIVED, since)
