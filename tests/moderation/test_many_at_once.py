"""Twenty moderators going through the same queue at the same moment."""

import pytest
from sqlalchemy import select

from dialog.conversation.models import Comment
from dialog.conversation.rules import Act, CommentState
from dialog.db import clock, db, transaction
from dialog.events import Event, first_broken
from dialog.moderation.models import Decision
from dialog.moderation.operations import decide
from dialog.moderation.rules import Ground
from dialog.people.models import Person
from dialog.people.operations import give_role
from dialog.people.rules import Role
from dialog.states import Stale
from tests import counts
from tests.threads import at_once

MODERATORS, COMMENTS = 20, 200
EACH_TAKES = 4  # every fourth comment, so that five moderators meet over each
BECAME = {Act.PUBLISH: CommentState.PUBLISHED, Act.HIDE: CommentState.HIDDEN}


@pytest.fixture
def moderators(world) -> list[int]:
    with transaction():
        for number in range(MODERATORS):
            give_role(f"moderator-{number}@example.org", Role.MODERATOR, None, now=clock.now())
    return list(
        db.session.scalars(select(Person.id).where(Person.email.like("moderator-%")).order_by(Person.id))
    )


@pytest.fixture
def waiting(world) -> list[int]:
    ids = []
    for number in range(COMMENTS):
        ids.append(
            world.say((world.nils, world.vera)[number % 2], f"Inlägg {number}, som väntar på granskning.").id
        )
        clock.forward(minutes=5)
    return ids


def test_of_all_who_decide_on_the_same_at_once_one_is_heard_and_the_others_are_told(
    world, moderators, waiting
):
    """Some would publish, some hide. Nobody's decision is lost without a word, and none is overwritten."""
    now, ids = clock.now(), waiting

    def go_through(n: int) -> dict[str, list[int]]:
        moderator = db.session.get_one(Person, moderators[n])
        mine = ids[n % EACH_TAKES :: EACH_TAKES]
        comments = db.session.scalars(select(Comment).where(Comment.id.in_(mine)).order_by(Comment.id)).all()
        act = Act.HIDE if n // EACH_TAKES % 2 else Act.PUBLISH
        hides = (
            {"ground": Ground.OFF_TOPIC, "reasons": "Det hör inte hit.", "criticises": False}
            if act == Act.HIDE
            else {}
        )
        found: dict[str, list[int]] = {"done": [], "already so": [], "told": [], "told wrongly": []}
        for comment in comments:
            try:
                with transaction():
                    made = decide(comment, act, moderator=moderator, seen=1, now=now, **hides)
            except Stale as stale:
                found["told" if stale.thing.state != BECAME[act] else "told wrongly"].append(comment.id)
            else:
                found["done" if made else "already so"].append(comment.id)
        return found

    outcomes = at_once(world.app, MODERATORS, go_through)
    done = sorted(one for outcome in outcomes for one in outcome["done"])
    assert done == ids
    assert (
        sum(len(one) for outcome in outcomes for one in outcome.values())
        == MODERATORS * COMMENTS // EACH_TAKES
    )
    decisions = db.session.execute(
        select(Decision.comment_id, Decision.act, Comment.state, Comment.version)
        .join(Comment)
        .order_by(Comment.id)
    ).all()
    assert [row.comment_id for row in decisions] == ids
    assert all(BECAME[row.act] == row.state and row.version == 2 for row in decisions)
    kinds = select(Event.subject_id).where(
        Event.kind.in_(("comment.published", "comment.hidden")), Event.subject_type == "comment"
    )
    assert db.session.scalars(kinds.order_by(Event.subject_id)).all() == ids
    assert first_broken() is None
    counts.assert_right()
