"""Reporting a comment: by anybody, once each, within limits, and without anybody learning who."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from dialog.attempts import TooManyAttempts
from dialog.conversation.models import Comment
from dialog.conversation.rules import ReviewReason
from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.reports.models import Report, ReportAttempt, Voice
from dialog.reports.rules import MOST_BY_A_NETWORK, MOST_BY_ONE, MOST_UNCONFIRMED, Reason, ReportState
from tests import counts
from tests.world import GOAL_2024

OWN_WORDS = "Det här är taget ur min bok."


@pytest.fixture
def comment(world) -> Comment:
    return world.published(world.nils, "Ett inlägg som någon anmäler.")


def page_of(comment) -> str:
    return f"/inlagg/{comment.number}/anmal"


def send(client, comment, reason="off_topic", **said):
    return client.send(
        page_of(comment), {"form_key": f"key-{clock.now():%H%M%S%f}-{id(said)}", "reason": reason, **said}
    )


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def letters(kind) -> list[str]:
    return list(db.session.scalars(select(Letter.address).where(Letter.kind == kind).order_by(Letter.id)))


@pytest.mark.parametrize("name", ["visitor", "gun", "rut", "mona"])
def test_anybody_reports_a_comment_and_gets_a_receipt(world, client, comment, name):
    if name != "visitor":
        world.sign_in(client, world.people[name])
    sent = send(client, comment, "copyright", text=OWN_WORDS)
    assert sent.status_code == 303
    voice = db.session.scalars(select(Voice)).one()
    assert sent.location == f"/anmalan/{voice.key}"
    assert (voice.reason, voice.words, voice.email) == (Reason.COPYRIGHT, OWN_WORDS, None)
    assert voice.person_id == (None if name == "visitor" else world.people[name].id)
    receipt = client.get(sent.location).text
    assert "En moderator läser" in receipt
    assert comment.number in receipt
    assert OWN_WORDS not in receipt
    stored = db.session.get_one(Comment, comment.id)
    assert (stored.is_public, stored.review_reason, stored.report_count) == (True, ReviewReason.REPORTED, 1)
    counts.assert_right()


def test_a_reply_is_reported_from_its_own_card(world, client, comment):
    reply = world.published(world.rut, "En replik som någon anmäler.", parent=comment)
    page = client.get(GOAL_2024).text
    for one in (comment, reply):
        assert f'href="{page_of(one)}"' in page
    assert send(client, reply).status_code == 303
    assert db.session.get_one(Comment, reply.id).report_count == 1


def test_the_same_comment_reported_again_joins_the_open_report(world, client, comment):
    world.reported(comment, world.rut)
    assert send(client, comment).status_code == 303
    report = db.session.scalars(select(Report)).one()
    assert [voice.person_id for voice in report.voices] == [world.rut.id, None]
    assert len({voice.key for voice in report.voices}) == 2
    kinds = db.session.scalars(select(Event.kind).where(Event.subject_type == "report").order_by(Event.id))
    assert list(kinds) == ["report.opened", "report.joined"]
    counts.assert_right()


def test_the_log_holds_neither_who_reported_nor_what_they_wrote(world, comment):
    world.reported(comment, world.rut, words=OWN_WORDS)
    event = db.session.scalars(select(Event).where(Event.kind == "report.opened")).one()
    assert event.actor_id is None
    assert set(event.details) == {"voice", "wants_letter"}


def test_the_same_person_twice_is_once_and_is_told_so_kindly(world, client, comment):
    world.sign_in(client, world.rut)
    first = send(client, comment).location
    clock.forward(minutes=1)
    page = client.get(page_of(comment)).text
    assert "Du har redan anmält det här" in page
    assert first in page
    token = client.token("/konto")
    again = client.post(
        page_of(comment), data={"csrf_token": token, "form_key": "another", "reason": "threat"}
    )
    assert again.location == f"{first}?igen=1"
    assert "Det räcker med en gång" in client.get(again.location).text
    assert count(Voice) == 1


def test_a_person_whose_report_was_dismissed_reports_the_same_words_no_more(world, comment):
    voice = world.reported(comment, world.rut)
    world.decide(comment, "look")
    assert world.reported(comment, world.rut).id == voice.id
    assert db.session.get_one(Comment, comment.id).review_since is None


def test_other_words_can_be_reported_again(world, comment):
    first = world.reported(comment, world.rut)
    world.decide(comment, "look")
    world.edit(comment, "Andra ord som också bryter mot reglerna.")
    second = world.reported(comment, world.rut)
    assert first.report_id != second.report_id
    assert second.wording == 2


@pytest.mark.parametrize(("sent", "kept"), [("1", 1), ("2", 2), ("9", 2), ("", 2), ("0", 2), ("x", 2)])
def test_a_report_is_about_the_words_that_stood_on_the_page(world, client, comment, sent, kept):
    world.edit(comment, "Snälla ord, insatta medan någon anmälde de första.")
    assert send(client, comment, wording=sent).status_code == 303
    assert db.session.scalars(select(Voice.wording)).one() == kept


def test_the_page_for_reporting_says_which_words_stand_on_it(world, client, comment):
    world.edit(comment, "Andra ord än de första.")
    assert '<input type="hidden" name="wording" value="2">' in client.get(page_of(comment)).text


def test_the_same_form_sent_twice_is_one_report(client, comment):
    first, second = (send(client, comment, form_key="the-same") for _ in range(2))
    assert first.location == second.location.removesuffix("?igen=1")
    assert count(Voice) == 1


def test_a_form_of_another_comment_leads_to_no_others_receipt(world, client, comment):
    other = world.published(world.rut, "Ett annat inlägg.")
    send(client, other, form_key="the-same")
    refused = send(client, comment, text="Mina ord står kvar.", form_key="the-same")
    assert refused.status_code == 409
    assert "Mina ord står kvar." in refused.text
    assert count(Voice) == 1


def test_nobody_reports_their_own(world, client, comment):
    world.sign_in(client, world.nils)
    assert "det finns inget att anmäla" in client.get(page_of(comment)).text
    token = client.token("/konto")
    assert client.post(page_of(comment), data={"csrf_token": token, "reason": "threat"}).status_code == 403
    assert count(Report) == 0


@pytest.mark.parametrize("state", ["received", "hidden", "withdrawn", "held"])
@pytest.mark.parametrize("name", ["visitor", "nils", "mona"])
def test_what_is_not_public_cannot_be_reported_by_anybody(world, client, state, name):
    if state == "received":
        comment = world.say(world.nils)
    else:
        world.trusted(world.nils)
        comment = world.say(world.nils)
        {"hidden": lambda c: world.decide(c, "hide"), "withdrawn": world.withdraw, "held": world.held}[state](
            comment
        )
    voices = count(Voice)
    if name != "visitor":
        world.sign_in(client, world.people[name])
    assert client.get(page_of(comment)).status_code == 404
    token = client.token("/logga-in")
    sent = client.post(page_of(comment), data={"csrf_token": token, "reason": "threat", "form_key": "late"})
    assert sent.status_code == 404
    assert count(Voice) == voices


def test_there_is_no_such_comment_to_report(client):
    assert client.get("/inlagg/2026-999999/anmal").status_code == 404


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"reason": ""}, "Välj något av alternativen"),
        ({"reason": "because"}, "Välj något av alternativen"),
        ({"reason": "other", "text": "kort"}, "Skriv minst 10 tecken"),
        ({"reason": "copyright", "text": "min"}, "Skriv minst 10 tecken"),
        ({"text": "ord " * 300}, "Korta texten till högst 1000 tecken"),
        ({"text": "Han heter 890201-3286."}, "890201-****"),
        ({"email": "inte en adress"}, "e-postadress"),
    ],
)
def test_bad_input_is_said_at_its_field_and_what_was_typed_stays(client, comment, said, told):
    refused = send(client, comment, **{"reason": "off_topic", "text": "Jag skrev.", **said})
    assert refused.status_code == 422
    assert told in refused.text
    if "text" not in said:
        assert "Jag skrev." in refused.text
    assert count(Report) == 0


def test_a_visitor_with_an_address_is_asked_to_confirm_it(world, client, comment):
    receipt = send(client, comment, email="Rut.Anmalare@Example.org").location
    voice = db.session.scalars(select(Voice)).one()
    assert letters(LetterKind.REPORT_RECEIVED) == ["rut.anmalare@example.org"]
    assert "Du bekräftar din adress" in client.get(receipt).text
    page = f"/anmalan/bekrafta/{voice.confirm_key}"
    assert client.get(page).status_code == 200
    assert db.session.get_one(Voice, voice.id).confirmed_at is None
    assert client.send(page).location == f"{receipt}?bekraftad=1"
    assert "Din adress är bekräftad" in client.get(f"{receipt}?bekraftad=1").text
    assert db.session.get_one(Voice, voice.id).confirmed_at == clock.now()
    assert client.send("/logga-in", to=page).status_code == 303
    counts.assert_right()


def test_an_address_counts_once_however_often_it_is_confirmed(world, comment):
    first, second = (world.reported(comment, email="a@example.org") for _ in range(2))
    assert (world.confirmed(first), world.confirmed(second), world.confirmed(first)) == (True, False, False)
    assert db.session.get_one(Comment, comment.id).report_count == 2  # and those nobody knows, as one
    counts.assert_right()


def test_nothing_is_confirmed_once_it_is_decided(world, client, comment):
    voice = world.reported(comment, email="a@example.org")
    world.decide(comment, "look")
    assert not world.confirmed(voice)
    assert "redan avgjord" in client.get(f"/anmalan/bekrafta/{voice.confirm_key}").text


@pytest.mark.parametrize("page", ["/anmalan/inte-en-nyckel", "/anmalan/bekrafta/inte-en-nyckel"])
def test_there_is_no_such_receipt(client, page):
    assert client.get(page).status_code == 404


def test_a_mailbox_is_not_flooded_and_the_asker_sees_no_difference(world):
    for number in range(MOST_UNCONFIRMED + 2):
        world.reported(world.published(world.rut, f"Inlägg nummer {number}."), email="offer@example.org")
    assert letters(LetterKind.REPORT_RECEIVED) == ["offer@example.org"] * MOST_UNCONFIRMED
    assert count(Voice) == MOST_UNCONFIRMED + 2


def test_a_person_who_reports_again_and_again_has_to_wait(world, client, comment):
    for number in range(MOST_BY_ONE):
        world.reported(world.published(world.nils, f"Inlägg nummer {number}."), world.rut)
    world.sign_in(client, world.rut)
    refused = send(client, comment, text="Det här vill jag inte skriva igen.")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "3600"
    assert "Det här vill jag inte skriva igen." in refused.text
    clock.forward(hours=1)
    world.sign_in(client, world.rut)
    assert send(client, comment).status_code == 303


def test_a_network_that_reports_again_and_again_has_to_wait(world, client, comment):
    for number in range(MOST_BY_A_NETWORK):
        world.reported(comment, network="the library", email=f"{number}@example.org")
    with pytest.raises(TooManyAttempts):
        world.reported(comment, network="the library")
    assert send(client, comment).status_code == 303
    assert count(ReportAttempt) == 2 * MOST_BY_A_NETWORK + 1
    assert "127.0.0.1" not in str([vars(one) for one in db.session.scalars(select(ReportAttempt))])


def test_reporters_and_their_words_are_for_moderators_alone(world, app, comment):
    world.reported(comment, world.rut, Reason.OTHER, words=OWN_WORDS)
    world.reported(comment, words=OWN_WORDS, email="anmalare@example.org")
    for name in ("visitor", "nils", "rut", "adam", "karin", "olle", "mona"):
        client = world.browser_of(name)
        for page in (f"/inlagg/{comment.number}", f"/kvitto/{comment.receipt_key}", "/moderering", GOAL_2024):
            text = client.get(page).text
            is_theirs = name == "mona" and page in ("/moderering", f"/inlagg/{comment.number}")
            assert (OWN_WORDS in text) == is_theirs, (name, page)
            assert "anmalare@example.org" not in text


def test_moderators_see_how_many_reports_by_the_same_were_dismissed_lately(world, client, comment):
    for number in range(2):
        other = world.published(world.vera, f"Inlägg nummer {number}.")
        world.reported(other, world.rut)
        world.decide(other, "look")
    clock.forward(days=100)
    other = world.published(world.vera, "Ännu ett inlägg.")
    world.reported(other, world.rut)
    world.decide(other, "look")
    world.reported(comment, world.rut)
    world.sign_in(client, world.mona)
    assert "1 anmälan av samma person har avslagits de senaste 90 dagarna" in client.get("/moderering").text


def test_one_open_report_a_comment_is_the_databases_rule(world, comment):
    world.reported(comment, world.rut)
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Report(comment_id=comment.id, opened_at=clock.now(), state=ReportState.OPEN))
