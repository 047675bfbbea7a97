"""Workers that are killed, and a mail server that misbehaves: what has to be true of letters all the same."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.parser import BytesHeaderParser
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from sqlalchemy import func, select, update

from dialog.db import db, transaction
from dialog.notify.models import Letter
from dialog.notify.rules import LetterState
from tests.notify.conftest import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 400
# What is said at the first attempt to write to every so-manieth address; what isn't named here is accepted.
FIRST_ANSWERS = {3: "421 Closing", 5: "450 Mailbox busy", 7: "451 Greylisted", 11: "cut", 13: "slow"}
UNKNOWN_EVERY = 17  # every so-manieth address doesn't exist, at any attempt
SLOW_SECONDS = 0.05
_NUMBERED = 20  # FIRST_ANSWERS and UNKNOWN_EVERY are remainders of this


class UnkindServer:
    """Refuses, defers, cuts and is slow at the first attempt of some letters, and accepts them later.

    `accepted` counts by its Message-ID what it has taken responsibility for with a 250, and `to` says for whom.
    What it was told before it hung up it has not accepted.
    """

    def __init__(self) -> None:
        self.accepted: Counter[str] = Counter()
        self.to: dict[str, str] = {}
        self._tried: set[str] = set()

    async def handle_DATA(self, server, session, envelope) -> str:
        letter = BytesHeaderParser().parsebytes(envelope.content)["Message-ID"]
        how = self._how(letter)
        if how == "cut":
            server.transport.abort()
        elif how == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        elif how is not None:
            return how
        if how != "cut":
            self.accepted[letter] += 1
            self.to[letter] = envelope.rcpt_tos[0]
        return "250 OK"

    def _how(self, letter: str) -> str | None:
        remainder = number_in(letter) % _NUMBERED
        if remainder == UNKNOWN_EVERY:
            return "550 No such user"
        if letter in self._tried:
            return None
        self._tried.add(letter)
        return FIRST_ANSWERS.get(remainder)


def number_in(letter: str) -> int:
    """The letter's id, as its Message-ID holds it: <letter-17@…>."""
    return int(letter.removeprefix("<letter-").partition("@")[0])


def is_unknown(letter_id: int) -> bool:
    """Whether the server will never take a letter with this id."""
    return letter_id % _NUMBERED == UNKNOWN_EVERY


@contextmanager
def unkind_server() -> Iterator[tuple[UnkindServer, str]]:
    """An unkind server that runs, and its address as SMTP_URL has it."""

    class OneByOne(Controller):
        def factory(self) -> SMTP:
            return SMTP(self.handler, enable_SMTPUTF8=True)

    server = UnkindServer()
    controller = OneByOne(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield server, f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


def kill_workers(times: int, environ: Mapping[str, str], progress: Callable[[], int], step: int) -> None:
    """Start a worker and kill it at its work, so many times; each when `progress` has come `step` further.

    After each death so much time passes that what it had leased is free.
    """
    for _ in range(times):
        _kill_one(environ, progress, progress() + step)
        let_time_pass()


def _kill_one(environ: Mapping[str, str], progress: Callable[[], int], aim: int) -> None:
    worker = _start(environ)
    _wait_until(lambda: progress() >= aim, worker)
    worker.send_signal(signal.SIGKILL)
    worker.wait()


def finish(environ: Mapping[str, str], letters: int) -> None:
    """Let a worker live until there are so many letters and none waits; what was put off is tried again at once."""
    worker = _start(environ)
    try:
        _wait_until(lambda: count_letters(*LetterState) >= letters and _nothing_waits(), worker)
    finally:
        worker.terminate()
        worker.wait(10)


def count_letters(*states: LetterState) -> int:
    """How many letters are in one of the states."""
    db.session.rollback()
    return db.session.scalar(select(func.count(Letter.id)).where(Letter.state.in_(states))) or 0


def let_time_pass() -> None:
    """What was leased or put off is free at once, as if an hour had gone by."""
    with transaction():
        waiting = update(Letter).where(Letter.state == LetterState.QUEUED)
        db.session.execute(waiting.values(next_attempt_at=Letter.queued_at, leased_until=None))


def _nothing_waits() -> bool:
    """Whether all letters are dealt with; those that were put off are let go at once."""
    if not count_letters(LetterState.QUEUED):
        return True
    put_off = (Letter.state == LetterState.QUEUED, Letter.failures > 0, Letter.leased_until.is_(None))
    with transaction():
        db.session.execute(update(Letter).where(*put_off).values(next_attempt_at=Letter.queued_at))
    return False


def _start(environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environ, "PYTHONWARNINGS": "ignore"},
        stderr=subprocess.DEVNULL,
    )


def _wait_until(is_so: Callable[[], bool], worker: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if worker.poll() is not None:
            raise RuntimeError(f"The worker ended by itself, with {worker.returncode}.")
        if time.monotonic() > deadline:
            worker.kill()
            raise RuntimeError("The worker didn't come that far in time.")
        time.sleep(0.1)  # each look takes the worker's time
