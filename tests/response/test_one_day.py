"""The day an answer is due is one day, whichever door it is read through, and nobody's day is changed in silence."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from dialog.conversation.models import Comment
from dialog.db import clock, db, transaction
from dialog.notify.letters import NotWanted, write
from dialog.notify.models import Letter
from dialog.notify.telling import remind_of_what_is_late
from dialog.plan.operations import edit_entry
from dialog.response.delays import explain_delay
from dialog.response.models import Matter
from dialog.response.rules import MAY_BE_OWED
from tests import counts
from tests.world import GOAL_2024

WHY = "Vi väntar på en mätning av trafiken."
MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli")
DAY = re.compile(r'datetime="(\d{4}-\d\d-\d\d)"')  # a moment has a time too


@pytest.fixture
def comment(world) -> Comment:
    """A comment that KS is to answer by 25 March 2026."""
    return world.published(world.rut, "När börjar kvällsbussen till Häggenås gå?")


def at(year: int, month: int, day: int) -> None:
    clock.set(datetime(year, month, day, 9, tzinfo=UTC))


def promise(world, days: int, committee: str = "KS") -> None:
    """Let a committee promise its answers within so many working days from now on."""
    body = world.committee(committee)
    with transaction():
        edit_entry(body, seen=body.version, actor_id=world.adam.id, now=clock.now(), answer_days=days)


def said_to_take_longer(world, comment: Comment, promised_on: str) -> None:
    [matter] = world.matters("KS", comment)
    with transaction():
        explain_delay(matter, WHY, date.fromisoformat(promised_on), officer=world.olle, now=clock.now())


def due_of(comment: Comment) -> date:
    """The day that is stored, of the one answer that is owed."""
    db.session.expire_all()
    owed = select(Matter.due_on).where(Matter.comment_id == comment.id, Matter.state.in_(MAY_BE_OWED))
    return db.session.scalars(owed).one()


def in_time(world, comment) -> None:
    """Nothing happens."""


def with_another_promise(world, comment) -> None:
    promise(world, 3)


def due_today(world, comment) -> None:
    promise(world, 30)
    at(2026, 3, 25)


def late(world, comment) -> None:
    at(2026, 3, 26)
    promise(world, 3)


def very_late(world, comment) -> None:
    at(2026, 4, 13)


def paused(world, comment) -> None:
    promise(world, 3)
    world.paused("2026-03-16", "2026-03-20")


def paused_now(world, comment) -> None:
    world.paused("2026-03-16", "2026-03-20")
    at(2026, 3, 17)
    promise(world, 3)


def paused_and_late(world, comment) -> None:
    world.paused("2026-03-16", "2026-03-20")
    at(2026, 4, 2)


def forwarded(world, comment) -> None:
    promise(world, 5, "TN")
    world.forwarded(world.matters("KS", comment)[0])
    promise(world, 20, "TN")


def forwarded_in_a_pause_that_was_told_of(world, comment) -> None:
    world.paused("2026-03-12", "2026-03-20")
    world.paused("2026-03-23", "2026-03-27", committee="TN")
    at(2026, 3, 13)
    world.forwarded(world.matters("KS", comment)[0])


def forwarded_after_a_delay(world, comment) -> None:
    said_to_take_longer(world, comment, "2026-06-30")
    clock.forward(minutes=1)
    world.forwarded(world.matters("KS", comment)[0])


def reopened(world, comment) -> None:
    response = world.answered(comment)
    at(2026, 3, 18)
    promise(world, 3)
    world.judged(comment, response, "no", "Det saknas ett datum i svaret.")
    promise(world, 20)


def reopened_and_paused(world, comment) -> None:
    response = world.answered(comment)
    world.paused("2026-03-16", "2026-03-20")
    at(2026, 3, 17)
    world.judged(comment, response, "no", "Det saknas ett datum i svaret.")


def reopened_after_a_delay(world, comment) -> None:
    said_to_take_longer(world, comment, "2026-06-30")
    at(2026, 3, 18)
    world.judged(comment, world.answered(comment), "no", "Det saknas ett datum i svaret.")


def hidden_for_a_while(world, comment) -> None:
    world.decide(comment, "hide")
    promise(world, 3)
    world.paused("2026-03-16", "2026-03-20")
    at(2026, 3, 18)
    world.decide(comment, "restore")


def hidden_until_it_was_late(world, comment) -> None:
    world.decide(comment, "hide")
    at(2026, 3, 27)
    world.decide(comment, "restore")


def delayed(world, comment) -> None:
    said_to_take_longer(world, comment, "2026-04-30")


def delayed_and_late(world, comment) -> None:
    said_to_take_longer(world, comment, "2026-04-30")
    at(2026, 3, 26)


def delayed_in_vain(world, comment) -> None:
    said_to_take_longer(world, comment, "2026-03-27")
    at(2026, 3, 30)


def delayed_and_overtaken_by_a_pause(world, comment) -> None:
    said_to_take_longer(world, comment, "2026-03-27")
    world.paused("2026-03-16", "2026-03-20")


# What happens to it, when its answer is due then, and for which day it has been promised anew.
STATES = [
    (in_time, "2026-03-25", None),
    (with_another_promise, "2026-03-25", None),
    (due_today, "2026-03-25", None),
    (late, "2026-03-25", None),
    (very_late, "2026-03-25", None),
    (paused, "2026-04-01", None),
    (paused_now, "2026-04-01", None),
    (paused_and_late, "2026-04-01", None),
    (forwarded, "2026-03-18", None),
    (forwarded_in_a_pause_that_was_told_of, "2026-04-07", None),
    (forwarded_after_a_delay, "2026-03-25", None),
    (reopened, "2026-03-23", None),
    (reopened_and_paused, "2026-04-07", None),
    (reopened_after_a_delay, "2026-04-01", None),
    (hidden_for_a_while, "2026-04-01", None),
    (hidden_until_it_was_late, "2026-03-25", None),
    (delayed, "2026-03-25", "2026-04-30"),
    (delayed_and_late, "2026-03-25", "2026-04-30"),
    (delayed_in_vain, "2026-03-25", "2026-03-27"),
    (delayed_and_overtaken_by_a_pause, "2026-04-01", None),
]


def doors(world, comment: Comment) -> dict[str, str]:
    """What each page and letter says of when the answer comes, by where it stands, each the part that says so."""
    [matter] = db.session.scalars(
        select(Matter).where(Matter.comment_id == comment.id, Matter.state == "due")
    )
    slug, officer = matter.committee.slug, world.tore if matter.committee.code == "TN" else world.olle
    visitor = world.app.test_client()
    inside, author = world.app.test_client(), world.app.test_client()
    world.sign_in(inside, officer)
    world.sign_in(author, world.rut)
    card = rf'<article class="comment" id="inlagg-{comment.number}">.*?</article>'
    places = {
        "the goal": (visitor, GOAL_2024, card),
        "the goal, signed in": (author, GOAL_2024, card),
        "the comment": (visitor, f"/inlagg/{comment.number}", card),
        "the receipt": (
            visitor,
            f"/kvitto/{comment.receipt_key}",
            r'<li class="way__step[^>]*aria-current.*?</li>',
        ),
        "my comments": (author, "/mina-inlagg", card),
        "the inbox": (inside, f"/namnd/{slug}/inkorg", r'<li class="matter .*?</li>'),
        "the matter": (inside, f"/namnd/{slug}/arende/{matter.id}", r'<p class="lead">.*?</p>'),
    }
    found = {}
    for where, (client, address, part) in places.items():
        [found[where]] = re.findall(part, client.get(address).text, re.DOTALL)
    return found


FOOT = re.compile(r'<p class="standing standing--\w+">.*?</p>', re.DOTALL)  # where a card says it


def days_in(words: str) -> set[str]:
    """The days, and no moments, that are named."""
    return set(DAY.findall(words))


@pytest.mark.parametrize(
    ("happens", "due", "anew"), STATES, ids=lambda value: getattr(value, "__name__", None)
)
def test_each_page_says_the_same_day(world, comment, happens, due, anew):
    world.app.test_client().get(GOAL_2024)  # kept as it was before
    happens(world, comment)
    assert due_of(comment) == date.fromisoformat(due)
    days = {due, anew} if anew else {due}
    for where, words in doors(world, comment).items():
        said = "".join(FOOT.findall(words)) or words
        if where == "the receipt":
            said = re.sub(
                r'<p class="hint">.*?</p>', "", said
            )  # the days of a pause, and what was said before
        assert not re.search(r"\s[.,]", re.sub("<[^>]+>", "", said)), f"{where}: a space before a stop."
        if where == "the matter":
            assert days_in(said) == {due}, where
        elif not (happens is due_today and where == "the inbox"):  # which says "today"
            assert days_in(said) == days, where
    counts.assert_right()


def days_in_words(words: str) -> set[str]:
    """The days that a letter names, in Swedish, by their numbers."""
    found = re.findall(rf"(\d+) ({'|'.join(MONTHS)}) (\d{{4}})", words)
    return {f"{year}-{1 + MONTHS.index(month):02d}-{int(day):02d}" for day, month, year in found}


@pytest.mark.parametrize(
    ("happens", "due", "anew"), STATES, ids=lambda value: getattr(value, "__name__", None)
)
def test_each_letter_says_that_day_and_promises_none_that_has_been(world, comment, happens, due, anew):
    happens(world, comment)
    remind_of_what_is_late(clock.now())
    very_late_on = db.session.scalars(select(Matter.very_late_on).where(Matter.state == "due")).one()
    about = select(Letter).where(Letter.subject_id == comment.id, Letter.kind.in_(SAYS_THE_DAY))
    bodies = {}
    for letter in db.session.scalars(about.order_by(Letter.id)):
        with suppress(NotWanted):
            bodies[letter.kind] = write(letter).body
    assert bodies, "The letter that it is published is there in any case."
    is_late = clock.today() > date.fromisoformat(due)
    for kind, body in bodies.items():
        named = days_in_words(body) - {very_late_on.isoformat()}
        assert named == ({due, anew} if anew else {due}), kind
        assert not (is_late and "senast den" in body), kind


SAYS_THE_DAY = ("published", "receipt", "forwarded", "late")


def test_where_some_answers_are_late_and_others_to_come_the_letter_says_which(world):
    promise(world, 3, "TN")
    comment = world.published(world.rut, "Vem sköter vägen?", assignment=world.assignment(2))
    world.decide(comment, "hide")
    at(2026, 3, 17)
    world.decide(comment, "restore")
    letter = db.session.scalars(select(Letter).where(Letter.kind == "published")).all()[-1]
    body = write(letter).body
    assert "Svaret från Tekniska nämnden skulle ha kommit den 16 mars 2026, och är försenat." in body
    assert "Svaret från Kommunstyrelsen kommer senast den 25 mars 2026." in body
    assert "det sista" not in body


@pytest.mark.parametrize("day", [20, 27])
def test_what_waits_to_be_shown_again_has_the_day_it_had_on_its_receipt(world, comment, day):
    world.decide(comment, "hide")
    at(2026, 3, day)
    world.edit(comment, "När börjar kvällsbussen gå? Och varifrån går den?")
    shown = world.app.test_client().get(f"/kvitto/{comment.receipt_key}").text
    assert "från att det publiceras" not in shown
    [step] = re.findall(r"<h2>Kommunstyrelsen svarar</h2>(.*?)</li>", shown, re.DOTALL)
    assert days_in(step) == {"2026-03-25"}
    assert ("skulle ha kommit" in step) == (day == 27)
    world.decide(comment, "publish")
    assert due_of(comment) == date(2026, 3, 25)
