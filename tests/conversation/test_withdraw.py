"""Taking one's own comment back."""

import pytest

from dialog.conversation.editing import MayNotChange, withdraw_comment
from dialog.conversation.models import Comment, CommentWording
from dialog.conversation.rules import CommentState
from dialog.db import clock, db, transaction
from dialog.search.queries import Filters, search
from dialog.states import UnlistedMove
from tests import counts
from tests.conversation.test_edit import NEW, OLD, log, page_of
from tests.world import GOAL_2024

MARKER = "Tillbakadraget av den som skrev det den"
OTHERS = ["visitor", "rut", "vera", "eva", "adam"]


def send(client, comment: Comment, **changes):
    filled = {"csrf_token": client.token("/logga-in"), "seen": str(comment.version), **changes}
    return client.post(f"{page_of(comment)}/dra-tillbaka", data=filled)


def state_now(comment: Comment) -> CommentState:
    db.session.refresh(comment)
    return comment.state


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_author_is_asked_once_and_then_it_is_withdrawn(world, client, prefix):
    comment = world.published(text=OLD)
    world.sign_in(client, world.nils)
    page = f"{prefix}{page_of(comment)}/dra-tillbaka"
    assert f'href="{page}"' in client.get(f"{prefix}{page_of(comment)}").text
    assert f'href="{page}"' in client.get(f"{prefix}/mina-inlagg").text
    asked = client.get(page).text
    assert OLD in asked
    assert ("This can't be undone." if prefix else "Det går inte att ångra.") in asked
    assert state_now(comment) == "published"
    response = send(client, comment)
    assert (response.status_code, response.location) == (303, f"{page_of(comment)}?gjort=tillbakadraget")
    page = client.get(response.location).text
    assert "Ditt inlägg är tillbakadraget." in page
    assert "Ingen annan som läser här ser det" in page
    assert state_now(comment) == "withdrawn"
    assert log(comment)[-1][0] == "comment.withdrawn"


def test_one_that_waits_is_withdrawn_too_and_nobody_hears_that_it_was_there(world, client):
    comment = world.say(text=OLD)
    world.sign_in(client, world.nils)
    assert "visas det aldrig" in client.get(f"{page_of(comment)}/dra-tillbaka").text
    assert send(client, comment).status_code == 303
    assert state_now(comment) == "withdrawn"
    assert comment.review_since is None
    assert OLD in client.get(page_of(comment)).text
    world.sign_in(client, world.rut)
    assert client.get(page_of(comment)).status_code == 404


@pytest.mark.parametrize("name", OTHERS)
def test_a_marker_stays_in_its_place_without_words_or_name(world, client, name):
    comment = world.published(text=OLD)
    world.edit(comment, NEW)
    answer = world.answered(comment).id
    world.withdraw(comment)
    if name != "visitor":
        world.sign_in(client, world.people[name])
    for prefix, said in (("", MARKER), ("/en", "Withdrawn by its author on")):
        page = client.get(f"{prefix}{page_of(comment)}")
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "private, no-store"
        for shown in (page.text, client.get(f"{prefix}/svar/{answer}").text):
            assert said in shown
            assert 'datetime="2026-03-11' in shown
            for kept in ("pulkabacken", "skridskobanan", "Nils"):
                assert kept not in shown


def test_its_author_and_a_moderator_still_read_it(world, client):
    comment = world.published(text=OLD)
    world.withdraw(comment)
    for person in (world.nils, world.mona):
        world.sign_in(client, person)
        assert OLD in client.get(page_of(comment)).text


def test_it_leaves_every_list_and_the_search_and_stays_on_record(world, client):
    comment = world.published(text=OLD)
    world.edit(comment, NEW)
    assert "skridskobanan" in client.get(GOAL_2024).text
    world.withdraw(comment)
    for address in (GOAL_2024, "/", "/sok?q=skridskobanan"):
        page = client.get(address).text
        assert comment.number not in page
        assert NEW not in page
    assert search("skridskobanan", Filters()).count == search("pulkabacken", Filters()).count == 0
    counts.assert_right()
    assert counts.count(CommentWording, CommentWording.comment_id == comment.id) == 2


def test_counts_stay_right_when_what_is_answered_is_withdrawn(world):
    comment = world.published(assignment=world.assignment(2))
    world.answered(comment)
    world.withdraw(comment)
    counts.assert_right()


def test_a_visitor_is_asked_to_sign_in(world, client):
    comment = world.published()
    page = f"{page_of(comment)}/dra-tillbaka"
    response = client.get(page)
    assert (response.status_code, response.location) == (303, f"/logga-in?next={page}")
    assert send(client, comment).status_code == 401
    assert state_now(comment) == "published"


@pytest.mark.parametrize("name", ["rut", "mona", "eva"])
def test_nobody_withdraws_what_somebody_else_wrote(world, client, name):
    comment = world.published()
    world.sign_in(client, world.people[name])
    assert client.get(f"{page_of(comment)}/dra-tillbaka").status_code == 403
    assert send(client, comment).status_code == 403
    assert "/dra-tillbaka" not in client.get(page_of(comment)).text
    with pytest.raises(MayNotChange), transaction():
        withdraw_comment(comment, author=world.people[name], seen=2, now=clock.now())
    assert state_now(comment) == "published"


def test_there_is_nothing_to_withdraw_that_cannot_be_seen(world, client):
    waits = world.say()
    world.sign_in(client, world.rut)
    for number in (waits.number, "2026-999999", "x"):
        assert client.get(f"/inlagg/{number}/dra-tillbaka").status_code == 404
        token = client.token("/logga-in")
        assert client.post(f"/inlagg/{number}/dra-tillbaka", data={"csrf_token": token}).status_code == 404


def test_what_is_hidden_is_not_withdrawn(world, client):
    comment = world.published()
    world.decide(comment, "hide")
    world.sign_in(client, world.nils)
    assert "/dra-tillbaka" not in client.get(page_of(comment)).text
    assert "Det finns inget att dra tillbaka." in client.get(f"{page_of(comment)}/dra-tillbaka").text
    assert send(client, comment).status_code == 409
    assert state_now(comment) == "hidden"
    with pytest.raises(UnlistedMove):
        world.withdraw(comment)


@pytest.mark.parametrize("seen", ["", "x"])
def test_bad_input_is_refused(world, client, seen):
    comment = world.published()
    world.sign_in(client, world.nils)
    assert send(client, comment, seen=seen).status_code == 422
    assert state_now(comment) == "published"


def test_withdrawing_twice_is_withdrawing_once(world, client):
    comment = world.published()
    world.sign_in(client, world.nils)
    seen = str(comment.version)
    assert [send(client, comment, seen=seen).status_code for _ in range(2)] == [303, 303]
    assert [kind for kind, _ in log(comment)].count("comment.withdrawn") == 1
    assert client.get(f"{page_of(comment)}/dra-tillbaka").status_code == 303


def test_what_has_changed_since_is_asked_about_again(world, client):
    comment = world.published(text=OLD)
    seen = str(comment.version)
    world.edit(comment, NEW)
    world.sign_in(client, world.nils)
    response = send(client, comment, seen=seen)
    assert response.status_code == 409
    assert "Något har hänt med inlägget" in response.text
    assert NEW in response.text
    assert state_now(comment) == "published"
