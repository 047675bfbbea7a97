"""The data the pages are measured on: one file per number of comments, made once and kept.

The shipped register and plans, one goal with a text of the usual length, and on it as many published comments
as asked for, with their numbers, log, matters, letters and counts (see `bench.crowd`). The file is made anew
when anything it is made from has changed.
"""

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from random import Random

from flask_migrate import upgrade
from sqlalchemy import func, select

from bench import crowd
from bench.server import clean_environment
from bench.words import plan_paragraph
from dialog import create_app, events
from dialog.config import ROOT
from dialog.conversation.models import RegistrationYear
from dialog.db import clock, db, transaction
from dialog.people.shipped import load_everything
from dialog.plan.models import Goal, Paragraph
from dialog.plan.queries import goal_at
from dialog.plan.rules import Part
from tests import counts

RESULTS = Path(__file__).parent / "results"
YEAR, SLUG = 2024, "naringsliv-och-tillvaxt"
GOAL_PAGE = f"/mal/{YEAR}/{SLUG}"
PARAGRAPHS = 7
MOST_CHECKED = 100_000  # more are made by the same steps, and would take hours to count one by one
# What decides what is in the file.
_MADE_FROM = (
    "bench/crowd.py",
    "bench/data.py",
    "bench/words.py",
    "dialog/*/data/*.toml",
    "dialog/*/models.py",
    "dialog/*/operations.py",
    "dialog/conversation/submitting.py",
    "dialog/*/rules.py",
    "dialog/events.py",
    "dialog/text.py",
    "migrations/versions/*.py",
)


def environment(instance: Path) -> Mapping[str, str]:
    """The settings of a service in production whose files are in `instance`."""
    return {"DIALOG_INSTANCE": str(instance), "SECRET_KEY": "only-for-measuring-on-this-machine-0123456789"}


def data_file(comments: int) -> Path:
    """The database with so many published comments; made now if it isn't there or is out of date."""
    path = RESULTS / f"data-{comments}-{_fingerprint()}.db"
    if not path.exists():
        for old in RESULTS.glob(f"data-{comments}-*.db"):
            old.unlink()
        _make(path, comments)
    return path


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in _MADE_FROM:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _make(path: Path, comments: int) -> None:
    print(f"Making a database with {comments} comments …", flush=True)
    instance = RESULTS / f"making-{comments}"
    shutil.rmtree(instance, ignore_errors=True)  # of a run that was broken off
    instance.mkdir(parents=True)
    app = create_app(clean_environment() | dict(environment(instance)))
    with app.app_context():
        upgrade()
        with transaction():
            load_everything(now=clock.now())
            goal = goal_at(YEAR, SLUG)
            assert goal is not None
            _write_text(goal)
            crowd.fill(goal, comments)
        if comments <= MOST_CHECKED:
            _check(goal.id, comments)
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()  # the last to leave moves everything from the WAL into the file
    (instance / "dialog.db").rename(path)
    shutil.rmtree(instance)


def _write_text(goal: Goal) -> None:
    chance = Random(1)
    db.session.add_all(
        Paragraph(
            goal_id=goal.id,
            part=Part.TEXT,
            position=position,
            text=plan_paragraph(chance),
            introduced_at=clock.now(),
        )
        for position in range(1, PARAGRAPHS + 1)
    )
    db.session.flush()


def _check(goal_id: int, comments: int) -> None:
    """Bulk or not, what the operations promise must hold: each count is the number of rows, the log is whole."""
    counts.assert_right()
    goal = db.session.get_one(Goal, goal_id)
    assert goal.comment_count == comments
    assert goal.answered_count > 0
    assert db.session.scalar(select(func.sum(RegistrationYear.last))) == comments
    assert events.first_broken() is None
