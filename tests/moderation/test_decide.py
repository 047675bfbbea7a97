"""Deciding about a comment: what a moderator can do to it, and what follows."""

import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from dialog.conversation.models import Comment
from dialog.conversation.operations import move_comment
from dialog.conversation.rules import CommentState
from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.moderation.models import Decision
from dialog.moderation.operations import OwnComment, ReasonsMissing, acts_on, decide
from dialog.moderation.rules import GROUND_SOURCES, Ground
from dialog.moderation.words import GROUNDS
from dialog.notify.models import Letter
from dialog.people.models import Person
from dialog.response.models import Matter, Workload
from dialog.response.rules import MatterState
from dialog.states import Stale, UnlistedMove
from tests.threads import at_once
from tests.world import GOAL_2024

QUEUE = "/moderering"
REASONS = "Det handlar inte om målet."
HX = {"HX-Request": "true"}
RECEIVED, PUBLISHED, HIDDEN = CommentState.RECEIVED, CommentState.PUBLISHED, CommentState.HIDDEN
WITHDRAWN, MASKED = CommentState.WITHDRAWN, CommentState.MASKED


def in_state(world, state: CommentState, author=None, looked_at: bool = True) -> Comment:
    """A comment that has come to `state` the way comments do."""
    comment = world.say(author or world.nils)
    if state == RECEIVED:
        return comment
    world.decide(comment, "publish", world.max)
    if not looked_at:
        comment = world.say(author or world.nils, "Ett inlägg till, som ingen har granskat ännu.")
    if state == HIDDEN:
        world.decide(comment, "hide", world.max)
    if state in {WITHDRAWN, MASKED}:
        with transaction():
            move_comment(comment, state, seen=comment.version, actor_id=comment.author_id, now=clock.now())
    return comment


def send(client, comment: Comment, act: str, **changes):
    filled = {"seen": str(comment.version), "act": act, "ground": "", "reasons": "", **changes}
    headers = filled.pop("headers", None)
    token = client.token("/logga-in")
    return client.post(f"{QUEUE}/{comment.number}", data={"csrf_token": token, **filled}, headers=headers)


def log(comment: Comment) -> list[str]:
    events = select(Event.kind).where(Event.subject_type == "comment", Event.subject_id == comment.id)
    return list(db.session.scalars(events.order_by(Event.id)))


def decisions(comment: Comment) -> list[Decision]:
    return list(
        db.session.scalars(select(Decision).where(Decision.comment_id == comment.id).order_by(Decision.id))
    )


def state_now(comment: Comment) -> CommentState:
    return db.session.scalar(select(Comment.state).where(Comment.id == comment.id))


# Each act belongs to the states the table of moves lists it for. One that would lead where the comment already is
# changes nothing. Every other one is refused, and so is every act on one's own comment.
ACTS = {
    ("publish", RECEIVED): PUBLISHED,
    ("publish", PUBLISHED): None,
    ("publish", HIDDEN): UnlistedMove,
    ("publish", WITHDRAWN): UnlistedMove,
    ("publish", MASKED): UnlistedMove,
    ("hide", RECEIVED): HIDDEN,
    ("hide", PUBLISHED): HIDDEN,
    ("hide", HIDDEN): None,
    ("hide", WITHDRAWN): UnlistedMove,
    ("hide", MASKED): UnlistedMove,
    ("restore", RECEIVED): UnlistedMove,
    ("restore", PUBLISHED): None,
    ("restore", HIDDEN): PUBLISHED,
    ("restore", WITHDRAWN): UnlistedMove,
    ("restore", MASKED): UnlistedMove,
    ("look", RECEIVED): UnlistedMove,
    ("look", PUBLISHED): None,
    ("look", HIDDEN): UnlistedMove,
    ("look", WITHDRAWN): UnlistedMove,
    ("look", MASKED): UnlistedMove,
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
    with pytest.raises(OwnComment):
        world.decide(comment, act, world.mona)
    assert (state_now(comment), log(comment)) == before


@pytest.mark.parametrize("state", [RECEIVED, PUBLISHED, HIDDEN, WITHDRAWN, MASKED])
@pytest.mark.parametrize("looked_at", [True, False])
def test_what_is_offered_is_what_would_change_something(world, state, looked_at):
    comment = in_state(world, state, looked_at=looked_at)
    possible = {
        act for (act, of), outcome in ACTS.items() if of == state and isinstance(outcome, CommentState)
    }
    if state == PUBLISHED and not looked_at:
        possible.add("look")
    assert set(acts_on(comment)) == possible


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
            ground = {"ground": Ground.OFF_TOPIC, "reasons": REASONS} if act == "hide" else {}
            decide(comment, act, moderator=moderator, seen=seen, now=clock.now(), **ground)
    assert len(log(comment)) == earlier + 1
    assert [one.decided_by_id for one in decisions(comment) if one.act == act] == [world.mona.id]


@pytest.mark.parametrize(
    ("ground", "reasons"), [(None, None), (Ground.THREAT, None), (Ground.THREAT, ""), (None, REASONS)]
)
def test_hiding_needs_a_ground_and_reasons(world, ground, reasons):
    comment = world.say(world.nils)
    with pytest.raises(ReasonsMissing), transaction():
        decide(comment, "hide", moderator=world.mona, seen=1, now=clock.now(), ground=ground, reasons=reasons)
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
            "publish",
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


def test_a_moderator_publishes_from_the_queue_and_goes_on(world, client):
    comment = world.say(world.nils)
    world.sign_in(client, world.mona)
    assert comment.number in client.get(QUEUE).text
    response = send(client, comment, "publish")
    assert response.status_code == 303
    page = client.get(response.location).text
    assert f"{comment.number} är publicerat." in page
    assert "granska-" not in page
    assert state_now(comment) == PUBLISHED
    assert comment.number in client.get(GOAL_2024).text


def test_htmx_gets_the_queue_without_the_page_around_it(world, client):
    first, second = world.say(world.nils), world.say(world.vera, "Ett annat inlägg som också väntar.")
    world.sign_in(client, world.mona)
    response = send(client, first, "publish", headers=HX)
    assert response.status_code == 200
    assert response.text.strip().startswith('<div id="queue">')
    assert f"granska-{first.number}" not in response.text
    assert f"granska-{second.number}" in response.text
    assert "HX-Request" in response.headers["Vary"]


def test_hiding_from_the_queue_keeps_ground_and_reasons(world, client):
    comment = world.say(world.nils)
    world.sign_in(client, world.mona)
    assert send(client, comment, "hide", ground="personal_attack", reasons=REASONS).status_code == 303
    [decision] = decisions(comment)
    assert (decision.ground, decision.reasons, decision.decided_by_id) == (
        Ground.PERSONAL_ATTACK,
        REASONS,
        world.mona.id,
    )


@pytest.mark.parametrize(
    ("act", "changes"),
    [
        ("hide", {}),
        ("hide", {"ground": "off_topic"}),
        ("hide", {"ground": "off_topic", "reasons": "kort"}),
        ("hide", {"ground": "off_topic", "reasons": "x" * 2001}),
        ("hide", {"ground": "off_topic", "reasons": REASONS + "\x00"}),
        ("hide", {"ground": "tråkigt", "reasons": REASONS}),
        ("hide", {"reasons": REASONS}),
        ("", {}),
        ("delete", {}),
        ("withdraw", {}),
        ("mask", {}),
        ("publish", {"seen": ""}),
        ("publish", {"seen": "x"}),
    ],
)
@pytest.mark.parametrize("headers", [None, HX])
def test_bad_input_is_refused_beside_the_comment_and_what_was_typed_stays(
    world, client, act, changes, headers
):
    comment = world.say(world.nils)
    world.sign_in(client, world.mona)
    response = send(client, comment, act, headers=headers, **changes)
    assert response.status_code == 422
    assert state_now(comment) == RECEIVED
    assert decisions(comment) == []
    article = response.text[response.text.index(f'id="granska-{comment.number}"') :]
    assert 'role="alert"' in article or "error" in article
    assert not re.search(r"Not a valid|Invalid", article)
    if len(changes.get("reasons", "")) > 4:
        assert changes["reasons"].replace("\x00", "") in article


@pytest.mark.parametrize("headers", [None, HX])
@pytest.mark.parametrize(
    ("meanwhile", "act", "became"),
    [("hide", "publish", "Visas inte"), ("publish", "hide", "Publicerat"), ("hide", "look", "Visas inte")],
)
def test_a_stale_decision_says_what_it_has_become_and_overwrites_nothing(
    world, client, headers, meanwhile, act, became
):
    comment = in_state(world, PUBLISHED, looked_at=False) if act == "look" else world.say(world.nils)
    seen, world_max = comment.version, world.max
    world.decide(comment, meanwhile, world_max)
    before = log(comment), [one.id for one in decisions(comment)]
    world.sign_in(client, world.mona)
    response = send(client, comment, act, seen=str(seen), ground="threat", reasons=REASONS, headers=headers)
    assert response.status_code == 409
    assert re.search(rf"(?i)<strong>{became}", response.text)
    assert (log(comment), [one.id for one in decisions(comment)]) == before
    if headers:
        assert not response.text.lstrip().startswith("<!doctype")
        assert response.headers["HX-Retarget"] == "#fel"
        assert response.headers["HX-Reswap"] == "innerHTML"
    else:
        assert "HX-Retarget" not in response.headers


@pytest.mark.parametrize("seen", ["0", "-1", "2", "99", "9" * 30])
@pytest.mark.parametrize("act", ["publish", "look"])
def test_a_version_that_never_was_is_stale(world, client, seen, act):
    comment = in_state(world, PUBLISHED, looked_at=False) if act == "look" else world.say(world.nils)
    world.sign_in(client, world.mona)
    assert send(client, comment, act, seen=seen).status_code == 409
    assert decisions(comment) == []


def test_the_same_decision_sent_twice_is_one_and_looks_the_same(world, client, app):
    comment = world.say(world.nils)
    world.sign_in(client, world.mona)
    first = send(client, comment, "publish", seen="1")
    second = send(client, comment, "publish", seen="1")
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert len(decisions(comment)) == 1


def test_a_moderators_own_comment_is_shown_to_them_without_buttons_and_refused(world, client):
    comment = world.say(world.mona)
    world.sign_in(client, world.mona)
    page = client.get(QUEUE).text
    assert comment.number in page
    assert f'action="/moderering/{comment.number}"' not in page
    assert send(client, comment, "publish").status_code == 403
    assert state_now(comment) == RECEIVED


@pytest.mark.parametrize("number", ["2026-999999", "finns-inte", "1", "%20", "å"])
def test_there_is_nothing_to_decide_about_what_does_not_exist(world, client, number):
    world.sign_in(client, world.mona)
    response = client.send("/logga-in", {"seen": "1", "act": "publish"}, to=f"{QUEUE}/{number}")
    assert response.status_code == 404


def test_a_resident_decides_nothing_not_even_about_their_own(world, client):
    comment = world.say(world.nils)
    for person in (world.nils, world.rut, world.eva, world.adam):
        world.sign_in(client, person)
        assert send(client, comment, "publish").status_code == 403
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
                decide(comment, "hide" if n else "publish", moderator=moderator, seen=1, now=now, **ground)
        except Stale:
            return "stale"
        return "done"

    assert sorted(at_once(world.app, 2, take)) == ["done", "stale"]
    assert len(decisions(comment)) == 1
    assert len(log(comment)) == 2
