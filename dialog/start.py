"""Starting the service: make it ready, then run the web server and the worker side by side."""

import ctypes
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType

import click
from flask import Flask, current_app
from flask_babel import gettext
from flask_migrate import upgrade

from dialog.config import ROOT, Settings
from dialog.db import clock, db, transaction
from dialog.demo.seed import is_seeded, seed
from dialog.moderation.watching import load_shipped as load_rules
from dialog.people.shipped import load_everything
from dialog.search.operations import rebuild
from dialog.search.queries import is_empty as search_is_empty

WEB_PROCESSES = 2
PATIENCE_SECONDS = 10  # for a process that has been asked to stop
WEB_PATIENCE_SECONDS = (
    5  # for one of the web server's own: one that is still starting doesn't hear the question
)
_SET_PARENT_DEATH_SIGNAL = 1  # Linux: PR_SET_PDEATHSIG


def set_up(app: Flask) -> None:
    app.cli.add_command(prepare)
    app.cli.add_command(start)


@click.command()
def prepare() -> None:
    """Bring the database up to date, and load the register, the plans and the notice (and the demonstration)."""
    settings: Settings = current_app.config["SETTINGS"]
    click.echo(gettext("Bringing the database up to date …"))
    upgrade()
    if not settings.demo and is_seeded():
        sentence = gettext(
            "This database holds the demonstration's invented people and answers. Set DIALOG_DEMO=1, "
            "or choose an empty database with DATABASE_URL or DIALOG_INSTANCE."
        )
        raise click.ClickException(sentence)
    with transaction():
        added = load_everything(now=clock.now())
        load_rules(now=clock.now())
        if added or search_is_empty():
            rebuild()  # the shipped goals are no news: nothing is logged that the index could hear of
    click.echo(gettext("The register, the plans and the notice are in place (new: %(new)d).", new=added))
    if settings.demo:
        click.echo(gettext("Setting up the demonstration …"))
        added = seed()
        click.echo(gettext("The demonstration is in place (new comments: %(added)d).", added=added))


@click.command()
@click.pass_context
def start(context: click.Context) -> None:
    """Prepare, then run the web server and the worker until stopped with Ctrl-C."""
    settings: Settings = current_app.config["SETTINGS"]
    settings.require_mail()
    if _is_taken(settings.host, settings.port):
        sentence = gettext(
            "Something else listens on port %(port)d already. Stop it, or choose another port with PORT=….",
            port=settings.port,
        )
        raise click.ClickException(sentence)
    context.invoke(prepare)
    _close_connections()  # what lies open here keeps SQLite from ever emptying its write-ahead file
    click.echo(gettext("Starting …"))
    web = web_command(settings.host, settings.port, "wsgi:app")
    worker = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    status = _run_until_stopped([web, worker], settings)
    if settings.on_sqlite:
        _gather_database()
    click.echo(gettext("Stopped."))
    raise SystemExit(status)


def _is_taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            sentence = gettext(
                "HOST=%(host)s and PORT=%(port)d can't be listened at (%(reason)s).",
                host=host,
                port=port,
                reason=error.strerror or error,
            )
            raise click.ClickException(sentence) from None
    return False


def _close_connections() -> None:
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()


def _gather_database() -> None:
    """Move what SQLite still holds in its write-ahead file into the database's own: one file to copy."""
    connection = db.engine.raw_connection()  # no transaction, in which this would be refused
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
        _close_connections()


def web_command(host: str, port: int, target: str) -> list[str]:
    """The command that serves `target`, as module:application, at this host and port."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(WEB_PROCESSES), "--blocking-threads", "1"),
        *("--respawn-failed-workers", "--workers-kill-timeout", str(WEB_PATIENCE_SECONDS)),
        *("--no-ws", "--log-level", "warning", target),
    ]


def _run_until_stopped(commands: list[list[str]], settings: Settings) -> int:
    """Run the commands until one of them ends or we are asked to stop; gives the exit status."""
    asked = False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask)
    processes = [_start_process(command) for command in commands]
    announced = False
    while not asked and all(process.poll() is None for process in processes):
        if not announced and _answers(settings.host, settings.port):
            _announce(settings)
            announced = True
        time.sleep(0.3)
    ended = [process.returncode for process in processes if process.returncode is not None]
    for process in processes:
        stop_process(process)
    return 0 if asked else next((code for code in ended if code), 1)


def _announce(settings: Settings) -> None:
    click.echo()
    click.echo(gettext("Dialog is at %(address)s", address=settings.address))
    if settings.demo:
        click.echo(gettext("Sign in as one of the cast at %(address)s/demo", address=settings.address))
        click.echo(gettext("Letters are shown at %(address)s/demo/brev", address=settings.address))
    else:
        click.echo(gettext("Sign in with a link by e-mail at %(address)s/logga-in", address=settings.address))
    click.echo(gettext("Stop with Ctrl-C."))


def _answers(host: str, port: int) -> bool:
    """Whether the web server answers within a second, whatever it says. It listens before it can answer."""
    connection = http.client.HTTPConnection(host, port, timeout=1)
    try:
        connection.request("HEAD", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _start_process(command: list[str]) -> subprocess.Popen[bytes]:
    """Start one of our own commands, in a session of its own: Ctrl-C reaches this process alone, which stops it.

    On Linux it is asked to stop as well when this process dies without a word.
    """
    system = ctypes.CDLL(None) if sys.platform == "linux" else None

    def follow_us() -> None:
        if system:
            system.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)

    return subprocess.Popen(  # noqa: S603 - our own commands
        command,
        cwd=ROOT,
        start_new_session=True,
        preexec_fn=follow_us,
    )


def stop_process(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads its own session, and all it has started: ask it, wait a while, then make them.

    It may have ended already, and left others behind.
    """
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE_SECONDS)
    with suppress(ProcessLookupError, PermissionError):  # nobody is left; macOS says so in the second way
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
