"""Changing one's own comment, and sending a hidden one again."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from dialog.conversation.models import Comment, CommentWording
from dialog.conversation.rules import CommentState, ReviewReason, may_edit
from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.moderation.queries import queue
from dialog.notify.letters import write
from dialog.notify.models import Letter
from dialog.response.models import Matter
from dialog.response.operations import publish
from dialog.search.queries import Filters, search
from tests import counts
from tests.world import ANSWER, GOAL_2024, WORDS

OLD = f"Gamla ord om pulkabacken. {WORDS}"
NEW = f"Nya ord om skridskobanan. {WORDS}"
RECEIVED, PUBLISHED, HIDDEN = CommentState.RECEIVED, CommentState.PUBLISHED, CommentState.HIDDEN
WITHDRAWN = CommentState.WITHDRAWN
SENT = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
A_DAY, A_MOMENT = timedelta(hours=24), timedelta(microseconds=1)

# A hidden comment may be edited at any time. One that waits or is shown may be edited within 24 hours of being sent,
# and not once it is answered or replied to. What is withdrawn or masked may not be edited at all.
MAY_EDIT = [
    (RECEIVED, timedelta(0), False, False, True),
    (RECEIVED, A_DAY, False, False, True),
    (RECEIVED, A_DAY + A_MOMENT, False, False, False),
    (RECEIVED, timedelta(0), True, False, False),
    (PUBLISHED, timedelta(0), False, False, True),
    (PUBLISHED, A_DAY, False, False, True),
    (PUBLISHED, A_DAY + A_MOMENT, False, False, False),
    (PUBLISHED, timedelta(0), True, False, False),
    (HIDDEN, timedelta(0), False, False, True),
    (HIDDEN, timedelta(days=400), False, False, True),
    (HIDDEN, timedelta(0), True, False, True),
    (HIDDEN, timedelta(days=400), True, False, True),
    (WITHDRAWN, timedelta(0), False, False, False),
    (RECEIVED, timedelta(0), False, True, False),
    (PUBLISHED, timedelta(0), False, True, False),
    (PUBLISHED, timedelta(0), True, True, False),
    (HIDDEN, timedelta(days=400), False, True, True),
    (WITHDRAWN, timedelta(0), False, True, False),
]


@pytest.mark.parametrize(("state", "later", "is_answered", "has_replies", "may"), MAY_EDIT)
def test_who_wrote_a_comment_may_edit_it_by_state_time_answer_and_replies(
    state, later, is_answered, has_replies, may
):
    when = {"is_answered": is_answered, "has_replies": has_replies}
    assert may_edit(state, SENT, SENT + later, **when) is may
    assert not may_edit(state, SENT, SENT + later, **when, is_masked=True)


def page_of(comment: Comment) -> str:
    return f"/inlagg/{comment.number}"


def send(client, comment: Comment, text: str = NEW, **changes):
    """Fill in the page for changing `comment` as it is now."""
    page = f"{page_of(comment)}/andra"
    filled = {"seen": str(comment.version), "text": text, **changes}
    return client.post(page, data={"csrf_token": client.token("/logga-in"), **filled})


def wordings(comment: Comment) -> list[tuple[int, str, bool]]:
    """The number of each wording, its text, and whether it has been public."""
    rows = db.session.scalars(
        select(CommentWording)
        .where(CommentWording.comment_id == comment.id)
        .order_by(CommentWording.number)
        .execution_options(populate_existing=True)
    )
    return [(one.number, one.text, one.shown_from is not None) for one in rows]


def log(comment: Comment) -> list[tuple[str, dict]]:
    rows = select(Event.kind, Event.details).where(
        Event.subject_type == "comment", Event.subject_id == comment.id
    )
    return [(kind, details) for kind, details in db.session.execute(rows.order_by(Event.id))]


def found(words: str) -> int:
    return search(words, Filters()).count


def test_the_author_of_a_published_comment_changes_it(world, client):
    comment = world.published(text=OLD)
    world.sign_in(client, world.nils)
    link = f'href="{page_of(comment)}/andra"'
    assert link in client.get(page_of(comment)).text
    assert link in client.get("/mina-inlagg").text
    form = client.get(f"{page_of(comment)}/andra").text
    assert OLD in form
    assert "12\u00a0mars\u00a02026\u00a0kl.\u00a010.00" in form
    clock.forward(hours=1)
    response = send(client, comment)
    assert (response.status_code, response.location) == (303, f"{page_of(comment)}?gjort=andrat")
    assert "Ditt inlägg är ändrat." in client.get(response.location).text
    assert "Your comment is changed." in client.get(f"/en{response.location}").text
    assert wordings(comment) == [(1, OLD, True), (2, NEW, True)]
    assert log(comment)[-1] == ("comment.edited", {"wording": 2})
    assert (comment.state, comment.wording) == (PUBLISHED, 2)


def test_nothing_is_said_to_be_changed_where_the_words_are_the_same(world, client):
    comment = world.published(text=OLD)
    world.sign_in(client, world.nils)
    assert send(client, comment, OLD).location == page_of(comment)
    assert wordings(comment) == [(1, OLD, True)]


def test_it_stays_shown_with_the_new_words_and_waits_to_be_looked_at_again(world, client):
    comment = world.published(text=OLD)
    assert "pulkabacken" in client.get(GOAL_2024).text  # the page is kept with the old words
    tag = client.get(GOAL_2024).headers["ETag"]
    clock.forward(hours=1)
    world.edit(comment, NEW)
    page = client.get(GOAL_2024, headers={"If-None-Match": tag})
    assert page.status_code == 200
    assert "skridskobanan" in page.text
    assert "pulkabacken" not in page.text
    assert [one.id for one in queue(world.mona, now=clock.now()).comments] == [comment.id]
    assert (comment.review_reason, comment.review_since) == (ReviewReason.EDITED, clock.now())
    world.sign_in(client, world.mona)
    assert "Ändrat av den som skrev det, visas redan" in client.get("/moderering").text
    world.decide(comment, "look")
    assert comment.review_since is None


def test_what_already_waits_to_be_looked_at_keeps_its_place_in_the_queue(world):
    comment = world.say(world.trusted(world.rut), OLD)
    since = comment.review_since
    clock.forward(hours=1)
    world.edit(comment, NEW)
    assert (comment.review_reason, comment.review_since) == (ReviewReason.EDITED, since)


def test_one_that_waits_goes_on_waiting_and_its_first_wording_is_never_shown(world, client):
    comment = world.say(text=OLD)
    since = comment.review_since
    clock.forward(hours=1)
    world.edit(comment, NEW)
    assert (comment.state, comment.review_reason) == (RECEIVED, ReviewReason.FIRST_COMMENT)
    assert comment.review_since == since
    world.publish_comment(comment)
    assert wordings(comment) == [(1, OLD, False), (2, NEW, True)]
    page = client.get(page_of(comment)).text
    assert "skridskobanan" in page
    assert "pulkabacken" not in page


def test_search_finds_the_new_words_and_not_the_old(world):
    comment = world.published(text=OLD)
    assert (found("pulkabacken"), found("skridskobanan")) == (1, 0)
    world.edit(comment, NEW)
    assert (found("pulkabacken"), found("skridskobanan")) == (0, 1)


def test_search_finds_nothing_of_what_waits_or_is_hidden(world):
    waits, hidden = world.say(text=OLD), world.published(world.vera, text=OLD)
    world.decide(hidden, "hide")
    world.edit(waits, NEW)
    world.edit(hidden, f"{NEW} Igen.")
    assert (found("pulkabacken"), found("skridskobanan")) == (0, 0)
    world.publish_comment(hidden)
    assert (found("pulkabacken"), found("skridskobanan")) == (0, 1)


def test_counts_and_clocks_stay_as_they_are(world):
    comment = world.published(text=OLD, assignment=world.assignment(2))
    clocks = select(Matter.committee_id, Matter.state, Matter.opened_at, Matter.due_on).order_by(Matter.id)
    before = db.session.execute(clocks).all()
    clock.forward(hours=5)
    world.edit(comment, NEW)
    assert db.session.execute(clocks).all() == before
    counts.assert_right()
    clock.forward(days=2)
    world.decide(comment, "hide")
    world.edit(comment, f"{NEW} Igen.")
    counts.assert_right()
    world.publish_comment(comment)
    assert db.session.scalars(select(Matter.due_on).order_by(Matter.id)).all() == [row[3] for row in before]
    counts.assert_right()


def test_everybody_can_read_the_earlier_wordings_newest_first(world, client):
    comment = world.published(text=OLD)
    clock.forward(hours=1)
    world.edit(comment, NEW)
    clock.forward(hours=1)
    world.edit(comment, f"Tredje gången om skidspåret. {WORDS}")
    page = client.get(page_of(comment)).text
    earlier = page[page.index("Tidigare versioner") :]
    assert re.findall(r'<details[^>]* id="lydelse-(\d)"', earlier) == ["2", "1"]
    assert earlier.index("Skickat 11\u00a0mars\u00a02026\u00a0kl.\u00a011.00") < earlier.index(
        "kl.\u00a010.00"
    )
    assert earlier.index("skridskobanan") < earlier.index("pulkabacken")
    assert "visas inte för andra" not in page
    assert "Earlier wordings" in client.get(f"/en{page_of(comment)}").text


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_hidden_comment_is_sent_again_at_any_time_and_waits(world, client, prefix):
    comment = world.published(text=OLD)
    world.decide(comment, "hide")
    clock.forward(days=90)
    assert (
        f'href="{prefix}{page_of(comment)}/andra"'
        in client.get(f"{prefix}/kvitto/{comment.receipt_key}").text
    )
    world.sign_in(client, world.nils)
    form = client.get(f"{prefix}{page_of(comment)}/andra").text
    assert ("Send the comment again" if prefix else "Skicka inlägget igen") in form
    shown = client.get(send(client, comment).location).text
    assert "En moderator läser det innan det visas." in shown
    db.session.refresh(comment)
    assert (comment.state, comment.review_reason) == (RECEIVED, ReviewReason.SENT_AGAIN)
    assert comment.review_since == clock.now()
    assert log(comment)[-1] == ("comment.edited", {"wording": 2, "from": "hidden"})
    assert "Ändrat och skickat igen" in client.get(f"/kvitto/{comment.receipt_key}").text
    world.sign_in(client, world.mona)
    assert "Ändrat av den som skrev och skickat igen" in client.get("/moderering").text


def test_a_hidden_wording_is_shown_to_nobody_when_another_has_taken_its_place(world, app):
    comment = world.published(text=OLD)
    world.edit(comment, f"{OLD} Om igen.")
    world.answered(comment)
    world.decide(comment, "hide")
    world.edit(comment, NEW)
    addresses = [
        page_of(comment),
        GOAL_2024,
        "/svar/1",
        "/",
        "/sok?q=pulkabacken",
        f"{page_of(comment)}/andra",
    ]
    for is_public in (False, True):
        for name in ("visitor", "rut", "eva", "adam"):
            client = world.browser_of(name)
            pages = [client.get(f"{prefix}{address}") for prefix in ("", "/en") for address in addresses]
            assert not [page.request.path for page in pages if "Gamla ord" in page.text], name
            assert any("skridskobanan" in page.text for page in pages) == is_public
        world.publish_comment(comment)
    for person in (world.mona, world.nils):
        client = app.test_client()
        world.sign_in(client, person)
        page = client.get(page_of(comment)).text
        assert "pulkabacken" in page
        assert page.count("(visas inte för andra)") == 2


def test_a_comment_shown_again_keeps_its_public_history(world, client):
    comment = world.published(text=OLD)
    world.edit(comment, NEW)
    world.decide(comment, "hide")
    assert client.get(page_of(comment)).status_code == 404
    world.decide(comment, "restore")
    assert "pulkabacken" in client.get(page_of(comment)).text


def test_who_has_had_a_comment_hidden_is_not_known_by_withdrawing_what_replaces_it(world):
    comment = world.published(text=OLD)
    world.decide(comment, "hide")
    world.edit(comment, NEW)
    world.withdraw(comment)
    assert world.say(text="Ett helt annat inlägg, om något annat.").state == RECEIVED


def test_an_answer_to_an_earlier_wording_says_so_and_leads_there(world, client):
    comment = world.published(text=OLD)
    draft = world.drafted(comment)
    world.edit(comment, NEW)
    with transaction():
        publish(draft, seen=draft.version, editor=world.eva, now=clock.now())
    link = f'href="{page_of(comment)}#lydelse-1">Svaret gäller en tidigare version.</a>'
    for address in ("/svar/1", page_of(comment)):
        assert link in client.get(address).text
    letter = db.session.scalars(select(Letter).where(Letter.kind == "answered")).one()
    body = write(letter).body
    assert "pulkabacken" in body
    assert "skridskobanan" not in body


def test_an_answer_is_about_the_wording_that_stood_on_the_page_where_it_was_written(world, client):
    comment = world.published(text=OLD)
    draft = world.drafted(comment)
    editor = f"/namnd/ks/svar/{draft.id}"
    world.sign_in(client, world.eva)
    html = client.get(editor).text
    sent = dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]+)"', html))
    said = {"you_said": ANSWER.you_said, "we_decided": ANSWER.we_decided, "because": ANSWER.because}
    [matter] = world.matters("KS", comment)
    world.edit(comment, NEW)
    response = client.post(
        f"{editor}/publicera", data={**sent, **said, "outcome": "will_do", "matter": str(matter.id)}
    )
    assert response.status_code == 303
    assert "Svaret gäller en tidigare version." in client.get(f"/svar/{draft.id}").text


def test_an_answer_to_a_wording_that_is_hidden_says_so_without_leading_there(world, client):
    comment = world.published(text=OLD)
    world.answered(comment)
    assert "tidigare version" not in client.get("/svar/1").text
    world.decide(comment, "hide")
    world.edit(comment, NEW)
    world.publish_comment(comment)
    page = client.get("/svar/1").text
    assert "Svaret gäller en tidigare version, som inte visas." in page
    assert "#lydelse-1" not in page
