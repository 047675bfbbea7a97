"""Moving a comment to where it belongs: all that hangs on it goes with it, and the right committees answer."""

import itertools
import re

import pytest
from sqlalchemy import select

from dialog.conversation.models import Comment
from dialog.conversation.rules import CommentState, Kind, Refusal
from dialog.conversation.submitting import Submission, submit_comment
from dialog.db import clock, db, transaction
from dialog.dialogues.operations import move_dialogue
from dialog.dialogues.rules import DialogueState
from dialog.events import Event
from dialog.following.models import News
from dialog.following.rules import Thing
from dialog.moderation.models import Decision, Relocation
from dialog.moderation.moving import Destination, NotMoved, destinations_of, move
from dialog.moderation.operations import Held, MayNotDecide, claim_comment
from dialog.moderation.rules import WhyNotMoved, why_not_moved
from dialog.notify.letters import NotWanted, write
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.notify.telling import read_the_log
from dialog.plan.queries import wording_of
from dialog.reports.queries import has_been_judged
from dialog.response.models import Coverage, Matter
from dialog.response.rules import MATTER_MOVES, MAY_BE_OWED, MatterState, Moved, when_moved
from dialog.search.models import Entry
from dialog.search.rules import EntryKind
from dialog.stances.queries import stances_on
from dialog.stances.rules import Stance
from dialog.states import ReasonMissing, Stale
from dialog.text import render
from tests import counts

RECEIVED, PUBLISHED = CommentState.RECEIVED, CommentState.PUBLISHED
DUE, REMOVED, CLOSED = MatterState.DUE, MatterState.REMOVED, MatterState.CLOSED

# What waits and what is shown can be moved, but no reply by itself, nothing that has been answered, and not to another
# year; nor where nothing of the sort is taken. The first that holds is told.
WHY = (WhyNotMoved.A_REPLY, WhyNotMoved.ANSWERED, WhyNotMoved.ANOTHER_PLAN, WhyNotMoved.DIALOGUE_OVER)


@pytest.mark.parametrize("state", list(CommentState))
@pytest.mark.parametrize("holds", list(itertools.product([False, True], repeat=4)), ids=str)
def test_when_a_comment_is_moved(state, holds):
    reply, answered, another_year, over = holds
    why = why_not_moved(
        state,
        is_reply=reply,
        is_answered=answered,
        is_same_plan=not another_year,
        refused=Refusal.DIALOGUE_OVER if over else None,
    )
    if state not in (RECEIVED, PUBLISHED):
        assert why == WhyNotMoved.NOT_SHOWN
    else:
        assert why == next((one for one, it in zip(WHY, holds, strict=True) if it), None)


# A committee that owes an answer is let off where it doesn't answer in the new place, unless a moderator had chosen it
# for this very comment; one that was let off is asked again where it answers in the new place and didn't in the old.
# What has been answered or passed on is of the past.
@pytest.mark.parametrize("state", list(MatterState))
@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("here", [False, True])
@pytest.mark.parametrize("chosen", [False, True])
def test_what_becomes_of_a_matter(state, there, here, chosen):
    became = when_moved(state, answers_there=there, answered_here=here, was_chosen=chosen)
    if state in MAY_BE_OWED:
        assert became == (Moved.GOES_ON if there or (chosen and not here) else Moved.LET_OFF)
    elif state == REMOVED:
        assert became == (Moved.ASKED_AGAIN if there and not here else Moved.GOES_ON)
    else:
        assert became == Moved.GOES_ON


def test_what_may_be_owed_is_what_hiding_and_showing_a_comment_moves_between():
    """The set isn't kept by hand: it is what is due, and what becomes so again without anybody asking anew."""
    shown_again = {before for (before, _), move in MATTER_MOVES.items() if move.act == "reopen"}
    assert {DUE, *shown_again} == MAY_BE_OWED == {DUE, CLOSED}


def now_of(comment: Comment) -> Comment:
    return db.session.get_one(Comment, comment.id, populate_existing=True)


def matters(world, comment) -> dict[str, MatterState]:
    db.session.expire_all()
    rows = db.session.scalars(select(Matter).where(Matter.comment_id == comment.id).order_by(Matter.id))
    return {matter.committee.code: matter.state for matter in rows}


def letters(kind=LetterKind.MOVED) -> dict[str, Letter]:
    return {one.address: one for one in db.session.scalars(select(Letter).where(Letter.kind == kind))}


def test_all_that_hangs_on_it_goes_with_it_and_it_keeps_its_number(world, client):
    comment = world.published(world.rut, "Hemligfågeln hör till uppdraget.", assignment=world.assignment(1))
    reply = world.published(world.nils, "En replik om hemligfågeln.", parent=comment)
    hidden = world.decide(world.published(world.vera, "En replik som döljs.", parent=comment), "hide")
    seen = now_of(comment).revision
    relocation = world.moved(comment, assignment=world.assignment(3))
    for one in (comment, reply, hidden):
        assert (now_of(one).assignment_id, one.came_to_goal_id) == (world.assignment(3).id, world.goal().id)
    assert now_of(comment).revision > seen
    assert (relocation.from_assignment_id, relocation.to_assignment_id) == (
        world.assignment(1).id,
        world.assignment(3).id,
    )
    counts.assert_right()
    old, new = (client.get(f"/uppdrag/{world.assignment(n).id}").text for n in (1, 3))
    assert comment.number not in old and comment.number in new
    assert client.get(f"/inlagg/{comment.number}").status_code == 200
    assert f"/uppdrag/{world.assignment(1).id}" in client.get(f"/inlagg/{comment.number}").text
    [event] = db.session.scalars(select(Event).where(Event.kind == "comment.moved"))
    assert (event.actor_id, event.details["relocation"]) == (world.mona.id, relocation.id)


def test_to_another_goal_its_page_search_and_news_follow(world, client):
    comment = world.published(world.rut, "Hemligfågeln hör till ett annat mål.", goal=world.goal("1-1", 2023))
    read_the_log()
    before, after = world.goal("1-1", 2023), world.goal("1-2", 2023)
    for goal in (before, after):
        client.get(f"/mal/2023/{goal.slug}")  # kept before it is moved
    world.moved(comment, after)
    assert comment.number not in client.get(f"/mal/2023/{before.slug}").text
    assert comment.number in client.get(f"/mal/2023/{after.slug}").text
    entry = (Entry.kind == EntryKind.COMMENT, Entry.subject_id == comment.id)
    assert db.session.scalar(select(Entry.goal_id).where(*entry)) == after.id
    of_goal = select(News.thing_id).where(News.thing == Thing.GOAL, News.subject_id == comment.id)
    assert db.session.scalars(of_goal).all() == [after.id]
    counts.assert_right()


def test_the_committees_of_the_new_place_answer_with_clocks_of_their_own(world):
    comment = world.published(assignment=world.assignment(1))
    assert matters(world, comment) == {"KS": DUE}
    clock.forward(days=5)
    world.moved(comment, assignment=world.assignment(3))
    assert matters(world, comment) == {"KS": REMOVED, "SAN": DUE}
    let_off, asked = db.session.scalars(select(Matter).order_by(Matter.id)).all()
    assert let_off.remove_reason == "Det handlar om det här i stället."
    assert (asked.opened_at, asked.late_noticed_at) == (clock.now(), None)
    clock.forward(days=2)
    world.moved(now_of(comment), assignment=world.assignment(1))
    assert matters(world, comment) == {"KS": DUE, "SAN": REMOVED}
    assert db.session.get_one(Matter, let_off.id).opened_at == clock.now()
    counts.assert_right()


def test_a_committee_that_answers_in_both_places_keeps_its_clock(world):
    comment = world.published(assignment=world.assignment(1))
    before = db.session.scalars(select(Matter)).one().due_on
    clock.forward(days=3)
    world.moved(comment, assignment=world.assignment(2))
    first = db.session.scalars(select(Matter).order_by(Matter.id)).first()
    assert (first.state, first.due_on) == (DUE, before)
    assert len(matters(world, comment)) == 4
    counts.assert_right()


def test_what_waits_is_moved_too_and_goes_to_the_right_committees_when_it_is_shown(world):
    comment = world.say(world.nils, assignment=world.assignment(1))
    world.moved(comment, assignment=world.assignment(3))
    assert (now_of(comment).state, comment.review_since is not None) == (RECEIVED, True)
    assert matters(world, comment) == {}
    world.decide(comment, "publish")
    assert matters(world, comment) == {"SAN": DUE}
    counts.assert_right()


def test_what_was_shown_before_and_waits_owes_nothing_until_it_is_shown_again(world):
    comment = world.decide(world.published(world.rut, assignment=world.assignment(1)), "hide")
    world.edit(comment, "Andra ord, som en moderator ska läsa.")
    world.moved(now_of(comment), assignment=world.assignment(3))
    world.moved(now_of(comment), assignment=world.assignment(1))
    assert matters(world, comment) == {"KS": CLOSED}
    world.decide(now_of(comment), "publish")
    assert matters(world, comment) == {"KS": DUE}
    counts.assert_right()


def test_an_answer_begun_where_it_was_covers_it_no_more(world):
    comment = world.published(goal=world.goal())
    world.drafted(comment)
    world.moved(comment, assignment=world.assignment(1))
    assert db.session.scalars(select(Coverage)).all() == []
    assert matters(world, comment) == {"KS": DUE}


def test_what_is_answered_stays(world):
    comment = world.published(assignment=world.assignment(1))
    world.answered(comment)
    with pytest.raises(NotMoved) as told:
        world.moved(now_of(comment), world.goal())
    assert told.value.why == WhyNotMoved.ANSWERED


def test_stances_are_kept_one_for_each_person_also_where_it_is_moved(world):
    comment = world.published(world.rut, goal=world.goal("1-1", 2023))
    world.thinks(world.nils, comment)
    world.moved(comment, world.goal("1-2", 2023))
    _, own = stances_on(now_of(comment), world.nils)
    assert own.stance == Stance.AGREE
    assert not world.thinks(world.nils, comment)
    client = world.app.test_client()
    world.sign_in(client, world.nils)
    page = client.get("/mal/2023/1-2").text
    assert 'aria-pressed="true"' in page or "Du håller med" in page
    counts.assert_right()


def test_a_paragraph_is_left_behind_and_found_again(world):
    about = wording_of(world.goal()).summary[0]
    comment = world.published(paragraph=about)
    world.moved(comment, assignment=world.assignment(1))
    assert now_of(comment).paragraph_id is None
    counts.assert_right()
    world.moved(comment, world.goal())
    assert now_of(comment).paragraph_id == about.id
    counts.assert_right()


def test_whoever_wrote_it_and_each_who_replied_is_told_once_with_the_reasons(world):
    comment = world.published(world.rut, assignment=world.assignment(1))
    for number in range(2):
        world.published(world.nils, f"Replik nummer {number} till inlägget.", parent=comment)
    world.moved(comment, assignment=world.assignment(3))
    told = letters()
    assert set(told) == {"rut@example.org", "nils@example.org"}
    for address, said in (("rut", "ditt inlägg"), ("nils", "som du har replikerat på")):
        body = write(told[f"{address}@example.org"]).body
        assert said in body and "Det handlar om det här i stället." in body
        assert "samma nummer och samma adress" in body
    assert "arbetsmarknadsnämnden" in write(told["rut@example.org"]).body
    world.moved(now_of(comment), assignment=world.assignment(1))
    with pytest.raises(NotWanted):
        write(told["nils@example.org"])


def test_moved_where_it_is_already_nothing_happens(world):
    comment = world.published(assignment=world.assignment(1))
    assert world.moved(comment, assignment=world.assignment(3)) is not None
    assert world.moved(comment, assignment=world.assignment(3), seen=1) is None
    assert len(db.session.scalars(select(Relocation)).all()) == 1
    assert len(letters()) == 1


def test_stale_held_without_reasons_and_by_the_wrong_person_it_is_refused(world):
    comment = world.published(assignment=world.assignment(1))
    to = Destination(world.goal())
    with pytest.raises(Stale):
        world.moved(comment, world.goal(), seen=comment.version - 1)
    with pytest.raises(ReasonMissing), transaction():
        move(comment, to, "", moderator=world.mona, seen=comment.version, now=clock.now())
    for name in ("rut", "nils", "eva", "karin", "adam", "rikard"):
        with pytest.raises(MayNotDecide):
            world.moved(comment, world.goal(), by=world.people[name])
    waiting = world.say(world.mona, "Mitt eget inlägg, som väntar.")
    with pytest.raises(MayNotDecide):
        world.moved(waiting, assignment=world.assignment(1))
    with transaction():
        claim_comment(waiting, moderator=world.max, now=clock.now())
    other = world.say(world.nils, "Ett inlägg som Max tittar på.")
    with transaction():
        claim_comment(other, moderator=world.max, now=clock.now())
    with pytest.raises(Held):
        world.moved(other, assignment=world.assignment(1))


def test_a_dialogue_that_is_over_takes_nothing_and_one_that_asks_for_names_asks_here_too(world):
    comment = world.published(assignment=world.assignment(1))
    for changes, why in (
        ({"real_names_only": True}, WhyNotMoved.NOT_A_REAL_NAME),
        ({}, WhyNotMoved.DIALOGUE_OVER),
    ):
        dialogue = world.asked(assignment=world.assignment(3), **changes)
        steps = [DialogueState.OPEN] if why == WhyNotMoved.NOT_A_REAL_NAME else [DialogueState.CLOSED]
        for to in steps:
            with transaction():
                move_dialogue(dialogue, to, seen=dialogue.version, editor=world.eva, now=clock.now())
        with pytest.raises(NotMoved) as told:
            world.moved(now_of(comment), assignment=world.assignment(3))
        assert told.value.why == why


def test_the_places_to_choose_are_those_of_the_same_plan(world):
    comment = world.published(assignment=world.assignment(1))
    places = destinations_of(comment)
    assert {one.goal.year for one in places} == {2024}
    assert world.assignment(1).id not in {one.assignment.id for one in places if one.assignment}
    with pytest.raises(NotMoved) as told:
        world.moved(comment, world.goal("1-1", 2023))
    assert told.value.why == WhyNotMoved.ANOTHER_PLAN


def test_it_is_in_the_log_and_judges_no_words(world):
    world.trusted(world.rut)
    comment = world.say(world.rut, "Det här visas genast.", assignment=world.assignment(1))
    world.moved(comment, world.goal())
    assert not has_been_judged(now_of(comment))
    assert comment.review_since is not None
    acts = select(Decision.act).where(Decision.comment_id == comment.id)
    assert db.session.scalars(acts).all() == ["move"]
    page = world.app.test_client().get("/moderering/logg").text
    assert "Flyttat med sina repliker" in page and "Inom målet" in page
    assert "Det handlar om det här i stället." not in page


def test_a_reply_written_while_it_was_moved_lands_beside_it(world):
    comment = world.published(assignment=world.assignment(1))
    text = "En replik som skrevs medan inlägget flyttades."
    reply = Submission.reply(
        comment,
        parent_wording=1,
        form_key="under-flytten",
        kind=Kind.PROPOSAL,
        text=text,
        html=render(text),
        language="sv",
    )
    assert reply.assignment_id == world.assignment(1).id
    with transaction():
        db.session.expunge(comment)
    moved = now_of(db.session.get_one(Comment, comment.id))
    world.moved(moved, assignment=world.assignment(3))
    with transaction():
        registered = submit_comment(reply, author=world.rut, now=clock.now())
    assert db.session.get_one(Comment, registered.id).assignment_id == world.assignment(3).id
    counts.assert_right()


def test_the_receipt_names_no_committee_that_came_later_as_one_it_was_passed_on_to(world, client):
    comment = world.published(world.rut)
    clock.forward(days=1)
    world.moved(comment, assignment=world.assignment(2))
    page = client.get(f"/kvitto/{comment.receipt_key}").text
    [passed_on] = re.findall(r"lämnat vidare till ([^<]*)<", page)
    assert passed_on == "Kommunstyrelsen"
