"""Replying to what somebody else has said: one level deep, to a wording, and to no committee."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dialog.conversation.editing import NoLongerEdited
from dialog.conversation.models import Comment
from dialog.conversation.rules import MOST_COMMENTS_AN_HOUR, CommentState, Kind, Refusal
from dialog.conversation.submitting import NotAccepted
from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.moderation.queries import queue
from dialog.notify.letters import write
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.plan.queries import wording_of
from dialog.response.models import Matter
from dialog.search.queries import Filters, search
from tests import counts
from tests.world import GOAL_2024, WORDS

REPLY = "Det skulle hjälpa oss i Lit också, om det blir av."


@pytest.fixture
def parent(world) -> Comment:
    return world.published(world.rut, "Bussen borde gå hela kvällen till Häggenås.", kind=Kind.QUESTION)


def form_of(parent: Comment) -> str:
    return f"/inlagg/{parent.number}/svara"


def fill_in(client, parent: Comment, **changes):
    """Send the form for a reply as somebody would fill it in, with `changes`."""
    html = client.get(form_of(parent)).text
    hidden = dict(re.findall(r'name="(form_key|wording)" value="([^"]*)"', html))
    return client.send(
        form_of(parent), {**hidden, "text": REPLY, "speaks_for": "", "language": "sv", **changes}
    )


def log(comment: Comment) -> list[tuple[str, dict]]:
    rows = select(Event.kind, Event.details).where(
        Event.subject_type == "comment", Event.subject_id == comment.id
    )
    return [(kind, details) for kind, details in db.session.execute(rows.order_by(Event.id))]


def test_a_resident_replies_and_is_shown_the_receipt(world, client, parent):
    world.sign_in(client, world.trusted(world.nils))
    for address in (GOAL_2024, f"/inlagg/{parent.number}"):
        assert f'href="{form_of(parent)}"' in client.get(address).text
    response = fill_in(client, parent)
    assert response.status_code == 303
    receipt = client.get(response.location).text
    assert REPLY in receipt
    assert "Går till de andra som deltar" in receipt
    assert "Nämnden svarar på inlägget ovanför, inte på själva repliken." in receipt
    assert "ska svara" not in receipt
    reply = db.session.scalars(select(Comment).order_by(Comment.id.desc())).first()
    assert (reply.parent_id, reply.parent_wording, reply.kind) == (parent.id, 1, Kind.QUESTION)
    assert reply.state == CommentState.PUBLISHED
    assert db.session.get(Comment, parent.id).reply_count == 1


def test_a_reply_is_about_what_it_is_a_reply_to(world):
    paragraph = wording_of(world.goal()).summary[0]
    for subject in ({"assignment": world.assignment(1)}, {"paragraph": paragraph}):
        parent = world.published(world.rut, f"Ett inlägg om {list(subject)}.", **subject)
        reply = world.published(world.vera, f"En replik om {list(subject)}.", parent=parent)
        for column in ("goal_id", "assignment_id", "paragraph_id"):
            assert getattr(reply, column) == getattr(parent, column)
    counts.assert_right()


def test_a_reply_is_a_comment_and_nothing_is_owed_to_it(world, parent):
    reply = world.say(world.nils, REPLY, parent=parent)
    assert (reply.state, reply.number) == (CommentState.RECEIVED, "2026-000002")
    assert reply.id in [one.id for one in queue(world.mona, now=clock.now()).comments]
    assert world.goal().comment_count == 1
    assert db.session.get(Comment, parent.id).reply_count == 0
    world.publish_comment(reply)
    db.session.expire_all()
    assert world.goal().comment_count == 2
    assert search("Lit", Filters()).count == 1
    assert db.session.scalars(select(Matter.comment_id)).all() == [parent.id]
    assert [(kind, details.get("parent")) for kind, details in log(reply)] == [
        ("comment.submitted", parent.id),
        ("comment.published", parent.id),
    ]
    counts.assert_right()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_letters_say_who_it_goes_to(world, parent, language):
    reply = world.published(world.nils, REPLY, parent=parent)
    with transaction():
        letters = db.session.scalars(select(Letter).where(Letter.subject_id == reply.id)).all()
        for letter in letters:
            letter.language = language
    assert {letter.kind for letter in letters} == {LetterKind.RECEIPT, LetterKind.PUBLISHED}
    for letter in letters:
        body = write(letter).body
        assert {"sv": "går till de andra som deltar", "en": "goes to the other participants"}[
            language
        ] in body
        assert parent.number in body


def test_it_takes_a_signed_in_person_who_has_read_the_notice(world, client, parent):
    assert client.get(form_of(parent)).location.startswith("/logga-in")
    world.sign_in(client, world.gun)
    assert "/fore-du-skriver" in client.get(form_of(parent)).location
    response = client.post(
        form_of(parent),
        data={"csrf_token": client.token("/logga-in"), "form_key": "x", "wording": "1", "text": REPLY,
              "language": "sv"},
    )  # fmt: skip
    assert response.status_code == 409
    assert "Läs informationen och välj ett namn" in response.text
    assert REPLY in response.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "För kort."}, "text"),
        ({"text": "å" * 5001}, "text"),
        ({"text": "\u202e" + REPLY}, "text"),
        ({"speaks_for": "999"}, "speaks_for"),
        ({"language": "xx"}, "language"),
        ({"form_key": "en nyckel"}, None),
        ({"wording": "x"}, None),
    ],
)
def test_bad_input_is_refused_at_the_field_and_what_was_typed_stays(world, client, parent, changes, field):
    world.sign_in(client, world.nils)
    response = fill_in(client, parent, **changes)
    assert response.status_code == 422
    assert field is None or f'id="{field}-error"' in response.text
    assert changes.get("text", REPLY).replace("\u202e", "") in response.text
    assert counts.count(Comment) == 1


@pytest.mark.parametrize("wording", ["0", "-4", "99", "9" * 30])
def test_a_wording_there_is_none_of_is_one_there_is(world, client, parent, wording):
    world.sign_in(client, world.nils)
    assert fill_in(client, parent, wording=wording).status_code == 303
    assert db.session.scalars(select(Comment.parent_wording).where(Comment.parent_id == parent.id)).one() == 1


@pytest.mark.parametrize("gone", ["hide", "withdraw"])
def test_what_is_gone_meanwhile_is_not_replied_to_and_the_words_are_kept(world, client, parent, gone):
    world.sign_in(client, world.nils)
    token = client.token(form_of(parent))
    world.withdraw(parent) if gone == "withdraw" else world.decide(parent, "hide")
    data = {"csrf_token": token, "form_key": "k", "wording": "1", "text": REPLY, "language": "sv"}
    for prefix, sentence in (
        ("", "visas inte längre, så det här är inte skickat"),
        ("/en", "is no longer shown"),
    ):
        response = client.post(f"{prefix}{form_of(parent)}", data=data)
        assert response.status_code == 409
        assert sentence in response.text
        assert REPLY in response.text
        assert "hela kvällen" not in response.text
    assert client.get(form_of(parent)).status_code == 404
    assert counts.count(Comment) == 1


def test_what_is_hidden_between_reading_and_sending_is_refused_by_the_operation(world, parent):
    with transaction():
        db.session.get(Comment, parent.id).state = CommentState.HIDDEN
    with pytest.raises(NotAccepted) as refused:
        world.say(world.nils, REPLY, parent=parent)
    assert refused.value.refusal == Refusal.NO_REPLIES


def test_a_reply_cannot_be_replied_to(world, client, parent):
    reply = world.published(world.nils, REPLY, parent=parent)
    world.sign_in(client, world.rut)
    assert form_of(reply) not in client.get(f"/inlagg/{reply.number}").text
    assert client.get(form_of(reply)).status_code == 404
    data = {"csrf_token": client.token("/logga-in"), "text": REPLY}
    response = client.post(form_of(reply), data=data)
    assert response.status_code == 404
    assert REPLY in response.text, "What was written is shown on the page that says so."
    with pytest.raises(NotAccepted):
        world.say(world.rut, "En replik till en replik är en för mycket.", parent=reply)
    with pytest.raises(IntegrityError), transaction():
        db.session.get(Comment, reply.id).reply_count = 1


@pytest.mark.parametrize("number", ["2026-999999", "finns-inte", "%00"])
def test_there_is_no_form_for_what_does_not_exist(world, client, number):
    world.sign_in(client, world.nils)
    assert client.get(f"/inlagg/{number}/svara").status_code == 404


def test_what_nobody_has_seen_cannot_be_replied_to(world, client):
    waiting = world.say(world.nils, "Det här väntar på en moderator.")
    for person in (world.rut, world.mona, world.nils):
        world.sign_in(client, person)
        assert client.get(form_of(waiting)).status_code == 404


def test_the_same_form_sent_twice_is_one_reply(world, client, parent):
    world.sign_in(client, world.trusted(world.nils))
    sent = [fill_in(client, parent, form_key="pressed-twice") for _ in range(2)]
    assert [response.status_code for response in sent] == [303, 303]
    assert sent[0].location == sent[1].location
    assert db.session.get(Comment, parent.id).reply_count == 1


def test_the_same_words_may_be_said_to_two_comments_but_not_twice_to_one(world, parent):
    other = world.published(world.rut, "Vägen till Häggenås borde plogas tidigare.")
    world.say(world.nils, REPLY, parent=parent)
    world.say(world.nils, REPLY, parent=other)
    with pytest.raises(NotAccepted) as refused:
        world.say(world.nils, REPLY, parent=other)
    assert refused.value.refusal == Refusal.SAID_ALREADY


def test_replies_count_among_what_may_be_sent_in_an_hour(world, parent):
    for n in range(MOST_COMMENTS_AN_HOUR):
        world.say(world.nils, f"Replik nummer {n} på kort tid.", parent=parent)
    with pytest.raises(NotAccepted) as refused:
        world.say(world.nils, "Den första som inte ryms.", parent=parent)
    assert refused.value.refusal == Refusal.TOO_MANY


def test_a_comment_keeps_its_words_once_it_is_replied_to_and_may_change_again_when_the_reply_is_gone(
    world, client, parent
):
    reply = world.published(world.nils, REPLY, parent=parent)
    db.session.refresh(parent)
    with pytest.raises(NoLongerEdited):
        world.edit(parent, "Andra ord än de som fick en replik.")
    world.sign_in(client, world.rut)
    assert "Någon har skrivit en replik till inlägget" in client.get(f"/inlagg/{parent.number}/andra").text
    world.withdraw(reply)
    db.session.refresh(parent)
    world.edit(parent, "Andra ord än de som fick en replik.")


def test_a_reply_says_when_it_is_about_an_earlier_wording(world, client, parent):
    reply = world.say(world.nils, REPLY, parent=parent)  # waits, so the comment can still be changed
    world.edit(parent, "Bussen borde gå till midnatt, till Häggenås och Lit.")
    world.publish_comment(reply)
    for address in (GOAL_2024, f"/inlagg/{parent.number}", f"/inlagg/{reply.number}"):
        assert "Gäller en tidigare version av inlägget." in client.get(address).text
    assert 'id="lydelse-1"' in client.get(f"/inlagg/{parent.number}").text


def test_a_reply_kept_on_a_page_says_so_when_its_parent_is_changed_afterwards(world, client, parent):
    world.published(world.nils, REPLY, parent=parent)
    world.decide(parent, "hide")
    assert REPLY in client.get(GOAL_2024).text
    world.edit(parent, "Bussen borde gå till midnatt, till Häggenås och Lit.")
    world.publish_comment(parent)
    assert "Gäller en tidigare version av inlägget." in client.get(GOAL_2024).text


@pytest.mark.parametrize(
    ("act", "sentence"),
    [("hide", "Det här inlägget visas inte."), ("withdraw", "Tillbakadraget av den som skrev det")],
)
def test_replies_stay_under_a_marker_when_what_they_answer_is_gone(world, client, parent, act, sentence):
    reply = world.published(world.nils, REPLY, parent=parent)
    db.session.refresh(parent)
    world.withdraw(parent) if act == "withdraw" else world.decide(parent, "hide")
    for address in (GOAL_2024, f"/inlagg/{parent.number}"):
        page = client.get(address).text
        assert REPLY in page
        assert sentence in page
        assert "hela kvällen" not in page
    own = client.get(f"/inlagg/{reply.number}").text
    assert "Inlägget visas inte längre." in own
    assert "hela kvällen" not in own
    counts.assert_right()
    world.withdraw(reply)
    assert parent.number not in client.get(GOAL_2024).text
    assert client.get(f"/inlagg/{parent.number}").status_code == (200 if act == "withdraw" else 404)


def test_a_hidden_reply_is_gone_and_uncounted(world, client, parent):
    reply = world.published(world.nils, REPLY, parent=parent)
    world.published(world.vera, "En annan replik, som står kvar.", parent=parent)
    world.decide(reply, "hide")
    for address in (GOAL_2024, f"/inlagg/{parent.number}", "/"):
        assert REPLY not in client.get(address).text
    assert client.get(f"/inlagg/{reply.number}").status_code == 404
    assert db.session.get(Comment, parent.id).reply_count == 1
    counts.assert_right()


def test_the_first_three_replies_stand_on_the_goals_page_and_all_on_the_comments_own(world, client, parent):
    for number in range(1, 24):
        world.published(world.trusted(world.vera) if number == 1 else world.vera, f"Replik {number:02} av flera.",
                        parent=parent)  # fmt: skip
        clock.forward(minutes=3)
    page = client.get(GOAL_2024).text
    assert re.findall(r"Replik (\d\d) av flera", page) == ["01", "02", "03"]
    assert "Visa alla 23 repliker" in page
    assert f'href="/inlagg/{parent.number}#repliker"' in page
    own = client.get(f"/inlagg/{parent.number}").text
    assert re.findall(r"Replik (\d\d) av flera", own) == [f"{n:02}" for n in range(1, 21)]
    more = re.search(r'href="(\?efter=[\d-]+)#repliker"', own).group(1)
    assert re.findall(r"Replik (\d\d)", client.get(f"/inlagg/{parent.number}{more}").text) == [
        "21",
        "22",
        "23",
    ]
    fragment = client.get(f"/inlagg/{parent.number}{more}", headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert re.findall(r"Replik (\d\d)", fragment) == ["21", "22", "23"]


def test_the_assignments_page_shows_threads_too(world, client):
    parent = world.published(world.rut, WORDS, assignment=world.assignment(1))
    world.published(world.nils, REPLY, parent=parent)
    page = client.get(f"/uppdrag/{world.assignment(1).id}").text
    assert page.index(WORDS) < page.index(REPLY)
    assert page.count("Gäller uppdraget") == 0


def test_nothing_is_replied_to_when_the_time_for_comments_is_over(world, client, parent):
    from dialog.dialogues.operations import move_dialogue
    from dialog.dialogues.rules import DialogueState

    dialogue = world.asked()
    for state in (DialogueState.OPEN, DialogueState.CLOSED):
        with transaction():
            move_dialogue(dialogue, state, seen=dialogue.version, editor=world.eva, now=clock.now())
    world.sign_in(client, world.nils)
    for address in (GOAL_2024, f"/inlagg/{parent.number}"):
        assert form_of(parent) not in client.get(address).text
    assert "Tiden för att skriva inlägg är slut." in client.get(form_of(parent)).text
    with pytest.raises(NotAccepted) as refused:
        world.say(world.nils, REPLY, parent=parent)
    assert refused.value.refusal == Refusal.DIALOGUE_OVER


def test_a_moderator_sees_what_a_reply_is_a_reply_to(world, client, parent):
    world.say(world.nils, REPLY, parent=parent)
    world.sign_in(client, world.mona)
    page = client.get("/moderering").text
    assert f'href="/inlagg/{parent.number}"' in page
    assert "Replik" in page
