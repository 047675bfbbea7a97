"""One decision about several comments: each stands by itself, and what couldn't be so decided is told one by one."""

import re

import pytest
from sqlalchemy import select

from dialog.conversation.models import Comment
from dialog.conversation.rules import CommentState
from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.moderation.models import Decision
from dialog.moderation.operations import claim_comment
from dialog.moderation.rules import Ground

QUEUE, SEVERAL = "/moderering", "/moderering/flera"
REASONS = "De handlar inte om målet."
HX = {"HX-Request": "true"}
RECEIVED, PUBLISHED, HIDDEN = CommentState.RECEIVED, CommentState.PUBLISHED, CommentState.HIDDEN


@pytest.fixture
def waiting(world) -> list[Comment]:
    """Two that nobody sees yet, and one that is shown already."""
    world.trusted(world.rut)
    return [
        world.say(world.nils),
        world.say(world.vera, "Ett annat inlägg, som också väntar."),
        world.say(world.rut, "Ett inlägg som visas redan."),
    ]


def send(client, ticked: list[str], act: str, headers=None, address: str = SEVERAL, **filled):
    data = {
        "csrf_token": client.token("/logga-in"),
        "chosen": ticked,
        "act": act,
        "ground": "",
        "reasons": "",
        "criticises": "no",
    }
    return client.post(address, data=data | filled, headers=headers)


def ticks(*comments: Comment) -> list[str]:
    return [f"{comment.number}.{comment.version}" for comment in comments]


def states(comments) -> list[CommentState]:
    found = dict(db.session.execute(select(Comment.id, Comment.state)).all())
    return [found[comment.id] for comment in comments]


def decided(comments) -> list[tuple]:
    ids = [comment.id for comment in comments]
    rows = select(Decision.act, Decision.ground, Decision.reasons).where(Decision.comment_id.in_(ids))
    return [tuple(row) for row in db.session.execute(rows.order_by(Decision.comment_id, Decision.id))]


def test_those_ticked_are_let_through_each_as_it_stands(world, client, waiting):
    world.sign_in(client, world.mona)
    page = client.get(QUEUE).text
    assert re.findall(r'name="chosen" value="([^"]+)"', page) == ticks(*waiting)
    response = send(client, ticks(*waiting), "publish")
    assert (response.status_code, response.location) == (303, f"{QUEUE}?klara=3")
    assert "3 inlägg är klara. Inget väntar." in client.get(response.location).text
    assert states(waiting) == [PUBLISHED] * 3
    assert decided(waiting) == [("publish", None, None), ("publish", None, None), ("look", None, None)]
    kinds = select(Event.kind).where(Event.actor_id == world.mona.id, Event.subject_type == "comment")
    assert db.session.scalars(kinds.order_by(Event.id)).all()[-3:] == [
        "comment.published",
        "comment.published",
        "comment.looked_at",
    ]


def test_those_ticked_are_hidden_with_one_ground_and_the_same_reasons(world, client, waiting):
    world.sign_in(client, world.mona)
    part = send(client, ticks(*waiting[1:]), "hide", headers=HX, ground="off_topic", reasons=REASONS)
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<div id="queue">')
    assert re.findall(r'id="granska-([\d-]+)"[^>]* data-focus', part.text) == [waiting[0].number]
    assert '<p id="sagt" hx-swap-oob="innerHTML">2 inlägg är klara. 1 inlägg väntar.</p>' in part.text
    assert states(waiting) == [RECEIVED, HIDDEN, HIDDEN]
    assert decided(waiting) == [("hide", Ground.OFF_TOPIC, REASONS)] * 2


@pytest.mark.parametrize("headers", [None, HX])
def test_what_could_not_be_so_decided_is_told_one_by_one_and_the_rest_is_done(
    world, client, waiting, headers
):
    own, held = world.say(world.mona), world.say(world.nils, "Ett inlägg som någon annan tittar på.")
    ticked = ticks(*waiting, own, held, waiting[0])
    world.decide(waiting[0], "hide", world.max)
    world.decide(waiting[1], "publish", world.max)
    with transaction():
        claim_comment(held, moderator=world.max, now=clock.now())
    world.sign_in(client, world.mona)
    response = send(client, [*ticked, "2026-999999.1"], "publish", headers=headers)
    page = (client.get(response.location) if not headers else response).text.replace("\xa0", " ")
    told = re.search(r'<div class="notice" role="alert".*?</div>', page, re.S).group()
    assert "3 inlägg är som de var" in told
    assert f"{waiting[0].number}</a>: <strong>Visas inte</strong>. En moderator dolde det" in told
    assert f"{own.number}</a>: Det är ditt, din organisations eller registrerat av dig." in told
    assert f"{held.number}</a>: Max (moderator) tittar på det, till kl. 10.15." in told
    assert page.count("data-focus") == 1
    assert states([*waiting, own, held]) == [HIDDEN, PUBLISHED, PUBLISHED, RECEIVED, RECEIVED]
    assert [act for act, *_ in decided(waiting)] == ["hide", "publish", "look"]


BAD_INPUT = [
    (0, "publish", {}, {"chosen"}),
    (2, "hide", {}, {"ground", "reasons"}),
    (2, "hide", {"ground": "off_topic", "reasons": "kort"}, {"reasons"}),
    (2, "hide", {"ground": "tråkigt", "reasons": REASONS}, {"ground"}),
    (0, "hide", {"ground": "off_topic", "reasons": REASONS}, {"chosen"}),
    (2, "mask", {}, set()),
    (2, "", {}, set()),
]


@pytest.mark.parametrize(("ticked", "act", "filled", "fields"), BAD_INPUT)
@pytest.mark.parametrize("headers", [None, HX])
def test_bad_input_is_refused_at_the_form_and_what_was_ticked_and_typed_stays(
    world, client, waiting, ticked, act, filled, fields, headers
):
    world.sign_in(client, world.mona)
    response = send(client, ticks(*waiting[:ticked]), act, headers=headers, **filled)
    assert response.status_code == 422
    assert states(waiting) == [RECEIVED, RECEIVED, PUBLISHED]
    assert decided(waiting) == []
    assert response.text.count('role="alert"') == 1
    assert set(re.findall(r'href="#(\w+)-flera"', response.text)) == fields
    assert len(re.findall(r'name="chosen"[^>]* checked', response.text)) == ticked
    if filled.get("reasons"):
        assert filled["reasons"] in response.text


@pytest.mark.parametrize(
    "ticked", ["2026-000001", "x.1", "2026-000001.x", ".1", "2026-000001.99999999999", "1.1"]
)
def test_what_is_no_comment_seen_at_a_version_is_not_ticked(world, client, waiting, ticked):
    world.sign_in(client, world.mona)
    assert send(client, [ticked], "publish").status_code == 422


def test_no_more_is_taken_than_a_page_holds(world, client):
    world.sign_in(client, world.mona)
    assert send(client, [f"2026-{number:06d}.1" for number in range(1, 23)], "publish").status_code == 422


def test_the_moderator_stays_on_the_page_and_in_the_part_of_the_queue(world, client, waiting):
    world.sign_in(client, world.mona)
    response = send(client, ticks(waiting[0]), "publish", address=f"{SEVERAL}?skal=forsta-inlagget")
    assert response.location == f"{QUEUE}?klara=1&skal=forsta-inlagget"


@pytest.mark.parametrize("name", ["rut", "eva", "adam"])
def test_nobody_but_moderators_decides_on_several(world, client, waiting, name):
    world.sign_in(client, world.people[name])
    assert send(client, ticks(*waiting), "publish").status_code == 403
    assert send(client.application.test_client(), ticks(*waiting), "publish").status_code == 401
    assert states(waiting) == [RECEIVED, RECEIVED, PUBLISHED]
