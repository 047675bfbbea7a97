"""The queue with the most reported first: its order, its pages, and what they cost."""

import re

import pytest
from sqlalchemy import event, text, update

from dialog import kept
from dialog.conversation.models import Comment
from dialog.conversation.rules import ReviewReason
from dialog.db import clock, db, transaction
from dialog.moderation.queries import queue
from dialog.moderation.rules import REASON_SLUGS, Choice, Cursor, Order
from dialog.moderation.words import ORDERS
from dialog.reports.rules import Reason
from tests.test_house_rules import MOST_QUERIES_ELSEWHERE

QUEUE = "/moderering"
ADDRESS = f"{QUEUE}?ordning=mest-anmalt"


def numbers_in(page: str) -> list[str]:
    return re.findall(r'id="granska-([\d-]+)"', page)


def in_order(world, **choice) -> list[str]:
    chosen = Choice(order=Order.MOST_REPORTED, **choice)
    return [one.number for one in queue(world.mona, now=clock.now(), choice=chosen).comments]


def reported_by(comment: Comment, people: int) -> str:
    """The comment's number, once so many have reported it."""
    reason = ReviewReason.REPORTED if people else ReviewReason.FIRST_COMMENT
    with transaction():
        reported = {"report_count": people, "review_reason": reason}
        db.session.execute(update(Comment).where(Comment.id == comment.id).values(reported))
    return comment.number


@pytest.fixture
def waiting(world) -> list[str]:
    """Those that 0, 2, 0, 3, 2 and 1 have reported, in the order in which they came."""
    found = []
    for place, people in enumerate((0, 2, 0, 3, 2, 1)):
        comment = world.say(world.nils, f"Inlägg nummer {place}, som väntar på en moderator.")
        found.append(reported_by(comment, people))
        clock.forward(minutes=5)
    return found


def test_the_most_reported_comes_first_and_of_what_is_reported_alike_the_longest_waiting(world, waiting):
    assert in_order(world) == [waiting[place] for place in (3, 1, 4, 5, 0, 2)]


def test_oldest_first_is_what_one_gets_unasked(world, client, waiting):
    world.sign_in(client, world.mona)
    for address in (QUEUE, f"{QUEUE}?ordning=aldst", f"{QUEUE}?ordning=okand"):
        assert numbers_in(client.get(address).text) == waiting


def test_the_order_is_a_choice_on_the_page_with_an_address_of_its_own(world, client, waiting):
    world.sign_in(client, world.mona)
    page = client.get(f"{QUEUE}?mal={world.goal().id}").text
    link = f"{QUEUE}?mal={world.goal().id}&amp;ordning=mest-anmalt"
    assert f'<a href="{link}">Mest anmält först</a>' in page
    page = client.get(link.replace("&amp;", "&")).text
    assert numbers_in(page)[0] == waiting[3]
    assert "Mest anmält först</strong>" in page
    assert f'<a href="{QUEUE}?mal={world.goal().id}">Äldst först</a>' in page
    assert 'name="ordning" value="mest-anmalt"' in page  # the form that narrows it keeps the order
    assert f'action="{QUEUE}/{waiting[3]}?mal={world.goal().id}&amp;ordning=mest-anmalt"' in page
    assert "(1 val)" in page  # the order narrows nothing


def test_what_the_software_took_out_of_view_stands_first_in_this_order_too(world, waiting):
    world.trusted(world.rut)
    held = world.held(world.say(world.rut, "Det här anmäls av tre som olagligt."))
    assert in_order(world)[0] == held.number
    assert in_order(world, reason=ReviewReason.FIRST_COMMENT) == [waiting[0], waiting[2]]


def test_real_reports_order_it(world):
    world.trusted(world.rut)
    first, second = (world.say(world.rut, f"Inlägg {place} som visas med en gång.") for place in (1, 2))
    for person in (world.gun, world.karin):
        world.reported(second, person, Reason.ATTACK)
    world.reported(first, world.gun, Reason.ATTACK)
    assert in_order(world) == [second.number, first.number]


@pytest.fixture
def many(world) -> list[str]:
    """Thirty that two have reported, the oldest ten of them reported once more; and thirty that nobody has."""
    once, twice, nobody = [], [], []
    for place in range(60):
        comment = world.say(
            (world.nils, world.vera)[place % 2], f"Inlägg nummer {place}, som väntar på granskning."
        )
        kind, people = (once, 2) if 10 <= place < 30 else (twice, 3) if place < 10 else (nobody, 0)
        kind.append(reported_by(comment, people))
        clock.forward(minutes=5)
    return [*twice, *once, *nobody]


def pages(client, address: str) -> list[list[str]]:
    found = []
    while address:
        page = client.get(address.replace("&amp;", "&")).text
        found.append(numbers_in(page))
        following = re.search(r'<p class="more"><a[^>]*href="([^"]+)"', page)
        address = following.group(1) if following else ""
    return found


def test_its_pages_hold_everything_once(world, client, many):
    world.sign_in(client, world.mona)
    assert pages(client, ADDRESS) == [many[:20], many[20:40], many[40:]]


@pytest.mark.parametrize("last_on", [19, 39])
@pytest.mark.parametrize("happens", ["publish", "hide", "withdraw", "more", "fewer"])
def test_the_next_page_misses_nothing_whatever_happens_to_the_one_it_starts_after(
    world, client, many, last_on, happens
):
    """Decided, withdrawn, or reported by more: the next page begins where the last one ended."""
    world.sign_in(client, world.mona)
    address = ADDRESS
    for _ in range(1 + last_on // 20):
        page = client.get(address).text
        address = re.search(r'<p class="more"><a[^>]*href="([^"]+)"', page).group(1).replace("&amp;", "&")
    assert numbers_in(page)[-1] == many[last_on]
    last = db.session.query(Comment).filter_by(number=many[last_on]).one()
    if happens == "withdraw":
        world.withdraw(last)
    elif happens in ("publish", "hide"):
        with transaction():
            db.session.execute(update(Comment).where(Comment.id == last.id).values(report_count=0))
        db.session.refresh(last)
        world.decide(last, happens)
    else:
        reported_by(last, last.report_count + 2 if happens == "more" else 1)
    following = numbers_in(client.get(address).text)
    others = [one for one in following if one != many[last_on]]
    assert len(others) >= 19
    assert others == many[last_on + 1 : last_on + 1 + len(others)]


@pytest.mark.parametrize(
    "cursor", ["finns-inte", "2026-999999.3", "", "2026-000001.x", "2026-000001." + "9" * 99]
)
def test_a_page_that_starts_nowhere_is_the_first(world, client, waiting, cursor):
    world.sign_in(client, world.mona)
    assert numbers_in(client.get(f"{ADDRESS}&efter={cursor}").text)[0] == waiting[3]


@pytest.mark.parametrize(
    ("written", "cursor"),
    [
        ("2026-000001", Cursor("2026-000001")),
        ("2026-000001.3", Cursor("2026-000001", 3)),
        ("2026-000001.", Cursor("2026-000001")),
        ("2026-000001.-3", None),
        ("2026-000001.3.3", None),
        ("", None),
        ("nittio", None),
    ],
)
def test_a_cursor_is_read_as_it_is_written(written, cursor):
    assert Cursor.read(written) == cursor
    assert cursor is None or Cursor.read(str(cursor)) == cursor


def test_every_reason_and_order_has_a_name_of_its_own():
    assert set(REASON_SLUGS) == set(ReviewReason)
    assert len(set(REASON_SLUGS.values())) == len(ReviewReason)
    assert set(ORDERS) == set(Order)


@pytest.mark.parametrize("reason", ReviewReason)
def test_the_queue_is_narrowed_by_a_reason_in_swedish(world, client, waiting, reason):
    world.sign_in(client, world.mona)
    page = client.get(f"{QUEUE}?skal={REASON_SLUGS[reason]}").text
    assert f'<option value="{REASON_SLUGS[reason]}" selected>' in page
    assert "(1 val)" in page


def test_the_page_asks_as_many_questions_whatever_waits(world, client, waiting):
    def questions() -> int:
        kept.set_up(client.application)  # cold: nothing of what waits has been shown
        asked: list[str] = []

        def note(connection, cursor, statement, *rest) -> None:
            asked.append(statement)

        for engine in db.engines.values():
            event.listen(engine, "before_cursor_execute", note)
        try:
            assert client.get(ADDRESS).status_code == 200
        finally:
            for engine in db.engines.values():
                event.remove(engine, "before_cursor_execute", note)
        return len([one for one in asked if one.startswith("SELECT")])

    comment = db.session.query(Comment).filter_by(number=waiting[3]).one()
    for place in range(2):
        world.reported(world.published(world.trusted(world.rut), f"Inlägg {place} som anmäls."), world.gun)
    client.get(QUEUE)
    world.sign_in(client, world.mona)
    few = questions()
    for place in range(25):
        shown = world.say(world.rut, f"Inlägg nummer {place}, som visas och anmäls.")
        world.reported(shown, None, Reason.ATTACK, email=f"{place}@example.org")
    assert comment.report_count == 3
    assert questions() == few <= MOST_QUERIES_ELSEWHERE


@pytest.mark.only_on("sqlite")
def test_what_is_reported_is_read_in_order_by_its_index(world):
    """Without sorting, however much is reported."""
    world.say(world.nils)
    with transaction():
        db.session.execute(text("ANALYZE"))
    plan = db.session.execute(
        text(
            "EXPLAIN QUERY PLAN SELECT id FROM comment WHERE review_since IS NOT NULL AND report_count > 0 "
            "ORDER BY report_count DESC, review_since, id LIMIT 21"
        )
    ).all()
    steps = " ".join(row[3] for row in plan)
    assert "ix_comment_reported" in steps
    assert "TEMP B-TREE" not in steps
