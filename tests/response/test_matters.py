"""A published comment becomes a matter at each responsible committee, and its clock is never reset in silence."""

import pytest
from sqlalchemy import func, select

from dialog.conversation.rules import CommentState
from dialog.db import clock, db, transaction
from dialog.plan.models import Committee
from dialog.plan.operations import set_committees
from dialog.response.models import Matter, Workload
from dialog.response.rules import MatterState


def matters_of(comment) -> list[Matter]:
    db.session.expire_all()
    return db.session.scalars(select(Matter).where(Matter.comment_id == comment.id).order_by(Matter.id)).all()


def codes(comment) -> list[str]:
    return [matter.committee.code for matter in matters_of(comment)]


def assert_workload_is_counted() -> None:
    """The counts that are kept are the counts there are."""
    db.session.expire_all()
    for committee in db.session.scalars(select(Committee)):
        workload = db.session.get(Workload, committee.id)
        counts = dict(
            db.session.execute(
                select(Matter.state, func.count())
                .where(Matter.committee_id == committee.id)
                .group_by(Matter.state)
            ).all()
        )
        kept = (workload.waiting, workload.answered) if workload else (0, 0)
        assert kept == (counts.get(MatterState.DUE, 0), counts.get(MatterState.ANSWERED, 0)), committee.code


# Who answers: the assignment's committees when the comment is about an assignment, else the goal's.
@pytest.mark.parametrize(
    ("goal", "assignment", "committees"),
    [
        (("naringsliv-och-tillvaxt", 2024), None, ["KS"]),
        (("1-2", 2023), None, ["KS", "TN"]),
        (("naringsliv-och-tillvaxt", 2024), 1, ["KS"]),
        (("naringsliv-och-tillvaxt", 2024), 2, ["TN", "VoN", "SAN", "KS"]),
        (("naringsliv-och-tillvaxt", 2024), 3, ["SAN"]),
    ],
)
def test_each_responsible_committee_gets_one_matter(world, goal, assignment, committees):
    about = {"assignment": world.assignment(assignment)} if assignment else {}
    comment = world.published(goal=world.goal(*goal), **about)
    assert codes(comment) == committees
    assert {matter.state for matter in matters_of(comment)} == {MatterState.DUE}
    assert_workload_is_counted()


def test_an_assignment_without_committees_is_answered_by_the_goals(world):
    with transaction():
        set_committees(world.assignment(3), [])
    assert codes(world.published(assignment=world.assignment(3))) == ["KS"]


def test_nobody_owes_an_answer_to_what_waits_for_a_moderator(world):
    assert matters_of(world.say()) == []
    assert_workload_is_counted()


def test_a_comment_that_is_shown_at_once_starts_the_clock_at_once(world):
    comment = world.say(world.trusted(world.rut))
    assert comment.state == CommentState.PUBLISHED
    assert codes(comment) == ["KS"]


def test_the_look_of_a_moderator_changes_nothing_at_the_committee(world):
    comment = world.say(world.trusted(world.rut))
    (before,) = matters_of(comment)
    due_on, version = before.due_on, before.version
    clock.forward(days=1)
    world.decide(comment, "look")
    (after,) = matters_of(comment)
    assert (after.due_on, after.version) == (due_on, version)
    assert_workload_is_counted()


def test_a_hidden_comment_closes_its_matters(world):
    comment = world.published(assignment=world.assignment(2))
    world.decide(comment, "hide")
    assert {matter.state for matter in matters_of(comment)} == {MatterState.CLOSED}
    assert_workload_is_counted()


def test_a_withdrawn_comment_closes_its_matters(world):
    comment = world.published()
    world.withdraw(comment)
    assert {matter.state for matter in matters_of(comment)} == {MatterState.CLOSED}
    assert_workload_is_counted()


def test_a_restored_comment_goes_on_with_the_clock_it_had(world):
    comment = world.published(assignment=world.assignment(2))
    before = [
        (matter.id, matter.opened_at, matter.due_on, matter.very_late_on) for matter in matters_of(comment)
    ]
    world.decide(comment, "hide")
    clock.forward(days=30)
    world.decide(comment, "restore")
    after = [
        (matter.id, matter.opened_at, matter.due_on, matter.very_late_on) for matter in matters_of(comment)
    ]
    assert after == before
    assert {matter.state for matter in matters_of(comment)} == {MatterState.DUE}
    assert_workload_is_counted()


def test_a_comment_hidden_before_it_was_shown_starts_its_clock_when_it_is(world):
    comment = world.say()
    world.decide(comment, "hide")
    clock.forward(days=7)
    world.decide(comment, "restore")
    (matter,) = matters_of(comment)
    assert matter.opened_at == clock.now()


def test_an_answer_stays_given_when_the_comment_is_hidden_and_restored(world):
    comment = world.published()
    world.answered(comment)
    world.decide(comment, "hide")
    assert [matter.state for matter in matters_of(comment)] == [MatterState.ANSWERED]
    world.decide(comment, "restore")
    assert [matter.state for matter in matters_of(comment)] == [MatterState.ANSWERED]
    assert world.goal().answered_count == 1
    assert_workload_is_counted()


def test_hiding_closes_only_what_is_not_answered_yet(world):
    comment = world.published(assignment=world.assignment(2))
    world.answered(comment, committee="TN")
    world.decide(comment, "hide")
    states = {matter.committee.code: matter.state for matter in matters_of(comment)}
    assert states == {"TN": "answered", "VoN": "closed", "SAN": "closed", "KS": "closed"}
    world.decide(comment, "restore")
    states = {matter.committee.code: matter.state for matter in matters_of(comment)}
    assert states == {"TN": "answered", "VoN": "due", "SAN": "due", "KS": "due"}
    assert_workload_is_counted()


def test_hidden_and_restored_again_and_again_is_still_one_matter_each(world):
    comment = world.published(assignment=world.assignment(2))
    for _ in range(3):
        world.decide(comment, "hide")
        world.decide(comment, "restore")
    assert codes(comment) == ["TN", "VoN", "SAN", "KS"]
    assert_workload_is_counted()


def test_new_owners_get_what_is_said_from_then_on(world):
    earlier = world.published(assignment=world.assignment(1))
    with transaction():
        set_committees(world.assignment(1), [world.committee("TN")])
    later = world.published(world.rut, assignment=world.assignment(1))
    assert (codes(earlier), codes(later)) == (["KS"], ["TN"])
