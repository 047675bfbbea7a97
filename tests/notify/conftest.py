"""A transport that does what the test says, and a mail server that answers as told."""

import asyncio
import socket
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.controller import Controller

from dialog.db import clock
from dialog.notify.letters import Message
from dialog.notify.models import Letter
from dialog.notify.transport import Smtp


@dataclass
class Recorder:
    """Keeps what it is given; raises what `fails` holds instead, in order, None meaning that it goes well."""

    keeps_secrets: bool = False
    fails: list[Exception | None] = field(default_factory=list)
    sent: list[tuple[Letter, Message]] = field(default_factory=list)
    attempts: int = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def deliver(self, letter: Letter, message: Message) -> None:
        self.attempts += 1
        failure = self.fails.pop(0) if self.fails else None
        if failure is not None:
            raise failure
        self.sent.append((letter, message))


@pytest.fixture
def recorder():
    return Recorder()


class MailServer:
    """Keeps what it accepts. `answers` gives the reply to each verb; "cut" hangs up instead."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.connections = 0

    def _answer(self, verb: str, server, otherwise: str) -> str:
        answer = self.answers.get(verb, otherwise)
        if answer == "cut":
            server.transport.abort()
        return answer

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return self._answer("MAIL", server, "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.recipients.append(address)
        answer = self._answer(f"RCPT {address}", server, self._answer("RCPT", server, "250 OK"))
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        answer = self._answer("DATA", server, "250 OK")
        if answer.startswith("250") or answer == "cut":
            self.mails.append(message_from_bytes(envelope.content, policy=default))
        return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def mail_server():
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=free_port(), loop=asyncio.new_event_loop())
    controller.start()
    server.port = controller.port
    yield server
    controller.stop()


@pytest.fixture
def smtp(mail_server):
    """The transport connected to the mail server."""
    return Smtp(f"smtp://127.0.0.1:{mail_server.port}", "dialog@ostersund.se", "dialog.ostersund.se")


@pytest.fixture
def later():
    """Let so much time pass that every letter may be tried again."""
    return lambda: clock.forward(hours=4)
