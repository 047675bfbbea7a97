"""Looking again: who may, what follows for everybody, and what happens when the comment goes on meanwhile."""

import pytest
from sqlalchemy import func, select, update

from dialog.appeals.models import Appeal
from dialog.appeals.operations import MayNotSettle
from dialog.conversation.models import Comment
from dialog.db import clock, db, transaction
from dialog.events import Event, first_broken
from dialog.moderation.models import Decision
from dialog.notify import letters
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.permissions import allowed
from dialog.response.models import Matter
from dialog.states import Stale, UnlistedMove
from tests import counts
from tests.test_house_rules import queries_of
from tests.world import GOAL_2024

PAGE = "/moderering/provningar"
REASONS = "Jag har läst inlägget med nya ögon."


@pytest.fixture
def appeal(world):
    return world.appealed(world.decide(world.published(world.nils), "hide"))


def send(client, appeal, outcome="granted", **changes):
    data = {"seen": str(appeal.version), "outcome": outcome, "reasons": REASONS, **changes}
    return client.send("/logga-in", data, to=f"{PAGE}/{appeal.id}")


def come_in(world, app, name):
    client = app.test_client()
    world.sign_in(client, world.people[name])
    return client


def about(world, author=None, decided_by=None, registered_by=None):
    """An open appeal about a comment by `author`, hidden by `decided_by`, put on record by `registered_by`."""
    comment = world.published(author or world.nils, "Ett inlägg som döljs och prövas.")
    world.decide(comment, "hide", next(one for one in (world.mona, world.max) if one is not author))
    if decided_by:
        with transaction():
            db.session.execute(update(Decision).values(decided_by_id=decided_by.id))
    if registered_by:
        with transaction():
            values = {"registered_by_id": registered_by.id, "channel": "phone", "received_on": clock.today()}
            db.session.execute(update(Comment).where(Comment.id == comment.id).values(values))
    db.session.expire_all()
    return world.appealed(comment)


# Role × whose comment and decision × state: only a moderator without a part in it, and only once.
PARTS = {
    "others": {},
    "wrote it": {"author": True},
    "decided it": {"decided_by": True},
    "put it on record": {"registered_by": True},
}


OTHER_ROLES = ("rut", "olle", "eva", "rikard", "karin", "adam")


@pytest.mark.parametrize(
    ("name", "part"), [*(("max", part) for part in PARTS), *((name, "others") for name in OTHER_ROLES)]
)
def test_only_a_moderator_without_a_part_in_it_may(world, name, part):
    person = world.people[name]
    appeal = about(world, **dict.fromkeys(PARTS[part], person))
    may = name == "max" and part == "others"
    assert allowed("settle_appeal", person, appeal) == may
    for to in ("granted", "denied"):
        if not may:
            with pytest.raises(MayNotSettle):
                world.settle(appeal, to, person)
    assert appeal.state == "open"


@pytest.mark.parametrize("first", ["granted", "denied", "lapsed"])
@pytest.mark.parametrize("then", ["granted", "denied"])
def test_what_is_settled_stays_so_and_the_same_again_changes_nothing(world, appeal, first, then):
    if first == "lapsed":
        world.edit(appeal.comment, "Helt andra ord om bussen i byn.")
    else:
        world.settle(appeal, first)
    db.session.expire_all()
    events = db.session.scalar(select(func.count()).select_from(Event))
    if first == then:
        world.settle(appeal, then)
    else:
        with pytest.raises((Stale, UnlistedMove)):
            world.settle(appeal, then)
    db.session.expire_all()
    assert appeal.state == first
    assert db.session.scalar(select(func.count()).select_from(Event)) == events


def picture(world, comment) -> dict:
    """What a comment is to everybody: its place, date, words, counts, replies, search and clocks."""
    db.session.expire_all()
    clocks = db.session.execute(
        select(Matter.committee_id, Matter.state, Matter.opened_at, Matter.due_on).where(
            Matter.comment_id == comment.id
        )
    ).all()
    visitor = world.app.test_client()
    goal = visitor.get(GOAL_2024).text
    found = visitor.get("/sok?q=tussilago").text
    page = visitor.get(f"/inlagg/{comment.number}")
    return {
        "state": comment.state,
        "published_at": comment.published_at,
        "shown_from": [wording.shown_from for wording in comment.wordings],
        "counts": (comment.goal.comment_count, comment.assignment.comment_count, comment.reply_count),
        "answered": (comment.goal.answered_count, comment.answered_at),
        "clocks": sorted(map(tuple, clocks), key=str),
        "order": [goal.find(words) >= 0 for words in ("Förstainlägget", "tussilago", "Sistainlägget")],
        "place": goal.find("Sistainlägget") < goal.find("tussilago") < goal.find("Förstainlägget"),
        "search": comment.number in found,
        "page": (page.status_code, "Repliken står kvar" in page.text),
    }


def test_granting_restores_everything(world):
    world.published(world.rut, "Förstainlägget, som står längst ned.")
    comment = world.published(world.nils, "Plantera tussilago vid skolan.", assignment=world.assignment(2))
    world.published(world.vera, "Repliken står kvar hela tiden.", parent=comment)
    world.published(world.rut, "Sistainlägget, som står längst upp.")
    before = picture(world, comment)
    assert (before["place"], before["search"], len(before["clocks"])) == (True, True, 4)
    clock.forward(days=20)
    world.decide(comment, "hide")
    hidden = picture(world, comment)
    assert not hidden["search"] and hidden["counts"] != before["counts"]
    clock.forward(days=9)
    world.settle(world.appealed(comment), "granted")
    # The clocks too: who was promised an answer by a day still is, though nobody could answer meanwhile.
    assert picture(world, comment) == before
    counts.assert_right()
    assert first_broken() is None


def test_an_answer_is_there_again(world):
    comment = world.published(world.nils)
    world.answered(comment)
    db.session.expire_all()
    shown = comment.answered_at
    world.decide(comment, "hide")
    world.settle(world.appealed(comment), "granted")
    db.session.expire_all()
    assert comment.answered_at == shown
    states = select(Matter.state).where(Matter.comment_id == comment.id)
    assert set(db.session.scalars(states)) == {"answered"}
    counts.assert_right()


def test_the_wrong_decision_stays_with_its_correction(world, appeal):
    world.settle(appeal, "granted")
    hide, restore = db.session.scalars(
        select(Decision).where(Decision.act.in_(("hide", "restore"))).order_by(Decision.id)
    ).all()
    assert hide.overturned_at == restore.decided_at == appeal.settled_at
    assert (hide.reasons, restore.decided_by_id) == ("Det handlar inte om målet.", world.max.id)


def test_denying_leaves_it_and_says_where_else_one_can_turn(world, app, appeal):
    client = come_in(world, app, "max")
    assert send(client, appeal, "denied").status_code == 303
    db.session.expire_all()
    assert (appeal.state, appeal.comment.state) == ("denied", "hidden")
    receipt = app.test_client().get(f"/kvitto/{appeal.comment.receipt_key}").text
    assert REASONS in receipt and "Justitieombudsmannen" in receipt
    assert 'ny-provning"' in receipt and '/ny-provning"' not in receipt


def bodies(kind: LetterKind) -> dict[str, letters.Message]:
    found = db.session.scalars(select(Letter).where(Letter.kind == kind)).all()
    return {letter.address: letters.write(letter) for letter in found}


def test_both_are_told_with_reasons_when_it_is_denied(world, appeal):
    world.settle(appeal, "denied")
    told = bodies(LetterKind.APPEAL_SETTLED)
    assert set(told) == {"nils@example.org", "mona@example.org"}
    assert all(f"> {REASONS}" in message.body for message in told.values())
    assert "JO" in told["nils@example.org"].body and appeal.text in told["nils@example.org"].body
    assert "står fast" in told["mona@example.org"].subject
    assert not any("Max" in message.body for message in told.values())


def test_both_are_told_with_reasons_when_it_is_granted_and_the_author_once(world, appeal):
    world.settle(appeal, "granted")
    told = bodies(LetterKind.APPEAL_SETTLED)
    assert set(told) == {"mona@example.org"}
    assert f"> {REASONS}" in told["mona@example.org"].body and "är ändrat" in told["mona@example.org"].subject
    newest = select(Letter).where(Letter.kind == LetterKind.PUBLISHED).order_by(Letter.id.desc()).limit(1)
    message = letters.write(db.session.scalars(newest).one())
    assert "visas igen" in message.subject and f"> {REASONS}" in message.body


def test_the_letter_of_a_hidden_comment_says_how_to_ask_and_until_when(world, appeal):
    body = bodies(LetterKind.HIDDEN)["nils@example.org"].body if appeal.state == "open" else ""
    assert f"/kvitto/{appeal.comment.receipt_key}/ny-provning" in body
    assert "september 2026" in body and "Inlägget handlar om något annat" in body


@pytest.mark.parametrize("how", ["edit", "restore", "mask"])
def test_a_comment_that_goes_on_meanwhile_ends_the_appeal(world, app, appeal, how):
    comment = appeal.comment
    if how == "mask":
        world.masked(comment, "Häggenås")
    elif how == "edit":
        world.edit(comment, "Helt andra ord om bussen i byn.")
    else:
        world.decide(comment, "restore")
    db.session.expire_all()
    assert (appeal.state, appeal.settled_by_id) == ("lapsed", None)
    client = come_in(world, app, "max")
    assert "Inget väntar på dig." in client.get(PAGE).text
    response = send(client, appeal, "granted")
    assert response.status_code == 409
    assert "Avslutad" in app.test_client().get(f"/kvitto/{comment.receipt_key}").text


def test_the_page_shows_what_waits_and_that_others_look_at_ones_own(world, app, appeal):
    mona, another = come_in(world, app, "mona").get(PAGE).text, come_in(world, app, "max").get(PAGE).text
    assert "Andra prövar de här" in mona and appeal.text not in mona and appeal.comment.number in mona
    for words in (
        appeal.text,
        appeal.comment.words.text,
        "Det handlar inte om målet.",
        "Låt beslutet stå fast",
    ):
        assert words in another, words
    assert "Andra prövar" not in another


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"reasons": ""}, "Skriv varför du beslutar så."),
        ({"reasons": "Nej."}, "Skriv minst 10 tecken."),
        ({"outcome": "open"}, "Välj om inlägget ska visas igen."),
        ({"seen": "x"}, "Något i formuläret"),
    ],
)
def test_what_does_not_fit_is_said_and_stays(world, app, appeal, changes, problem):
    response = send(come_in(world, app, "max"), appeal, **changes)
    assert response.status_code == 422
    assert problem in response.text and changes.get("reasons", REASONS) in response.text
    db.session.expire_all()
    assert appeal.state == "open"


def test_nobody_settles_their_own_by_the_address_either(world, app, appeal):
    assert send(come_in(world, app, "mona"), appeal).status_code == 403
    assert send(come_in(world, app, "rut"), appeal).status_code == 403
    assert send(app.test_client(), appeal).status_code == 401
    assert send(come_in(world, app, "max"), appeal, seen="0").status_code == 409


def test_an_appeal_that_is_not_there(world, app, appeal):
    client = come_in(world, app, "max")
    assert client.send("/logga-in", to=f"{PAGE}/99999").status_code == 404


@pytest.mark.parametrize("outcome", ["granted", "denied"])
def test_a_second_moderator_is_told_kindly_what_was_decided_and_loses_no_words(world, app, appeal, outcome):
    world.settle(appeal, "denied")
    client = come_in(world, app, "max")
    words = "Jag har läst det en gång till, och tänkt efter."
    sent = {"seen": "1", "outcome": outcome, "reasons": words}
    response = client.send("/logga-in", sent, to=f"{PAGE}/{appeal.id}")
    assert response.status_code == 409
    assert "En annan moderator lät beslutet stå fast" in response.text and words in response.text


def test_the_page_goes_on_and_asks_a_constant_number_of_queries(world, app, appeal):
    client = come_in(world, app, "max")
    few = len(queries_of(app, client, PAGE))
    world.trusted(world.rut)
    for number in range(22):
        comment = world.say(world.rut, f"Inlägg nummer {number}, som döljs och prövas.")
        world.appealed(world.decide(comment, "hide"))
    assert len(queries_of(app, client, PAGE)) == few
    page = client.get(PAGE).text
    assert page.count("<article") == 20 and "Visa det som har väntat kortare" in page
    last = db.session.scalar(select(Appeal.id).order_by(Appeal.id).offset(19).limit(1))
    assert client.get(f"{PAGE}?efter={last}").text.count("<article") == 3
