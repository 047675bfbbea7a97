"""A report that everybody can read gets other words: those it had stay in view, and everybody who took part is told."""

from dataclasses import asdict, replace
from datetime import date

import pytest
from sqlalchemy import select

from dialog.conversation.models import Comment
from dialog.db import clock, db, transaction
from dialog.dialogues import reporting
from dialog.dialogues.models import Dialogue, EarlierReport
from dialog.dialogues.operations import NotReady
from dialog.following.operations import choose_letters, follow
from dialog.following.rules import HowOften, Thing
from dialog.notify.rules import LetterKind
from dialog.notify.sending import send_waiting
from dialog.notify.telling import tell_followers
from dialog.response.quoting import reports_holding
from dialog.states import Stale, UnlistedMove
from tests import counts
from tests.dialogues.test_report_back import FORM, REPORT, closed, page_of, report_back
from tests.moderation.deciding import QUEUE
from tests.notify.conftest import recorder

__all__ = ["recorder"]
BETTER = replace(REPORT, we_decided="Vi plogar gångvägarna först, men inte i Lit.")
WHAT = "Vi skrev fel: Lit plogas av en vägförening."


def revise(world, dialogue: Dialogue, report=BETTER, what=WHAT, seen=None) -> bool:
    seen = dialogue.version if seen is None else seen
    with transaction():
        return reporting.revise_report(dialogue, report, what, seen=seen, editor=world.eva, now=clock.now())


@pytest.fixture
def reported(world):
    """A dialogue that Nils took part in, reported back."""
    dialogue = world.opened()
    clock.forward(hours=1)
    world.published(world.nils, "Plogningen behöver vara klar före sex.")
    clock.forward(days=25)
    return report_back(world, dialogue)


@pytest.fixture
def eva(world, client, reported):
    world.sign_in(client, world.eva)
    return client


def send(client, dialogue, **changes):
    form = FORM | {"we_decided": BETTER.we_decided, "what_changed": WHAT, "seen": dialogue.version} | changes
    return client.send("/konto", form, to=f"{page_of(dialogue)}/andra")


def now(dialogue) -> Dialogue:
    db.session.expire_all()
    return db.session.get_one(Dialogue, dialogue.id)


def test_the_new_words_hold_and_those_before_stay_in_view_with_what_was_changed(world, eva, app, reported):
    shown = f"/dialoger/{reported.id}"
    assert f"{page_of(reported)}/andra" in eva.get(shown).text
    assert REPORT.we_decided in eva.get(f"{page_of(reported)}/andra").text
    assert send(eva, reported).location == f"{shown}?gjort=andring"
    text = app.test_client().get(shown).text
    assert text.index(WHAT) < text.index(BETTER.we_decided) < text.index("Vad som stod tidigare</h2>")
    assert REPORT.we_decided in text[text.index("Vad som stod tidigare</h2>") :]
    assert f"{page_of(reported)}/andra" not in text
    again = replace(BETTER, because="Så blev det.")
    clock.forward(days=1)
    assert revise(world, now(reported), again, "Vi förklarar bättre varför.")
    assert [one.number for one in reporting.earlier_reports(now(reported))] == [2, 1]


def test_everybody_who_took_part_is_told_of_it_and_who_follows(world, reported, recorder):
    with transaction():
        for person in (world.nils, world.rut):
            follow(person, Thing.GOAL, world.goal().id, now=clock.now())
            choose_letters(person, HowOften.AT_ONCE, now=clock.now())
    tell_followers()
    send_waiting(recorder)
    recorder.sent.clear()
    revise(world, reported)
    tell_followers()
    send_waiting(recorder)
    [(own, message), (followed, _)] = recorder.sent
    assert (own.kind, own.address) == (LetterKind.REPORTED_BACK, world.nils.email)
    assert "har ändrats" in message.subject
    assert all(words in message.body for words in (WHAT, BETTER.we_decided, "klar före sex"))
    assert (followed.kind, followed.address) == (LetterKind.FOLLOWED, world.rut.email)


def test_what_was_changed_again_before_anybody_was_told_is_told_once(world, recorder):
    with transaction():
        follow(world.rut, Thing.GOAL, world.goal().id, now=clock.now())
        choose_letters(world.rut, HowOften.AT_ONCE, now=clock.now())
    dialogue = world.opened()
    clock.forward(hours=1)
    world.published(world.nils, "Plogningen behöver vara klar före sex.")
    tell_followers()
    send_waiting(recorder)
    recorder.sent.clear()
    clock.forward(days=25)
    report_back(world, dialogue)
    for words in ("Vi plogar först.", "Vi plogar sedan."):
        revise(world, dialogue, replace(REPORT, we_decided=words))
    tell_followers()
    send_waiting(recorder)
    to = [(letter.address, "har ändrats" in message.subject) for letter, message in recorder.sent]
    assert to.count((world.nils.email, True)) == 1, "Of the two changes, the last alone."
    about_it = [message for letter, message in recorder.sent if letter.address == world.rut.email]
    assert sum("Vi plogar sedan." in message.body for message in about_it) == 1


def test_the_same_words_change_nothing_and_a_stale_window_shows_both(world, eva, reported):
    seen = reported.version
    assert [send(eva, reported, seen=seen).status_code for _ in range(2)] == [303, 303]
    assert counts.count(EarlierReport) == 1
    sent = send(eva, reported, seen=seen, because="Mina egna ord.")
    assert (sent.status_code, "Mina egna ord." in sent.text) == (409, True)
    with pytest.raises(Stale):
        revise(world, reported, REPORT, seen=seen)


@pytest.mark.parametrize(
    "changes",
    [
        {"what_changed": ""},
        {"what_changed": "fel"},
        {"because": ""},
        {"decided_on": "2199-01-01"},
        {"decided_on": "sen"},
    ],
)
def test_bad_input_is_said_at_the_field_and_changes_nothing(eva, reported, changes):
    sent = send(eva, reported, **changes)
    assert sent.status_code == 422 and sent.text.count('class="field-error"') == 1
    assert BETTER.we_decided in sent.text
    assert now(reported).we_decided == REPORT.we_decided


def test_only_editors_of_the_committee_and_only_what_is_reported_back(world, client, reported):
    for name, status in (("olle", 403), ("tore", 403), ("rut", 403)):
        world.sign_in(client, world.people[name])
        assert client.get(f"{page_of(reported)}/andra").status_code == status
        assert send(client, reported).status_code == status
    later = {"closes_on": date(2026, 6, 1), "decides_on": date(2026, 6, 2), "feedback_on": date(2026, 6, 3)}
    other = closed(world, assignment=world.assignment(1), **later)
    world.sign_in(client, world.eva)
    assert client.get(f"{page_of(other)}/andra").status_code == 404
    assert send(client, other).status_code == 404
    with pytest.raises(UnlistedMove):
        revise(world, other)
    with pytest.raises(NotReady):
        revise(world, reported, replace(BETTER, decided_on=date(2199, 1, 1)))
    assert asdict(reporting.Report.of(now(reported))) == asdict(REPORT)


QUOTING = replace(REPORT, because="Berit i Lit skrev om bussen.")


def test_whoever_takes_out_what_a_report_quotes_is_told_of_it_also_of_what_it_said_before(world, reported):
    comment = db.session.scalars(select(Comment)).one()
    assert reports_holding(comment, ["Berit i Lit"]) == []
    revise(world, reported, QUOTING)
    assert reports_holding(comment, ["Berit i Lit"]) == [now(reported)]
    assert reports_holding(comment, ["Arne i Lit"]) == []
    revise(world, now(reported), BETTER, what="Ett namn är borttaget.")
    assert reports_holding(comment, ["Berit i Lit"]) == [now(reported)], "What it said before is in view."


def test_a_report_is_found_that_quotes_a_comment_about_an_assignment_of_the_goal_but_no_draft(world):
    comment = world.published(world.rut, "Berit i Lit väntar på bussen.", assignment=world.assignment(1))
    clock.forward(days=1)
    dialogue = closed(world)
    with transaction():
        reporting.save_report(dialogue, QUOTING, seen=dialogue.version, officer=world.olle, now=clock.now())
    assert reports_holding(comment, ["Berit i Lit"]) == [], "Nobody can read a draft."
    report_back(world, now(dialogue), QUOTING)
    assert reports_holding(comment, ["Berit i Lit"]) == [now(dialogue)]
    assert reports_holding(world.published(goal=world.goal("1-1", 2023)), ["Berit i Lit"]) == []


def test_the_moderator_sees_which_report_it_is(world, client, reported):
    comment = db.session.scalars(select(Comment)).one()
    revise(world, reported, replace(REPORT, because="Plogningen är dyr."))
    world.sign_in(client, world.mona)
    form = {
        "passages": "Plogningen",
        "reasons": "En enskild persons namn.",
        "seen": comment.version,
    }
    page = client.send(f"{QUEUE}/{comment.number}/maskera", form).text
    assert "Finns också i" in page and f'href="/dialoger/{reported.id}"' in page
