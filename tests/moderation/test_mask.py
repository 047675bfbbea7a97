"""Taking personal data out of a comment: who may, from which states, what is shown then, and what is sealed."""

import pytest
from sqlalchemy import select

from dialog.conversation.masking import NothingLeft, NothingTakenOut
from dialog.conversation.models import CommentWording
from dialog.conversation.queries import earlier_wordings
from dialog.conversation.rules import MASKING_MOVES, UNMASKING_MOVES, Act, CommentState
from dialog.db import clock, db
from dialog.events import Event, first_broken
from dialog.moderation.masking import also_found_in
from dialog.moderation.operations import MayNotDecide
from dialog.moderation.queries import queue
from dialog.moderation.rules import Ground, may_be_masked
from dialog.notify import letters
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.reports.rules import Reason, ReportState
from dialog.response.models import Matter
from dialog.response.quoting import answers_holding
from dialog.states import Stale, UnlistedMove
from tests import counts
from tests.moderation.deciding import HIDDEN, PUBLISHED, RECEIVED, WITHDRAWN, decisions, in_state, log
from tests.world import ANSWER, GOAL_2024

NAME = "Eva Strömberg"
TEXT = f"Läraren {NAME} i Häggenås är ofta sjuk. EVA strömbergs klass får ingen buss."
SHOWN = "Läraren [personuppgift borttagen] i Häggenås är ofta sjuk. [personuppgift borttagen]s klass får ingen buss."

# What masking makes of a comment in each state, and whether it can be done while hiding it waits for a second person.
# Of what is withdrawn nothing is shown to take out; what waits and is proposed to be hidden is the second one's.
MASKING = [
    (RECEIVED, PUBLISHED, False),
    (PUBLISHED, PUBLISHED, True),
    (HIDDEN, PUBLISHED, False),
    (WITHDRAWN, None, False),
]


@pytest.mark.parametrize(("state", "to", "also_when_proposed"), MASKING)
def test_the_moves_of_masking(state, to, also_when_proposed):
    moves = {end: move for (start, end), move in MASKING_MOVES.items() if start == state}
    assert set(moves) == ({to} if to else set())
    assert all(move.act == Act.MASK and move.needs_reason and move.tells_author for move in moves.values())
    assert may_be_masked(state) is (to is not None)
    assert may_be_masked(state, is_proposed=True) is also_when_proposed


def test_what_is_taken_out_is_shown_again_where_the_comment_stands():
    """Only what is shown, or waits since a rule took it out of view; who hides or withdraws it ends the question."""
    assert set(UNMASKING_MOVES) == {(PUBLISHED, PUBLISHED), (RECEIVED, RECEIVED)}


def texts(comment) -> list[tuple]:
    rows = (
        select(CommentWording).where(CommentWording.comment_id == comment.id).order_by(CommentWording.number)
    )
    return [(one.number, one.text, one.masks, one.sealed_for) for one in db.session.scalars(rows)]


@pytest.mark.parametrize(("state", "to"), [(state, to) for state, to, _ in MASKING])
def test_masking_by_state(world, state, to):
    comment = in_state(world, state)
    before = log(comment)
    if to is None:
        with pytest.raises(UnlistedMove):
            world.masked(comment, "Häggenås")
        assert log(comment) == before
        return
    world.masked(comment, "häggenås")
    assert (comment.state, comment.review_since, comment.is_masked) == (to, None, True)
    assert "Häggenås" not in comment.words.text and "[personuppgift borttagen]" in comment.words.text
    assert '<span class="taken-out">[personuppgift borttagen]</span>' in comment.words.html
    assert log(comment)[len(before) :] == ["comment.masked", *(["comment.published"] if state != to else [])]
    decision = decisions(comment)[-1]
    assert (decision.act, decision.ground, decision.wording) == (Act.MASK, Ground.PERSONAL_DATA, 2)
    assert [
        matter.state for matter in db.session.scalars(select(Matter).filter_by(comment_id=comment.id))
    ] == ["due"]
    counts.assert_right()
    assert first_broken() is None


def test_every_wording_that_holds_it_is_sealed_and_no_other(world):
    world.trusted(world.nils)
    comment = world.say(world.nils, f"Först stod det så här om {NAME}.")
    world.edit(comment, "Sedan stod det bara om klassen i Häggenås.")
    world.edit(comment, TEXT)
    world.masked(comment, NAME)
    assert texts(comment) == [
        (1, f"Först stod det så här om {NAME}.", None, 4),
        (2, "Sedan stod det bara om klassen i Häggenås.", None, None),
        (3, TEXT, None, 4),
        (4, SHOWN, 3, None),
    ]
    for person in (None, world.nils, world.mona, world.rikard):
        assert [one.number for one in earlier_wordings(comment, person)] == [2]
    event = db.session.scalars(select(Event).where(Event.kind == "comment.masked")).one()
    assert event.details["sealed"] == [1, 3] and NAME not in str(event.details)


def test_more_can_be_taken_out_later_and_marks_stay_whole(world):
    comment = world.masked(world.published(text=TEXT), NAME)
    world.masked(comment, "Häggenås", by=world.max)
    assert comment.words.text == SHOWN.replace("Häggenås", "[personuppgift borttagen]")
    with pytest.raises(NothingTakenOut):
        world.masked(comment, "personuppgift")  # which stands in the marks alone
    assert [sealed_for for *_, sealed_for in texts(comment)] == [2, 3, None]


@pytest.mark.parametrize(
    ("passages", "why"),
    [(["Adam"], NothingTakenOut), ([], NothingTakenOut), ([""], NothingTakenOut), ([TEXT], NothingLeft)],
)
def test_what_is_not_there_is_not_taken_out_and_something_is_left(world, passages, why):
    comment = world.published(text=TEXT)
    with pytest.raises(why):
        world.masked(comment, *passages)
    assert (texts(comment), log(comment)[-1]) == ([(1, TEXT, None, None)], "comment.published")


def test_a_passage_is_found_over_the_end_of_a_line(world):
    comment = world.masked(world.published(text="Fråga Eva\nStrömberg om bussen till Häggenås."), NAME)
    assert comment.words.text == "Fråga [personuppgift borttagen] om bussen till Häggenås."


def test_the_same_again_changes_nothing_and_what_was_changed_meanwhile_is_refused(world):
    comment = world.published(text=TEXT)
    seen = comment.version
    world.masked(comment, NAME)
    rows = texts(comment)
    world.masked(comment, NAME, seen=seen)  # as whoever pressed the button twice saw it
    assert (texts(comment), len(decisions(comment))) == (rows, 2)
    with pytest.raises(Stale):
        world.masked(comment, "buss", seen=seen)
    assert texts(comment) == rows


@pytest.mark.parametrize("name", ["rut", "nils", "eva", "rikard", "karin", "adam"])
def test_only_moderators_may(world, name):
    comment = world.published(text=TEXT)
    with pytest.raises(MayNotDecide):
        world.masked(comment, NAME, by=world.people[name])


def test_no_moderator_masks_their_own_and_none_what_waits_for_a_second_out_of_view(world):
    with pytest.raises(MayNotDecide):
        world.masked(world.published(world.rut, TEXT), NAME, by=world.rut)
    waits = world.say(text=TEXT)
    world.proposed(waits)
    with pytest.raises(UnlistedMove):
        world.masked(waits, NAME, by=world.max)


def test_it_is_found_without_what_was_taken_out_and_counted_as_before(world, app):
    visitor = app.test_client()
    parent = world.published(world.rut, "Ett inlägg som någon har svarat på.")
    comment = world.published(text=TEXT, parent=parent)
    assert "Strömberg" in visitor.get(GOAL_2024).text
    assert comment.number in visitor.get("/sok?q=strömberg").text
    world.masked(comment, NAME)
    for address in (
        GOAL_2024,
        f"/inlagg/{comment.number}",
        f"/inlagg/{parent.number}",
        "/sok?q=läraren",
        "/",
    ):
        page = visitor.get(address).text
        assert "Strömberg" not in page and "strömberg" not in page, address
    assert "[personuppgift borttagen]" in visitor.get(GOAL_2024).text
    assert comment.number not in visitor.get("/sok?q=strömberg").text
    assert comment.number in visitor.get("/sok?q=läraren").text
    assert (
        "En moderator tog bort personuppgifter ur inlägget" in visitor.get(f"/inlagg/{comment.number}").text
    )
    assert "took personal data out of the comment" in visitor.get(f"/en/inlagg/{comment.number}").text
    counts.assert_right()


def test_the_author_is_told_why_how_to_have_it_looked_at_and_until_when_but_not_what(world, client):
    comment = world.masked(world.published(text=TEXT), NAME)
    letter = db.session.scalars(select(Letter).where(Letter.kind == LetterKind.MASKED)).one()
    message = letters.write(letter)
    assert letter.address == "nils@example.org"
    for words in (
        "> Du skrev ut vem det handlar om.",
        "september 2026",
        f"{comment.receipt_key}/ny-provning",
    ):
        assert words in message.body
    receipt = client.get(f"/kvitto/{comment.receipt_key}").text
    for words in (
        "Varför något är borttaget",
        "Du skrev ut vem det handlar om.",
        "Personuppgifter borttagna",
    ):
        assert words in receipt
    assert "Strömberg" not in message.subject + message.body + receipt
    # It is not changed by its author, who could put back what was taken out.
    world.sign_in(client, world.nils)
    assert "går inte längre att ändra" in client.get(f"/inlagg/{comment.number}/andra").text


def test_letters_that_waited_quote_what_is_shown_now(world):
    comment = world.published(text=TEXT)
    world.answered(comment)
    world.masked(comment, NAME)
    written = {}
    for letter in db.session.scalars(select(Letter).where(Letter.person_id == world.nils.id)):
        written[letter.kind] = letters.write(letter).body
    assert set(written) == {LetterKind.RECEIPT, LetterKind.PUBLISHED, LetterKind.ANSWERED, LetterKind.MASKED}
    assert "[personuppgift borttagen]" in written[LetterKind.ANSWERED]
    assert not any("strömberg" in body.lower() for body in written.values())


def test_an_answer_stands_with_the_words_that_are_shown_now(world, app):
    comment = world.published(text=TEXT)
    response = world.answered(comment)
    world.masked(comment, NAME)
    page = app.test_client().get(f"/svar/{response.id}").text
    assert "[personuppgift borttagen]" in page and "tidigare version" not in page and "Strömberg" not in page


def test_where_else_it_stands_is_found(world):
    comment = world.published(text=TEXT)
    quoting = world.published(world.rut, f"Jag känner {NAME} väl.", parent=comment)
    world.published(world.rut, "Jag vet inte vem det är.", parent=comment)
    words = type(ANSWER)(**{**vars(ANSWER), "because": f"Vi har talat med {NAME}."})
    response = world.answered(comment, words=words)
    assert also_found_in(comment, [NAME]) == [quoting]
    assert also_found_in(quoting, [NAME]) == [comment]
    assert answers_holding(comment, [NAME]) == [response] and answers_holding(comment, ["Adam"]) == []


def test_a_moderator_is_shown_what_stands_for_what_a_reply_was_written_to(world):
    comment = world.published(world.rut, TEXT)
    reply = world.say(world.nils, "Det håller jag inte med om alls.", parent=comment)
    world.masked(comment, NAME)
    background = queue(world.max, now=clock.now()).background
    assert background.replied_to[reply.id].text == SHOWN


def test_what_was_reported_of_it_is_upheld(world, client):
    comment = world.published(text=TEXT)
    voice = world.reported(comment, world.rut, Reason.PERSONAL_DATA)
    world.masked(comment, NAME)
    db.session.refresh(voice.report)
    assert voice.report.state == ReportState.UPHELD
    assert "Personuppgifter är borttagna ur det" in client.get(f"/anmalan/{voice.key}").text


def test_the_public_log_says_it_and_not_what(world, client):
    world.masked(world.published(text=TEXT), NAME)
    page = client.get("/moderering/logg").text
    assert "Personuppgifter borttagna, resten visas" in page and "Strömberg" not in page


@pytest.mark.parametrize("then", ["hide", "withdraw"])
def test_it_stays_masked_whatever_becomes_of_it(world, app, then):
    comment = world.masked(world.published(text=TEXT), NAME)
    if then == "hide":
        world.decide(world.decide(comment, "hide", world.max), "restore")
        assert (comment.state, comment.is_masked, comment.words.text) == (PUBLISHED, True, SHOWN)
    else:
        world.withdraw(comment)
        assert comment.state == CommentState.WITHDRAWN
    client = app.test_client()
    for person in (world.nils, world.mona):
        world.sign_in(client, person)
        assert "Strömberg" not in client.get(f"/inlagg/{comment.number}").text
    counts.assert_right()
