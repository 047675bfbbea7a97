"""The public log: every decision without names or words, and a year's figures."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from dialog.db import clock, db
from dialog.moderation.log import PAGE_SIZE, figures
from dialog.moderation.models import Decision, LogTally
from dialog.moderation.rules import (
    LONGEST_COUNTED_HOURS,
    NOT_WAITED,
    Ground,
    hours_waited,
    median_of,
    share_of,
    too_few,
)
from tests.test_house_rules import queries_of

LOG = "/moderering/logg"
NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "hours"),
    [
        (None, NOT_WAITED),
        (NOON, 0),
        (NOON - timedelta(minutes=59), 0),
        (NOON - timedelta(hours=30, minutes=5), 30),
        (NOON - timedelta(days=400), LONGEST_COUNTED_HOURS),
        (NOON + timedelta(hours=1), 0),
    ],
)
def test_waiting_is_counted_in_whole_hours_up_to_ten_days(since, hours):
    assert hours_waited(since, NOON) == hours


@pytest.mark.parametrize(
    ("counts", "median"),
    [({}, None), ({3: 1}, 3), ({1: 2, 9: 1}, 1), ({1: 1, 9: 1}, 1), ({1: 1, 5: 1, 9: 3}, 9)],
)
def test_the_median_is_the_middle_one(counts, median):
    assert median_of(counts) == median


# A count under five is not shown, nor is the next smallest when only one is so small: it could be computed.
@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"a": 9, "b": 8}, set()),
        ({"a": 9, "b": 4, "c": 20}, {"b", "a"}),
        ({"a": 3, "b": 4, "c": 20}, {"a", "b"}),
        ({"a": 9, "b": 0}, set()),
        ({"a": 2}, {"a"}),
    ],
)
def test_small_counts_are_hidden_and_one_more_with_a_lonely_one(counts, hidden):
    assert too_few(counts) == hidden


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(0, 4, None), (0, 10, 0), (4, 40, None), (5, 40, 12), (37, 40, None), (40, 40, 100), (10, 20, 50)],
)
def test_a_share_is_shown_when_neither_it_nor_the_rest_is_small(part, whole, percent):
    assert share_of(part, whole).percent == percent


def test_each_decision_is_there_with_its_ground_and_goal_and_without_words_or_names(world, app):
    comment = world.say(world.nils, "Ett inlägg med ordet gulsparv i sig.")
    clock.forward(hours=30)
    world.decide(comment, "hide")
    page = app.test_client().get(LOG).text
    for words in ("Handlar inte om kommunens mål", "efter 30\u00a0timmar", "Näringsliv och tillväxt"):
        assert words.replace("\u00a0", " ") in page.replace("\u00a0", " "), words
    for secret in ("gulsparv", "Nils", "Mona", comment.number, "Det handlar inte om målet."):
        assert secret not in page, secret


def test_a_wrong_decision_stays_with_its_correction(world, app):
    visitor = app.test_client()
    comment = world.decide(world.published(world.nils), "hide")
    before = visitor.get(LOG)
    world.settle(world.appealed(comment), "granted")
    after = visitor.get(LOG)
    assert after.headers["ETag"] != before.headers["ETag"]
    assert "begärde ny prövning" in after.text and "inlägget visas igen" in after.text
    assert after.text.count("log__entry") == 3
    assert "begärde ny prövning" not in before.text


def test_it_is_kept_for_all_until_something_is_decided(world, app):
    visitor = app.test_client()
    world.published(world.nils)
    tag = visitor.get(LOG).headers["ETag"]
    assert visitor.get(LOG, headers={"If-None-Match": tag}).status_code == 304
    world.say(world.rut, "Ett inlägg som ingen har granskat.")
    assert visitor.get(LOG, headers={"If-None-Match": tag}).status_code == 304


def test_the_figures_of_a_year(world, app):
    world.trusted(world.rut)
    hidden = []
    for number in range(6):
        comment = world.say(world.rut, f"Inlägg nummer {number}, som döljs.")
        clock.forward(hours=number)
        hidden.append(world.decide(comment, "hide"))
    for comment in hidden[:5]:
        world.settle(world.appealed(comment), "granted")
    found = figures(2026)
    assert found.decisions == 12
    assert found.hidden_on == {Ground.OFF_TOPIC: 6}
    assert found.appealed.percent is None, "One of six wasn't appealed."
    world.settle(world.appealed(hidden[5]), "granted")
    assert (figures(2026).appealed.percent, figures(2026).overturned.percent) == (100, 100)
    assert figures(2026).hidden_on == {Ground.OFF_TOPIC: 6}
    assert "100 % av det som doldes" in app.test_client().get(LOG).text.replace("\u00a0", " ")
    assert "Inget har beslutats det här året." in app.test_client().get(f"{LOG}?ar=2019").text


def test_the_sums_are_the_decisions_there_are(world):
    world.trusted(world.rut)
    for number in range(3):
        comment = world.decide(world.say(world.rut, f"Inlägg nummer {number}, som döljs."), "hide")
        clock.forward(days=200)
        world.decide(comment, "restore")
    sums = [func.sum(one) for one in (LogTally.decisions, LogTally.appealed, LogTally.overturned)]
    there_are = [func.count(one) for one in (Decision.id, Decision.appealed_at, Decision.overturned_at)]
    assert tuple(db.session.execute(select(*sums)).one()) == tuple(
        db.session.execute(select(*there_are)).one()
    )
    assert set(db.session.scalars(select(LogTally.year))) == {2026, 2027}


def test_it_goes_on_at_a_constant_number_of_queries(world, app):
    world.trusted(world.rut)
    few = len(queries_of(app, app.test_client(), LOG))
    comment = world.say(world.rut, "Ett inlägg som döljs och visas om och om igen.")
    for _ in range(PAGE_SIZE // 2 + 1):
        world.decide(world.decide(comment, "hide"), "restore")
    visitor = app.test_client()
    assert len(queries_of(app, visitor, LOG)) == few
    page = visitor.get(LOG).text
    assert page.count("log__entry") == PAGE_SIZE and "Visa äldre beslut" in page
    last = db.session.scalar(select(Decision.id).order_by(Decision.id.desc()).offset(PAGE_SIZE - 1).limit(1))
    assert visitor.get(f"{LOG}?efter={last}").text.count("log__entry") == 3
    for odd in ("efter=x", "efter=99999999999", "ar=x", "ar=0"):
        assert visitor.get(f"{LOG}?{odd}").status_code == 200


def test_the_reasons_say_when_a_rule_of_the_software_had_singled_it_out(context):
    from dialog.moderation.words import how_found

    told = {code: how_found(Decision(waited_because=code)) for code in ("pending", "reported", None)}
    assert [code for code, words in told.items() if "Ingen regel i programmet" not in words] == ["pending"]
