"""An answer that is published at a time an editor has set: once, without what is no longer to be answered."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.notify.letters import write
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.notify.telling import publish_in_time
from dialog.notify.writing import NotWanted
from dialog.people.operations import take_role
from dialog.people.rules import Role
from dialog.response import operations
from dialog.response.models import Matter, Response
from dialog.response.operations import publish
from dialog.response.reviewing import send_back
from dialog.response.rules import FURTHEST_PUBLISHING, MatterState, ResponseState, WhyNotAt, why_not_at
from dialog.response.scheduling import NotAt, due_to_publish, publish_by_itself, schedule
from tests.response.test_publish import WORDS, assert_counts_are_right, letters

TIME = {"publish_on": "2026-03-12", "publish_time": "08:00"}  # a day after the tests' clock


@pytest.fixture
def eva(world, client):
    """The browser of an editor of KS."""
    world.sign_in(client, world.eva)
    return client


@pytest.fixture
def comments(world):
    return world.published(world.nils, "Bussen går för sällan."), world.published(world.rut, "Fler turer!")


@pytest.fixture
def response(world, comments):
    return world.drafted(*comments)


def send(client, response, *, act="/tid", committee="ks", **changes):
    matters = [one.matter_id for one in response.coverage]
    form = {**WORDS, **TIME, "seen": response.version, "matter": matters, **changes}
    return client.send("/konto", form, to=f"/namnd/{committee}/svar/{response.id}{act}")


def fresh(response) -> Response:
    db.session.expire_all()
    return db.session.get(Response, response.id)


def scheduled(world, response, hours=1) -> Response:
    with transaction():
        at = clock.now() + timedelta(hours=hours)
        schedule(response, at, seen=response.version, editor=world.eva, now=clock.now())
    return response


def events(kind: str) -> list[Event]:
    return db.session.scalars(select(Event).where(Event.kind == kind)).all()


def told() -> list[Letter]:
    return db.session.scalars(select(Letter).where(Letter.kind == LetterKind.NOT_AS_PLANNED)).all()


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


# A time that is still to come, and not too far off.
@pytest.mark.parametrize(
    ("later", "why"),
    [
        (-minutes(1), WhyNotAt.PAST),
        (minutes(0), WhyNotAt.PAST),
        (minutes(1), None),
        (FURTHEST_PUBLISHING, None),
        (FURTHEST_PUBLISHING + minutes(1), WhyNotAt.TOO_FAR),
    ],
)
def test_when_an_answer_can_be_set_to_be_published(later, why):
    assert why_not_at(clock.now() + later, clock.now()) == why


def test_an_editor_sets_a_time_in_swedens_time_and_what_was_typed_is_kept(world, eva, response):
    sent = send(eva, response)
    assert (sent.status_code, sent.location) == (303, f"/namnd/ks/svar/{response.id}")
    now = fresh(response)
    assert (now.state, now.published_by_id, now.published_at) == (ResponseState.SCHEDULED, world.eva.id, None)
    assert now.publish_at.isoformat() == "2026-03-12T07:00:00+00:00"
    assert now.we_decided == WORDS["we_decided"]
    assert "Det publiceras av sig självt" in eva.get(sent.location).text
    assert "Publiceras av sig själva" in eva.get("/namnd/ks/inkorg").text


def test_until_then_nobody_outside_sees_it_and_nobody_is_told(world, response, app):
    scheduled(world, response)
    publish_in_time(clock.now() + minutes(59))
    assert fresh(response).state == ResponseState.SCHEDULED
    assert app.test_client().get(f"/svar/{response.id}").status_code == 404
    assert not letters()


def test_at_the_time_it_is_published_in_the_editors_name_and_everybody_covered_is_told(world, response, app):
    scheduled(world, response)
    clock.forward(hours=1)
    publish_in_time(clock.now())
    now = fresh(response)
    assert (now.state, now.published_at, now.publish_at, now.published_by_id) == (
        ResponseState.PUBLISHED,
        clock.now(),
        None,
        world.eva.id,
    )
    assert len(letters()) == 2
    assert not told()
    assert app.test_client().get(f"/svar/{response.id}").status_code == 200
    assert_counts_are_right()


def test_it_is_published_once_however_often_the_worker_looks(world, response):
    scheduled(world, response)
    clock.forward(hours=2)
    due = due_to_publish(clock.now())
    for _ in range(2):
        publish_in_time(clock.now())
    with transaction():
        assert not publish_by_itself(due[0], clock.now())  # another worker that had looked before
    assert len(events("response.published")) == 1
    assert len(letters()) == 2


def test_a_worker_that_is_killed_in_the_middle_leaves_it_to_the_next(world, response, monkeypatch):
    scheduled(world, response)
    clock.forward(hours=2)

    def die(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(operations, "_answer_what_is_covered", die)
        with pytest.raises(KeyboardInterrupt):
            publish_in_time(clock.now())
    assert fresh(response).state == ResponseState.SCHEDULED
    publish_in_time(clock.now())
    assert fresh(response).state == ResponseState.PUBLISHED
    assert len(events("response.published")) == 1


def test_what_was_hidden_meanwhile_is_left_out_and_those_who_answer_are_told(world, response, comments):
    scheduled(world, response)
    world.decide(comments[0], "hide")
    clock.forward(hours=2)
    publish_in_time(clock.now())
    assert [one.comment_id for one in fresh(response).coverage] == [comments[1].id]
    assert [address for address, _ in letters()] == ["rut@example.org"]
    assert {letter.address for letter in told()} == {"eva@example.org", "olle@example.org"}
    message = write(told()[0])
    assert "utan 1 inlägg" in message.body
    assert f"/svar/{response.id}" in message.body


def test_where_nothing_is_left_it_is_a_draft_again_and_they_are_told(world, response, comments):
    scheduled(world, response)
    for comment in comments:
        world.decide(comment, "hide")
    clock.forward(hours=2)
    publish_in_time(clock.now())
    assert (fresh(response).state, fresh(response).publish_at) == (ResponseState.DRAFT, None)
    assert not events("response.published")
    assert "publicerades inte" in write(told()[0]).subject
    publish_in_time(clock.now())
    assert len(events("response.not_published")) == 1


def test_whoever_is_no_editor_any_longer_publishes_nothing(world, response):
    scheduled(world, response)
    with transaction():
        take_role("eva@example.org", Role.EDITOR, world.committee("KS"), now=clock.now())
    clock.forward(hours=2)
    publish_in_time(clock.now())
    assert fresh(response).state == ResponseState.DRAFT
    assert "inte längre" in write(told()[0]).body


def test_while_it_waits_for_its_time_it_is_read_and_not_written(world, client, response):
    scheduled(world, response)
    world.sign_in(client, world.olle)
    page = client.get(f"/namnd/ks/svar/{response.id}").text
    form = page[page.index('<form class="editor"') :]
    assert fresh(response).we_decided in form and "<textarea" not in form and "<select" not in form
    assert "Ta tillbaka det för att ändra" in form
    taken = {"seen": response.version}  # all that the page sends then
    assert client.send("/konto", taken, to=f"/namnd/ks/svar/{response.id}/tillbaka").status_code == 303
    after = fresh(response)
    assert (after.state, after.we_decided, len(after.coverage)) == (
        ResponseState.DRAFT,
        response.we_decided,
        len(response.coverage),
    )
    assert "<textarea" in client.get(f"/namnd/ks/svar/{response.id}").text


def test_whoever_set_the_time_is_told_that_a_colleague_took_it_back(world, response):
    def take_back(officer) -> None:
        with transaction():
            send_back(response, None, seen=response.version, officer=officer, now=clock.now())

    scheduled(world, response)
    take_back(world.olle)
    [letter] = told()
    assert letter.address == world.eva.email
    message = write(letter)
    assert "togs tillbaka" in message.subject and f"/namnd/ks/svar/{response.id}" in message.body
    scheduled(world, response)
    with pytest.raises(NotWanted):
        write(letter)
    take_back(world.eva)
    assert len(told()) == 1, "Nobody is told of what they did themselves."


def test_it_is_taken_back_before_its_time_by_whoever_sees_a_mistake(world, client, response):
    scheduled(world, response)
    world.sign_in(client, world.olle)
    sent = send(client, fresh(response), act="/tillbaka", we_decided="Vi rättar det här först.")
    assert sent.status_code == 303
    now = fresh(response)
    assert (now.state, now.publish_at, now.we_decided) == (
        ResponseState.DRAFT,
        None,
        "Vi rättar det här först.",
    )
    clock.forward(hours=2)
    publish_in_time(clock.now())
    assert fresh(response).state == ResponseState.DRAFT


@pytest.mark.parametrize("act", ["", "/publicera", "/tid"])
def test_what_has_a_time_stays_as_it_is_until_it_is_taken_back(world, eva, response, act):
    scheduled(world, response)
    sent = send(eva, fresh(response), act=act, we_decided="Andra ord.")
    assert sent.status_code == 409
    for said in ("Andra ord.", "En redaktör har satt en tid för det"):
        assert said in sent.text
    now = fresh(response)
    assert (now.state, now.we_decided != "Andra ord.") == (ResponseState.SCHEDULED, True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"publish_on": ""}, "publish_on"),
        ({"publish_on": "i morgon"}, "publish_on"),
        ({"publish_on": "2026-03-01"}, "publish_on"),
        ({"publish_on": "2027-03-01"}, "publish_on"),
        ({"publish_time": ""}, "publish_time"),
        ({"publish_time": "25:00"}, "publish_time"),
        ({"publish_time": "åtta"}, "publish_time"),
        ({"because": ""}, "because"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_with_what_was_typed(world, eva, response, changes, field):
    sent = send(eva, response, **changes)
    assert sent.status_code == 422
    assert f'id="{field}-error"' in sent.text
    assert WORDS["we_decided"] in sent.text
    assert fresh(response).state == ResponseState.DRAFT


def test_somebody_saved_meanwhile(world, eva, response):
    assert send(eva, response, seen=response.version - 1).status_code == 409
    assert fresh(response).state == ResponseState.DRAFT


@pytest.mark.parametrize("name", ["olle", "tore", "rut"])
def test_nobody_but_the_committees_editors_sets_a_time(world, client, response, name):
    world.sign_in(client, world.people[name])
    assert send(client, response).status_code == 403
    assert fresh(response).state == ResponseState.DRAFT


def test_another_committees_answer_is_not_there(world, client, response):
    world.sign_in(client, world.tore)
    assert send(client, response, committee="tn").status_code == 404


def test_the_operation_itself_refuses_the_past(world, response):
    with pytest.raises(NotAt), transaction():
        schedule(response, clock.now(), seen=response.version, editor=world.eva, now=clock.now())


def test_the_database_refuses_a_time_without_the_state(world, response):
    statement = update(Response).where(Response.id == response.id).values(publish_at=clock.now())
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(statement)


def test_what_was_published_otherwise_is_not_published_again(world, response):
    scheduled(world, response)
    with transaction():
        publish(response, seen=response.version, editor=world.eva, now=clock.now())
    clock.forward(hours=2)
    publish_in_time(clock.now())
    assert len(events("response.published")) == 1
    answered = select(func.count()).where(Matter.state == MatterState.ANSWERED)
    assert db.session.scalar(answered) == 2


def test_what_was_passed_on_meanwhile_is_left_out_and_the_letter_says_that_it_can_be_that(
    world, response, comments
):
    scheduled(world, response)
    world.forwarded(world.matters("KS", comments[0])[0])
    clock.forward(hours=2)
    publish_in_time(clock.now())
    assert [one.comment_id for one in fresh(response).coverage] == [comments[1].id]
    assert "lämnades vidare" in write(told()[0]).body
    assert_counts_are_right()


def test_those_who_answer_are_told_when_a_comment_is_moved_out_of_what_has_a_time(world, response, comments):
    world.moved(comments[1], assignment=world.assignment(3))
    assert not told(), "A draft is looked at before it goes anywhere."
    with transaction():
        operations.save_draft(
            response,
            operations.Draft.of(response),
            world.matters("KS", comments[0]),
            seen=response.version,
            officer=world.olle,
            now=clock.now(),
        )
    other = world.published(world.rut, "Och tätare turer på lördagar!")
    both = world.drafted(comments[0], other)
    scheduled(world, both)
    world.moved(other, assignment=world.assignment(3))
    assert {letter.address for letter in told()} == {"eva@example.org", "olle@example.org"}
    message = write(told()[0])
    assert "har lämnat ett svar" in message.subject and f"/namnd/ks/svar/{both.id}" in message.body
    clock.forward(hours=2)
    publish_in_time(clock.now())
    with pytest.raises(NotWanted):
        write(told()[0])
    assert [one.comment_id for one in fresh(both).coverage] == [comments[0].id]
