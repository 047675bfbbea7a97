"""The sums that everybody sees: when they come, what they keep to themselves, and the pages that show them."""

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialog.db import clock, db, transaction
from dialog.people.models import Person
from dialog.plan.models import Goal
from dialog.public.rules import Order, View
from dialog.public.threads import threads
from dialog.stances.queries import Shown, stances_on
from dialog.stances.rules import NOTHING, Sums
from tests import counts
from tests.world import GOAL_2024

_serial = itertools.count(1)


def crowd(number: int) -> list[Person]:
    with transaction():
        people = [
            Person(
                email=f"crowd-{next(_serial)}@example.org", language="sv", created_at=clock.now(), grants=[]
            )
            for _ in range(number)
        ]
        db.session.add_all(people)
    return people


def seen(comment) -> Shown:
    return stances_on(comment, None)[0]


def answered(world, comment, *groups: tuple[int, str]) -> list[Person]:
    people = crowd(sum(number for number, _ in groups))
    stances = [stance for number, stance in groups for _ in range(number)]
    for person, stance in zip(people, stances, strict=True):
        world.thinks(person, comment, stance)
    return people


def test_nothing_is_shown_before_five_are_counted_beside_those_left_out(world, client):
    comment = world.published(world.nils)
    answered(world, comment, (6, "agree"))
    assert seen(comment) == Shown()
    assert "håller med" not in client.get(f"/inlagg/{comment.number}").text
    answered(world, comment, (1, "agree"))
    assert seen(comment) == Shown(Sums(5, None, None), is_shown=True)
    for page in (f"/inlagg/{comment.number}", GOAL_2024):
        assert "<strong>5</strong> håller med" in client.get(page).text
        assert "håller inte med" not in client.get(page).text


def test_where_each_sum_is_small_only_that_there_are_five_is_shown(world, client):
    comment = world.published(world.nils)
    answered(world, comment, (3, "agree"), (2, "disagree"), (2, "pass"))
    assert seen(comment) == Shown(NOTHING, is_shown=True)
    assert "Minst fem har svarat" in client.get(GOAL_2024).text


def test_watching_the_sum_while_one_more_presses_tells_nothing(world, client):
    comment = world.published(world.nils)
    answered(world, comment, (12, "agree"))
    before, page, tag = seen(comment), client.get(GOAL_2024).text, client.get(GOAL_2024).headers["ETag"]
    for stance in ("agree", "disagree", "pass", None):
        if stance:
            answered(world, comment, (1, stance))
            assert seen(comment) == before
            kept = client.get(GOAL_2024)
            assert (kept.text, kept.headers["ETag"]) == (page, tag)


def test_pressing_to_and_fro_hastens_no_renewal(world):
    comment = world.published(world.nils)
    answered(world, comment, (12, "agree"))
    before = seen(comment)
    answered(world, comment, (1, "disagree"))
    [one] = crowd(1)
    for stance in ("agree", "disagree", "pass", None) * 5:
        world.thinks(one, comment, stance)
    assert seen(comment) == before
    counts.assert_right()


def test_a_renewal_comes_whatever_they_think(world):
    """Two who agree and two who don't, or seven of a kind: the moment is the same."""
    for groups in (((7, "disagree"),), ((4, "agree"), (3, "pass"))):
        comment = world.published(world.nils, f"Inlägg {next(_serial)} om bussarna på kvällen.")
        people = answered(world, comment, *groups)
        assert seen(comment).is_shown
        for person in people[:4]:
            world.thinks(person, comment, None)
        assert seen(comment).is_shown


def test_who_is_left_out_of_a_renewal_is_drawn_by_lot(world):
    comment = world.published(world.nils)
    drawn = []

    def lot(waiting, number):
        drawn.append((len(waiting), number))
        return waiting[-number:]

    for person in crowd(12):
        world.thinks(person, comment, "agree", lot=lot)
    assert drawn == [(7, 2), (7, 2)]
    assert seen(comment).sums == Sums(10, None, None)


def test_taken_back_by_many_the_sum_goes_and_so_do_the_rows(world, client):
    comment = world.published(world.nils)
    people = answered(world, comment, (12, "agree"))
    assert comment.number in client.get(GOAL_2024).text
    for person in people:
        world.thinks(person, comment, None)
    counts.assert_right()
    assert seen(comment).sums.agree is None or seen(comment).sums.agree >= 5


def test_a_page_kept_for_all_is_made_anew_with_the_sums_and_is_the_same_for_all(world, app):
    comment = world.published(world.nils)
    visitor, another = app.test_client(), app.test_client()
    before = visitor.get(GOAL_2024)
    revision = db.session.get_one(Goal, comment.goal_id).revision
    answered(world, comment, (7, "agree"))
    assert db.session.get_one(Goal, comment.goal_id, populate_existing=True).revision == revision + 1
    fresh = visitor.get(GOAL_2024, headers={"If-None-Match": before.headers["ETag"]})
    assert fresh.status_code == 200 and "<strong>5</strong> håller med" in fresh.text
    assert another.get(GOAL_2024).data == fresh.data
    assert "csrf_token" not in fresh.text and "Set-Cookie" not in fresh.headers


def test_whoever_is_signed_in_has_the_buttons_in_each_thread(world, client):
    task = world.published(world.nils, "Ett inlägg om uppdraget.", assignment=world.assignment(1))
    comment = world.published(world.nils)
    client.get(GOAL_2024)  # the page is kept for visitors first
    world.sign_in(client, world.rut)
    for page in (GOAL_2024, f"/uppdrag/{world.assignment(1).id}"):
        assert f'id="stallning-{task.number}"' in client.get(page).text
    assert f'id="stallning-{comment.number}"' in client.get(GOAL_2024).text
    assert f'id="stallning-{comment.number}"' in client.get(GOAL_2024, headers={"HX-Request": "true"}).text


def test_the_most_supported_stand_first_by_what_is_shown(world):
    few, many, split, none = (
        world.published(world.nils, f"Inlägg om {what}, med så många ord som behövs.")
        for what in ("få", "många", "delade", "inga")
    )
    answered(world, few, (7, "agree"))
    answered(world, many, (22, "agree"))
    answered(world, split, (12, "agree"), (15, "disagree"))
    answered(world, none, (6, "agree"))
    page = threads("goal_id", few.goal_id, View(order=Order.SUPPORTED), None, clock.today())
    numbers = [thread.key.number for thread in page.threads]
    assert numbers == [many.number, few.number, split.number, none.number]


@settings(
    max_examples=8,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(
        st.tuples(st.integers(0, 19), st.sampled_from(["agree", "disagree", "pass", None])), max_size=80
    )
)
def test_after_any_sequence_no_two_moments_tell_of_fewer_than_five(world, steps):
    clock.forward(hours=2)
    comment = world.published(world.nils, f"Inlägg nummer {next(_serial)} om vad som helst.")
    people, before = crowd(20), Shown()
    for who, stance in steps:
        world.thinks(people[who], comment, stance)
        now = seen(comment)
        for then, number in zip(before.sums, now.sums, strict=True):
            assert number is None or number >= 5
            assert then is None or number is None or number == then or abs(number - then) >= 5
        before = now
    counts.assert_right()
