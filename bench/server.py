"""The web server both sides run under, set up as the service sets it up."""

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dialog.config import ROOT
from dialog.start import stop_process, web_command

PATIENCE_SECONDS = 20
OURS = ("DATABASE_URL", "DIALOG_", "HOST", "PORT", "REDIS_URL", "SECRET_KEY", "SMTP_URL")


@contextmanager
def serving(target: str, environment: Mapping[str, str], folder: Path) -> Iterator[int]:
    """Serve `target`, as module:application or module:make, until the block ends; gives the port."""
    port = _free_port()
    log = folder / f"{target.partition(':')[0]}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*web_command("127.0.0.1", port, target), *(["--factory"] if target.endswith(":make") else [])],
            cwd=ROOT,
            env=clean_environment() | dict(environment),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_until_ready(port, process, log)
        yield port
    finally:
        stop_process(process)


def clean_environment() -> dict[str, str]:
    """The environment without settings of a service that may run on this machine."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)}


def get(port: int, path: str, headers: Mapping[str, str] | None = None) -> tuple[dict[str, str], bytes]:
    """The headers and the body of a page, which must be there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}: {body[:500]!r}")
    return {name.lower(): value for name, value in answer.getheaders()}, body


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_until_ready(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            get(port, "/om")
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The server did not start:\n{log.read_text()[-2000:]}")
