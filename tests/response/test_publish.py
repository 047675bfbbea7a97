"""Publishing an answer: everyone covered is answered and told, once, and nobody else."""

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import func, select

from dialog.conversation.models import Comment
from dialog.conversation.rules import CommentState
from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.plan.models import Assignment, Goal
from dialog.response import queries
from dialog.response.models import Coverage, Matter, Response
from dialog.response.operations import Draft, Incomplete, publish, save_draft, start_draft
from dialog.response.rules import MatterState, Outcome, ResponseState
from tests.response.test_matters import assert_workload_is_counted
from tests.world import ANSWER, GOAL_2024

WORDS = {
    "you_said": "Ni säger att bussen går för sällan.",
    "we_decided": "Vi utökar trafiken.",
    "because": "Fler reser nu.",
    "outcome": "partly",
    "decided_on": "",
    "decision_reference": "",
}


@pytest.fixture
def eva(world, client):
    """The browser of an editor of KS."""
    world.sign_in(client, world.eva)
    return client


def send(client, response, *matters, committee="ks", **changes):
    form = {**WORDS, "seen": response.version, "matter": [matter.id for matter in matters], **changes}
    return client.send("/konto", form, to=f"/namnd/{committee}/svar/{response.id}/publicera")


def fresh(thing):
    db.session.expire_all()
    return db.session.get(type(thing), thing.id)


def covered(response) -> list[str]:
    return [one.comment.number for one in fresh(response).coverage]


def letters() -> list[tuple[str, int]]:
    statement = select(Letter.address, Letter.subject_id).where(Letter.kind == LetterKind.ANSWERED)
    return [tuple(row) for row in db.session.execute(statement.order_by(Letter.id))]


def assert_counts_are_right() -> None:
    """Every count that a page shows is the number of rows there are."""
    db.session.expire_all()
    public = Comment.state == CommentState.PUBLISHED
    for model, column in ((Goal, Comment.goal_id), (Assignment, Comment.assignment_id)):
        for thing in db.session.scalars(select(model)):
            about = select(func.count()).select_from(Comment).where(public, column == thing.id)
            assert thing.comment_count == db.session.scalar(about)
            assert thing.answered_count == db.session.scalar(about.where(Comment.answered_at.is_not(None)))
    assert_workload_is_counted()


def test_an_editor_publishes_and_is_shown_the_answer(world, eva):
    comment = world.published()
    response = world.drafted(comment)
    sent = send(eva, response, *world.matters("KS", comment))
    assert (sent.status_code, sent.location) == (303, f"/svar/{response.id}?publicerat=1")
    published = fresh(response)
    assert (published.state, published.published_by_id, published.published_at) == (
        ResponseState.PUBLISHED,
        world.eva.id,
        clock.now(),
    )
    assert published.we_decided == WORDS["we_decided"]
    page = eva.get(sent.location).text
    assert WORDS["we_decided"] in page
    assert comment.number in page
    assert_counts_are_right()


def test_how_many_will_be_told_stands_beside_the_button_and_on_the_page_afterwards(world, eva, app):
    twice = [world.published(text=f"Inlägg {n} av Nils, som ska få svar.") for n in range(2)]
    once = world.published(world.rut, "Ett inlägg av Rut, som ska få svar.")
    response = world.drafted(*twice, once)
    page = eva.get(f"/namnd/ks/svar/{response.id}").text
    assert "Svaret blir synligt för alla och skickas med mejl till 2 personer." in page
    published = send(eva, response, *world.matters("KS", *twice, once)).location
    page = eva.get(published).text
    assert "Svaret är publicerat. 2 personer får ett mejl." in page
    assert 'href="/namnd/ks/inkorg"' in page[page.index("<main") :]
    assert "är publicerat." not in eva.get(f"/svar/{response.id}").text


@pytest.mark.parametrize("name", [None, "rut", "olle", "tore", "mona"])
def test_nobody_but_the_committees_editors_is_told_how_many_were_told(world, client, name):
    response = world.answered(world.published())
    if name:
        world.sign_in(client, world.people[name])
    page = client.get(f"/svar/{response.id}?publicerat=1").text
    assert "får ett mejl" not in page
    assert "/inkorg" not in page[page.index("<main") :]


def test_everything_that_is_missing_is_said_at_once(world, eva):
    comment = world.published()
    response = world.drafted(comment)
    sent = send(eva, response, because="", outcome="", decided_on="i går")
    assert sent.status_code == 422
    for field in ("decided_on", "because", "outcome"):
        assert f'id="{field}-error"' in sent.text, field
    assert "Välj minst ett inlägg att svara på." in sent.text
    assert 'id="we_decided-error"' not in sent.text


def test_everything_about_the_covered_comment_says_answered(world, eva):
    comment = world.published(assignment=world.assignment(1))
    response = world.drafted(comment)
    send(eva, response, *world.matters("KS", comment))
    matter = db.session.scalars(select(Matter)).one()
    assert (matter.state, matter.answered_at) == (MatterState.ANSWERED, clock.now())
    assert fresh(comment).answered_at == clock.now()
    assert (world.goal().answered_count, world.assignment(1).answered_count) == (1, 1)
    assert_counts_are_right()


def test_everybody_covered_gets_one_letter_for_each_comment(world, eva):
    mine = [world.published(world.nils, f"Inlägg {n} av Nils, som ska få svar.") for n in range(2)]
    hers = world.published(world.rut, "Ett inlägg av Rut, som ska få svar.")
    not_covered = world.published(world.vera, "Ett inlägg som inte omfattas.")
    response = world.drafted(*mine, hers)
    send(eva, response, *world.matters("KS", *mine, hers))
    assert sorted(letters()) == [
        ("nils@example.org", mine[0].id),
        ("nils@example.org", mine[1].id),
        ("rut@example.org", hers.id),
    ]
    assert fresh(not_covered).answered_at is None


def test_publishing_twice_is_the_same_as_once(world, eva):
    comment = world.published()
    response, matters = world.drafted(comment), world.matters("KS", comment)
    first, second = (send(eva, response, *matters, seen=response.version) for _ in range(2))
    assert (second.status_code, second.location) == (first.status_code, first.location)
    assert len(letters()) == 1
    events = select(func.count()).where(Event.kind == "response.published")
    assert db.session.scalar(events) == 1
    with transaction():
        assert publish(fresh(response), seen=1, editor=world.eva, now=clock.now()) is None
    assert_counts_are_right()


@pytest.mark.parametrize(
    ("missing", "field"),
    [("you_said", "you_said"), ("we_decided", "we_decided"), ("because", "because"), ("outcome", "outcome")],
)
def test_an_incomplete_answer_says_at_the_field_what_is_missing(world, eva, missing, field):
    comment = world.published()
    response = world.drafted(comment)
    sent = send(eva, response, *world.matters("KS", comment), **{missing: ""})
    assert sent.status_code == 422
    assert f'id="{field}-error"' in sent.text
    assert "innan du publicerar" in sent.text
    for name in {"you_said", "we_decided", "because"} - {missing}:
        assert WORDS[name] in sent.text
    assert fresh(response).state == ResponseState.DRAFT
    assert fresh(response).you_said == ANSWER.you_said
    assert letters() == []


def test_an_answer_to_nobody_is_not_published(world, eva):
    comment = world.published()
    response = world.drafted(comment)
    sent = send(eva, response)
    assert sent.status_code == 422
    assert "Välj minst ett inlägg att svara på." in sent.text
    assert WORDS["we_decided"] in sent.text
    assert fresh(response).state == ResponseState.DRAFT


@pytest.mark.parametrize(
    "changes", [{"because": "x" * 20000}, {"you_said": "\x00hej"}, {"decided_on": "i går"}, {"seen": "x"}]
)
def test_bad_input_publishes_nothing(world, eva, changes):
    comment = world.published()
    response = world.drafted(comment)
    assert send(eva, response, *world.matters("KS", comment), **changes).status_code == 422
    assert fresh(response).state == ResponseState.DRAFT


def test_a_draft_changed_meanwhile_is_not_published_and_the_words_stay(world, eva):
    comment = world.published()
    response = world.drafted(comment)
    seen = response.version
    with transaction():
        colleagues = Draft(you_said="Kollegans ord.")
        matters = world.matters("KS", comment)
        save_draft(response, colleagues, matters, seen=seen, officer=world.olle, now=clock.now())
    sent = send(eva, response, *world.matters("KS", comment), seen=seen)
    assert sent.status_code == 409
    assert WORDS["we_decided"] in sent.text
    assert (fresh(response).state, fresh(response).you_said) == (ResponseState.DRAFT, "Kollegans ord.")
    assert letters() == []


@pytest.mark.parametrize(
    ("name", "status"), [("olle", 403), ("tore", 403), ("rut", 403), ("mona", 403), ("adam", 403)]
)
def test_nobody_but_an_editor_of_the_committee_publishes(world, client, name, status):
    comment = world.published()
    response = world.drafted(comment)
    world.sign_in(client, world.people[name])
    assert send(client, response, *world.matters("KS", comment)).status_code == status
    assert fresh(response).state == ResponseState.DRAFT


def test_a_visitor_publishes_nothing(world, client):
    response = world.drafted(world.published())
    assert client.send("/logga-in", WORDS, to=f"/namnd/ks/svar/{response.id}/publicera").status_code == 401
    assert fresh(response).state == ResponseState.DRAFT


def test_what_was_hidden_since_the_draft_is_not_answered(world, eva):
    shown = world.published(text="Ett inlägg som visas och får svar.")
    hidden = world.published(world.rut, "Ett inlägg som döljs innan svaret kommer.")
    response, matters = world.drafted(shown, hidden), world.matters("KS", shown, hidden)
    world.decide(hidden, "hide")
    assert send(eva, response, *matters).status_code == 303
    assert covered(response) == [shown.number]
    assert [subject for _, subject in letters()] == [shown.id]
    assert_counts_are_right()


def test_whoever_publishes_is_told_that_something_they_had_chosen_is_not_covered(world, eva):
    kept = world.published(text="Ett inlägg som väntar hela tiden.")
    gone = world.published(world.rut, "Ett inlägg som en kollega lämnar vidare.")
    response, matters = world.drafted(kept, gone), world.matters("KS", kept, gone)
    world.forwarded(world.matters("KS", gone)[0])
    said = "1 av inläggen som ni valde väntar inte längre på ert svar"
    assert said in eva.get(f"/namnd/ks/svar/{response.id}").text
    sent = send(eva, response, *matters)
    assert said in eva.get(sent.location).text
    assert said not in eva.get(f"/svar/{response.id}?publicerat=1").text
    world.sign_in(eva, world.rut)
    assert said not in eva.get(sent.location).text, "It is for those who publish."


@pytest.mark.parametrize("where", ["", "/granskning", "/tid"])
def test_so_is_whoever_saves_it_or_sends_it_on(world, eva, where):
    kept = world.published(text="Ett inlägg som väntar hela tiden.")
    gone = world.published(world.rut, "Ett inlägg som döljs under tiden.")
    response, matters = world.drafted(kept, gone), world.matters("KS", kept, gone)
    world.decide(gone, "hide")
    matter_ids = [one.id for one in matters]
    form = WORDS | {"seen": response.version, "matter": matter_ids}
    form |= {"publish_on": "2026-03-12", "publish_time": "08:00"}
    sent = eva.send("/konto", form, to=f"/namnd/ks/svar/{response.id}{where}")
    assert sent.status_code == 303
    assert "1 av inläggen som ni valde" in eva.get(sent.location).text
    assert "av inläggen som ni valde" not in eva.get(f"/namnd/ks/svar/{response.id}").text


def test_the_operation_itself_leaves_out_what_is_no_longer_due(world):
    shown = world.published(text="Ett inlägg som visas och får svar.")
    hidden = world.published(world.rut, "Ett inlägg som döljs innan svaret kommer.")
    response = world.drafted(shown, hidden)
    world.decide(hidden, "hide")
    with transaction():
        publish(response, seen=response.version, editor=world.eva, now=clock.now())
    assert covered(response) == [shown.number]
    assert_counts_are_right()


def test_a_draft_whose_comments_are_all_gone_is_not_published(world):
    comment = world.published()
    response = world.drafted(comment)
    world.decide(comment, "hide")
    with pytest.raises(Incomplete), transaction():
        publish(response, seen=response.version, editor=world.eva, now=clock.now())
    assert fresh(response).state == ResponseState.DRAFT


def test_a_comment_hidden_in_the_same_moment_is_no_error(world, eva, monkeypatch):
    comment = world.published()
    response, matters = world.drafted(comment), world.matters("KS", comment)
    world.decide(comment, "hide")
    read = queries.due_matters
    read_before = iter([matters])  # what the page read just before the moderator decided
    monkeypatch.setattr(queries, "due_matters", lambda *a, **k: next(read_before, None) or read(*a, **k))
    sent = send(eva, response, *matters)
    assert sent.status_code == 409
    assert WORDS["we_decided"] in sent.text
    assert fresh(response).state == ResponseState.DRAFT


def test_the_same_comment_is_answered_once_by_a_committee(world):
    comment = world.published()
    first = world.drafted(comment)
    matters = world.matters("KS", comment)
    with transaction():
        second = start_draft(world.committee("KS"), matters, officer=world.eva, now=clock.now())
        save_draft(second, ANSWER, matters, seen=second.version, officer=world.eva, now=clock.now())
    with transaction():
        publish(first, seen=first.version, editor=world.eva, now=clock.now())
    with pytest.raises(Incomplete), transaction():
        publish(second, seen=second.version, editor=world.eva, now=clock.now())
    assert len(letters()) == 1
    assert_counts_are_right()


def test_one_committee_of_two_leaves_the_other_due(world, client):
    comment = world.published(assignment=world.assignment(2))
    response = world.drafted(comment)
    world.sign_in(client, world.eva)
    send(client, response, *world.matters("KS", comment))
    states = {matter.committee.code: matter.state for matter in db.session.scalars(select(Matter))}
    assert states == {"KS": "answered", "TN": "due", "VoN": "due", "SAN": "due"}
    assert (world.goal().answered_count, world.assignment(2).answered_count) == (1, 1)
    world.answered(comment, committee="TN")
    assert (world.goal().answered_count, world.assignment(2).answered_count) == (1, 1)
    assert len(letters()) == 2
    assert_counts_are_right()


def test_a_comment_on_another_goal_is_never_covered(world, eva):
    comment = world.published()
    other = world.published(text="Ett inlägg om ett mål från 2023.", goal=world.goal("1-1", 2023))
    response = world.drafted(comment)
    assert send(eva, response, *world.matters("KS", comment, other)).status_code == 303
    assert covered(response) == [comment.number]
    assert_counts_are_right()


def test_counts_are_right_after_hiding_and_restoring_what_was_answered(world):
    comment = world.published(assignment=world.assignment(1))
    world.answered(comment)
    for act in ("hide", "restore", "hide"):
        world.decide(comment, act)
        assert_counts_are_right()
    assert world.goal().answered_count == 0


def test_the_answer_shows_on_the_goal_the_comment_and_the_receipt(world, client):
    comment = world.published()
    response = world.answered(comment)
    for address in (
        GOAL_2024,
        f"/inlagg/{comment.number}",
        f"/kvitto/{comment.receipt_key}",
        "/namnd/ks",
        "/",
    ):
        page = client.get(address).text
        assert ANSWER.we_decided in page, address
        assert f"/svar/{response.id}" in page or address.startswith("/inlagg"), address


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_can_be_published_and_read(world, client, outcome):
    words = Draft("Ni sa något.", "Vi beslutade något.", "Därför.", outcome)
    response = world.answered(world.published(), words=words)
    assert f"outcome--{outcome}" in client.get(f"/svar/{response.id}").text
    assert f"outcome--{outcome}" in client.get(f"/en/svar/{response.id}").text


def test_an_answer_to_many_takes_as_many_statements_as_an_answer_to_few(world, app):
    def published(number: int) -> tuple[int, int]:
        comments = [world.published(world.rut, f"Inlägg {n} av {number} om målet.") for n in range(number)]
        matters, response = [one.id for one in world.matters("KS", *comments)], world.drafted(*comments)
        address, seen = f"/namnd/ks/svar/{response.id}/publicera", response.version
        client = app.test_client()
        world.sign_in(client, world.eva)
        token = client.token("/konto")
        statements: list[str] = []

        def note(connection, cursor, statement, *_):
            statements.append(statement)

        for engine in db.engines.values():
            sqlalchemy_event.listen(engine, "before_cursor_execute", note)
        try:
            form = {**WORDS, "csrf_token": token, "seen": seen, "matter": matters}
            assert client.post(address, data=form).status_code == 303
        finally:
            for engine in db.engines.values():
                sqlalchemy_event.remove(engine, "before_cursor_execute", note)
        answers = select(func.count()).select_from(Coverage).where(Coverage.response_id == response.id)
        return db.session.scalar(answers), len(statements)

    world.trusted(world.rut)
    (few, for_few), (many, for_many) = published(5), published(24)
    assert (few, many) == (5, 24)
    assert for_many == for_few
    assert_counts_are_right()


def test_a_response_is_answered_by_its_own_committee_alone(world, client):
    response = world.drafted(world.published(assignment=world.assignment(2)), committee="TN")
    world.sign_in(client, world.eva)
    assert send(client, response, committee="ks").status_code == 404
    assert send(client, response, committee="tn").status_code == 403
    assert db.session.get(Response, response.id).state == ResponseState.DRAFT
