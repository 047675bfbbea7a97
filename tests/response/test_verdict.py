"""Saying of an answer whether it answered: by the receipt's address, once, and a no asks the committee again."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dialog.conversation.models import Comment
from dialog.db import clock, db, local_day, transaction
from dialog.events import Event
from dialog.notify.letters import NotWanted, write
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.notify.telling import ask_those_answered
from dialog.response.models import Matter, Response, Verdict
from dialog.response.operations import Draft, MayNotJudge, judge
from dialog.response.queries import coverage_at
from dialog.response.revising import revise
from dialog.response.rules import (
    ASK_AFTER,
    STOP_ASKING_AFTER,
    Judgement,
    MatterState,
    may_judge,
    reopens,
)
from dialog.workdays import after_working_days
from tests import counts

TOO_FEW = "Visas när så många har sagt"
REASON = "Det står inte när kvällsturen börjar."


@pytest.mark.parametrize(
    ("judged_before", "has_reopened", "may"),
    [
        # Whoever has said nothing yet may say anything.
        (None, False, True),
        # Who has said yes or partly may think again.
        (Judgement.YES, False, True),
        (Judgement.PARTLY, False, True),
        # A no about the answer that came after the second round opens nothing, so it may be taken back.
        (Judgement.NO, False, True),
        # A no that has set the committee to work stands.
        (Judgement.NO, True, False),
    ],
)
def test_who_may_judge(judged_before, has_reopened, may):
    assert may_judge(judged_before, has_reopened=has_reopened) == may


@pytest.mark.parametrize(
    ("judgement", "state", "was_reopened", "opens"),
    [
        # A no to an answer opens the matter again.
        (Judgement.NO, MatterState.ANSWERED, False, True),
        # But only once.
        (Judgement.NO, MatterState.ANSWERED, True, False),
        # Where the committee owes an answer anyway, or another does, nothing is opened.
        (Judgement.NO, MatterState.DUE, False, False),
        (Judgement.NO, MatterState.FORWARDED, False, False),
        (Judgement.NO, MatterState.CLOSED, False, False),
        # Nothing else than a no does.
        (Judgement.PARTLY, MatterState.ANSWERED, False, False),
        (Judgement.YES, MatterState.ANSWERED, False, False),
    ],
)
def test_what_opens_a_matter_again(judgement, state, was_reopened, opens):
    assert reopens(judgement, state, was_reopened=was_reopened) == opens


@pytest.fixture
def answered(world) -> Comment:
    comment = world.published(world.rut, "När går det en buss på kvällen till Häggenås?")
    world.answered(comment)
    return comment


def page_of(comment: Comment, response_id: int | None = None) -> str:
    return f"/kvitto/{comment.receipt_key}/svar/{response_id or newest_answer(comment)}/omdome"


def newest_answer(comment: Comment) -> int:
    statement = select(Event.subject_id).where(Event.kind == "response.published").order_by(Event.id.desc())
    return db.session.scalars(statement.limit(1)).one()


def send(client, comment, judgement: str, reason: str = "", seen: int = 0, read: int | None = None):
    page = page_of(comment)
    form = {"judgement": judgement, "reason": reason, "seen": seen}
    return client.send(page, form | {"read": version_of(comment) if read is None else read})


def version_of(comment: Comment) -> int:
    return db.session.get_one(Response, newest_answer(comment), populate_existing=True).version


def verdicts() -> list[tuple[str, str | None]]:
    db.session.expire_all()
    return [(one.judgement, one.reason) for one in db.session.scalars(select(Verdict).order_by(Verdict.id))]


def matter_of(comment: Comment) -> Matter:
    db.session.expire_all()
    return db.session.scalars(select(Matter).where(Matter.comment_id == comment.id)).one()


def test_the_receipt_asks_whoever_was_answered_without_signing_in(client, answered):
    receipt = client.get(f"/kvitto/{answered.receipt_key}").text
    assert "Fick du svar på det du skrev?" in receipt
    sent = send(client, answered, "yes")
    assert (sent.status_code, sent.location) == (
        303,
        f"/kvitto/{answered.receipt_key}?gjort=omdome#svar-{newest_answer(answered)}",
    )
    assert verdicts() == [("yes", None)]
    after = client.get(sent.location).text
    assert "Tack. Ditt omdöme räknas" in after
    assert "Ja, jag fick svar" in after
    counts.assert_right()


def test_a_no_asks_the_committee_once_more_with_a_new_clock(world, client, answered):
    opened_at, answered_at = matter_of(answered).opened_at, answered.answered_at
    clock.forward(days=5)
    assert send(client, answered, "no", REASON).status_code == 303
    matter = matter_of(answered)
    assert (matter.state, matter.answered_at, matter.opened_at) == (MatterState.DUE, None, opened_at)
    assert (matter.reopened_at, matter.due_on) == (
        clock.now(),
        after_working_days(local_day(clock.now()), 10),
    )
    assert matter.waited(clock.today()) == 0
    assert db.session.get_one(Comment, answered.id).answered_at == answered_at
    counts.assert_right()
    receipt = client.get(f"/kvitto/{answered.receipt_key}").text
    assert "Du sa att du inte fick svar på det du skrev." in receipt
    assert REASON in receipt
    world.sign_in(client, world.olle)
    inbox = client.get("/namnd/ks/inkorg").text
    assert "Frågan kom tillbaka" in inbox
    assert REASON in inbox


def test_the_second_answer_can_be_judged_and_opens_nothing_more(world, client, answered):
    send(client, answered, "no", REASON)
    world.answered(answered)
    page = client.get(page_of(answered)).text
    assert "startar ingen ny omgång" in page
    assert send(client, answered, "no", "Det saknas fortfarande ett datum.").status_code == 303
    assert matter_of(answered).state == MatterState.ANSWERED
    assert [judgement for judgement, _ in verdicts()] == ["no", "no"]
    counts.assert_right()


def test_the_reason_is_shown_to_nobody_but_the_committee_and_whoever_gave_it(world, client, answered):
    send(client, answered, "no", REASON)
    for reader in (None, world.nils, world.mona):
        if reader:
            world.sign_in(client, reader)
        for page in (f"/inlagg/{answered.number}", "/mal/2024/naringsliv-och-tillvaxt", "/namnd/ks"):
            assert REASON not in client.get(page).text


def test_everybody_sees_that_the_committee_is_to_answer_again(client, answered):
    send(client, answered, "no", REASON)
    assert "Den som frågade fick inte svar" in client.get("/mal/2024/naringsliv-och-tillvaxt").text


def test_a_no_needs_a_reason_and_keeps_what_was_chosen(client, answered):
    sent = send(client, answered, "no", " . ")
    assert sent.status_code == 422
    assert "Skriv med några ord vad som saknas" in sent.text
    assert 'value="no" checked' in sent.text
    assert verdicts() == []


@pytest.mark.parametrize(
    ("judgement", "reason", "why"),
    [
        ("", "", "Välj något av alternativen"),
        ("perhaps", "", "Välj något av alternativen"),
        ("no", "x" * 1001, "högst"),
        ("partly", "Mitt nummer är 19900101-0017.", "personnummer"),
    ],
)
def test_bad_input_is_said_at_its_field(client, answered, judgement, reason, why):
    sent = send(client, answered, judgement, reason)
    assert sent.status_code == 422
    assert why in sent.text
    assert verdicts() == []


def test_who_has_said_yes_or_partly_may_change_it(client, answered):
    send(client, answered, "partly", "Det mesta är bra.")
    assert send(client, answered, "yes", seen=1).status_code == 303
    assert verdicts() == [("yes", None)]
    counts.assert_right()


def test_the_same_said_twice_is_said_once(client, answered):
    send(client, answered, "yes")
    assert send(client, answered, "yes").status_code == 303
    given = db.session.scalar(select(func.count()).where(Event.kind == "verdict.given"))
    assert (verdicts(), given) == ([("yes", None)], 1)
    counts.assert_right()


def test_what_was_said_on_another_page_meanwhile_is_not_overwritten(client, answered):
    send(client, answered, "yes")
    sent = send(client, answered, "no", REASON)  # from a page that was opened before
    assert sent.status_code == 409
    assert "Ett omdöme har redan skickats från en annan sida" in sent.text
    assert REASON in sent.text
    assert verdicts() == [("yes", None)]


def test_a_no_that_set_the_committee_to_work_stands(client, answered):
    send(client, answered, "no", REASON)
    form = {"judgement": "yes", "reason": "", "seen": 2, "read": version_of(answered)}
    sent = client.send("/logga-in", form, to=page_of(answered))
    assert sent.status_code == 409
    assert "nämnden ska svara dig igen" in sent.text
    assert verdicts() == [("no", REASON)]


def test_another_receipt_or_another_answer_leads_nowhere(world, client, answered):
    other = world.published(world.rut, "Ett annat inlägg, som ingen har svarat på.")
    assert client.get(page_of(other)).status_code == 404
    assert client.get(page_of(answered, 999)).status_code == 404
    assert client.get(f"/kvitto/finns-inte/svar/{newest_answer(answered)}/omdome").status_code == 404
    sent = client.send("/logga-in", {"judgement": "yes", "reason": "", "seen": 0}, to=page_of(other))
    assert sent.status_code == 404


def test_what_is_hidden_meanwhile_can_not_be_judged(world, client, answered):
    page = page_of(answered)
    world.decide(answered, "hide")
    assert client.get(page).status_code == 404
    sent = client.send("/logga-in", {"judgement": "yes", "reason": "", "seen": 0}, to=page)
    assert (sent.status_code, verdicts()) == (404, [])


def test_nor_what_is_hidden_while_the_verdict_is_on_its_way(world, answered):
    coverage = coverage_at(answered.receipt_key, newest_answer(answered))
    read = coverage.response.version
    world.decide(answered, "hide")
    with pytest.raises(MayNotJudge), transaction():
        judge(coverage, Judgement.NO, REASON, seen=0, read=read, actor=None, now=clock.now())
    assert (verdicts(), matter_of(answered).state) == ([], MatterState.ANSWERED)


def test_whoever_says_no_is_told_beforehand_what_everybody_will_see(client, answered):
    page = client.get(page_of(answered)).text
    assert "Då ser alla på inläggets sida att den ska svara igen" in page
    assert "Andra ser bara" not in page


def test_ten_at_once_say_it_once(world, app, answered):
    """From as many windows of one browser: one verdict, and one more round."""
    page, client, read = page_of(answered), app.test_client(), version_of(answered)
    form = {"csrf_token": client.token(page), "judgement": "no", "reason": REASON, "seen": 0, "read": read}
    cookie, start, seen = client.get_cookie("dialog"), threading.Barrier(10), []

    def press() -> None:
        window = app.test_client()
        window.set_cookie("dialog", cookie.value)
        start.wait()
        seen.append(window.post(page, data=form).status_code)

    threads = [threading.Thread(target=press) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(seen) <= {303, 409}
    assert verdicts() == [("no", REASON)]
    counts.assert_right()


def test_the_public_sees_sums_and_none_that_give_somebody_away(world, client):
    said = [world.published(world.rut, f"Fråga nummer {number} om bussen till byn.") for number in range(6)]
    response = world.answered(*said)
    for comment in said[:4]:
        world.judged(comment, response, "yes")
    assert TOO_FEW in client.get("/namnd/ks").text
    for comment in said[4:]:
        world.judged(comment, response, "yes")
    page = client.get("/namnd/ks").text
    assert TOO_FEW not in page
    assert "<dt>Ja, jag fick svar</dt><dd>6</dd>" in page


def letters() -> list[tuple[int, str]]:
    statement = select(Letter.subject_id, Letter.address).where(Letter.kind == LetterKind.VERDICT_ASKED)
    return [tuple(row) for row in db.session.execute(statement.order_by(Letter.id))]


def test_after_two_weeks_whoever_has_said_nothing_is_asked_once(world, answered):
    silent = world.published(world.nils, "Ett inlägg till om bussen, av en annan.")
    response = world.answered(silent)
    clock.forward(days=ASK_AFTER.days, minutes=-1)
    ask_those_answered(clock.now())
    assert letters() == []
    world.judged(answered, db.session.get_one(type(response), response.id - 1), "yes")
    clock.forward(minutes=1)
    ask_those_answered(clock.now())
    ask_those_answered(clock.now() + timedelta(days=1))
    assert letters() == [(silent.id, world.nils.email)]


def test_nobody_is_asked_about_old_answers(answered):
    clock.forward(days=STOP_ASKING_AFTER.days + 1)
    ask_those_answered(clock.now())
    assert letters() == []


def test_the_letter_asks_in_plain_words_and_not_once_something_has_been_said(world, answered):
    clock.forward(days=ASK_AFTER.days)
    ask_those_answered(clock.now())
    letter = db.session.scalars(select(Letter).where(Letter.kind == LetterKind.VERDICT_ASKED)).one()
    body = write(letter).body
    assert f"/kvitto/{answered.receipt_key}/svar/{newest_answer(answered)}/omdome" in body
    assert "När går det en buss på kvällen" in body
    assert "<" not in body
    world.judged(answered, db.session.get_one(Response, newest_answer(answered)), "yes")
    with pytest.raises(NotWanted):
        write(letter)


def test_what_is_said_of_words_that_the_answer_had_before_is_not_said_of_those_it_has_now(
    world, client, answered
):
    before = version_of(answered)
    response = db.session.get_one(Response, newest_answer(answered))
    with transaction():
        words = replace(Draft.of(response), we_decided="Kvällsturen börjar gå den 1 september.")
        revise(response, words, "Nu står det när.", seen=response.version, editor=world.eva, now=clock.now())
    sent = send(client, answered, "no", REASON, read=before)
    assert (sent.status_code, verdicts()) == (409, [])
    assert "Svaret har ändrats sedan du öppnade sidan" in sent.text
    for shown in (REASON, "den 1 september", f'name="read" value="{version_of(answered)}"'):
        assert shown in sent.text
    assert matter_of(answered).state == MatterState.ANSWERED
    assert f'name="read" value="{version_of(answered)}"' in client.get(f"/kvitto/{answered.receipt_key}").text
    assert send(client, answered, "no", REASON).status_code == 303
    assert matter_of(answered).state == MatterState.DUE


def test_the_letter_threatens_with_no_round_that_there_is_not(world, client, answered):
    send(client, answered, "no", REASON)
    world.answered(answered)
    clock.forward(days=ASK_AFTER.days)
    ask_those_answered(clock.now())
    [letter] = db.session.scalars(select(Letter).where(Letter.kind == LetterKind.VERDICT_ASKED))
    assert "en gång till" not in write(letter).body
    other = world.published(world.rut, "Ett annat inlägg, som får sitt första svar.")
    world.answered(other)
    clock.forward(days=ASK_AFTER.days)
    ask_those_answered(clock.now())
    body = write(db.session.scalars(select(Letter).where(Letter.subject_id == other.id)).all()[-1]).body
    assert "Om du säger nej måste nämnden svara dig en gång till." in body


def test_an_old_address_says_that_the_next_answer_has_come(world, client, answered):
    first = newest_answer(answered)
    send(client, answered, "no", REASON)
    assert "ska svara dig igen" in client.get(page_of(answered, first)).text
    world.answered(answered)
    page = client.get(page_of(answered, first)).text
    assert "ska svara dig igen" not in page
    assert "Vad som har hänt sedan dess står på kvittot" in page


def test_the_question_names_the_day_of_the_next_answer_with_the_pause_that_is_announced(
    world, client, answered
):
    world.paused("2026-03-16", "2026-03-29")
    page = client.get(page_of(answered, newest_answer(answered))).text
    send(client, answered, "no", REASON)
    due_on = matter_of(answered).due_on
    assert due_on > after_working_days(local_day(clock.now()), 10)
    assert f'senast <time datetime="{due_on}">' in page
