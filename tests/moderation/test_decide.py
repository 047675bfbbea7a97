"""Deciding about a comment: what a moderator can do to it, and what follows."""

import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from dialog.conversation.models import Comment
from dialog.conversation.operations import move_comment
from dialog.conversation.queries import PAGE_SIZE
from dialog.conversation.rules import COMMENT_MOVES, MOVES_BY_RULE, Act, CommentState
from dialog.db import clock, db, transaction
from dialog.events import Event
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
    if state == WITHDRAWN:
        world.withdraw(comment)
    if state == MASKED:
        with transaction():
            move_comment(
                comment,
                MASKED,
                seen=comment.version,
                actor_id=world.rikard.id,
                now=clock.now(),
                reason=Ground.PERSONAL_DATA,
            )
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
    with pytest.raises(MayNotDecide):
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
            ground = {"ground": Ground.OFF_TOPIC, "reasons": REASONS} if act == "hide" else {}
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


def test_a_moderator_publishes_from_the_queue_and_goes_on(world, client):
    comment = world.say(world.nils)
    world.sign_in(client, world.mona)
    assert comment.number in client.get(QUEUE).text
    response = send(client, comment, "publish")
    assert response.status_code == 303
    page = client.get(response.location).text
    assert f'<a href="/inlagg/{comment.number}">{comment.number}</a> är publicerat.' in page
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


# What is sent that can't be taken, and the fields that say so; what is in no field is said above the buttons.
BAD_INPUT = [
    ("hide", {}, {"ground", "reasons"}),
    ("hide", {"ground": "off_topic"}, {"reasons"}),
    ("hide", {"ground": "off_topic", "reasons": "kort"}, {"reasons"}),
    ("hide", {"ground": "off_topic", "reasons": "x" * 2001}, {"reasons"}),
    ("hide", {"ground": "off_topic", "reasons": REASONS + "\x00"}, {"reasons"}),
    ("hide", {"ground": "tråkigt", "reasons": REASONS}, {"ground"}),
    ("hide", {"reasons": REASONS}, {"ground"}),
    ("", {}, set()),
    ("delete", {}, set()),
    ("withdraw", {}, set()),
    ("mask", {}, set()),
    ("publish", {"seen": ""}, set()),
    ("publish", {"seen": "x"}, set()),
]


@pytest.mark.parametrize(("act", "changes", "fields"), BAD_INPUT)
@pytest.mark.parametrize("headers", [None, HX])
def test_bad_input_is_refused_beside_the_comment_and_what_was_typed_stays(
    world, client, act, changes, fields, headers
):
    comment = world.say(world.nils)
    world.sign_in(client, world.mona)
    response = send(client, comment, act, headers=headers, **changes)
    assert response.status_code == 422
    assert state_now(comment) == RECEIVED
    assert decisions(comment) == []
    article = response.text[response.text.index(f'id="granska-{comment.number}"') :]
    assert set(re.findall(rf'id="(\w+)-{comment.number}-error"', article)) == fields
    assert article.count('role="alert"') == 1
    assert not re.search(r"Not a valid|Invalid", article)
    if len(changes.get("reasons", "")) > 4:
        assert changes["reasons"].replace("\x00", "") in article


def test_a_failed_hiding_says_what_is_wrong_inside_the_open_form_for_hiding(world, client):
    comment = world.say(world.nils)
    world.sign_in(client, world.mona)
    page = send(client, comment, "hide").text
    form = re.search(r'<details class="hide-form" open>(.*?)</details>', page, re.S).group(1)
    assert 'role="alert"' in form
    assert form.index('role="alert"') < form.index('name="ground"')
    assert page.count('role="alert"') == 1


@pytest.mark.parametrize("headers", [None, HX])
def test_what_is_wrong_is_said_even_when_the_comment_is_no_longer_on_the_queues_first_page(
    world, client, headers
):
    shown = in_state(world, PUBLISHED)
    for number in range(PAGE_SIZE):
        world.say(world.vera, f"Inlägg nummer {number}, som väntar på granskning.")
    world.sign_in(client, world.mona)
    response = send(client, shown, "hide", reasons=REASONS, headers=headers)
    assert response.status_code == 422
    assert re.findall(r'id="granska-([\d-]+)"', response.text)[0] == shown.number
    assert f'id="ground-{shown.number}-error"' in response.text
    assert REASONS in response.text


@pytest.mark.parametrize("headers", [None, HX])
@pytest.mark.parametrize(
    ("meanwhile", "act", "became"),
    [
        (
            "hide",
            "publish",
            "Visas inte</strong>. En moderator dolde det 11 mars 2026 kl. 10.00. Grund: Handlar inte",
        ),
        ("publish", "hide", "Publicerat</strong>. En moderator publicerade det 11 mars 2026 kl. 10.00."),
        ("hide", "look", "Visas inte</strong>. En moderator dolde det"),
        ("look", "hide", "Publicerat</strong>. En moderator lät det vara kvar 11 mars"),
        ("withdraw", "hide", "Tillbakadraget</strong>. Den som skrev det drog tillbaka det 11 mars"),
        ("hide on another ground", "hide", "Visas inte</strong>. En moderator dolde det"),
    ],
)
def test_a_stale_decision_says_what_it_has_become_by_whose_hand_and_when_and_overwrites_nothing(
    world, client, headers, meanwhile, act, became
):
    shown = act == "look" or meanwhile in {"look", "withdraw"}
    comment = in_state(world, PUBLISHED, looked_at=False) if shown else world.say(world.nils)
    seen = comment.version
    if meanwhile == "withdraw":
        world.withdraw(comment)
    else:
        world.decide(comment, meanwhile.split()[0], world.max)
    before = log(comment), [one.id for one in decisions(comment)]
    world.sign_in(client, world.mona)
    response = send(client, comment, act, seen=str(seen), ground="threat", reasons=REASONS, headers=headers)
    assert response.status_code == 409
    assert f"<strong>{became}" in response.text.replace("\xa0", " ")
    assert "Max" not in response.text
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


@pytest.mark.parametrize(
    ("state", "looked_at", "acts"),
    [
        (RECEIVED, False, ["publish", "hide"]),
        (PUBLISHED, False, ["look", "hide"]),
        (PUBLISHED, True, ["hide"]),
        (HIDDEN, True, ["restore"]),
        (WITHDRAWN, True, []),
        (MASKED, True, []),
    ],
)
def test_a_comments_own_page_offers_a_moderator_the_acts_of_its_state_and_others_none(
    world, client, state, looked_at, acts
):
    comment = in_state(world, state, looked_at=looked_at)
    for name, offered in (("mona", acts), ("nils", []), ("rut", [])):
        world.sign_in(client, world.people[name])
        page = client.get(f"/inlagg/{comment.number}").text
        assert re.findall(r'name="act" value="(\w+)"', page) == offered, name
    assert not re.findall(r'name="act"', world.app.test_client().get(f"/inlagg/{comment.number}").text)


def test_a_slip_is_undone_on_the_comments_own_page(world, client):
    comment = world.published()
    world.decide(comment, "hide", world.max)
    world.sign_in(client, world.mona)
    page = client.get(f"/inlagg/{comment.number}").text
    assert REASONS in page
    assert "Handlar inte om" in page
    assert "Max" not in page
    response = send(client, comment, "restore", on_its_page="1", headers=HX)
    page_after = f"/inlagg/{comment.number}?beslut=restore"
    assert (response.status_code, response.headers["HX-Redirect"]) == (204, page_after)
    page = client.get(page_after).text
    assert f"{comment.number} visas igen." in page
    assert REASONS not in page
    assert state_now(comment) == PUBLISHED


def test_a_moderators_own_comment_offers_nothing_on_its_own_page_either(world, client):
    comment = in_state(world, HIDDEN, author=world.mona)
    world.sign_in(client, world.mona)
    assert 'name="act"' not in client.get(f"/inlagg/{comment.number}").text


def test_a_decision_that_fails_on_the_comments_own_page_still_comes_back_there(world, client):
    comment = world.published()
    world.sign_in(client, world.mona)
    response = send(client, comment, "hide", reasons=REASONS, on_its_page="1")
    assert response.status_code == 422
    form = re.search(r'<details class="hide-form.*?</details>', response.text, re.S).group()
    assert 'name="on_its_page" value="1"' in form
    assert "hx-post" not in form


def test_every_move_that_tells_the_author_has_a_letter(app):
    told = {f"comment.{to}" for (_, to), transition in COMMENT_MOVES.items() if transition.tells_author}
    assert all(transition.tells_author for transition in MOVES_BY_RULE.values())
    told.add("comment.held")
    heard = {kind for kind, by in app.extensions["listeners"].items() if queue_decision in by}
    assert told == heard


def test_only_a_moderator_decides_whatever_page_it_is_asked_from(world):
    comment = world.say(world.nils)
    for person in (world.rut, world.eva, world.adam):
        with pytest.raises(MayNotDecide):
            world.decide(comment, "publish", person)
    assert state_now(comment) == RECEIVED


def test_a_moderators_own_comment_is_left_to_others(world, client):
    comment = world.say(world.mona)
    world.sign_in(client, world.mona)
    page = client.get(QUEUE).text
    assert comment.number not in page
    assert "Inget väntar på dig" in page
    assert "1 inlägg som du själv har skrivit eller registrerat väntar på en annan moderator" in page
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
                decide(
                    comment, Act.HIDE if n else Act.PUBLISH, moderator=moderator, seen=1, now=now, **ground
                )
        except Stale:
            return "stale"
        return "done"

    assert sorted(at_once(world.app, 2, take)) == ["done", "stale"]
    assert len(decisions(comment)) == 1
    assert len(log(comment)) == 2
