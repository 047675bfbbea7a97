"""The clock stands still on days that are announced beforehand, with the reason in view; what is late stays late."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.response import clocks
from dialog.response.clocks import NoPause
from dialog.response.models import ClockPause, Matter
from dialog.response.rules import WhyNoPause, WhyNotEnded, why_no_pause, why_not_ended
from dialog.workdays import Pause, after_working_days
from tests import counts
from tests.test_house_rules import MOST_QUERIES_ELSEWHERE, queries_of
from tests.world import GOAL_2024

PAGE = "/namnd/ks/uppehall"
SUMMER = Pause(date(2026, 7, 6), date(2026, 8, 2))
FORM = {
    "starts_on": "2026-03-16",
    "ends_on": "2026-03-20",
    "reason": "Nämnden har uppehåll för budgetarbete.",
}


# Ten working days; no day of a pause counts, whether the clock has begun before it or not.
@pytest.mark.parametrize(
    ("start", "pauses", "due", "sentence"),
    [
        ("2026-06-12", [], "2026-06-29", "without a pause: over midsummer, the eve isn't counted"),
        ("2026-06-12", [SUMMER], "2026-06-29", "a pause that begins later changes nothing"),
        (
            "2026-06-24",
            [SUMMER],
            "2026-08-05",
            "begun before the pause: seven days before it and three after",
        ),
        ("2026-07-06", [SUMMER], "2026-08-14", "begun in the pause: all ten after it"),
        ("2026-08-02", [SUMMER], "2026-08-14", "begun on its last day, a Sunday"),
        ("2026-08-03", [SUMMER], "2026-08-17", "begun after it: the day itself isn't counted, as ever"),
        (
            "2026-06-24",
            [Pause(date(2026, 6, 27), date(2026, 6, 28))],
            "2026-07-08",
            "of a weekend nothing is lost",
        ),
        ("2026-06-24", [SUMMER, SUMMER], "2026-08-05", "the same days twice are the same days"),
        (
            "2026-03-26",
            [Pause(date(2026, 4, 3), date(2026, 4, 10))],
            "2026-04-17",
            "over Easter: the free days in it aren't counted twice",
        ),
        (
            "2026-12-16",
            [Pause(date(2026, 12, 21), date(2027, 1, 6))],
            "2027-01-18",
            "over Christmas and the turn of the year",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else None,
)
def test_the_clock_with_pauses(start, pauses, due, sentence):
    assert after_working_days(date.fromisoformat(start), 10, pauses) == date.fromisoformat(due), sentence


@pytest.mark.parametrize(
    ("sentence", "first", "last", "why"),
    [
        ("From tomorrow it can stand still.", "2026-03-12", "2026-03-12", None),
        ("Not from today: somebody may count on it.", "2026-03-11", "2026-03-20", WhyNoPause.BEGUN),
        ("Nor from a day that has been.", "2026-02-01", "2026-03-20", WhyNoPause.BEGUN),
        ("Not backwards.", "2026-03-20", "2026-03-19", WhyNoPause.BACKWARDS),
        ("Sixty days at the most.", "2026-06-01", "2026-07-30", None),
        ("Not a day more.", "2026-06-01", "2026-07-31", WhyNoPause.TOO_LONG),
    ],
)
def test_which_pauses_there_can_be(sentence, first, last, why):
    days = date.fromisoformat(first), date.fromisoformat(last)
    assert why_no_pause(*days, date(2026, 3, 11)) == why, sentence


def due_on(comment, committee: str = "KS") -> date:
    db.session.expire_all()
    [matter] = db.session.scalars(
        select(Matter).where(Matter.comment_id == comment.id, Matter.committee.has(code=committee))
    )
    return matter.due_on


def test_what_is_still_to_come_gets_a_later_day_and_back_when_it_is_called_off(world):
    before = world.published()
    assert due_on(before) == date(2026, 3, 25)
    pause = world.paused("2026-03-16", "2026-03-20")
    assert due_on(before) == date(2026, 4, 1)
    after = world.published(world.rut, "Ett inlägg som kommer när uppehållet är sagt.")
    assert due_on(after) == date(2026, 4, 1)
    with transaction():
        assert clocks.call_off_pause(pause, editor=world.eva, now=clock.now())
        assert not clocks.call_off_pause(pause, editor=world.eva, now=clock.now())
    assert {due_on(before), due_on(after)} == {date(2026, 3, 25)}
    kinds = select(Event.kind).where(Event.kind.like("committee.pause%")).order_by(Event.id)
    assert db.session.scalars(kinds).all() == ["committee.pause_announced", "committee.pause_called_off"]
    counts.assert_right()


def test_what_is_late_stays_late_and_other_committees_go_on(world):
    late = world.published()
    clock.set(datetime(2026, 3, 26, 9, tzinfo=UTC))
    elsewhere = world.published(world.rut, "Ett inlägg till socialnämnden.", assignment=world.assignment(3))
    before = due_on(elsewhere, "SAN")
    world.paused("2026-03-30", "2026-04-10")
    assert due_on(late) == date(2026, 3, 25)
    assert due_on(elsewhere, "SAN") == before


def test_a_matter_passed_on_or_asked_again_has_the_pauses_of_who_answers(world):
    world.paused("2026-03-16", "2026-03-20", committee="TN")
    comment = world.published()
    world.forwarded(world.matters("KS", comment)[0])
    assert due_on(comment, "TN") == date(2026, 4, 1)
    asked = world.published(world.rut, "Ett inlägg som får ett svar som inte räcker.")
    response = world.answered(asked)
    world.paused("2026-03-16", "2026-03-20")
    world.judged(asked, response, "no", "Det saknas ett datum i svaret.")
    assert due_on(asked) == date(2026, 4, 1)


def test_the_days_promised_then_hold_whatever_is_promised_now(world):
    comment = world.published()
    with transaction():
        db.session.execute(
            Matter.__table__.update().values(days_promised=None)
        )  # as rows from before have it
        world.committee("KS").answer_days = 3
    world.paused("2026-03-16", "2026-03-20")
    assert due_on(comment) == date(2026, 4, 1)


def test_what_was_promised_before_that_was_kept_survives_a_pause_that_comes_to_nothing(world):
    comment = world.published()
    with transaction():
        db.session.execute(Matter.__table__.update().values(days_promised=None))
    for first, last in (("2026-03-16", "2026-03-20"), ("2026-03-23", "2026-03-24")):
        pause = world.paused(first, last)
        assert due_on(comment) > date(2026, 3, 25)
        with transaction():
            clocks.call_off_pause(pause, editor=world.eva, now=clock.now())
        assert due_on(comment) == date(2026, 3, 25)


def test_the_reason_stands_wherever_the_day_does(world, app):
    comment = world.published()
    app.test_client().get(GOAL_2024)
    world.paused("2026-03-16", "2026-03-20")
    visitor = app.test_client()
    for page in (f"/inlagg/{comment.number}", f"/kvitto/{comment.receipt_key}", "/namnd/ks"):
        assert "Sommaruppehåll i nämndens arbete." in visitor.get(page).text, page
    assert 'datetime="2026-04-01"' in visitor.get(GOAL_2024).text, "The kept card is made anew."
    clock.set(datetime(2026, 3, 30, 9, tzinfo=UTC))
    assert "Sommaruppehåll" not in visitor.get("/namnd/ks").text, "It is over."
    assert "Sommaruppehåll" in visitor.get(f"/inlagg/{comment.number}").text, (
        "The day has moved for it all the same."
    )


@pytest.fixture
def eva(world, client):
    world.sign_in(client, world.eva)
    return client


def pauses() -> int:
    return counts.count(ClockPause)


def test_an_editor_announces_one_and_calls_it_off(world, eva):
    comment = world.published()
    assert eva.send(PAGE, FORM).location == f"{PAGE}?sparat=1"
    assert FORM["reason"] in eva.get(PAGE).text
    assert due_on(comment) == date(2026, 4, 1)
    [pause] = db.session.scalars(select(ClockPause))
    assert eva.send(PAGE, {}, to=f"{PAGE}/{pause.id}/stall-in").status_code == 303
    assert FORM["reason"] not in eva.get(PAGE).text
    assert due_on(comment) == date(2026, 3, 25)


def test_one_that_has_begun_stands(world, eva):
    pause = world.paused("2026-03-12", "2026-03-20")
    clock.forward(days=1)
    world.sign_in(eva, world.eva)
    sent = eva.send(PAGE, {}, to=f"{PAGE}/{pause.id}/stall-in")
    assert (sent.status_code, "Uppehållet har börjat" in sent.text) == (409, True)
    with pytest.raises(NoPause), transaction():
        clocks.call_off_pause(pause, editor=world.eva, now=clock.now())


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_on": ""},
        {"ends_on": "i sommar"},
        {"starts_on": "2026-03-11"},
        {"ends_on": "2026-03-15"},
        {"ends_on": "2026-12-31"},
        {"reason": ""},
        {"reason": "kort"},
        {"reason": "x" * 201},
    ],
)
def test_bad_input_announces_nothing_and_stays_as_typed(world, eva, changes):
    sent = eva.send(PAGE, FORM | changes)
    assert sent.status_code == 422
    assert "field-error" in sent.text
    assert all(value in sent.text for value in (FORM | changes).values())
    assert pauses() == 0


@pytest.mark.parametrize("name", ["olle", "tore", "rut", "mona", "adam"])
def test_nobody_else_stops_the_clock(world, client, name):
    pause = world.paused("2026-03-16", "2026-03-20")
    world.sign_in(client, world.people[name])
    assert client.get(PAGE).status_code == 403
    assert client.send("/konto", FORM, to=PAGE).status_code == 403
    assert client.send("/konto", {}, to=f"{PAGE}/{pause.id}/stall-in").status_code == 403
    assert pauses() == 1


def test_another_committees_pause_is_not_there(world, eva):
    pause = world.paused("2026-03-16", "2026-03-20", committee="TN")
    assert eva.send(PAGE, {}, to=f"{PAGE}/{pause.id}/stall-in").status_code == 404
    assert eva.send(PAGE, {}, to=f"{PAGE}/999999/stall-in").status_code == 404


# Of a pause from the 12th up to and with the 20th.
@pytest.mark.parametrize(
    ("sentence", "today", "why"),
    [
        ("What hasn't begun is called off.", "2026-03-11", WhyNotEnded.NOT_BEGUN),
        ("On its first day it can be ended.", "2026-03-12", None),
        ("And on the day before its last.", "2026-03-19", None),
        ("On its last day it ends anyway.", "2026-03-20", WhyNotEnded.OVER),
        ("What is over stays as it was.", "2026-03-21", WhyNotEnded.OVER),
    ],
)
def test_when_a_pause_can_be_ended(sentence, today, why):
    first, last = date(2026, 3, 12), date(2026, 3, 20)
    assert why_not_ended(first, last, date.fromisoformat(today)) == why, sentence


def end(client, pause):
    return client.send("/konto", {}, to=f"{PAGE}/{pause.id}/avsluta")


def test_one_that_has_begun_is_ended_and_those_who_wait_get_an_earlier_day(world, eva, app):
    comment = world.published()
    pause = world.paused("2026-03-12", "2026-03-20")
    assert due_on(comment) == date(2026, 4, 7)
    clock.set(datetime(2026, 3, 13, 9, tzinfo=UTC))
    world.sign_in(eva, world.eva)
    assert "Avsluta i dag" in eva.get(PAGE).text
    assert end(eva, pause).location == f"{PAGE}?sparat=1"
    assert due_on(comment) == date(2026, 3, 27), "Ten working days, of which two stood still."
    assert "Det avslutades i förtid" in eva.get(PAGE).text
    visitor = app.test_client()
    assert 'datetime="2026-03-13"' in visitor.get(f"/inlagg/{comment.number}").text
    [event] = db.session.scalars(select(Event).where(Event.kind == "committee.pause_ended"))
    assert event.details["to"] == "2026-03-13"


def test_nothing_becomes_late_by_ending_a_pause(world, eva):
    comment = world.published()
    clock.set(datetime(2026, 3, 24, 9, tzinfo=UTC))
    pause = world.paused("2026-03-25", "2026-04-10")  # from the day it would have been due
    for day in (25, 31):
        clock.set(datetime(2026, 3, day, 9, tzinfo=UTC))
    world.sign_in(eva, world.eva)
    end(eva, pause)
    assert due_on(comment) == date(2026, 4, 1), "The one day that was left comes after today."


def test_ending_it_twice_is_the_same_as_once(world, eva):
    pause = world.paused("2026-03-12", "2026-03-20")
    clock.set(datetime(2026, 3, 13, 9, tzinfo=UTC))
    world.sign_in(eva, world.eva)
    assert [end(eva, pause).status_code for _ in range(2)] == [303, 303]
    assert counts.count(Event, Event.kind == "committee.pause_ended") == 1


@pytest.mark.parametrize("day", [11, 20, 25])
def test_one_that_has_not_begun_or_is_over_is_not_ended(world, eva, day):
    pause = world.paused("2026-03-12", "2026-03-20")
    clock.set(datetime(2026, 3, day, 9, tzinfo=UTC))
    world.sign_in(eva, world.eva)
    sent = end(eva, pause)
    assert (sent.status_code, "har inte börjat, eller är över" in sent.text) == (409, True)


def test_nobody_else_ends_it(world, client):
    pause = world.paused("2026-03-12", "2026-03-20")
    theirs = world.paused("2026-03-12", "2026-03-20", committee="TN")
    clock.set(datetime(2026, 3, 13, 9, tzinfo=UTC))
    for name, status in (("olle", 403), ("tore", 403)):
        world.sign_in(client, world.people[name])
        assert end(client, pause).status_code == status
    world.sign_in(client, world.eva)
    assert end(client, theirs).status_code == 404


def test_as_many_queries_whatever_is_announced(world, app):
    comment = world.published()
    pages = [f"/inlagg/{comment.number}", f"/kvitto/{comment.receipt_key}", "/namnd/ks"]
    few = [len(queries_of(app, app.test_client(), page)) for page in pages]
    for month in (4, 5, 6):
        world.paused(f"2026-{month:02d}-01", f"2026-{month:02d}-05")
    assert [len(queries_of(app, app.test_client(), page)) for page in pages] == few
    assert max(few) <= MOST_QUERIES_ELSEWHERE


@pytest.mark.parametrize(
    ("sentence", "done", "due"),
    [
        ("It stands still for what is hidden too.", None, "2026-04-01"),
        ("Called off, it has never been.", clocks.call_off_pause, "2026-03-25"),
        ("Ended on its first day, it took one.", clocks.end_pause, "2026-03-26"),
    ],
)
def test_what_is_hidden_meanwhile_and_shown_again_has_the_day_of_what_was_never_hidden(
    world, sentence, done, due
):
    hidden = world.published()
    beside = world.published(world.rut, "Ett inlägg som syns hela tiden.")
    if done is None:
        world.decide(hidden, "hide")
    pause = world.paused("2026-03-16", "2026-03-20")
    if done is not None:
        world.decide(hidden, "hide")
    if done is clocks.end_pause:
        clock.set(datetime(2026, 3, 16, 9, tzinfo=UTC))
    if done is not None:
        with transaction():
            done(pause, editor=world.eva, now=clock.now())
    world.decide(hidden, "restore")
    assert {due_on(hidden), due_on(beside)} == {date.fromisoformat(due)}, sentence


def very_late_on(comment) -> date:
    db.session.expire_all()
    return db.session.scalars(select(Matter.very_late_on).where(Matter.comment_id == comment.id)).one()


@pytest.mark.parametrize("is_hidden", [False, True])
@pytest.mark.parametrize(
    ("sentence", "on", "done", "day"),
    [
        ("Four working days of it are before that.", "2026-03-27", None, "2026-04-16"),
        ("Called off, it has never been.", "2026-03-27", clocks.call_off_pause, "2026-04-10"),
        ("Ended on its first day, it took one.", "2026-03-30", clocks.end_pause, "2026-04-13"),
    ],
)
def test_what_is_late_becomes_very_late_as_if_a_pause_had_not_been_that_came_to_nothing(
    world, sentence, on, done, day, is_hidden
):
    comment = world.published()
    pause = world.paused("2026-03-30", "2026-04-03")
    if is_hidden:
        world.decide(comment, "hide")
    clock.set(datetime.fromisoformat(f"{on}T09:00+00:00"))
    if done is not None:
        with transaction():
            done(pause, editor=world.eva, now=clock.now())
    assert (due_on(comment), very_late_on(comment)) == (date(2026, 3, 25), date.fromisoformat(day)), sentence


def test_no_pause_announced_then_puts_off_the_day_on_which_it_is_very_late(world):
    comment = world.published()
    clock.set(datetime(2026, 3, 26, 9, tzinfo=UTC))
    world.paused("2026-03-30", "2026-04-03")
    assert (due_on(comment), very_late_on(comment)) == (date(2026, 3, 25), date(2026, 4, 10))


def test_what_is_late_already_stays_late_also_where_it_was_hidden(world):
    hidden = world.published()
    world.decide(hidden, "hide")
    clock.set(datetime(2026, 3, 26, 9, tzinfo=UTC))
    world.paused("2026-03-30", "2026-04-10")
    world.decide(hidden, "restore")
    assert due_on(hidden) == date(2026, 3, 25)
