"""The worker: huey as clock and doorbell. The outbox is the truth; delete huey's file and nothing is lost."""

import time
from typing import Any

import click
from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.serializer import SignedSerializer

from dialog.config import Settings
from dialog.db import clock
from dialog.notify.reminding import remind_moderators
from dialog.notify.sending import send_waiting
from dialog.notify.telling import (
    ask_those_answered,
    publish_in_time,
    remind_of_commitments,
    remind_of_mandates,
    remind_of_promised_feedback,
    remind_of_reviews,
    remind_of_what_is_late,
    tell_followers,
)
from dialog.notify.transport import transport_for

SECONDS_BETWEEN_RINGS = 0.25  # somebody who signs in sits and waits for the letter


class Doorbell:
    """Asks the worker to look in the outbox, at most once in `SECONDS_BETWEEN_RINGS`.

    The worker looks when that time has passed: it then finds also what was queued while the bell kept quiet.
    """

    def __init__(self, task: Any) -> None:
        self._task = task
        self._quiet_until = 0.0

    def ring(self) -> None:
        now = time.monotonic()
        if now >= self._quiet_until:
            self._quiet_until = now + SECONDS_BETWEEN_RINGS
            self._task()


def set_up(app: Flask) -> None:
    """Connect the application to its worker, and add the command that runs it."""
    settings: Settings = app.config["SETTINGS"]
    huey = _make_huey(settings)

    def send_letters() -> None:
        time.sleep(SECONDS_BETWEEN_RINGS)
        with app.app_context():
            _tell_and_send(settings)

    def send_letters_in_time() -> None:
        with app.app_context():
            try:
                publish_in_time(clock.now())
                remind_of_reviews(clock.now())
                remind_of_what_is_late(clock.now())
                remind_of_commitments(clock.now())
                remind_of_mandates(clock.now())
                remind_moderators()
                remind_of_promised_feedback(clock.now())
                ask_those_answered(clock.now())
            finally:
                _tell_and_send(settings)

    app.extensions["huey"] = huey
    app.extensions["doorbell"] = Doorbell(huey.task(name="send_letters")(send_letters))
    # Every minute: what comes with the time, letters whose next attempt has come, and doorbells nobody heard.
    huey.periodic_task(crontab(minute="*"), name="send_letters_in_time")(send_letters_in_time)
    app.cli.add_command(worker)


def _tell_and_send(settings: Settings) -> None:
    try:
        tell_followers()
    finally:  # letters that somebody waits for don't wait for those
        send_waiting(transport_for(settings))


def _make_huey(settings: Settings) -> Huey:
    serializer = SignedSerializer(secret=settings.secret_key)
    if settings.redis_url:
        return RedisHuey("dialog", url=settings.redis_url, serializer=serializer)
    return SqliteHuey("dialog", filename=str(settings.instance / "huey.db"), serializer=serializer)


@click.command()
def worker() -> None:
    """Send letters and do timed work, until stopped."""
    settings: Settings = current_app.config["SETTINGS"]
    settings.require_mail()
    current_app.extensions["doorbell"].ring()
    consumer = current_app.extensions["huey"].create_consumer(
        workers=1, worker_type="thread", initial_delay=0.1, max_delay=0.5, scheduler_interval=1
    )
    consumer.run()
