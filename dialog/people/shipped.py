"""What the service ships with: the notice everybody reads, and all of it in one go with the register and the plans."""

import tomllib
from datetime import datetime
from pathlib import Path

from dialog.db import db
from dialog.people.models import Notice
from dialog.plan.shipped import load_plans, load_register

FOLDER = Path(__file__).parent / "data"


def load_everything(*, now: datetime) -> int:
    """Add what the service ships with and isn't there yet: register, plans and notice. Gives how many things."""
    return load_register() + load_plans(now=now) + load_notices()


def load_notices() -> int:
    """Add the shipped versions of the notice that aren't there yet; gives how many."""
    added = 0
    for path in sorted(FOLDER.glob("notice-*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        version, published_on = content.pop("version"), content.pop("published")
        if db.session.get(Notice, version) is None:
            db.session.add(Notice(version=version, published_on=published_on, content=content))
            added += 1
    db.session.flush()
    return added
