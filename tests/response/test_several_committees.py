"""Where several committees answer a comment, each answers its own part, and sees what the others do."""

import pytest

from dialog.db import db
from dialog.response.rules import MatterState
from tests.test_house_rules import MOST_QUERIES_ELSEWHERE, queries_of


@pytest.fixture
def comment(world):
    """A comment on an assignment that TN, VoN, SAN and KS answer for."""
    return world.published(
        world.trusted(world.rut), "Tomma hus kostar pengar.", assignment=world.assignment(2)
    )


@pytest.fixture
def olle(world, client):
    """The browser of an officer of KS."""
    world.sign_in(client, world.olle)
    return client


def editor_of(draft) -> str:
    return f"/namnd/ks/svar/{draft.id}"


def test_whoever_answers_sees_who_else_is_to_answer_and_by_when(world, olle, comment):
    page = olle.get(editor_of(world.drafted(comment))).text
    assert page.count("svarar också på sin del") == 3
    assert "Tekniska nämnden svarar också på sin del" in page


def test_what_another_committee_has_answered_is_a_press_away(world, olle, comment):
    given = world.answered(comment, committee="TN")
    page = olle.get(editor_of(world.drafted(comment))).text
    assert f'href="/svar/{given.id}"' in page
    assert page.count("svarar också på sin del") == 2


def test_an_answer_of_one_committee_leaves_the_others_to_give_theirs(world, comment):
    world.answered(comment, committee="TN")
    db.session.expire_all()
    assert [one.state for one in world.matters("KS", comment)] == [MatterState.DUE]


def test_a_draft_of_another_committee_is_not_seen(world, olle, comment):
    theirs = world.drafted(comment, committee="TN")
    assert f"/svar/{theirs.id}" not in olle.get(editor_of(world.drafted(comment))).text


def test_as_many_queries_however_many_comments(world, app, olle, comment):
    address = editor_of(world.drafted(comment))
    few = len(queries_of(app, olle, address))
    for number in range(3):
        world.say(world.rut, f"Hus nummer {number} står tomt.", assignment=world.assignment(2))
    assert len(queries_of(app, olle, address)) == few <= MOST_QUERIES_ELSEWHERE
