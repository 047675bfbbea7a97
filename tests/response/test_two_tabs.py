"""An answer that is open in two windows: what one has done already is done once, and no words are lost in the other."""

from datetime import UTC, datetime

import pytest

from dialog.db import clock, db, transaction
from dialog.response import scheduling
from dialog.response.models import Response
from dialog.response.operations import publish
from tests.response.test_draft import START, WORDS
from tests.response.test_review import press, waiting
from tests.world import ANSWER

SAME = {
    "you_said": ANSWER.you_said,
    "we_decided": ANSWER.we_decided,
    "because": ANSWER.because,
    "outcome": str(ANSWER.outcome),
    "decided_on": "",
    "decision_reference": "",
}
AT = datetime(2026, 3, 16, 7, tzinfo=UTC)
WHEN = {"publish_on": "2026-03-16", "publish_time": "08:00"}


def published(world) -> Response:
    response = waiting(world)
    with transaction():
        publish(response, seen=response.version, editor=world.eva, now=clock.now())
    return response


def scheduled(world) -> Response:
    response = waiting(world)
    with transaction():
        scheduling.schedule(response, AT, seen=response.version, editor=world.eva, now=clock.now())
    return response


# What has been done meanwhile, and what is pressed in the window that doesn't know of it.
CASES = {
    "sent to the editor": (waiting, "/granskning"),
    "sent back": (lambda world: world.drafted(world.published()), "/tillbaka"),
    "given a time": (scheduled, "/tid"),
    "published": (published, "/publicera"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_same_once_more_changes_nothing_and_is_no_mistake(world, client, name):
    make, where = CASES[name]
    response = make(world)
    before = response.version
    world.sign_in(client, world.eva)
    assert press(client, response, where, **SAME, **WHEN, seen=before - 1).status_code == 303
    db.session.expire_all()
    assert db.session.get(Response, response.id).version == before


@pytest.mark.parametrize("name", CASES)
def test_other_words_are_neither_taken_nor_lost_without_a_word(world, client, name):
    make, where = CASES[name]
    response = make(world)
    before = response.version
    world.sign_in(client, world.eva)
    sent = press(client, response, where, **WORDS, **WHEN, seen=before - 1)
    assert sent.status_code == 409
    assert all(WORDS[part] in sent.text for part in ("you_said", "we_decided", "because"))
    db.session.expire_all()
    assert db.session.get(Response, response.id).because == ANSWER.because


@pytest.mark.parametrize("where", ["", "/granskning", "/tillbaka", "/tid", "/klarsprak", "/mall"])
def test_what_is_published_meanwhile_is_not_worked_on_and_what_was_typed_is_shown(world, client, where):
    response = published(world)
    world.sign_in(client, world.eva)
    own_line = {"rad-1-to_author": "Tack för att du räknade turerna."}
    sent = press(client, response, where, **WORDS, **own_line, seen=response.version - 1)
    assert sent.status_code == 409
    assert f'action="{START}' not in sent.text, "Nothing can be done with it here any longer."
    assert WORDS["because"] in sent.text and own_line["rad-1-to_author"] in sent.text
