"""A committee tells those who took part what a dialogue led to, is reminded of it, and without it everybody sees so."""

from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from dialog.db import changed, clock, db, transaction
from dialog.dialogues import reporting
from dialog.dialogues.models import Dialogue
from dialog.dialogues.operations import save_terms
from dialog.dialogues.queries import Feedback, feedback_of
from dialog.dialogues.reporting import Report, StillOpen
from dialog.dialogues.rules import DialogueState, Flaw, Reminder, flaws_of_report, reminder_due
from dialog.events import Event
from dialog.following.operations import choose_letters, follow
from dialog.following.rules import HowOften, Thing
from dialog.notify.letters import write
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.notify.telling import read_the_log, remind_of_promised_feedback, tell_at_once
from dialog.notify.writing import NotWanted
from dialog.states import Stale, UnlistedMove
from tests.world import GOAL_2024, TERMS

REPORT = Report(
    you_said="Ni bad om plogning före sex på morgonen.",
    we_decided="Vi plogar gångvägarna först.",
    because="De flesta som skrev går till bussen.",
    decided_on=date(2026, 3, 10),
    decision_reference="§ 42",
)
FORM = {**asdict(REPORT), "decided_on": "2026-03-10"}


def closed(world, **about) -> Dialogue:
    return world.moved_on(world.opened(**about), DialogueState.CLOSED)


def report_back(world, dialogue: Dialogue, report: Report = REPORT, seen: int | None = None) -> Dialogue:
    seen = dialogue.version if seen is None else seen
    with transaction():
        reporting.report_back(dialogue, report, seen=seen, editor=world.eva, now=clock.now())
    return dialogue


def page_of(dialogue: Dialogue) -> str:
    return f"/namnd/ks/dialoger/{dialogue.id}/aterkoppling"


def letters(kind: LetterKind) -> list[Letter]:
    return list(db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))


TODAY = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # One that says all is published.
        ({}, {}),
        # Each part it must say keeps it back while it is missing.
        ({"you_said": ""}, {"you_said": Flaw.MISSING}),
        ({"we_decided": ""}, {"we_decided": Flaw.MISSING}),
        ({"because": ""}, {"because": Flaw.MISSING}),
        ({"decided_on": None}, {"decided_on": Flaw.MISSING}),
        ({"decision_reference": ""}, {"decision_reference": Flaw.MISSING}),
        # What is decided today is decided; what will be isn't.
        ({"decided_on": TODAY}, {}),
        ({"decided_on": date(2026, 3, 12)}, {"decided_on": Flaw.NOT_DECIDED_YET}),
    ],
)
def test_what_keeps_a_report_from_being_published(changes, expected):
    assert flaws_of_report(replace(REPORT, **changes), TODAY) == expected


@pytest.mark.parametrize(
    ("state", "today", "expected"),
    [
        # Eight days before it is too early; seven days before it is time, on whatever day of the week.
        (DialogueState.CLOSED, date(2026, 4, 26), None),
        (DialogueState.CLOSED, date(2026, 4, 27), Reminder.SOON),
        (DialogueState.CLOSED, date(2026, 5, 3), Reminder.SOON),
        # On the day, and later if nobody was there to remind then.
        (DialogueState.CLOSED, date(2026, 5, 4), Reminder.TODAY),
        (DialogueState.CLOSED, date(2026, 5, 9), Reminder.TODAY),
        # Whether it was closed or its last day just passed.
        (DialogueState.OPEN, date(2026, 5, 4), Reminder.TODAY),
        # Nothing is promised yet, or everything is done.
        (DialogueState.DRAFT, date(2026, 5, 4), None),
        (DialogueState.REPORTED_BACK, date(2026, 5, 4), None),
    ],
)
def test_when_a_committee_is_reminded(state, today, expected):
    assert reminder_due(state, date(2026, 5, 4), today) == expected


def test_an_officer_drafts_and_an_editor_publishes_for_everybody(client, world):
    dialogue = closed(world)
    world.sign_in(client, world.olle)
    assert "En redaktör i nämnden publicerar" in client.get(page_of(dialogue)).text
    draft = {"seen": dialogue.version, "you_said": REPORT.you_said}
    assert client.send(page_of(dialogue), draft).status_code == 303
    visitor = client.application.test_client()
    assert REPORT.you_said not in visitor.get(f"/dialoger/{dialogue.id}").text
    world.sign_in(client, world.eva)
    assert REPORT.you_said in client.get(page_of(dialogue)).text
    db.session.refresh(dialogue)
    sent = client.send(
        page_of(dialogue), {**FORM, "seen": dialogue.version}, to=f"{page_of(dialogue)}/publicera"
    )
    assert sent.status_code == 303
    assert "Alla som deltog" in client.get(sent.location).text
    for address in (f"/dialoger/{dialogue.id}", f"/en/dialoger/{dialogue.id}"):
        shown = visitor.get(address).text
        assert all(part in shown for part in (REPORT.you_said, REPORT.we_decided, REPORT.because, "§ 42"))
    assert REPORT.we_decided in visitor.get(GOAL_2024).text
    assert f"/dialoger/{dialogue.id}" in visitor.get("/dialoger").text


def test_a_kept_page_of_the_goal_says_at_once_that_the_result_is_there(client, world):
    dialogue = closed(world)
    assert "Tiden för inlägg är slut" in client.get(GOAL_2024).text
    report_back(world, dialogue)
    assert "Resultatet är återkopplat" in client.get(GOAL_2024).text


def test_an_officer_may_not_publish_and_another_committees_people_not_even_look(client, world):
    dialogue = closed(world)
    for person, status in ((world.nils, 403), (world.mona, 403), (world.adam, 403), (world.tore, 403)):
        other = client.application.test_client()
        world.sign_in(other, person)
        assert other.get(page_of(dialogue)).status_code == status
    world.sign_in(client, world.olle)
    sent = client.send(
        page_of(dialogue), {**FORM, "seen": dialogue.version}, to=f"{page_of(dialogue)}/publicera"
    )
    assert sent.status_code == 403
    assert dialogue.state == DialogueState.CLOSED


def test_another_committee_cannot_report_by_its_own_address(client, world):
    dialogue = closed(world)
    world.sign_in(client, world.tore)
    address = page_of(dialogue).replace("/ks/", f"/{world.committee('TN').slug}/")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("missing", ["you_said", "we_decided", "because", "decided_on", "decision_reference"])
def test_it_is_not_published_without_all_it_must_say_and_what_was_typed_stays(client, world, missing):
    dialogue = closed(world)
    world.sign_in(client, world.eva)
    form = {**FORM, "seen": dialogue.version, missing: ""}
    sent = client.send(page_of(dialogue), form, to=f"{page_of(dialogue)}/publicera")
    assert sent.status_code == 422
    assert f'href="#{missing}"' in sent.text
    kept = "we_decided" if missing != "we_decided" else "because"
    assert FORM[kept] in sent.text
    assert db.session.get(Dialogue, dialogue.id, populate_existing=True).state == DialogueState.CLOSED


@pytest.mark.parametrize(
    "changes",
    [{"decided_on": "i går"}, {"decided_on": "2026-13-40"}, {"you_said": "x" * 5000}, {"because": "\u202e"}],
)
@pytest.mark.parametrize("end", ["", "/publicera"])
def test_bad_input_is_said_at_the_field_and_what_was_typed_stays(client, world, changes, end):
    dialogue = closed(world)
    world.sign_in(client, world.eva)
    form = {**FORM, "seen": dialogue.version, **changes}
    sent = client.send(page_of(dialogue), form, to=page_of(dialogue) + end)
    assert sent.status_code == 422
    assert FORM["we_decided"] in sent.text


def test_the_database_refuses_a_report_without_words_or_time(world):
    dialogue = closed(world)
    for values in ({"state": "reported_back", "reported_at": clock.now()}, {"reported_at": clock.now()}):
        with transaction(), pytest.raises(IntegrityError):
            changed(update(Dialogue).where(Dialogue.id == dialogue.id).values(values))


def test_it_waits_until_nothing_more_can_be_said(client, world):
    dialogue = world.opened()
    with transaction(), pytest.raises(StillOpen):
        reporting.report_back(dialogue, REPORT, seen=dialogue.version, editor=world.eva, now=clock.now())
    world.sign_in(client, world.eva)
    sent = client.send(
        page_of(dialogue), {**FORM, "seen": dialogue.version}, to=f"{page_of(dialogue)}/publicera"
    )
    assert sent.status_code == 409
    assert "Stäng den innan du återkopplar" in sent.text
    assert FORM["because"] in sent.text


def test_one_whose_last_day_has_passed_is_closed_by_it(world):
    dialogue = world.opened()
    clock.forward(days=(TERMS.closes_on - clock.today()).days + 1)
    assert report_back(world, dialogue).state == DialogueState.REPORTED_BACK
    kinds = db.session.scalars(
        select(Event.kind).where(Event.subject_type == "dialogue").order_by(Event.id)
    ).all()
    assert kinds[-2:] == ["dialogue.closed", "dialogue.reported_back"]


def test_a_draft_has_nothing_to_report_and_no_page_for_others(client, world):
    dialogue = world.asked()
    world.sign_in(client, world.eva)
    assert client.get(page_of(dialogue)).status_code == 404
    assert client.application.test_client().get(f"/dialoger/{dialogue.id}").status_code == 404
    for act in (reporting.report_back, reporting.save_report):
        who = "editor" if act is reporting.report_back else "officer"
        with transaction(), pytest.raises(UnlistedMove):
            act(dialogue, REPORT, seen=dialogue.version, now=clock.now(), **{who: world.eva})


def test_what_does_not_exist_is_not_found(client, world):
    world.sign_in(client, world.eva)
    for address in ("/dialoger/999", "/namnd/ks/dialoger/999/aterkoppling"):
        assert client.get(address).status_code == 404


def test_publishing_twice_tells_once_and_the_first_words_stay(client, world):
    world.published(world.nils)
    dialogue = closed(world)
    report_back(world, dialogue)
    before = dialogue.version
    report_back(world, dialogue, seen=1)
    with pytest.raises(Stale):
        report_back(world, dialogue, replace(REPORT, because="Något annat."), seen=1)
    assert (dialogue.version, dialogue.because) == (before, REPORT.because)
    world.sign_in(client, world.eva)
    assert client.get(page_of(dialogue)).status_code == 409
    typed = {**FORM, "because": "Det här skrev jag i det andra fönstret.", "seen": 1}
    sent = client.send("/konto", typed, to=f"{page_of(dialogue)}/publicera")
    assert (sent.status_code, typed["because"] in sent.text) == (409, True)


def test_a_stale_draft_shows_both(client, world):
    dialogue = closed(world)
    seen = dialogue.version
    with transaction():
        reporting.save_report(dialogue, REPORT, seen=seen, officer=world.olle, now=clock.now())
    world.sign_in(client, world.eva)
    for end in ("", "/publicera"):
        form = {**FORM, "seen": seen, "because": "Mina egna ord."}
        sent = client.send(page_of(dialogue), form, to=page_of(dialogue) + end)
        assert sent.status_code == 409
        assert "Mina egna ord." in sent.text
        assert f"Nu står det: {REPORT.because}" in sent.text
    with transaction(), pytest.raises(Stale):
        reporting.save_report(dialogue, REPORT, seen=seen, officer=world.olle, now=clock.now())


def test_another_dialogue_can_be_started_after_it(world):
    dialogue = report_back(world, closed(world))
    assert world.asked().id != dialogue.id


def test_each_who_took_part_is_told_once_with_their_own_words(world):
    world.published(world.prepared(world.gun), "Det här skrev jag innan dialogen öppnade.")
    clock.forward(hours=1)
    dialogue = world.opened()
    first = world.published(world.nils, "Plogningen behöver vara klar före sex.")
    world.published(world.nils, "En sak till om plogningen.")
    task = world.published(world.rut, "Uppdraget hör också hit.", assignment=world.assignment(1))
    world.decide(world.published(world.vera, "Det här inlägget döljs sedan."), "hide")
    world.moved_on(dialogue, DialogueState.CLOSED)
    report_back(world, dialogue)
    told = letters(LetterKind.REPORTED_BACK)
    assert [(one.person_id, one.subject_id) for one in told] == [
        (world.nils.id, first.id),
        (world.rut.id, task.id),
    ]
    message = write(told[0])
    for words in ("Plogningen behöver vara klar", REPORT.you_said, REPORT.we_decided, REPORT.because, "§ 42"):
        assert words in message.body
    assert f"/dialoger/{dialogue.id}" in message.body
    assert f"/kvitto/{first.receipt_key}" in message.body


def test_a_dialogue_about_an_assignment_is_only_for_those_who_spoke_of_it(world):
    dialogue = world.opened(assignment=world.assignment(1))
    world.published(world.nils, "Om målet, och inte om uppdraget.")
    task = world.published(world.rut, "Om uppdraget.", assignment=world.assignment(1))
    report_back(world, world.moved_on(dialogue, DialogueState.CLOSED))
    assert [one.subject_id for one in letters(LetterKind.REPORTED_BACK)] == [task.id]


def test_nobody_is_told_of_words_that_were_hidden_before_the_letter_left(world):
    dialogue = world.opened()
    comment = world.published(world.nils)
    report_back(world, world.moved_on(dialogue, DialogueState.CLOSED))
    world.decide(comment, "hide")
    with pytest.raises(NotWanted):
        write(letters(LetterKind.REPORTED_BACK)[0])


def test_who_follows_and_took_part_gets_one_letter_and_who_only_follows_gets_it_too(world):
    dialogue = world.opened()
    with transaction():
        for person in (world.nils, world.rut):
            follow(person, Thing.GOAL, world.goal().id, now=clock.now())
            choose_letters(person, HowOften.AT_ONCE, now=clock.now())
    world.published(world.nils)
    world.moved_on(dialogue, DialogueState.CLOSED)
    read_the_log()
    tell_at_once()
    before = len(letters(LetterKind.FOLLOWED))
    report_back(world, dialogue)
    read_the_log()
    tell_at_once()
    followed = letters(LetterKind.FOLLOWED)[before:]
    assert [one.person_id for one in followed] == [world.rut.id]
    message = write(followed[0])
    assert REPORT.we_decided in message.body
    assert f"/dialoger/{dialogue.id}" in message.body


def days_to(day: date) -> None:
    clock.forward(days=(day - clock.today()).days)


def reminders() -> list[str]:
    remind_of_promised_feedback(clock.now())
    kinds = select(Event.kind).where(Event.kind.like("dialogue.feedback_%")).order_by(Event.id)
    return [kind.removeprefix("dialogue.feedback_") for kind in db.session.scalars(kinds)]


def test_the_committee_is_reminded_a_week_before_and_on_the_day_each_once(world):
    dialogue = closed(world)
    assert reminders() == []
    days_to(TERMS.feedback_on - timedelta(days=7))
    assert reminders() == reminders() == ["soon"]
    told = letters(LetterKind.FEEDBACK_DUE)
    addresses = {one.address for one in told}
    assert {world.olle.email, world.eva.email} <= addresses
    assert len(addresses) == len(told)
    message = write(told[0])
    assert page_of(dialogue) in message.body
    assert message.subject.startswith("Snart ska ni återkoppla")
    days_to(TERMS.feedback_on)
    assert reminders() == reminders() == ["soon", "today"]
    assert write(letters(LetterKind.FEEDBACK_DUE)[-1]).subject.startswith("I dag ska ni återkoppla")


def test_a_worker_that_stood_still_reminds_of_the_day_alone(world):
    closed(world)
    days_to(TERMS.feedback_on + timedelta(days=2))
    assert reminders() == reminders() == ["today"]
    message = write(letters(LetterKind.FEEDBACK_DUE)[-1])
    assert message.subject.startswith("Ni skulle ha återkopplat")
    assert "Dagen har passerat, och alla kan se" in message.body


def test_another_day_promised_is_reminded_of_anew(world):
    dialogue = closed(world)
    days_to(TERMS.feedback_on)
    assert reminders() == ["today"]
    later = replace(TERMS, feedback_on=TERMS.feedback_on + timedelta(days=20))
    with transaction():
        save_terms(dialogue, later, seen=dialogue.version, officer=world.olle, now=clock.now())
    assert reminders() == ["today"]
    days_to(later.feedback_on - timedelta(days=7))
    assert reminders() == ["today", "soon"]


def test_what_is_reported_back_is_not_reminded_of_nor_is_a_letter_that_has_not_left(world):
    dialogue = closed(world)
    days_to(TERMS.feedback_on)
    assert reminders() == ["today"]
    report_back(world, dialogue)
    with pytest.raises(NotWanted):
        write(letters(LetterKind.FEEDBACK_DUE)[0])
    clock.forward(days=30)
    assert reminders() == ["today"]


def test_everybody_sees_what_a_committee_has_kept_of_its_promises(client, world):
    committee = world.committee("KS")
    in_time, late, missing = (closed(world, assignment=world.assignment(n)) for n in (1, 2, 3))
    assert feedback_of(committee, clock.today()) == Feedback(0, 0, 0)
    assert "Ingen dialog har kommit till dagen" in client.get("/namnd/ks").text
    days_to(TERMS.feedback_on)
    report_back(world, in_time)
    assert feedback_of(committee, clock.today()) == Feedback(1, 0, 0)
    clock.forward(days=1)
    assert feedback_of(committee, clock.today()) == Feedback(1, 0, 2)
    report_back(world, late)
    assert feedback_of(committee, clock.today()) == Feedback(1, 1, 1)
    assert "senare än utlovat" in client.get(f"/dialoger/{late.id}").text
    assert "senare än utlovat" not in client.get(f"/dialoger/{in_time.id}").text
    assert "Inte återkopplade fast dagen har passerat" in client.get("/namnd/ks").text
    listed = client.get("/dialoger").text
    assert listed.index(f"/dialoger/{missing.id}") < listed.index(f"/dialoger/{late.id}")


def test_all_that_is_reported_back_can_be_read_page_by_page(client, world, monkeypatch):
    monkeypatch.setattr("dialog.dialogues.queries.REPORTED_AT_A_TIME", 2)
    reported = [report_back(world, closed(world)).id for _ in range(5)]
    found, address = [], "/dialoger"
    while address:
        page = client.get(address).text
        found += [one for one in reversed(reported) if f'/dialoger/{one}"' in page]
        _, more, rest = page.partition('href="/dialoger?fore=')
        address = f"/dialoger?fore={rest.partition('#')[0]}" if more else None
    assert found == list(reversed(reported))


def test_a_cursor_that_is_no_number_is_no_cursor(client, world):
    report_back(world, closed(world))
    for cursor in ("x", "-1", "9" * 40):
        assert client.get(f"/dialoger?fore={cursor}").status_code == 200
