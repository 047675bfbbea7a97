"""Submitting a comment, from the operation to the form."""

import re

import pytest
from sqlalchemy import func, select

from dialog.conversation.models import Comment, CommentWording
from dialog.conversation.rules import MOST_COMMENTS_AN_HOUR, CommentState, ReviewReason
from dialog.conversation.submitting import NotAccepted
from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.notify.models import Letter
from dialog.plan.models import Paragraph
from dialog.plan.queries import wording_of
from dialog.text import clean
from tests.world import GOAL_2024, WORDS

FORM = f"{GOAL_2024}/skriv"


def fill_in(client, page=FORM, **changes):
    """Send the form on `page` as somebody would fill it in, with `changes`."""
    html = client.get(page).text
    key = re.search(r'name="form_key" value="([^"]+)"', html).group(1)
    filled = {
        "form_key": key,
        "kind": "proposal",
        "text": WORDS,
        "area": "",
        "speaks_for": "",
        "language": "sv",
    }
    return client.send(page, {**filled, **changes})


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_first_comment_is_registered_and_waits_for_a_moderator(world):
    comment = world.say(world.nils)
    assert comment.number == "2026-000001"
    assert comment.state == CommentState.RECEIVED
    assert comment.review_reason == ReviewReason.FIRST_COMMENT
    assert world.goal().comment_count == 0


def test_a_later_comment_is_shown_at_once_and_still_waits_to_be_looked_at(world):
    comment = world.say(world.trusted(world.rut))
    assert comment.state == CommentState.PUBLISHED
    assert comment.review_since is not None
    assert world.goal().comment_count == 2


def test_the_comment_its_wording_its_event_and_its_letter_are_there_together(world):
    comment = world.say(world.nils)
    assert db.session.scalars(select(CommentWording.text)).all() == [WORDS]
    kinds = db.session.scalars(select(Event.kind).where(Event.subject_type == "comment")).all()
    assert kinds == ["comment.submitted"]
    assert db.session.scalars(select(Letter.address).where(Letter.subject_id == comment.id)).all() == [
        "nils@example.org"
    ]


def test_numbers_have_no_gaps_even_when_something_fails_in_between(world):
    numbers = [world.say(world.nils, f"Det här är inlägg nummer {n} av flera.").number for n in range(3)]
    world.say(world.nils, form_key="the same form")
    with pytest.raises(NotAccepted):
        world.say(world.rut, form_key="the same form")
    numbers.append(world.say(world.nils, "Det här är det sista inlägget.").number)
    assert numbers == ["2026-000001", "2026-000002", "2026-000003", "2026-000005"]


def test_the_same_form_sent_again_is_the_same_comment(world):
    first = world.say(world.nils, form_key="pressed twice")
    second = world.say(world.nils, form_key="pressed twice")
    assert second.id == first.id
    assert count(Comment) == 1


def test_a_resident_sends_the_form_and_is_shown_the_receipt(world, client):
    world.sign_in(client, world.nils)
    response = fill_in(client)
    assert response.status_code == 303
    receipt = client.get(response.location)
    assert "2026-000001" in receipt.text
    assert WORDS in receipt.text


def test_a_comment_on_a_paragraph_keeps_the_wording_it_was_about(world, client):
    world.sign_in(client, world.nils)
    page = re.search(rf'href="({GOAL_2024}/skriv\?stycke=\d+)"', client.get(GOAL_2024).text).group(1)
    assert fill_in(client, page).status_code == 303
    assert db.session.scalars(select(Comment.paragraph_id)).one() == int(page.split("=")[1])


@pytest.mark.parametrize("is_gone", [False, True])
@pytest.mark.parametrize("in_place", [False, True])
def test_a_paragraph_that_changes_while_one_writes_is_shown_as_it_is_and_nothing_is_lost(
    world, client, is_gone, in_place
):
    world.sign_in(client, world.nils)
    chosen = wording_of(world.goal()).summary[0]
    page, new_words = f"{FORM}?stycke={chosen.id}", "Stycket har fått andra ord."
    form = {
        "form_key": "nyckel-1",
        "kind": "proposal",
        "text": WORDS,
        "area": "",
        "speaks_for": "",
        "language": "sv",
    }
    token = client.token(page)
    with transaction():
        chosen = db.session.get(Paragraph, chosen.id)
        chosen.withdrawn_at = clock.now()
        if not is_gone:
            columns = ("goal_id", "assignment_id", "part", "position")
            same = {name: getattr(chosen, name) for name in columns}
            new = Paragraph(
                **same, text=new_words, introduced_at=clock.now(), succeeds_id=chosen.id, lineage_id=chosen.id
            )
            db.session.add(new)
    headers = {"HX-Request": "true"} if in_place else {}
    refused = client.post(page, data={**form, "csrf_token": token}, headers=headers)
    assert refused.status_code == 409
    assert WORDS in refused.text
    assert ("finns inte längre i texten" if is_gone else new_words) in refused.text
    assert count(Comment) == 0
    again = re.search(rf'action="({re.escape(FORM)}[^"]*)"', refused.text).group(1)
    assert client.post(again, data={**form, "csrf_token": token}).status_code == 303
    assert db.session.scalars(select(Comment.paragraph_id)).one() == (None if is_gone else new.id)
    assert client.get(page).status_code == 200


def test_somebody_with_a_mandate_speaks_for_the_organisation(world, client):
    world.sign_in(client, world.vera)
    assert fill_in(client, speaks_for=str(world.mandate.id)).status_code == 303
    assert db.session.scalars(select(Comment.organisation_id)).one() == world.group.id


def test_where_somebody_lives_is_never_filled_in_where_it_would_be_shown(world, client):
    assert world.nils.area_id is not None
    world.sign_in(client, world.nils)
    choices = re.search(r'<select[^>]*name="area".*?</select>', client.get(FORM).text, re.S).group()
    assert re.findall(r'value="(\d*)" selected', choices) in ([], [""])
    assert fill_in(client).status_code == 303
    assert db.session.scalars(select(Comment.area_id)).one() is None


def test_whoever_may_speak_for_an_organisation_is_told_whose_name_is_shown(world, client):
    told = "visas också dess namn"
    world.sign_in(client, world.vera)
    assert told in client.get(FORM).text
    world.sign_in(client, world.nils)
    assert told not in client.get(FORM).text


def test_how_much_too_long_a_text_is_stands_as_it_is_written_in_the_language(world, client):
    world.sign_in(client, world.nils)
    said = fill_in(client, text="å" * 6234).text
    assert "högst 5\u00a0000 tecken. Du har skrivit 6\u00a0234, så korta texten med 1\u00a0234." in said
    assert "at most 5,000 characters" in fill_in(client, page=f"/en{FORM}", text="å" * 5001).text


def test_a_choice_that_is_none_is_said_once(world, client):
    world.sign_in(client, world.nils)
    assert fill_in(client, kind="shout").text.count('id="kind-error') == 1


def test_a_visitor_is_asked_to_sign_in_and_comes_back(client, app):
    response = client.get(FORM)
    assert response.status_code == 303
    assert response.location == f"/logga-in?next={FORM.replace('/', '%2F')}" or FORM in response.location


def test_somebody_who_has_not_read_the_notice_reads_it_first(world, client):
    world.sign_in(client, world.gun)
    assert "/fore-du-skriver" in client.get(FORM).location


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "För kort."}, "text"),
        ({"text": "å" * 5001}, "text"),
        ({"text": "x" * 20000}, "text"),
        ({"text": WORDS + "\x00"}, "text"),
        ({"text": "\u202e" + WORDS}, "text"),
        ({"kind": ""}, "kind"),
        ({"kind": "shout"}, "kind"),
        ({"area": "999"}, "area"),
        ({"area": "x"}, "area"),
        ({"speaks_for": "999"}, "speaks_for"),
        ({"language": "xx"}, "language"),
        ({"form_key": ""}, None),
        ({"form_key": "k" * 65}, None),
        ({"form_key": "k\x00"}, None),
        ({"form_key": "en nyckel"}, None),
        ({"text": "\u200b" * 25}, "text"),
        ({"text": "\u3164 \u2800" * 10}, "text"),
        ({"text": "o" + "\u0301\u0323" * 2000}, "text"),
    ],
)
def test_bad_input_is_refused_at_the_field_and_what_was_typed_stays(world, client, changes, field):
    world.sign_in(client, world.nils)
    response = fill_in(client, **changes)
    assert response.status_code == 422
    assert count(Comment) == 0
    if field:
        assert f'id="{field}-error"' in response.text
    kept = clean(changes.get("text", WORDS))
    assert kept in response.text


def test_the_same_text_in_a_new_form_is_refused_with_the_number_it_has(world, client):
    world.sign_in(client, world.nils)
    fill_in(client)
    response = fill_in(client)
    assert response.status_code == 409
    assert "2026-000001" in response.text
    assert WORDS in response.text
    assert count(Comment) == 1


@pytest.mark.parametrize(
    "address",
    [
        "/mal/2024/finns-inte/skriv",
        "/mal/1999/naringsliv-och-tillvaxt/skriv",
        f"{FORM}?stycke=99999",
        f"{FORM}?stycke=x",
        f"{FORM}?uppdrag=99999",
        "/mal/2023/1-1/skriv?uppdrag=1",
    ],
)
def test_there_is_no_form_for_what_does_not_exist(world, client, address):
    world.sign_in(client, world.nils)
    assert client.get(address).status_code == 404


def test_nobody_sends_more_in_an_hour_than_anybody_writes(world, client):
    for n in range(MOST_COMMENTS_AN_HOUR - 1):
        world.say(world.nils, f"Det här är inlägg nummer {n} på kort tid.")
        clock.forward(minutes=1)
    world.sign_in(client, world.nils)
    assert fill_in(client, text="Det sista som ryms inom timmen.").status_code == 303
    refused = fill_in(client, text="Det första som inte ryms.")
    assert refused.status_code == 409
    assert "många inlägg den senaste timmen" in refused.text
    assert "Det första som inte ryms." in refused.text
    assert count(Comment) == MOST_COMMENTS_AN_HOUR
    world.say(world.rut, "Någon annan får skriva under tiden.")
    clock.forward(minutes=31)  # an hour after the first
    assert fill_in(client, text="Det första som inte ryms.").status_code == 303
