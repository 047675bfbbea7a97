"""What each letter says, in its reader's language, and when it is no longer to be sent."""

import re

import pytest
from sqlalchemy import select, update

from dialog.config import ROOT, read_settings
from dialog.db import clock, db, transaction
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind, LetterState
from dialog.notify.sending import send_waiting
from dialog.notify.transport import KeptForReading, NoServer, Smtp, TemporaryFailure, transport_for
from dialog.people.models import Person, SignInLink
from dialog.people.operations import request_sign_in, use_sign_in_link
from dialog.plan.models import Committee
from dialog.response.operations import Draft
from dialog.response.rules import Outcome
from tests.databases import SECRET
from tests.notify.conftest import Recorder
from tests.world import ANSWER, WORDS

SENT, DROPPED = LetterState.SENT, LetterState.DROPPED
REASONS = "Det handlar inte om målet."


def in_english(person: Person) -> None:
    with transaction():
        db.session.execute(update(Person).where(Person.id == person.id).values(language="en"))


def sent_to(recorder: Recorder, address: str, kind: LetterKind):
    """The one letter of a kind that the address got."""
    send_waiting(recorder)
    [message] = [
        message for letter, message in recorder.sent if (letter.address, letter.kind) == (address, kind)
    ]
    return message


def states(kind: LetterKind) -> list[tuple[LetterState, str | None]]:
    db.session.rollback()
    db.session.expire_all()
    letters = db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id))
    return [(letter.state, letter.last_error) for letter in letters]


def ask_for_link(language: str = "sv") -> SignInLink:
    with transaction():
        request_sign_in("rut@example.org", language=language, next_path=None, now=clock.now())
    return db.session.scalars(select(SignInLink)).one()


def use(link: SignInLink) -> None:
    with transaction():
        use_sign_in_link(link, now=clock.now())


@pytest.mark.parametrize(
    ("language", "subject", "address"),
    [
        ("sv", "Din länk för att logga in", r"http://localhost/logga-in/\S+"),
        ("en", "Your link to sign in", r"http://localhost/en/logga-in/\S+"),
    ],
)
def test_the_letter_with_the_link(world, recorder, client, language, subject, address):
    ask_for_link(language)
    message = sent_to(recorder, "rut@example.org", LetterKind.SIGN_IN)
    assert message.subject == subject
    assert re.search(r"15\sminut", message.body)
    found = re.search(address, message.body).group()
    assert client.get(found.removeprefix("http://localhost")).status_code == 200


# The words of a letter that lets somebody in are kept where anybody may read them anyway, and nowhere else.
@pytest.mark.parametrize("keeps_secrets", [True, False])
def test_the_words_of_a_sign_in_letter_are_kept_in_the_demonstration_alone(world, keeps_secrets):
    ask_for_link()
    world.say(world.nils)
    send_waiting(Recorder(keeps_secrets=keeps_secrets))
    kept = dict(db.session.execute(select(Letter.kind, Letter.body)).all())
    assert (kept[LetterKind.SIGN_IN] is not None) == keeps_secrets
    assert WORDS in kept[LetterKind.RECEIPT]


def test_the_settings_choose_the_transport(tmp_path):
    def chosen(**more):
        return transport_for(read_settings({"DIALOG_INSTANCE": str(tmp_path), "SECRET_KEY": SECRET, **more}))

    assert isinstance(chosen(SMTP_URL="smtp://localhost"), Smtp)
    assert isinstance(chosen(SMTP_URL="smtp://localhost", DIALOG_DEMO="1"), Smtp)
    assert isinstance(chosen(DIALOG_DEMO="1"), KeptForReading)
    assert isinstance(chosen(), NoServer)
    assert not chosen().keeps_secrets


def test_without_a_server_letters_wait_and_say_why(world):
    world.say(world.nils)
    send_waiting(NoServer())
    assert states(LetterKind.RECEIPT) == [(LetterState.QUEUED, "SMTP_URL is not set")]


@pytest.mark.parametrize(
    ("language", "subject", "waits", "address"),
    [
        ("sv", "Vi har tagit emot", "moderator", "http://localhost/kvitto/"),
        ("en", "We have received your comment 2026-000001", "moderator", "http://localhost/en/kvitto/"),
    ],
)
def test_the_receipt_quotes_the_words_and_says_what_happens_next(
    world, recorder, language, subject, waits, address
):
    if language == "en":
        in_english(world.nils)
    comment = world.say(world.nils, f"{WORDS}\n\nOch <b>en</b> & annan sak.")
    message = sent_to(recorder, "nils@example.org", LetterKind.RECEIPT)
    assert subject in message.subject
    assert "2026-000001" in message.subject
    assert f"> {WORDS}\n>\n> Och <b>en</b> & annan sak.\n" in message.body
    assert waits in message.body
    assert re.search(r"(inom|within) 2 (arbetsdagar|working days)", message.body)
    assert address + comment.receipt_key in message.body


def test_where_several_are_to_answer_the_letter_names_them_and_the_day_of_the_last(world, recorder):
    with transaction():
        db.session.execute(update(Committee).where(Committee.code == "TN").values(answer_days=20))
    world.publish_comment(world.say(world.nils, assignment=world.assignment(2)))
    message = sent_to(recorder, "nils@example.org", LetterKind.PUBLISHED)
    assert "Det har gått vidare till: Tekniska nämnden, " in message.body
    assert "Du får ett svar från var och en av nämnderna, det sista senast den 10 april 2026." in message.body


def test_the_letter_of_a_comment_that_was_shown_again_says_so(world, recorder):
    comment = world.say(world.nils)
    world.decide(comment, "hide")
    world.decide(comment, "restore")
    message = sent_to(recorder, "nils@example.org", LetterKind.PUBLISHED)
    assert "visas igen" in message.subject
    assert "visas igen" in message.body
    assert "publicera" not in message.subject + message.body


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_letter_of_a_published_comment_says_when_the_answer_comes(world, recorder, language):
    if language == "en":
        in_english(world.nils)
    world.publish_comment(world.say(world.nils))
    message = sent_to(recorder, "nils@example.org", LetterKind.PUBLISHED)
    assert ("is published" if language == "en" else "är publicerat") in message.subject
    passed_on, day = {
        "sv": ("Det har gått vidare till: Kommunstyrelsen.", "Du får svar senast den 25 mars 2026."),
        "en": ("It has been passed on to: Municipal Executive Board.", "by 25 March 2026 at the latest."),
    }[language]
    assert passed_on in message.body
    assert day in message.body
    assert f"> {WORDS}" in message.body


@pytest.mark.parametrize(
    ("language", "words"),
    [("sv", ("visas inte", "Handlar inte om")), ("en", ("is not shown", "Not about the municipality"))],
)
def test_the_letter_of_a_hidden_comment_gives_ground_and_reasons(world, recorder, language, words):
    if language == "en":
        in_english(world.nils)
    world.decide(world.say(world.nils), "hide")
    message = sent_to(recorder, "nils@example.org", LetterKind.HIDDEN)
    assert words[0] in message.subject
    assert words[1] in message.body
    assert f"> {REASONS}" in message.body
    assert "Mona" not in message.body


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", ("har svarat", "Kommunstyrelsen", "Det här gör vi")),
        ("en", ("has answered", "Executive", "We will do")),
    ],
)
def test_the_letter_of_an_answer_quotes_both_the_author_and_the_committee(world, recorder, language, words):
    if language == "en":
        in_english(world.nils)
    response = world.answered(world.published(world.nils))
    message = sent_to(recorder, "nils@example.org", LetterKind.ANSWERED)
    assert words[0] in message.subject
    assert words[1] in message.subject
    assert f"> {WORDS}" in message.body
    for said in (ANSWER.you_said, ANSWER.we_decided, ANSWER.because):
        assert said in message.body
    prefix = "/en" if language == "en" else ""
    assert f"http://localhost{prefix}/svar/{response.id}\n" in message.body


def test_everybody_an_answer_covers_gets_their_own_words_back_and_nobody_elses(world, recorder):
    texts = {name: f"Det här är vad {name} skrev om bussen." for name in ("nils", "rut", "vera")}
    comments = [world.published(world.people[name], text) for name, text in texts.items()]
    world.answered(*comments)
    send_waiting(recorder)
    got = {
        letter.address: message.body
        for letter, message in recorder.sent
        if letter.kind == LetterKind.ANSWERED
    }
    assert set(got) == {f"{name}@example.org" for name in texts}
    for name, text in texts.items():
        assert [other for other in texts if texts[other] in got[f"{name}@example.org"]] == [name]
        assert text in got[f"{name}@example.org"]


def test_somebody_with_two_comments_under_one_answer_gets_a_letter_about_each(world, recorder):
    first, second = world.published(world.nils), world.published(world.nils, "En helt annan sak om bussen.")
    world.answered(first, second)
    send_waiting(recorder)
    sent = (message.subject for letter, message in recorder.sent if letter.kind == LetterKind.ANSWERED)
    subjects = sorted(sent)  # which of the two goes first, the database doesn't say
    assert [first.number in subjects[0], second.number in subjects[1], len(subjects)] == [True, True, 2]


def test_the_answers_of_two_committees_come_in_a_letter_each(world, recorder):
    comment = world.published(world.nils, assignment=world.assignment(2))
    of_tn = Draft(
        "Ni vill ha bussar.", "Tekniska nämnden säger nej.", "Det kostar för mycket.", Outcome.WILL_NOT
    )
    world.answered(comment, committee="KS")
    world.answered(comment, committee="TN", words=of_tn)
    send_waiting(recorder)
    bodies = [message.body for letter, message in recorder.sent if letter.kind == LetterKind.ANSWERED]
    assert len(bodies) == 2
    assert ANSWER.we_decided in bodies[0]
    assert of_tn.we_decided not in bodies[0]
    assert of_tn.we_decided in bodies[1]
    assert ANSWER.we_decided not in bodies[1]


@pytest.mark.parametrize("kind", [LetterKind.PUBLISHED, LetterKind.ANSWERED])
def test_a_letter_about_a_comment_that_was_hidden_meanwhile_is_dropped(world, recorder, kind):
    comment = world.published(world.nils)
    world.answered(comment)
    world.decide(comment, "hide")
    send_waiting(recorder)
    [(state, reason)] = states(kind)
    assert state == DROPPED
    assert "no longer" in reason
    assert {letter.kind for letter, _ in recorder.sent} == {LetterKind.RECEIPT, LetterKind.HIDDEN}


def test_a_letter_about_a_hiding_that_was_undone_meanwhile_is_dropped(world, recorder):
    comment = world.say(world.nils)
    world.decide(comment, "hide")
    world.decide(comment, "restore")
    send_waiting(recorder)
    assert [state for state, _ in states(LetterKind.HIDDEN)] == [DROPPED]
    assert [state for state, _ in states(LetterKind.PUBLISHED)] == [SENT]


def test_what_is_hidden_while_a_letter_waits_for_its_next_attempt_is_not_sent_either(world, recorder):
    comment = world.published(world.nils)
    recorder.fails = [None, TemporaryFailure("421 busy")]
    send_waiting(recorder)
    world.decide(comment, "hide")
    clock.forward(minutes=1)
    send_waiting(recorder)
    assert [state for state, _ in states(LetterKind.PUBLISHED)] == [DROPPED]


def test_a_link_that_was_used_or_has_expired_is_not_sent(world, recorder):
    use(ask_for_link())
    send_waiting(recorder)
    assert [state for state, _ in states(LetterKind.SIGN_IN)] == [DROPPED]
    with transaction():
        request_sign_in("nils@example.org", language="sv", next_path=None, now=clock.now())
    clock.forward(minutes=15)
    send_waiting(recorder)
    assert [state for state, _ in states(LetterKind.SIGN_IN)] == [DROPPED, DROPPED]
    assert recorder.sent == []


def test_a_comment_shown_at_once_gets_its_receipt_and_no_letter_about_a_decision_nobody_took(world, recorder):
    world.trusted(world.rut)
    send_waiting(recorder)
    recorder.sent.clear()
    world.say(world.rut, "Det här visas med en gång, utan att någon beslutar.")
    send_waiting(recorder)
    [(letter, message)] = recorder.sent
    assert letter.kind == LetterKind.RECEIPT
    assert "Det visas nu" in message.body


def test_a_letter_goes_to_the_address_and_in_the_language_it_was_queued_with(world, recorder):
    world.say(world.nils)
    in_english(world.nils)
    send_waiting(recorder)
    assert recorder.sent[0][1].subject.startswith("Vi har tagit emot")


@pytest.mark.parametrize(
    "letter", sorted((ROOT / "templates" / "letters").glob("*.txt")), ids=lambda path: path.name
)
def test_no_letter_uses_what_makes_elements_of_a_page(letter):
    made_for_pages = re.findall(r"\|\s*(day|paragraphs)\b", letter.read_text(encoding="utf-8"))
    assert not made_for_pages, (
        "A letter is plain text: write day_in_words for day, and quoted for paragraphs."
    )
