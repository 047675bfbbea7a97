"""Anybody reports a fault in accessibility, an administrator answers, and whoever reported it is told."""

import re

import pytest
from sqlalchemy import func, select

from dialog.attempts import TooManyAttempts
from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.faults.models import FaultAnswer, FaultCase
from dialog.faults.operations import Fault, MayNotAnswer, move_case, report_fault
from dialog.faults.rules import MOST_BY_A_NETWORK, MOST_FOR_ONE, FaultState
from dialog.notify.letters import write
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.notify.writing import NotWanted
from dialog.states import ReasonMissing, Stale, UnlistedMove

FORM, DESK = "/tillganglighet/anmal", "/forvaltning/brister"
WORDS = "Skärmläsaren läser inte knappen för att skicka."
ANSWER = "Tack. Vi har gett knappen ett namn som kan läsas upp."


def reported(form_key="nyckel", email="anna@example.org", network="ett nät", words=WORDS, language="sv"):
    with transaction():
        fault = Fault(form_key, words, "/mal/2024", language, network, email)
        return report_fault(fault, now=clock.now())[0]


def moved(world, case, to, words="", seen=None, by=None):
    with transaction():
        administrator = by or world.adam
        seen = case.version if seen is None else seen
        move_case(case, to, words, seen=seen, administrator=administrator, now=clock.now())


def letters(kind) -> list[str]:
    return list(db.session.scalars(select(Letter.address).where(Letter.kind == kind).order_by(Letter.id)))


def kinds_of(case) -> list[str]:
    rows = select(Event.kind).where(Event.subject_type == "fault_case", Event.subject_id == case.id)
    return list(db.session.scalars(rows.order_by(Event.id)))


def test_a_case_goes_from_received_to_fixed_and_whoever_left_an_address_is_told_each_answer(world):
    case = reported()
    assert (case.state, case.number) == (FaultState.RECEIVED, f"T-{clock.now().year}-{case.id}")
    moved(world, case, FaultState.UNDER_WAY)
    moved(world, case, FaultState.ANSWERED, ANSWER)
    answered_at = case.answered_at
    clock.forward(days=3)
    moved(world, case, FaultState.FIXED, "Nu är det lagat.")
    assert (case.state, case.answered_at) == (FaultState.FIXED, answered_at)
    said = [(one.state, one.words) for one in case.answers]
    assert said == [(FaultState.ANSWERED, ANSWER), (FaultState.FIXED, "Nu är det lagat.")]
    assert kinds_of(case) == ["fault.received", "fault.under_way", "fault.answered", "fault.fixed"]
    assert letters(LetterKind.FAULT_RECEIVED) == ["anna@example.org"]
    assert letters(LetterKind.FAULT_ANSWERED) == ["anna@example.org"] * 2


def test_the_letters_say_what_was_answered_and_the_first_repeats_nothing_to_an_address_nobody_has_confirmed(
    world,
):
    case = reported(language="en")
    moved(world, case, FaultState.ANSWERED, ANSWER)
    moved(world, case, FaultState.FIXED, "Nu är det lagat.")
    theirs = select(Letter).where(Letter.address == case.email).order_by(Letter.id)
    first, second, third = map(write, db.session.scalars(theirs))
    assert case.number in first.subject and WORDS not in first.body
    for message in (first, second, third):
        assert f"/en/tillganglighet/arende/{case.key}" in message.body
    assert ANSWER in second.body and f"> {WORDS}" in second.body and "is fixed" not in second.body
    assert "Nu är det lagat." in third.body and ANSWER not in third.body and "is fixed" in third.body


def test_administrators_are_told_once_while_something_waits_for_them(world):
    first = reported(form_key="ett")
    assert letters(LetterKind.FAULT_WAITS) == [world.adam.email]
    reported(form_key="två")
    assert letters(LetterKind.FAULT_WAITS) == [world.adam.email]
    [letter] = db.session.scalars(select(Letter).where(Letter.kind == LetterKind.FAULT_WAITS))
    message = write(letter)
    assert first.number in message.body and f"> {WORDS}" in message.body and DESK in message.body
    moved(world, first, FaultState.FIXED, ANSWER)
    with pytest.raises(NotWanted):
        write(letter)
    moved(world, db.session.get(FaultCase, first.id + 1), FaultState.UNDER_WAY)
    reported(form_key="tre")
    assert letters(LetterKind.FAULT_WAITS) == [world.adam.email] * 2


def test_an_administrator_who_reports_a_fault_gets_the_receipt_alone(world):
    reported(email=world.adam.email)
    assert letters(LetterKind.FAULT_RECEIVED) == [world.adam.email]
    assert letters(LetterKind.FAULT_WAITS) == []


def test_without_an_address_nobody_is_written_to(world):
    case = reported(email=None)
    moved(world, case, FaultState.FIXED, ANSWER)
    assert letters(LetterKind.FAULT_RECEIVED) == letters(LetterKind.FAULT_ANSWERED) == []


def test_the_same_form_twice_is_one_case(world):
    assert reported().id == reported().id
    assert db.session.scalar(select(func.count()).select_from(FaultCase)) == 1


def test_nobody_floods_a_mailbox_or_the_desk(world):
    for number in range(MOST_FOR_ONE):
        reported(form_key=f"a{number}", network=f"nät {number}")
    with pytest.raises(TooManyAttempts):
        reported(form_key="ännu en", network="ett annat nät")
    for number in range(MOST_BY_A_NETWORK):
        reported(form_key=f"b{number}", email=None)
    with pytest.raises(TooManyAttempts):
        reported(form_key="en till", email=None)
    clock.forward(hours=1)
    reported(form_key="senare")


def test_what_the_table_does_not_list_is_refused_and_a_repeated_move_is_none(world):
    case = reported()
    with pytest.raises(ReasonMissing):
        moved(world, case, FaultState.ANSWERED)
    moved(world, case, FaultState.FIXED, ANSWER)
    moved(world, case, FaultState.FIXED, ANSWER, seen=1)
    with pytest.raises(Stale):  # a second administrator's words are given back, and not dropped
        moved(world, case, FaultState.FIXED, "Andra ord.", seen=1)
    assert [one.words for one in case.answers] == [ANSWER]
    with pytest.raises(UnlistedMove):
        moved(world, case, FaultState.ANSWERED, ANSWER)
    with pytest.raises(Stale):
        moved(world, case, FaultState.ANSWERED, ANSWER, seen=1)


@pytest.mark.parametrize("name", ["mona", "rut", "eva", "karin", "rikard"])
def test_only_administrators_answer(world, name):
    with pytest.raises(MayNotAnswer):
        moved(world, reported(), FaultState.ANSWERED, ANSWER, by=world.people[name])


def values_in(page: str) -> dict[str, str]:
    form = page[page.index('<form class="form"') :]
    return dict(re.findall(r'<input[^>]*name="(\w+)" value="([^"]*)"(?! checked)', form))


def sent(client, **said):
    values = values_in(client.get(FORM).text)
    return client.post(FORM, data={**values, "text": WORDS, **said})


def test_a_visitor_reports_follows_the_receipt_and_reads_the_answer_of_an_administrator(world, client, app):
    visitor = app.test_client()
    answer = sent(visitor, email="anna@example.org", place="/mal/2024")
    case = db.session.scalars(select(FaultCase)).one()
    assert (answer.status_code, answer.location) == (303, f"/tillganglighet/arende/{case.key}")
    page = visitor.get(answer.location).text
    assert case.number in page and WORDS in page and "Vi undersöker det" in page
    world.sign_in(client, world.adam)
    assert case.number in client.get(DESK).text
    given = {"version": "1", "to": "answered", "text": ANSWER, "csrf_token": client.token(DESK)}
    assert client.post(f"{DESK}/{case.id}", data=given).location == f"{DESK}?sparat=1"
    assert ANSWER in visitor.get(answer.location).text
    assert db.session.scalars(select(FaultAnswer)).one().written_by_id == world.adam.id
    stale = client.post(f"{DESK}/{case.id}", data={**given, "text": "Ett annat svar, från en annan."})
    assert stale.status_code == 409 and "Ett annat svar, från en annan." in stale.text
    late = client.post(f"{DESK}/{case.id}", data={**given, "to": "under_way", "text": ""})
    assert late.status_code == 409
    assert visitor.get("/tillganglighet/arende/finns-inte").status_code == 404
    assert client.get(f"{DESK}/999").status_code == 404


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"text": ""}, {"text"}),
        ({"text": "kort"}, {"text"}),
        ({"text": "x" * 4001}, {"text"}),
        ({"text": "Jag heter 890201-3286 och knappen syns inte."}, {"text"}),
        ({"place": "x" * 501}, {"place"}),
        ({"email": "ingen adress"}, {"email"}),
    ],
)
def test_bad_input_is_refused_at_the_field(world, client, said, fields):
    answer = sent(client, **said)
    assert answer.status_code == 422
    assert set(re.findall(r'id="(\w+)-error"', answer.text)) == fields
    assert db.session.scalars(select(FaultCase)).all() == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"to": "answered", "text": ""}, "text"),
        ({"to": "under_way", "text": ANSWER}, "text"),
        ({"to": ""}, "to"),
    ],
)
def test_an_answer_takes_words_and_words_take_an_answer(world, client, said, field):
    case = reported()
    world.sign_in(client, world.adam)
    token = {"csrf_token": client.token(DESK), "version": "1"}
    answer = client.post(f"{DESK}/{case.id}", data={**token, **said})
    assert answer.status_code == 422
    assert set(re.findall(r'id="(\w+)-error"', answer.text)) == {field}
    assert case.is_open


# The page that somebody comes from, and what stands in the field for it. What only one person may open is left out.
COMES_FROM = [
    ("http://localhost/mal/2024", "/mal/2024"),
    ("http://localhost/en/mal/2024?ordning=nyast", "/en/mal/2024"),
    ("http://localhost/konto", "/konto"),
    ("http://localhost/kvitto/hemligt", ""),
    ("http://localhost/logga-in/hemligt", ""),
    ("http://localhost/brev/avsluta/hemligt", ""),
    ("http://localhost/finns-inte", ""),
    ("http://annan.example/mal/2024", ""),
    ("http://[", ""),
    (None, ""),
]


@pytest.mark.parametrize(("address", "place"), COMES_FROM)
def test_the_page_somebody_comes_from_stands_in_the_form_unless_it_is_secret(world, client, address, place):
    page = client.get(FORM, headers={"Referer": address} if address else {}).text
    assert values_in(page)["place"] == place


def test_the_account_gives_the_address_and_every_page_leads_to_the_form(world, client):
    world.sign_in(client, world.rut)
    assert values_in(client.get(FORM).text)["email"] == world.rut.email
    for address in ("/", "/tillganglighet"):
        assert f'href="{FORM}"' in client.get(address).text
