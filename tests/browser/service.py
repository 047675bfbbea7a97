"""The whole service, as `make run` starts it: web server, worker, database, demonstration."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tests.databases import SECRET, PostgresSource

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


@dataclass
class Service:
    """A running service. `stop` ends it and takes its database away."""

    address: str
    process: subprocess.Popen
    database: PostgresSource | None
    log: Path

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        if self.database:
            self.database.remove()


def start(folder: Path, kind: str, worker: str) -> Service:
    """Start the service with a new database of `kind` in `folder`, and wait until it answers."""
    database = None
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DIALOG_")},
        "DIALOG_INSTANCE": str(folder),
        "DIALOG_DEMO": "1",
        "DATABASE_URL": "",
        "SECRET_KEY": SECRET,
        "PORT": str(_free_port()),
        "DIALOG_PROXIES": "1",  # each browser says from which network it comes: they share no limit of attempts
        "PYTHONWARNINGS": "ignore",
    }
    if kind == "postgresql":
        database = PostgresSource(f"dialog_browser_{worker}_{os.getpid()}")
        database.prepare()
        environ["DATABASE_URL"] = database.url
    log = folder / "service.log"
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "start"],
        cwd=ROOT,
        env=environ,
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
    )
    service = Service(f"http://127.0.0.1:{environ['PORT']}", process, database, log)
    _wait_for(service)
    return service


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(service: Service) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and service.process.poll() is None:
        try:
            urllib.request.urlopen(f"{service.address}/om", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    service.process.kill()
    raise RuntimeError(f"The service didn't start:\n{service.log.read_text()}")


def mark() -> str:
    """Letters that nothing else holds, to know one's own words by. No digits: those can look like a telephone's."""
    return uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))
