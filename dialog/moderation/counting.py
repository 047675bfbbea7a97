"""Keeping the sums of decisions that the public log shows: by year, by what was decided, and by how long it took."""

from sqlalchemy import update

from dialog.db import changed, db, local_day
from dialog.moderation.models import Decision, LogTally
from dialog.moderation.rules import hours_waited


def tally(decision: Decision, *, decisions: int = 0, appealed: int = 0, overturned: int = 0) -> None:
    """Count in the year of a decision that it was taken, appealed or overturned: 1 for what happens now."""
    key = {
        "year": local_day(decision.decided_at).year,
        "what": str(decision.ground or decision.act),
        "hours": hours_waited(decision.waiting_since, decision.decided_at),
    }
    counted = (
        update(LogTally)
        .filter_by(**key)
        .values(
            decisions=LogTally.decisions + decisions,
            appealed=LogTally.appealed + appealed,
            overturned=LogTally.overturned + overturned,
        )
    )
    if not changed(counted):
        db.session.add(LogTally(**key, decisions=decisions, appealed=appealed, overturned=overturned))
        db.session.flush()
