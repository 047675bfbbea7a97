"""The worker as a process of its own, with each kind of queue: a letter written before it starts is sent."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import select

from dialog.db import db
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind, LetterState
from tests import databases

ROOT = Path(__file__).resolve().parents[2]
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
PATIENCE_SECONDS = 30


def receipts_in(state: LetterState) -> int:
    """How many receipts are in a state. By its own clock the worker may have moderators to remind as well."""
    db.session.rollback()
    receipts = select(Letter.id).where(Letter.kind == LetterKind.RECEIPT, Letter.state == state)
    return len(db.session.scalars(receipts).all())


@pytest.mark.parametrize("queue", ["file", pytest.param("redis", marks=pytest.mark.redis)])
def test_the_worker_sends_what_waits(world, _prepared, tmp_path, queue):
    _, source = _prepared
    world.say(world.nils)
    more = {}
    if queue == "redis":
        Redis.from_url(REDIS).flushdb()
        more = {"REDIS_URL": REDIS}
    environ = {**os.environ, **databases.environment(source, tmp_path, **more), "PYTHONWARNINGS": "ignore"}
    worker = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker"], cwd=ROOT, env=environ
    )
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while receipts_in(LetterState.QUEUED) and time.monotonic() < deadline:
            time.sleep(0.1)
    finally:
        worker.terminate()
        worker.wait(10)
    assert receipts_in(LetterState.SENT) == 1
