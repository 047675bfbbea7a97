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
HX = {"HX-Request": "true"}
CHANGED = "Bussen borde gå till midnatt, till Häggenås och Lit."


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


def edit_form(comment) -> str:
    return f"/inlagg/{comment.number}/andra"


def test_a_change_is_previewed_with_all_that_stays_as_it_is(world, client):
    comment = world.published(world.vera, mandate=world.mandate)
    world.sign_in(client, world.vera)
    before = rows()
    page = client.send(edit_form(comment), {"seen": comment.version, "text": CHANGED, **PREVIEW})
    assert page.status_code == 200
    card = card_in(page.text)
    for shown in (CHANGED, world.group.name, "ändrat"):
        assert shown in card
    assert WORDS not in page.text
    assert rows() == before
    assert db.session.get(Comment, comment.id).wording == 1


def test_a_change_that_could_not_be_saved_is_not_previewed(world, client):
    comment = world.published(world.nils)
    world.sign_in(client, world.nils)
    stale = {"seen": comment.version - 1, "text": CHANGED, **PREVIEW}
    for address in (edit_form(comment), f"/en{edit_form(comment)}"):
        page = client.send(edit_form(comment), stale, to=address)
        assert page.status_code == 409
        assert '<section class="preview"' not in page.text
        assert CHANGED in page.text
    token = client.token(edit_form(comment))
    world.published(world.rut, "En replik, så att orden inte kan ändras mer.", parent=comment)
    db.session.refresh(comment)
    late = {"csrf_token": token, "seen": comment.version, "text": CHANGED, **PREVIEW}
    page = client.post(edit_form(comment), data=late)
    assert page.status_code == 409
    assert HEADING not in page.text
    assert CHANGED in page.text


def test_only_its_author_previews_a_change(world, client):
    comment = world.published(world.nils)
    world.sign_in(client, world.rut)
    form = {"csrf_token": client.token("/konto"), "seen": comment.version, "text": CHANGED, **PREVIEW}
    assert client.post(edit_form(comment), data=form).status_code == 403


def test_htmx_is_given_the_form_with_the_preview_and_no_page(world, client):
    parent, own = (
        world.published(world.rut),
        world.published(world.nils, "Mitt eget inlägg om bussen till Lit."),
    )
    world.sign_in(client, world.nils)
    edit = {"seen": own.version, "text": CHANGED}
    reply = {"form_key": "a", "wording": "1", "text": CHANGED, "language": "sv"}
    comment = {"form_key": "b", "kind": "proposal", "text": CHANGED, "area": "", "language": "sv"}
    for address, form in (
        (edit_form(own), edit),
        (test_reply.form_of(parent), reply),
        (test_submit.FORM, comment),
    ):
        shown = client.send(address, {**form, **PREVIEW}, headers=HX)
        refused = client.send(address, {**form, "text": "Kort."}, headers=HX)
        assert (shown.status_code, refused.status_code) == (200, 422)
        for part in (shown.text, refused.text):
            assert part.startswith('<div id="skriv">')
            assert "<html" not in part
        assert CHANGED in card_in(shown.text)
        assert 'id="text-count"' in shown.text
        sent = client.send(address, form, headers=HX)
        assert (sent.status_code, sent.data) == (204, b"")
        assert client.get(sent.headers["HX-Redirect"]).status_code == 200
