"""What waits is made once for all moderators, and shows at once whatever has changed about it."""

import re

import pytest

from dialog.db import clock, transaction
from dialog.moderation import looks
from dialog.moderation.looks import MARKS
from dialog.moderation.operations import claim_comment
from dialog.moderation.watching_rules import WatchKind

QUEUE = "/moderering"
HX = {"HX-Request": "true"}


@pytest.fixture
def made(monkeypatch) -> list[int]:
    """The ids of the comments whose looks were made, each time they are."""
    ids: list[int] = []
    whole = looks.whole

    def noted(wanted):
        ids.extend(wanted)
        return whole(wanted)

    monkeypatch.setattr(looks, "whole", noted)
    return ids


def test_the_look_of_what_waits_is_made_once_for_all_moderators(world, app, made):
    comments = [world.say(world.nils, f"Inlägg nummer {number}, som väntar.") for number in range(3)]
    pages = []
    for name in ("mona", "max"):
        client = app.test_client()
        world.sign_in(client, world.people[name])
        pages.append(client.get(QUEUE).text)
    assert made == [one.id for one in comments]
    for page in pages:
        assert not any(mark in page for mark in MARKS)
        tokens = set(re.findall(r'name="csrf_token" value="([^"]+)"', page))
        assert len(tokens) == 1
        assert [number in page for number in (one.number for one in comments)] == [True] * 3
    assert tokens != set(re.findall(r'name="csrf_token" value="([^"]+)"', pages[0]))


@pytest.mark.parametrize(
    "happening",
    [
        "edited",
        "another of the same author decided",
        "claimed",
        "reported",
        "renamed",
        "moved",
        "parent edited",
    ],
)
def test_what_has_changed_shows_at_once(world, client, happening):
    world.trusted(world.vera)
    parent = world.say(world.vera, "Ett inlägg som någon svarar på.")
    reply = world.say(world.nils, "En replik som väntar på en moderator.", parent=parent)
    shown = world.say(world.vera, "Det här visas genast och väntar.", assignment=world.assignment(1))
    world.sign_in(client, world.mona)
    before = client.get(QUEUE).text
    said = {
        "edited": lambda: (world.edit(shown, "Helt andra ord, som visas genast."), "Helt andra ord")[1],
        "another of the same author decided": lambda: (
            world.decide(parent, "look", world.max),
            "1 kvar som det var",
        )[1],
        "claimed": lambda: (take(world, shown), "Max (moderator) tittar")[1],
        "reported": lambda: (world.reported(shown, world.gun), "Anmält 1 gång")[1],
        "renamed": lambda: (rename(world.vera), "Vera Nyman")[1],
        "moved": lambda: (world.moved(shown, assignment=world.assignment(3)), world.assignment(3).title[:30])[
            1
        ],
        "parent edited": lambda: (edit(world, parent), "Gäller en tidigare version")[1],
    }[happening]()
    assert said not in before
    assert said in client.get(QUEUE).text
    assert reply.number in before


def take(world, comment) -> None:
    with transaction():
        claim_comment(comment, moderator=world.max, now=clock.now())


def rename(person) -> None:
    from dialog.people.operations import edit_account

    with transaction():
        edit_account(person, name="Vera Nyman", area_id=None, language="sv", now=clock.now())


def edit(world, parent) -> None:
    from sqlalchemy import update

    from dialog.conversation.models import Comment
    from dialog.db import db

    with transaction():  # as when it was changed just before the reply came
        db.session.execute(update(Comment).where(Comment.id == parent.id).values(reply_count=0))
    world.edit(parent, "Ett inlägg med andra ord än när någon svarade.")


def test_the_page_of_the_queue_stands_in_the_addresses_and_the_next_one_in_the_form(world, client):
    first, second = (world.say(world.nils, f"Inlägg nummer {number}, som väntar.") for number in (1, 2))
    world.sign_in(client, world.mona)
    goal = world.goal().id
    for query in ("", f"?mal={goal}&amp;skal=forsta-inlagget"):
        page = client.get(QUEUE + query.replace("&amp;", "&")).text
        assert f'action="{QUEUE}/{first.number}{query}"' in page
        assert f'formaction="{QUEUE}/{first.number}/mall{query}#reasons-{first.number}"' in page
        assert f'name="then" value="{second.number}"' in page
        assert page.count('name="then" value=""') == 2  # of the last one: to let it through, and to hide it


def test_what_rules_ask_for_is_shown_where_it_is_kept_for_nobody(world, client, made):
    world.watching(WatchKind.WORDS, words="döda dig")
    comment = world.say(world.nils, "Jag ska döda dig, sade bussen.")
    world.sign_in(client, world.mona)
    for _ in range(2):
        assert "En regel ber dig titta" in client.get(QUEUE).text
    assert made == [comment.id] * 2
