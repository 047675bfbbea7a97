"""Deciding about a comment: what a moderator can do to it, and what follows."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from dialog.conversation.models import Comment
from dialog.conversation.rules import COMMENT_MOVES, MOVES_BY_RULE, Act, CommentState
from dialog.db import clock, db, transaction
from dialog.moderation.models import Decision
from dialog.moderation.operations import MayNotDecide, decide
from dialog.moderation.rules import GROUND_SOURCES, Ground, acts_on
from dialog.moderation.words import GROUNDS
from dialog.notify.models import Letter
from dialog.notify.operations import queue_decision
from dialog.people.models import Person
from dialog.response.models import Matter, Workload
from dialog.response.rules import MatterState
from dialog.states import ReasonMissing, Stale, UnlistedMove
from tests.moderation.deciding import (
    HIDDEN,
    PUBLISHED,
    REASONS,
    RECEIVED,
    WITHDRAWN,
    decisions,
    in_state,
    log,
    state_now,
)
from tests.threads import at_once

# Each act belongs to the states the table of moves lists it for. One that would lead where the comment already is
# changes nothing. Every other one is refused, and so is every act on one's own comment.
ACTS = {
    ("publish", RECEIVED): PUBLISHED,
    ("publish", PUBLISHED): None,
    ("publish", HIDDEN): UnlistedMove,
    ("publish", WITHDRAWN): UnlistedMove,
    ("hide", RECEIVED): HIDDEN,
    ("hide", PUBLISHED): HIDDEN,
    ("hide", HIDDEN): None,
    ("hide", WITHDRAWN): UnlistedMove,
    ("restore", RECEIVED): UnlistedMove,
    ("restore", PUBLISHED): None,
    ("restore", HIDDEN): PUBLISHED,
    ("restore", WITHDRAWN): UnlistedMove,
    ("look", RECEIVED): UnlistedMove,
    ("look", PUBLISHED): None,
    ("look", HIDDEN): UnlistedMove,
    ("look", WITHDRAWN): UnlistedMove,
}


@pytest.mark.parametrize(("act", "state"), ACTS, ids=str)
def test_what_a_moderator_can_do_to_a_comment_in_each_state(world, act, state):
    comment, outcome = in_state(world, state), ACTS[act, state]
    before, taken = log(comment), len(decisions(comment))
    if isinstance(outcome, type):
        with pytest.raises(outcome):
            world.decide(comment, act)
    else:
        world.decide(comment, act)
    assert state_now(comment) == (outcome if isinstance(outcome, CommentState) else state)
    changed = isinstance(outcome, CommentState)
    assert len(log(comment)) == len(before) + changed
    assert len(decisions(comment)) == taken + changed


@pytest.mark.parametrize(("act", "state"), ACTS, ids=str)
def test_nobody_decides_on_their_own_comment(world, act, state):
    comment = in_state(world, state, author=world.mona)
    before = state_now(comment), log(comment)
    with pytest.raises(MayNotDecide):
        world.decide(comment, act, world.mona)
    assert (state_now(comment), log(comment)) == before


@pytest.mark.parametrize("state", [RECEIVED, PUBLISHED, HIDDEN, WITHDRAWN])
@pytest.mark.parametrize("looked_at", [True, False])
def test_what_is_offered_is_what_would_change_something(world, state, looked_at):
    comment = in_state(world, state, looked_at=looked_at)
    possible = {
        act for (act, of), outcome in ACTS.items() if of == state and isinstance(outcome, CommentState)
    }
    if state == PUBLISHED and not looked_at:
        possible.add("look")
    assert set(acts_on(comment.state, waits=comment.review_since is not None)) == possible


def test_looking_takes_a_shown_comment_out_of_the_queue_as_it_stands(world):
    comment = in_state(world, PUBLISHED, looked_at=False)
    assert comment.review_since is not None
    world.decide(comment, "look")
    assert (comment.state, comment.review_since) == (PUBLISHED, None)
    assert [decision.act for decision in decisions(comment)] == ["look"]
    assert log(comment)[-1] == "comment.looked_at"


@pytest.mark.parametrize("act", ["publish", "look", "hide", "restore"])
def test_the_same_decision_twice_is_one(world, act):
    comment = in_state(world, {"publish": RECEIVED, "restore": HIDDEN}.get(act, PUBLISHED), looked_at=False)
    seen, earlier = comment.version, len(log(comment))
    for moderator in (world.mona, world.mona, world.max):
        with transaction():
            ground = (
                {"ground": Ground.OFF_TOPIC, "reasons": REASONS, "criticises": False} if act == "hide" else {}
            )
            decide(comment, Act(act), moderator=moderator, seen=seen, now=clock.now(), **ground)
    assert len(log(comment)) == earlier + 1
    assert [one.decided_by_id for one in decisions(comment) if one.act == act] == [world.mona.id]


def test_a_second_hiding_on_the_same_ground_changes_nothing_and_on_another_is_refused(world):
    comment = world.published()
    seen = comment.version
    world.decide(comment, "hide", world.max)

    def hide(ground: Ground) -> Decision | None:
        with transaction():
            return decide(
                comment,
                Act.HIDE,
                moderator=world.mona,
                seen=seen,
                now=clock.now(),
                ground=ground,
                reasons="Andra ord om varför.",
                criticises=False,
            )

    assert hide(Ground.OFF_TOPIC) is None
    with pytest.raises(Stale):
        hide(Ground.THREAT)
    assert [(one.act, one.reasons) for one in decisions(comment)][1:] == [(Act.HIDE, REASONS)]


@pytest.mark.parametrize(
    ("ground", "reasons"), [(None, None), (Ground.THREAT, None), (Ground.THREAT, ""), (None, REASONS)]
)
def test_hiding_needs_a_ground_and_reasons(world, ground, reasons):
    comment = world.say(world.nils)
    with pytest.raises(ReasonMissing), transaction():
        decide(
            comment, Act.HIDE, moderator=world.mona, seen=1, now=clock.now(), ground=ground, reasons=reasons
        )
    assert state_now(comment) == RECEIVED


@pytest.mark.parametrize(
    "values",
    [
        {"act": "hide", "ground": None, "reasons": None},
        {"act": "hide", "ground": Ground.THREAT, "reasons": None},
        {"act": "publish", "ground": Ground.THREAT, "reasons": REASONS},
        {"act": "publish", "ground": None, "reasons": REASONS},
    ],
)
def test_the_database_refuses_a_hiding_without_ground_and_a_ground_without_hiding(world, values):
    comment = world.say(world.nils)
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            Decision(
                comment_id=comment.id,
                wording=1,
                decided_by_id=world.mona.id,
                decided_at=clock.now(),
                **values,
            )
        )


def test_a_ground_given_with_another_act_is_not_kept(world):
    comment = world.say(world.nils)
    with transaction():
        decide(
            comment,
            Act.PUBLISH,
            moderator=world.mona,
            seen=1,
            now=clock.now(),
            ground=Ground.THREAT,
            reasons=REASONS,
        )
    assert [(one.ground, one.reasons) for one in decisions(comment)] == [(None, None)]


def test_every_ground_has_a_source_and_words(world):
    assert set(GROUND_SOURCES) == set(Ground)
    assert set(Ground) == set(GROUNDS)


def test_counts_and_matters_follow_a_comment(world):
    assignment, goal = world.assignment(2), world.goal()
    comment = world.say(world.nils, assignment=assignment)

    def now() -> tuple:
        db.session.expire_all()
        waiting = {
            one.committee_id: one.waiting for one in db.session.scalars(select(Workload)) if one.waiting
        }
        states = db.session.scalars(select(Matter.state).where(Matter.comment_id == comment.id)).all()
        return goal.comment_count, assignment.comment_count, len(waiting), sorted(states)

    assert now() == (0, 0, 0, [])
    world.decide(comment, "publish")
    assert now() == (1, 1, 4, [MatterState.DUE] * 4)
    world.decide(comment, "hide")
    assert now() == (0, 0, 0, [MatterState.CLOSED] * 4)
    world.decide(comment, "restore")
    assert now() == (1, 1, 4, [MatterState.DUE] * 4)


def test_the_author_gets_a_letter_either_way_and_none_for_a_look(world):
    comment = world.say(world.nils)
    kinds = select(Letter.kind).where(Letter.subject_id == comment.id, Letter.person_id == world.nils.id)
    for act, expected in (("publish", "published"), ("hide", "hidden"), ("restore", "published")):
        world.decide(comment, act)
        assert db.session.scalars(kinds.order_by(Letter.id)).all()[-1] == expected
    shown = world.say(world.nils, "Ett inlägg till, som visas med en gång.")
    before = db.session.scalar(select(func.count()).select_from(Letter))
    world.decide(shown, "look")
    assert db.session.scalar(select(func.count()).select_from(Letter)) == before


def test_every_move_that_tells_the_author_has_a_letter(app):
    told = {f"comment.{to}" for (_, to), transition in COMMENT_MOVES.items() if transition.tells_author}
    assert all(transition.tells_author for transition in MOVES_BY_RULE.values())
    told |= {"comment.held", "comment.masked", "comment.unmasked"}
    heard = {kind for kind, by in app.extensions["listeners"].items() if queue_decision in by}
    assert told == heard


def test_only_a_moderator_decides_whatever_page_it_is_asked_from(world):
    comment = world.say(world.nils)
    for person in (world.rut, world.eva, world.adam):
        with pytest.raises(MayNotDecide):
            world.decide(comment, "publish", person)
    assert state_now(comment) == RECEIVED


def test_two_moderators_at_the_same_moment_make_one_decision(world):
    comment = world.say(world.nils)
    moderators, now, comment_id = [world.mona.id, world.max.id], clock.now(), comment.id

    def take(n: int) -> str:
        comment = db.session.get_one(Comment, comment_id)
        moderator = db.session.get_one(Person, moderators[n])
        ground = {"ground": Ground.THREAT, "reasons": REASONS} if n else {}
        try:
            with transaction():
                decide(
                    comment, Act.HIDE if n else Act.PUBLISH, moderator=moderator, seen=1, now=now, **ground
                )
        except Stale:
            return "stale"
        return "done"

    assert sorted(at_once(world.app, 2, take)) == ["done", "stale"]
    assert len(decisions(comment)) == 1
    assert len(log(comment)) == 2
