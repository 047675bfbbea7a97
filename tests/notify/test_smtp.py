"""Letters through a real mail server that accepts, refuses, or hangs up."""

import ssl
import subprocess

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from sqlalchemy import select, update

from dialog.db import clock, db, transaction
from dialog.notify import sending
from dialog.notify.letters import Message
from dialog.notify.models import Letter
from dialog.notify.rules import LetterState
from dialog.notify.sending import send_waiting
from dialog.notify.transport import PermanentFailure, Smtp, TemporaryFailure
from tests.notify.conftest import MailServer, free_port
from tests.world import WORDS

QUEUED, SENT, DEAD = LetterState.QUEUED, LetterState.SENT, LetterState.DEAD
MESSAGE = Message(
    "Rubrik med åäö – och en mycket lång fortsättning " + "x" * 80, "Hej!\n\nÅäö 👋\n.\nFrån oss\n"
)


def states() -> list[LetterState]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Letter.state).order_by(Letter.id)))


def a_letter(number: int = 1) -> Letter:
    return Letter(id=number, address="nils@example.org", language="sv", queued_at=clock.now())


def test_a_letter_arrives_whole(smtp, mail_server):
    letter = a_letter(17)
    with smtp:
        smtp.deliver(letter, MESSAGE)
    [mail] = mail_server.mails
    assert mail["Subject"] == MESSAGE.subject
    assert mail.get_content().replace("\r\n", "\n") == MESSAGE.body
    assert (mail["From"], mail["To"]) == ("dialog@ostersund.se", "nils@example.org")
    assert mail["Message-ID"] == "<letter-17@dialog.ostersund.se>"
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "sv")
    assert mail.get_content_type() == "text/plain"
    assert mail["Date"].datetime.timestamp() == int(letter.queued_at.timestamp())


def test_what_a_resident_wrote_arrives_as_it_was_written(world, smtp, mail_server):
    text = "Rad ett\n.\n.. två prickar\n\nFrom mig: åäö 👋 " + "ord " * 400
    world.say(world.nils, text)
    send_waiting(smtp)
    body = mail_server.mails[0].get_content().replace("\r\n", "\n")
    quoted = "".join(
        line.removeprefix(">").removeprefix(" ") + "\n" for line in body.splitlines() if line.startswith(">")
    )
    assert quoted.strip() == text.strip()


def test_a_batch_goes_over_one_connection(world, smtp, mail_server):
    for number in range(5):
        world.say(world.nils, f"Inlägg nummer {number}, som väntar på granskning.")
    send_waiting(smtp)
    assert len(mail_server.mails) == 5
    assert mail_server.connections == 1
    assert smtp.connection is None


# 4xx, or no answer at all: it may go later. 5xx about this letter: it never will.
@pytest.mark.parametrize(
    ("verb", "answer", "state"),
    [
        ("RCPT", "421 Try again later", QUEUED),
        ("RCPT", "450 Mailbox busy", QUEUED),
        ("RCPT", "451 Greylisted", QUEUED),
        ("RCPT", "452 Too many", QUEUED),
        ("RCPT", "550 No such user", DEAD),
        ("RCPT", "553 Not allowed", DEAD),
        ("DATA", "451 Local error", QUEUED),
        ("DATA", "421 Shutting down", QUEUED),
        ("DATA", "550 Looks like spam", DEAD),
        ("DATA", "554 Refused", DEAD),
        ("MAIL", "451 Not now", QUEUED),
        ("MAIL", "550 Sender unknown", QUEUED),
        ("MAIL", "cut", QUEUED),
        ("RCPT", "cut", QUEUED),
        ("DATA", "cut", QUEUED),
    ],
)
def test_what_the_servers_answer_does_to_the_letter(world, smtp, mail_server, verb, answer, state):
    world.say(world.nils)
    mail_server.answers[verb] = answer
    send_waiting(smtp)
    assert states() == [state]
    letter = db.session.scalars(select(Letter)).one()
    assert letter.leased_until is None
    assert answer == "cut" or answer[:3] in letter.last_error
    mail_server.answers.clear()
    clock.forward(minutes=1)
    send_waiting(smtp)
    assert states() == [SENT if state == QUEUED else DEAD]


def test_a_letter_cut_off_after_its_words_comes_again_with_the_same_id(world, smtp, mail_server):
    world.say(world.nils)
    mail_server.answers["DATA"] = "cut"
    send_waiting(smtp)
    mail_server.answers.clear()
    clock.forward(minutes=1)
    send_waiting(smtp)
    first, second = mail_server.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]
    assert first.get_content() == second.get_content()


def test_a_crash_after_sending_repeats_one_letter_with_the_same_id(world, smtp, mail_server, monkeypatch):
    for number in range(3):
        world.say(world.nils, f"Inlägg nummer {number}, som väntar på granskning.")

    def die(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(sending, "_finish", die)
    with pytest.raises(KeyboardInterrupt):
        send_waiting(smtp)
    monkeypatch.undo()
    clock.forward(minutes=6)
    send_waiting(smtp)
    ids = [mail["Message-ID"] for mail in mail_server.mails]
    assert len(ids) == 4
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_one_refused_letter_does_not_hold_up_the_others(world, smtp, mail_server):
    mail_server.answers["RCPT nils@example.org"] = "550 No such user"
    for name in ("rut", "nils", "vera"):
        world.say(world.people[name], f"Det här är {name}s första inlägg.")
    send_waiting(smtp)
    assert states() == [SENT, DEAD, SENT]
    assert [mail["To"] for mail in mail_server.mails] == ["rut@example.org", "vera@example.org"]


def test_with_no_server_there_letters_wait_and_go_when_it_is_back(world, mail_server):
    world.say(world.nils)
    send_waiting(Smtp(f"smtp://127.0.0.1:{free_port()}", "a@b.se", "b.se"))
    assert states() == [QUEUED]
    assert "ConnectionRefusedError" in db.session.scalars(select(Letter.last_error)).one()
    clock.forward(minutes=1)
    send_waiting(Smtp(f"smtp://127.0.0.1:{mail_server.port}", "a@b.se", "b.se"))
    assert states() == [SENT]


def test_a_name_that_leads_nowhere_is_a_temporary_failure():
    with pytest.raises(TemporaryFailure):
        Smtp("smtp://finns-inte.invalid", "a@b.se", "b.se").deliver(a_letter(), MESSAGE)


def test_an_address_the_server_cannot_write_to_does_not_stop_the_worker(world, smtp, mail_server):
    world.say(world.nils)
    world.say(world.vera, "Ett inlägg av någon med en vanlig adress.")
    with transaction():
        db.session.execute(
            update(Letter).where(Letter.person_id == world.nils.id).values(address="nils@exämple.org")
        )
    send_waiting(smtp)
    assert [mail["To"] for mail in mail_server.mails][-1] == "vera@example.org"
    assert states()[-1] == SENT


@pytest.mark.parametrize("header", ["rut@example.org\nBcc: x@evil.example", "rut@example.org\r\n\r\nhej"])
def test_an_address_can_never_add_a_line_to_the_letter(smtp, mail_server, header):
    letter = a_letter()
    letter.address = header
    with pytest.raises((ValueError, PermanentFailure, TemporaryFailure)):
        smtp.deliver(letter, MESSAGE)
    assert mail_server.mails == []
    assert mail_server.recipients == []


@pytest.fixture
def certificate(tmp_path):
    """A certificate that nobody vouches for."""
    key, made = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", key, "-out", made, "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return context, made


class PasswordServer:
    """Asks for a name and a password over TLS, and keeps what it was told."""

    def __init__(self, context: ssl.SSLContext, right: bool) -> None:
        self.mail = MailServer()
        self.told: list[bytes] = []

        def check(server, session, envelope, mechanism, data):
            self.told.append(data.password)
            return AuthResult(success=right, handled=right)

        class WithTls(Controller):
            def factory(inner):
                return SMTP(
                    inner.handler,
                    require_starttls=True,
                    tls_context=context,
                    authenticator=check,
                    auth_required=True,
                )

        self.controller = WithTls(self.mail, hostname="127.0.0.1", port=free_port())

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.controller.stop()

    def transport(self) -> Smtp:
        return Smtp(f"smtp://dialog:hem%40ligt@localhost:{self.controller.port}?starttls=1", "a@b.se", "b.se")


def test_the_password_goes_to_no_server_that_nobody_vouches_for(world, certificate):
    world.say(world.nils)
    with PasswordServer(certificate[0], right=True) as server:
        send_waiting(server.transport())
    assert server.told == []
    assert states() == [QUEUED]


def test_a_server_with_a_certificate_gets_name_password_and_letter(world, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))
    world.say(world.nils)
    with PasswordServer(certificate[0], right=True) as server:
        send_waiting(server.transport())
    assert server.told == [b"hem@ligt"]
    assert WORDS in server.mail.mails[0].get_content()
    assert states() == [SENT]


def test_a_wrong_password_kills_no_letter(world, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))
    world.say(world.nils)
    with PasswordServer(certificate[0], right=False) as server:
        send_waiting(server.transport())
    assert server.mail.mails == []
    assert states() == [QUEUED]
