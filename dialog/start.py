"""Starting the service: make it ready, then run the web server and the worker side by side."""

import signal
import socket
import subprocess
import sys
import time
from types import FrameType

import click
from flask import Flask, current_app
from flask_babel import gettext
from flask_migrate import upgrade

from dialog.config import ROOT, Settings
from dialog.db import clock, transaction
from dialog.people.cli import load_notices
from dialog.plan import shipped

WEB_PROCESSES = 2
PATIENCE_SECONDS = 10  # for a process that has been asked to stop


def set_up(app: Flask) -> None:
    app.cli.add_command(prepare)
    app.cli.add_command(start)


@click.command()
def prepare() -> None:
    """Bring the database up to date, and load the register, the plans and the notice (and the demonstration)."""
    settings: Settings = current_app.config["SETTINGS"]
    click.echo(gettext("Bringing the database up to date …"))
    upgrade()
    with transaction():
        entries = shipped.load_register()
        goals = shipped.load_plans(now=clock.now())
        load_notices()
    click.echo(
        gettext("The register and the plans are in place (new entries: %(new)d).", new=entries + goals)
    )
    if settings.demo:
        from dialog.demo.seed import seed

        click.echo(gettext("Setting up the demonstration …"))
        added = seed()
        click.echo(gettext("The demonstration is in place (new comments: %(added)d).", added=added))


@click.command()
@click.pass_context
def start(context: click.Context) -> None:
    """Prepare, then run the web server and the worker until stopped with Ctrl-C."""
    settings: Settings = current_app.config["SETTINGS"]
    if _is_taken(settings.host, settings.port):
        sentence = gettext(
            "Something else listens on port %(port)d already. Stop it, or choose another port with PORT=….",
            port=settings.port,
        )
        raise click.ClickException(sentence)
    context.invoke(prepare)
    click.echo()
    click.echo(gettext("Dialog is at %(address)s", address=settings.address))
    if settings.demo:
        click.echo(gettext("Sign in as one of the cast at %(address)s/demo", address=settings.address))
        click.echo(gettext("Letters are shown at %(address)s/demo/brev", address=settings.address))
    else:
        click.echo(gettext("Sign in with a link by e-mail at %(address)s/logga-in", address=settings.address))
    click.echo(gettext("Stop with Ctrl-C."))
    raise SystemExit(_run_until_stopped(_commands(settings)))


def _is_taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _commands(settings: Settings) -> list[list[str]]:
    web = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", settings.host, "--port", str(settings.port)),
        *("--workers", str(WEB_PROCESSES), "--blocking-threads", "1"),
        *("--no-ws", "--log-level", "warning", "wsgi:app"),
    ]
    return [web, [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]]


def _run_until_stopped(commands: list[list[str]]) -> int:
    """Run the commands until one of them ends or we are asked to stop; gives the exit status."""
    # A session of their own, so that Ctrl-C reaches this process alone and it stops the others in order.
    processes = [
        subprocess.Popen(command, cwd=ROOT, start_new_session=True)  # noqa: S603 - our own commands
        for command in commands
    ]
    asked = False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)
    while not asked and all(process.poll() is None for process in processes):
        time.sleep(0.3)
    ended = [process.returncode for process in processes if process.returncode is not None]
    for process in processes:
        _stop(process)
    click.echo(gettext("Stopped."))
    return 0 if asked else next((code for code in ended if code), 1)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
