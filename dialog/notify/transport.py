"""How a letter leaves: by SMTP, or, in the demonstration, to a page where anyone can read it."""

import smtplib
import ssl
from contextlib import AbstractContextManager
from email.message import EmailMessage
from email.utils import format_datetime
from types import TracebackType
from typing import NoReturn, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from dialog.config import Settings
from dialog.notify.models import Letter
from dialog.notify.writing import Message

TIMEOUT_SECONDS = 30


class TemporaryFailure(Exception):
    """It may work later: the server can't be reached, or said 4xx."""


class PermanentFailure(Exception):
    """It will never work: the server said 5xx about this letter."""


class Transport(Protocol):
    """Open while a batch is sent. `deliver` returns when the letter is in safe hands, else raises."""

    keeps_secrets: (
        bool  # whether the sent words of a sign-in letter may be kept, for the demonstration's page
    )

    def __enter__(self) -> "Transport": ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def deliver(self, letter: Letter, message: Message) -> None: ...


class _NeedsNothing(AbstractContextManager["Transport"]):
    """A transport with nothing to open and nothing to close."""

    def __exit__(self, *_: object) -> None:
        pass


class KeptForReading(_NeedsNothing):
    """The demonstration's transport: the letter counts as sent, and its words are kept to be shown."""

    keeps_secrets = True

    def deliver(self, letter: Letter, message: Message) -> None:
        pass


class NoServer(_NeedsNothing):
    """Outside the demonstration, where no server is named: letters wait until one is."""

    keeps_secrets = False

    def deliver(self, letter: Letter, message: Message) -> None:
        raise TemporaryFailure("SMTP_URL is not set")


class Smtp:
    """A real server, at smtp://user:password@host:587?starttls=1 or smtps://…; one connection per batch."""

    keeps_secrets = False

    def __init__(self, url: str, sender: str, domain: str) -> None:
        self.parts = urlsplit(url)
        self.starttls = parse_qs(self.parts.query).get("starttls") == ["1"]
        self.sender = sender
        self.domain = domain
        self.connection: smtplib.SMTP | None = None

    def __enter__(self) -> "Smtp":
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def deliver(self, letter: Letter, message: Message) -> None:
        mail = self._compose(letter, message)
        try:
            # Whatever is wrong here, the password for example, it isn't the letter: it goes when that is mended.
            connection = self._connected()
        except (smtplib.SMTPException, OSError) as failure:
            self._later(failure)
        try:
            connection.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refusal:
            code, text = next(iter(refusal.recipients.values()))
            self._fail(code, text)
        except smtplib.SMTPDataError as refusal:
            self._fail(refusal.smtp_code, refusal.smtp_error)
        except (smtplib.SMTPException, OSError) as failure:
            self._later(failure)

    def _later(self, failure: Exception) -> NoReturn:
        self._close()
        raise TemporaryFailure(f"{type(failure).__name__}: {failure}") from failure

    def _fail(self, code: int, text: bytes | str) -> NoReturn:
        self._close()
        words = f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"
        raise PermanentFailure(words) if 500 <= code < 600 else TemporaryFailure(words)

    def _connected(self) -> smtplib.SMTP:
        if self.connection is None:
            secure = self.parts.scheme == "smtps"
            host, port = self.parts.hostname or "localhost", self.parts.port or (465 if secure else 25)
            trusted = ssl.create_default_context()
            if secure:
                self.connection = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=trusted)
            else:
                self.connection = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
            if self.starttls:
                self.connection.starttls(context=trusted)
            if self.parts.username:
                self.connection.login(unquote(self.parts.username), unquote(self.parts.password or ""))
        return self.connection

    def _close(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            try:
                connection.quit()
            except (smtplib.SMTPException, OSError):
                connection.close()

    def _compose(self, letter: Letter, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self.sender
        mail["To"] = letter.address
        mail["Subject"] = message.subject
        mail["Date"] = format_datetime(letter.queued_at)
        mail["Message-ID"] = f"<letter-{letter.id}@{self.domain}>"  # the same at every attempt
        mail["Auto-Submitted"] = "auto-generated"
        if message.unsubscribe:
            mail["List-Unsubscribe"] = f"<{message.unsubscribe}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
        mail.set_content(message.body)
        mail["Content-Language"] = letter.language  # after the content, which would take it away
        return mail


def transport_for(settings: Settings) -> Transport:
    """The transport the settings ask for: SMTP when there is an address, else the page of the demonstration."""
    if settings.smtp_url:
        return Smtp(settings.smtp_url, settings.sender, urlsplit(settings.address).hostname or "localhost")
    return KeptForReading() if settings.demo else NoServer()
