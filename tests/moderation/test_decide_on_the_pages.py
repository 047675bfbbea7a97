"""Deciding about a comment on the pages: from the queue and on its own page, with what goes wrong there."""

import re

import pytest

from dialog.conversation.queries import PAGE_SIZE
from dialog.moderation.rules import Ground
from tests.moderation.deciding import (
    HIDDEN,
    HX,
    PUBLISHED,
    QUEUE,
    REASONS,
    RECEIVED,
    WITHDRAWN,
    decisions,
    in_state,
    log,
    send,
    state_now,
)
from tests.world import GOAL_2024


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


def test_a_hiding_can_be_undone_where_it_is_confirmed_and_both_stand_in_the_log(world, client):
    comment = world.published(world.nils)
    world.sign_in(client, world.mona)
    page = client.get(send(client, comment, "hide", ground="off_topic", reasons=REASONS).location).text
    [(address, seen, act)] = re.findall(
        r'class="undo" method="post" action="([^"]+)".*?name="seen" value="(\d+)".*?name="act" value="(\w+)"',
        page,
        re.S,
    )
    undone = client.send(QUEUE, {"seen": seen, "act": act}, to=address)
    assert "visas igen" in client.get(undone.location).text
    assert state_now(comment) == PUBLISHED
    assert [decision.act for decision in decisions(comment)][-2:] == ["hide", "restore"]


@pytest.mark.parametrize("meanwhile", ["shown by another", "hidden by another", "asked about"])
def test_a_hiding_is_not_undone_in_passing_where_more_has_happened(world, client, meanwhile):
    comment = world.published(world.nils)
    world.sign_in(client, world.mona)
    shown = send(client, comment, "hide", ground="off_topic", reasons=REASONS).location
    assert 'class="undo"' in client.get(shown).text
    if meanwhile == "asked about":
        world.appealed(comment)
    else:
        world.decide(comment, "restore", world.max)
    if meanwhile == "hidden by another":
        world.decide(comment, "hide", world.max)
    assert 'class="undo"' not in client.get(shown).text


def test_a_decision_that_hides_nothing_has_no_undoing(world, client):
    comment = world.say(world.nils)
    world.sign_in(client, world.mona)
    assert 'class="undo"' not in client.get(send(client, comment, "publish").location).text


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
    assert 'hx-target="#queue"' not in form


def test_a_moderators_own_comment_is_left_to_others(world, client):
    comment = world.say(world.mona)
    world.sign_in(client, world.mona)
    page = client.get(QUEUE).text
    assert comment.number not in page
    assert "Inget väntar på dig" in page
    assert "1 inlägg som är ditt, din organisations eller registrerat av dig, eller" in page
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
