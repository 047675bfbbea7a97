"""The demonstration: a cast to be, a conversation in every state of the loop, and the letters that were sent."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from dialog.appeals.models import Appeal
from dialog.appeals.rules import AppealState
from dialog.commitments.models import Commitment
from dialog.commitments.rules import CommitmentState
from dialog.conversation.models import Comment, CommentWording
from dialog.conversation.rules import CommentState
from dialog.db import clock, db, local_day
from dialog.demo import cast
from dialog.notify.models import Letter
from dialog.notify.sending import send_waiting
from dialog.notify.transport import KeptForReading
from dialog.organisations.models import Mandate, Organisation
from dialog.people.models import Person
from dialog.plan.models import FollowUp
from dialog.reports.models import Report
from dialog.reports.rules import ReportState
from dialog.response.models import Matter, Response, Workload
from dialog.response.rules import Lateness, MatterState, ResponseState, lateness
from dialog.small_numbers import FEWEST_SHOWN
from dialog.stances.models import StanceCount
from tests import counts, databases
from tests.conftest import NOW
from tests.plan.commands import everything, run

MEMBERS = [row["key"] for row in cast.members_with_buttons()]
# Where each one's day begins.
FIRST_PAGES = {
    "moderator": "/moderering",
    "moderator-2": "/moderering",
    "administrator": "/forvaltning/register",
    "kundcenter": "/kundcenter",
    "registrator": "/registrator/forseglat",
    **{
        f"{role}-{slug}": f"/namnd/{slug}/inkorg"
        for role in ("handlaggare", "redaktor")
        for slug in ("ks", "tn")
    },
}


@pytest.fixture(scope="module")
def kept_with_demonstration(_prepared):
    """The name under which the database is kept with the demonstration in it: made once, for it takes seconds."""
    app, source = _prepared
    with app.app_context():
        source.renew(databases.EMPTY)
        clock.set(NOW)
        assert run(app, "demo", "seed").exit_code == 0
        databases.close_connections()
        source.keep("seeded")
    return "seeded"


@pytest.fixture
def seeded(app, _prepared, kept_with_demonstration):
    """The application with the demonstration in place."""
    _, source = _prepared
    with app.app_context():
        source.renew(kept_with_demonstration)
        yield app


def test_seeding_twice_adds_nothing(app):
    said = sum(len(cast.content("conversation")[what]) for what in ("comments", "replies"))
    assert run(app, "demo", "seed").stdout.strip().endswith(f"{said}.")
    before = everything(app)
    clock.forward(days=1)
    assert run(app, "demo", "seed").stdout == "Nya inlägg: 0.\n"
    assert everything(app) == before


def test_there_is_a_button_for_each_role(client):
    page = client.get("/demo").text
    roles = {row["key"]: row["role_sv"] for row in cast.members_with_buttons()}
    assert all(f'action="/demo/{key}"' in page and role in page for key, role in roles.items())
    kinds = {grant["role"] for row in cast.members_with_buttons() for grant in row["roles"]}
    assert kinds == {"moderator", "officer", "editor", "administrator", "customer_centre", "registrar"}
    assert sum(bool(row.get("organisation")) for row in cast.members_with_buttons()) == 3
    assert "påhittade exempel" in page


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_button_signs_in_and_leads_to_a_page(seeded, prefix):
    for key in MEMBERS:
        client = seeded.test_client()
        answer = client.send(f"{prefix}/demo", to=f"{prefix}/demo/{key}")
        first = FIRST_PAGES.get(key, "/")
        assert (answer.status_code, answer.location) == (303, prefix + first), key
        page = client.get(answer.location)
        assert page.status_code == 200, key
        assert "(exempel)" in client.get(f"{prefix}/konto").text
        assert f"{prefix}/logga-ut" in page.text


@pytest.mark.parametrize("key", ["finns-inte", "moderator2", "x" * 300])
def test_there_is_no_button_for_somebody_unknown(seeded, client, key):
    assert client.send("/demo", to=f"/demo/{key}").status_code == 404


def test_nobody_signs_in_as_one_of_those_who_only_wrote(seeded, client):
    silent = [row["key"] for row in cast.content("cast")["members"] if not row["button"]]
    assert silent
    for key in silent:
        assert client.send("/demo", to=f"/demo/{key}").status_code == 404


def test_before_seeding_a_button_leads_nowhere(client):
    assert client.send("/demo", to="/demo/moderator").status_code == 404


def test_every_state_of_the_loop_is_there(seeded):
    comments = db.session.execute(select(Comment.state, func.count()).group_by(Comment.state)).all()
    assert {state for state, _ in comments} == set(CommentState)
    assert 35 <= sum(number for _, number in comments) <= 60
    assert counts.count(Comment, Comment.reply_count > 3) > 0
    matters = db.session.scalars(select(Matter)).all()
    assert {one.state for one in matters} >= {MatterState.DUE, MatterState.ANSWERED, MatterState.CLOSED}
    due = [one for one in matters if one.state == MatterState.DUE]
    shown = {lateness(one.due_on, one.very_late_on, clock.today()) for one in due}
    assert shown >= {Lateness.IN_TIME, Lateness.LATE, Lateness.VERY_LATE}
    responses = db.session.scalars(select(Response)).all()
    assert {one.state for one in responses} == {ResponseState.DRAFT, ResponseState.PUBLISHED}
    assert len({one.outcome for one in responses if one.outcome}) == 6
    assert any(len(one.coverage) > 1 for one in responses)
    shown = db.session.scalars(select(StanceCount).order_by(StanceCount.comment_id)).all()
    assert [one.is_shown for one in shown] == [True, True, False]
    assert shown[0].shown_agree >= FEWEST_SHOWN
    masked = select(func.count()).where(CommentWording.is_sealed)
    assert db.session.scalar(masked) == 1
    appeals = set(db.session.scalars(select(Appeal.state)))
    assert appeals == {AppealState.OPEN, AppealState.DENIED}
    assert counts.count(Report, Report.state == ReportState.OPEN) == 1
    follow_ups = db.session.scalars(select(FollowUp)).all()
    assert [one.is_doubtful for one in follow_ups] == [False, False, True]
    commitments = db.session.scalars(select(Commitment)).all()
    assert {one.state for one in commitments} == set(CommitmentState) - {CommitmentState.NOT_KEPT}
    assert {one.is_late(clock.today()) for one in commitments} == {True, False}


def test_something_waits_for_each_of_those_who_act(seeded):
    assert counts.count(Comment, Comment.review_since.is_not(None)) > 0
    waiting = {one.committee_id: one.waiting for one in db.session.scalars(select(Workload))}
    for slug in ("ks", "tn"):
        officer = db.session.scalars(
            select(Person).where(Person.email == f"handlaggare-{slug}@exempel.invalid")
        ).one()
        assert waiting[officer.grants[0].committee_id] > 0


def test_an_answer_about_a_goal_that_was_replaced_came_along_to_the_one_after_it(seeded, client):
    came_along = client.get("/mal/2024/naringsliv-och-tillvaxt/andringar").text.split('id="foljde"')[1]
    assert "erbjudande om praktik" in came_along and "Inga svar" not in came_along


def test_the_counts_on_the_pages_are_the_counts_there_are(seeded):
    counts.assert_right()


def test_nobody_in_it_can_be_taken_for_real(seeded):
    with_address = select(Person).where(Person.email.is_not(None))
    assert all(one.email.endswith(".invalid") for one in db.session.scalars(with_address))
    named = db.session.scalars(select(Person).where(Person.name.is_not(None)))
    assert all("(exempel)" in one.name for one in named)
    assert all("exemp" in one.name.casefold() for one in db.session.scalars(select(Organisation)))
    assert all(one.holds(clock.today()) for one in db.session.scalars(select(Mandate)))


def test_the_letters_are_shown_as_they_were_sent(seeded, client):
    assert "På väg" in client.get("/demo/brev").text
    assert send_waiting(KeptForReading()) > 40
    page = client.get("/demo/brev").text
    assert page.count('href="/demo/brev/') == 50
    answered = db.session.scalars(
        select(Letter).where(Letter.kind == "answered", Letter.state == "sent")
    ).first()
    shown = client.get(f"/demo/brev/{answered.id}")
    assert answered.subject in shown.text
    comment = db.session.get(Comment, answered.subject_id)
    assert comment.words.text.splitlines()[0][:40] in shown.text.replace("&gt; ", "")
    receipt = f"http://localhost/kvitto/{comment.receipt_key}"
    assert f'<a href="{receipt}"' in shown.text


def test_a_decision_lies_between_what_was_said_and_the_answer(seeded):
    answers = db.session.scalars(select(Response).where(Response.decided_on.is_not(None))).all()
    assert answers
    for answer in answers:
        said = db.session.scalars(
            select(Comment.submitted_at).where(Comment.id.in_([one.comment_id for one in answer.coverage]))
        )
        assert max(local_day(at) for at in said) < answer.decided_on <= local_day(answer.published_at)


def test_one_of_the_cast_can_ask_another_to_speak_for_their_association(seeded, client):
    client.send("/demo", to="/demo/forening")
    today = clock.today()
    offer = {"email": "invanare-stad@exempel.invalid", "basis": "styrelsebeslut"}
    term = {"dated": str(today), "expires_on": str(today)}
    slug = next(row["organisation"] for row in cast.content("cast")["members"] if row["key"] == "forening")
    assert client.send(f"/organisation/{slug}/mandat", {**offer, **term}).status_code == 303
    client.send("/demo", to="/demo/invanare-stad")
    assert "Du är tillfrågad" in client.get("/konto").text


def test_the_letters_to_one_address_are_found(seeded, client):
    page = client.get("/demo/brev?till=Invanare-Land@exempel.invalid ").text
    assert "invanare-land@exempel.invalid" in page
    assert "invanare-stad@exempel.invalid" not in page
    assert "Inga mejl" in client.get("/demo/brev?till=ingen@exempel.invalid").text


@pytest.mark.parametrize("address", ["/demo/brev/0", "/demo/brev/99999", "/demo/brev/x"])
def test_a_letter_that_does_not_exist_is_missing(client, address):
    assert client.get(address).status_code == 404


def test_every_page_of_it_says_that_it_is_a_demonstration(seeded, client):
    for address in ("/", "/mal/2024/naringsliv-och-tillvaxt", "/namnd", "/logga-in", "/finns-inte"):
        assert "Det här är en demonstration" in client.get(address).text
        assert "This is a demonstration" in client.get(f"/en{address}".rstrip("/")).text


def test_the_cast_is_never_shown_as_real_people(seeded, monkeypatch):
    settings = replace(seeded.config["SETTINGS"], demo=False)
    monkeypatch.setitem(seeded.config, "SETTINGS", settings)
    before = everything(seeded)
    refused = seeded.test_cli_runner().invoke(args=["prepare"])
    assert refused.exit_code == 1
    assert "Sätt DIALOG_DEMO=1" in refused.output
    assert everything(seeded) == before


@pytest.mark.parametrize("command", ["start", "worker"])
def test_outside_the_demonstration_nothing_starts_that_could_send_no_letters(context, monkeypatch, command):
    monkeypatch.setitem(context.config, "SETTINGS", replace(context.config["SETTINGS"], demo=False))
    runner = context.test_cli_runner()
    refused = runner.invoke(args=[command])
    assert refused.exit_code == 1
    assert "SMTP_URL must be set" in refused.output
    assert runner.invoke(args=["prepare"]).exit_code == 0
