"""Seeing what one has written as everybody would see it, before it is sent."""

import pytest
from sqlalchemy import func, select

from dialog.conversation.models import Comment
from dialog.db import db
from dialog.events import Event
from tests.conversation import test_reply, test_submit
from tests.world import GOAL_2024, WORDS

HEADING = "Så här kommer det att se ut"
PREVIEW = {"preview": "1"}


def rows() -> tuple[int, int]:
    """How many comments and how many events there are."""
    return tuple(db.session.scalar(select(func.count()).select_from(one)) for one in (Comment, Event))


def card_in(html: str) -> str:
    return html[html.index('<article class="comment"') : html.index("</article>")]


def test_a_preview_shows_the_card_above_the_form_and_stores_nothing(world, client):
    world.sign_in(client, world.nils)
    before = rows()
    page = test_submit.fill_in(client, text=f"{WORDS}\n\n<b>Och</b> sedan?", **PREVIEW)
    assert page.status_code == 200
    assert page.text.index(HEADING) < page.text.index('<form class="form"')
    card = card_in(page.text)
    assert f"<p>{WORDS}</p>" in card
    assert "&lt;b&gt;Och&lt;/b&gt; sedan?" in card
    assert "Nils" in card
    assert "Förslag" in card
    assert f"{WORDS}\n\n&lt;b&gt;Och" in page.text[page.text.index("<textarea") :]
    assert rows() == before


def test_what_was_previewed_is_sent_with_the_same_form(world, client):
    world.sign_in(client, world.nils)
    assert test_submit.fill_in(client, form_key="forst-en-titt", **PREVIEW).status_code == 200
    assert test_submit.fill_in(client, form_key="forst-en-titt").status_code == 303
    assert test_submit.count(Comment) == 1


def test_a_preview_says_for_whom_somebody_speaks_and_where_it_concerns(world, client):
    world.sign_in(client, world.vera)
    area = str(world.vera.area_id)
    card = card_in(
        test_submit.fill_in(
            client, speaks_for=str(world.mandate.id), area=area, language="en", **PREVIEW
        ).text
    )
    assert world.group.name in card
    assert world.vera.area.name in card
    assert 'lang="en"' in card


def test_a_reply_is_previewed_as_a_reply(world, client):
    parent = world.published(world.rut, "Bussen borde gå hela kvällen till Häggenås.")
    world.sign_in(client, world.nils)
    before = rows()
    page = test_reply.fill_in(client, parent, **PREVIEW)
    assert page.status_code == 200
    assert HEADING in page.text
    assert test_reply.REPLY in card_in(page.text)
    assert rows() == before


@pytest.mark.parametrize(
    "text", ["För kort.", "Ring 070-174 06 05 så berättar jag.", "Jag är 890201-3286, hör av er."]
)
def test_what_could_not_be_sent_is_not_previewed_but_put_right(world, client, text):
    world.sign_in(client, world.nils)
    page = test_submit.fill_in(client, text=text, **PREVIEW)
    assert page.status_code == 422
    assert HEADING not in page.text
    assert text in page.text


def test_a_preview_is_for_whoever_may_comment(world, client):
    filled = {"csrf_token": client.token("/logga-in"), "text": WORDS, **PREVIEW}
    assert HEADING not in client.post(f"{GOAL_2024}/skriv", data=filled).text
    world.sign_in(client, world.gun)
    refused = client.post(f"{GOAL_2024}/skriv", data={**filled, "csrf_token": client.token("/logga-in")})
    assert refused.status_code == 422
    assert HEADING not in refused.text
    assert rows()[0] == 0
