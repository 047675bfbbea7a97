"""Why an answer takes longer and when it comes instead: said in public and to whoever asked, and no clock is moved."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from dialog.db import clock, db, transaction
from dialog.notify.letters import NotWanted, write
from dialog.notify.models import Letter
from dialog.notify.sending import send_waiting
from dialog.notify.telling import remind_of_what_is_late
from dialog.response.delays import explain_delay
from dialog.response.models import Delay, Matter
from dialog.response.rules import Foretold, Lateness, WhyNotThen, foretold, why_not_then
from dialog.states import UnlistedMove
from tests import counts
from tests.notify.conftest import recorder
from tests.test_house_rules import MOST_QUERIES_ELSEWHERE, queries_of

__all__ = ["recorder"]
WHY = "Vi väntar på en mätning av trafiken."
FORM = {"reason": WHY, "promised_on": "2026-04-30"}
LATE = datetime(2026, 3, 26, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sentence", "day", "why"),
    [
        ("A later day than the promised one.", "2026-03-26", None),
        ("Not the promised day itself: that is in time.", "2026-03-25", WhyNotThen.IN_TIME),
        ("Not today.", "2026-03-11", WhyNotThen.PAST),
        ("Not a day that has been.", "2026-01-01", WhyNotThen.PAST),
        ("Within a year.", "2027-03-12", None),
        ("Not further away.", "2027-03-13", WhyNotThen.TOO_FAR),
    ],
)
def test_for_which_days_an_answer_can_be_promised_anew(sentence, day, why):
    assert why_not_then(date.fromisoformat(day), date(2026, 3, 25), date(2026, 3, 11)) == why, sentence


# Of an answer due on 25 March.
@pytest.mark.parametrize(
    ("sentence", "promised", "today", "stands"),
    [
        ("A day that is still to come.", "2026-03-27", "2026-03-26", Foretold.TO_COME),
        ("The day itself is still to come.", "2026-03-27", "2026-03-27", Foretold.TO_COME),
        ("The day after, that has passed too.", "2026-03-27", "2026-03-28", Foretold.PASSED),
        ("Due that very day, it takes no longer.", "2026-03-25", "2026-03-11", Foretold.NOT_LATER),
        ("Due later than that, still less.", "2026-03-20", "2026-03-11", Foretold.NOT_LATER),
        ("Nor has anything passed that nobody waits for.", "2026-03-20", "2026-03-26", Foretold.NOT_LATER),
    ],
)
def test_how_the_day_stands_for_which_an_answer_is_promised_anew(sentence, promised, today, stands):
    days = (date.fromisoformat(day) for day in (promised, "2026-03-25", today))
    assert foretold(*days) == stands, sentence


@pytest.fixture
def matter(world):
    """Something that KS is to answer by 25 March 2026, and hasn't on the day after."""
    [one] = world.matters("KS", world.published(world.rut, "När börjar kvällsbussen till Häggenås gå?"))
    clock.set(LATE)
    return one


@pytest.fixture
def olle(world, client, matter):
    world.sign_in(client, world.olle)
    return client


def address(matter: Matter, where: str = "/drojer") -> str:
    return f"/namnd/ks/arende/{matter.id}{where}"


def say(client, matter: Matter, **changes):
    return client.send(address(matter, ""), FORM | changes, to=address(matter))


def test_whoever_asked_is_told_and_everybody_reads_it_and_it_is_late_all_the_same(
    world, olle, app, matter, recorder
):
    due = matter.due_on
    assert say(olle, matter).status_code == 303
    db.session.refresh(matter)
    assert (matter.due_on, matter.lateness(clock.today())) == (due, Lateness.LATE)
    visitor = app.test_client()
    for page in (f"/inlagg/{matter.comment.number}", f"/kvitto/{matter.comment.receipt_key}"):
        shown = visitor.get(page).text
        assert WHY in shown, page
        assert 'datetime="2026-04-30"' in shown
        assert "örsenat" in shown
    send_waiting(recorder)
    [message] = [one for letter, one in recorder.sent if letter.kind == "late"]
    assert message.subject == f"Svaret på ditt inlägg {matter.comment.number} dröjer"
    assert WHY in message.body
    assert "30 april 2026" in message.body
    counts.assert_right()


def test_the_letter_that_it_is_late_says_why_where_that_has_been_said(world, olle, matter, recorder):
    say(olle, matter)
    remind_of_what_is_late(clock.now())
    send_waiting(recorder)
    late = [one for letter, one in recorder.sent if letter.kind == "late"]
    assert len(late) == 2
    assert WHY in late[1].body
    assert late[1].subject.endswith("är försenat")


def test_said_twice_is_said_once_and_said_anew_leaves_what_was_said_before_in_view(world, olle, app, matter):
    assert {say(olle, matter).status_code for _ in range(2)} == {303}
    assert counts.count(Delay) == 1
    assert (
        say(olle, matter, reason="Mätningen blev försenad av snön.", promised_on="2026-05-29").status_code
        == 303
    )
    page = app.test_client().get(f"/inlagg/{matter.comment.number}").text
    assert page.index("senast <time") < page.index("Mätningen blev försenad av snön.")
    assert WHY in page


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": ""},
        {"reason": "snart"},
        {"reason": "x" * 1001},
        {"promised_on": ""},
        {"promised_on": "i vår"},
        {"promised_on": "2026-03-26"},
        {"promised_on": "2028-01-01"},
    ],
)
def test_bad_input_says_nothing_and_stays_as_typed(world, olle, matter, changes):
    sent = say(olle, matter, **changes)
    assert sent.status_code == 422
    assert "field-error" in sent.text
    assert all(value in sent.text for value in (FORM | changes).values())
    assert counts.count(Delay) == 0


def test_where_no_answer_is_owed_nothing_is_said_and_the_words_stay(world, olle, matter):
    world.answered(matter.comment)
    sent = say(olle, matter)
    assert (sent.status_code, WHY in sent.text) == (409, True)
    with pytest.raises(UnlistedMove), transaction():
        explain_delay(matter, WHY, date(2026, 4, 30), officer=world.olle, now=clock.now())


@pytest.mark.parametrize("name", ["tore", "rut", "mona", "adam"])
def test_nobody_else_says_why(world, client, matter, name):
    world.sign_in(client, world.people[name])
    assert client.send("/konto", FORM, to=address(matter)).status_code == 403
    assert counts.count(Delay) == 0


def test_what_is_no_matter_of_the_committees_is_not_there(world, olle, matter):
    world.decide(matter.comment, "hide")
    assert olle.send("/konto", FORM, to=address(matter)).status_code == 404
    assert db.session.scalars(select(Delay)).all() == []


def test_as_many_queries_however_much_is_said(world, app, olle, matter):
    visitor = app.test_client()
    pages = [f"/inlagg/{matter.comment.number}", f"/kvitto/{matter.comment.receipt_key}"]
    few = [len(queries_of(app, visitor, page)) for page in pages]
    for month in (5, 6, 7):
        say(olle, matter, promised_on=f"2026-{month:02d}-01")
    assert [len(queries_of(app, visitor, page)) for page in pages] == few
    assert max(few) <= MOST_QUERIES_ELSEWHERE


def said(world, matter: Matter, promised_on: str = "2026-04-30", why: str = WHY) -> None:
    with transaction():
        explain_delay(matter, why, date.fromisoformat(promised_on), officer=world.olle, now=clock.now())


def at(year: int, month: int, day: int) -> None:
    clock.set(datetime(year, month, day, 9, tzinfo=UTC))


def pages_of(matter: Matter) -> list[str]:
    """The addresses where everybody reads why the answer to a comment takes longer."""
    return [f"/inlagg/{matter.comment.number}", f"/kvitto/{matter.comment.receipt_key}"]


def late_letters() -> list[Letter]:
    return list(db.session.scalars(select(Letter).where(Letter.kind == "late").order_by(Letter.id)))


def test_what_was_said_of_the_first_answer_is_not_said_of_the_next(world, olle, app, matter):
    said(world, matter)
    clock.forward(minutes=1)
    response = world.answered(matter.comment)
    world.judged(matter.comment, response, "no", "Det saknas ett datum i svaret.")
    for page in pages_of(matter):
        shown = app.test_client().get(page).text
        assert WHY not in shown and 'datetime="2026-04-30"' not in shown, page
    at(2026, 4, 13)
    assert say(olle, matter).status_code == 303
    assert counts.count(Delay) == 2, "The same words for the same day are news of another answer."
    assert WHY in app.test_client().get(pages_of(matter)[0]).text


def test_a_second_day_that_has_passed_too_is_called_so(world, app, matter):
    said(world, matter, "2026-03-27")
    at(2026, 3, 27)
    for page in pages_of(matter):
        assert "att svaret kommer senast" in app.test_client().get(page).text, page
    at(2026, 3, 30)
    for page in pages_of(matter):
        shown = app.test_client().get(page).text
        assert "att svaret kommer senast" not in shown, page
        assert "Den dagen har också passerat." in shown and WHY in shown
    at(2026, 4, 13)
    remind_of_what_is_late(clock.now())
    body = write(late_letters()[-1]).body
    assert "kommer svaret senast" not in body
    assert "Den dagen har också passerat." in body and WHY in body


def test_a_pause_that_moves_the_day_past_what_was_said_leaves_it_in_view_as_what_was_said_before(world, app):
    [matter] = world.matters("KS", world.published(world.rut, "När går bussen till Lit på kvällen?"))
    said(world, matter, "2026-03-27")
    world.paused("2026-03-16", "2026-03-20")
    for page in pages_of(matter):
        shown = app.test_client().get(page).text
        assert 'datetime="2026-04-01"' in shown and WHY in shown, page
        assert "Svaret dröjer" not in shown and "att svaret kommer senast" not in shown
    with pytest.raises(NotWanted):
        write(late_letters()[0])


def test_the_page_says_which_committee_has_said_so_where_several_answer(world, app):
    comment = world.published(world.rut, "Vem sköter vägen?", assignment=world.assignment(2))
    [matter] = world.matters("KS", comment)
    said(world, matter)
    for page in pages_of(matter):
        assert "Kommunstyrelsen sade" in app.test_client().get(page).text, page


def test_whoever_hears_of_it_before_it_is_late_is_not_told_that_all_can_see_it_is_late(world):
    [matter] = world.matters("KS", world.published(world.rut, "När går bussen till Lit på kvällen?"))
    said(world, matter)
    assert "försenat" not in write(late_letters()[0]).body


def test_a_letter_that_it_is_late_is_not_sent_once_it_has_another_day_or_is_very_late(world, matter):
    remind_of_what_is_late(clock.now())
    [late] = late_letters()
    at(2026, 4, 13)
    remind_of_what_is_late(clock.now())
    with pytest.raises(NotWanted):
        write(late)  # it would say that the chair is told on a day that has been
    very_late = late_letters()[-1]
    assert "mycket försenat" in write(very_late).body
    response = world.answered(matter.comment)
    world.judged(matter.comment, response, "no", "Det saknas ett datum i svaret.")
    for letter in (late, very_late):
        with pytest.raises(NotWanted):
            write(letter)
