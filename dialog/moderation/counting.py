"""Keeping the sums of decisions that the public log shows: by year, by what was decided, and by how long it took."""

from sqlalchemy import bindparam, insert, update

from dialog.db import ask, local_day
from dialog.moderation.models import Decision, DecisionSum, LogTally
from dialog.moderation.rules import hours_waited

_tally = LogTally.__table__
_COUNT = (
    update(_tally)  # type: ignore[arg-type]
    .where(*(_tally.c[name] == bindparam(f"of_{name}") for name in ("year", "what", "hours")))
    .values(
        {name: _tally.c[name] + bindparam(f"more_{name}") for name in ("decisions", "appealed", "overturned")}
    )
)
_sums = DecisionSum.__table__
_SUM_UP = (
    update(_sums)  # type: ignore[arg-type]
    .where(_sums.c.author_id == bindparam("of_author"), _sums.c.what == bindparam("of_what"))
    .values(decisions=_sums.c.decisions + 1)
)


def sum_up(author_id: int, what: str) -> None:
    """Count one more decision of this sort about what the author has said."""
    if not ask(_SUM_UP, of_author=author_id, of_what=what).rowcount:
        ask(insert(_sums), author_id=author_id, what=what, decisions=1)  # type: ignore[arg-type]


def tally(decision: Decision, *, decisions: int = 0, appealed: int = 0, overturned: int = 0) -> None:
    """Count in the year of a decision that it was taken, appealed or overturned: 1 for what happens now."""
    key = {
        "year": local_day(decision.decided_at).year,
        "what": decision.what,
        "hours": hours_waited(decision.waiting_since, decision.decided_at),
    }
    more = {"decisions": decisions, "appealed": appealed, "overturned": overturned}
    values = {f"of_{name}": value for name, value in key.items()} | {
        f"more_{name}": by for name, by in more.items()
    }
    if not ask(_COUNT, **values).rowcount:
        ask(insert(_tally), **key, **more)  # type: ignore[arg-type]
