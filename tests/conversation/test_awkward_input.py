"""What is awkward to take in: taken in whole, or refused in a sentence with what was typed kept."""

import pytest
from sqlalchemy import select

from dialog.conversation.models import Comment, CommentWording
from dialog.db import db
from tests.conversation.test_submit import FORM, fill_in
from tests.world import WORDS

TAKEN = {
    "emoji": "Tack för lekplatsen! 👩‍👩‍👧‍👦🏔️ Den är fin.",
    "south sámi": "Manne sïjhtem bussem iehkeden aaj. Ïö ïedtjh öö æ å.",
    "from right to left": "نريد الحافلة في المساء أيضا من فضلكم",
    "several scripts": "Bussen borde gå, كما قلت, också på kvällen.",
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_people_write_in_any_script_is_kept_and_shown_as_it_was_written(world, client, name):
    world.sign_in(client, world.nils)
    response = fill_in(client, text=TAKEN[name], language="sma" if name == "south sámi" else "sv")
    assert response.status_code == 303
    assert db.session.scalars(select(CommentWording.text)).one() == TAKEN[name]
    assert TAKEN[name] in client.get(response.location).text


def test_a_form_that_holds_a_field_twice_is_read_once(world, client):
    world.sign_in(client, world.nils)
    assert fill_in(client, text=[WORDS, "Något helt annat som också är långt."]).status_code == 303
    assert db.session.scalars(select(CommentWording.text)).all() == [WORDS]


def test_a_text_as_long_as_a_book_is_refused_and_nothing_is_stored(world, client):
    world.sign_in(client, world.nils)
    response = fill_in(client, text="å" * 1_000_000)
    assert response.status_code == 413
    assert "<h1" in response.text
    assert db.session.scalars(select(Comment)).all() == []


def test_lines_ended_as_browsers_send_them_count_once(world, client):
    world.sign_in(client, world.nils)
    text = "\r\n".join(["å" * 49] * 100) + "\r\n"  # 4,999 characters as they are stored
    assert client.get(FORM).status_code == 200
    assert fill_in(client, text=text).status_code == 303
    assert len(db.session.scalars(select(CommentWording.text)).one()) == 4999
