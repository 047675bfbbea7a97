"""Starting the whole service and stopping it: nothing is announced too early, and nothing stays behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from dialog.config import ROOT
from tests.databases import SECRET

pytestmark = [
    pytest.mark.only_on("sqlite"),  # the processes are the same on both
    pytest.mark.skipif(sys.platform != "linux", reason="finds the service's processes in /proc"),
]

PATIENCE_SECONDS = 90
OURS = ("DATABASE_URL", "DIALOG_", "HOST", "PORT", "REDIS_URL", "SECRET_KEY", "SMTP_URL")


class Service:
    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        self.log = folder / "service.log"
        environ = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", "start"],
                cwd=ROOT,
                env=environ
                | {
                    "DIALOG_INSTANCE": str(folder),
                    "DIALOG_DEMO": "1",
                    "SECRET_KEY": SECRET,
                    "PORT": str(self.port),
                    "PYTHONUNBUFFERED": "1",
                },
                stdout=output,
                stderr=output,
            )

    def listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=2).close()
        except OSError:
            return False
        return True

    def answers(self) -> bool:
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/om", timeout=20).status == 200
        except OSError:
            return False

    def has_announced(self) -> bool:
        return f"http://127.0.0.1:{self.port}/demo\n" in self.log.read_text()

    def others(self) -> list[int]:
        """The processes of this service, but for the one that was started first."""
        own = f"DIALOG_INSTANCE={self.folder}\0".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if own in (folder / "environ").read_bytes() and int(folder.name) != self.process.pid:
                    found.append(int(folder.name))
            except OSError:
                continue  # it has ended meanwhile
        return found

    def wait_for(self, state) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not state():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One for all: only the first start has a database to make and to fill."""
    return tmp_path_factory.mktemp("instance")


@pytest.fixture
def service(database, folder):
    service = Service(folder)
    yield service
    for number in [service.process.pid] if service.process.poll() is None else []:
        os.kill(number, signal.SIGKILL)
    for number in service.others():
        os.kill(number, signal.SIGKILL)
    service.process.wait()


def test_it_answers_when_it_says_so_and_leaves_one_whole_file(service):
    service.wait_for(service.has_announced)
    started = time.monotonic()
    assert urllib.request.urlopen(f"http://127.0.0.1:{service.port}/om", timeout=5).status == 200
    assert time.monotonic() - started < 3
    time.sleep(1)
    service.process.send_signal(signal.SIGINT)
    assert service.process.wait(PATIENCE_SECONDS) == 0
    assert not service.listens()
    assert service.others() == []
    database, waiting = service.folder / "dialog.db", service.folder / "dialog.db-wal"
    assert database.stat().st_size > 500_000
    assert not waiting.exists() or waiting.stat().st_size == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_it_stops_while_the_web_server_is_starting(service, number):
    service.wait_for(service.listens)
    service.process.send_signal(number)
    assert service.process.wait(PATIENCE_SECONDS) == 0
    assert not service.listens()
    assert service.others() == []


def test_a_web_process_that_dies_is_replaced_and_none_outlives_the_service(service):
    service.wait_for(service.has_announced)
    parents = {number: _parent(number) for number in service.others()}
    web = next(number for number, parent in parents.items() if parent in parents)
    os.kill(web, signal.SIGKILL)
    service.wait_for(lambda: set(service.others()) - set(parents))
    assert service.process.poll() is None
    service.wait_for(service.answers)
    service.process.kill()
    service.wait_for(lambda: not service.others())
    assert not service.listens()


def _parent(number: int) -> int:
    found = re.search(r"^PPid:\s+(\d+)", Path(f"/proc/{number}/status").read_text(), re.M)
    assert found
    return int(found[1])
