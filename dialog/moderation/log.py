"""The public log: every decision without names or what anybody said, and a year's figures from the stored sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from dialog.conversation.models import Comment
from dialog.conversation.rules import Act
from dialog.db import ask, db
from dialog.moderation.flags import tallies_of_year
from dialog.moderation.models import Decision, Flag, LogTally, Proposal, Relocation, WatchTally
from dialog.moderation.rules import NOT_WAITED, Ground, Share, median_of, share_of, too_few
from dialog.moderation.watching_rules import Measured, WatchKind, measured
from dialog.plan.models import Goal

PAGE_SIZE = 50

_tally = LogTally.__table__.c
_TALLIES = select(
    _tally.year, _tally.what, _tally.hours, _tally.decisions, _tally.appealed, _tally.overturned
)
_CHANGES = select(func.coalesce(func.sum(_tally.decisions + _tally.appealed + _tally.overturned), 0))
_SINGLED_OUT = select(func.coalesce(func.sum(WatchTally.flagged), 0)).scalar_subquery()
_TITLES = select(func.coalesce(func.sum(Goal.plan_revision), 0)).scalar_subquery()
_REVISION = select((_CHANGES.scalar_subquery() + _SINGLED_OUT).label("changes"), _TITLES.label("titles"))
_WAS_SINGLED_OUT = (
    select(Flag.id).where(Flag.comment_id == Decision.comment_id, Flag.wording == Decision.wording).exists()
)


def log_revision() -> int:
    """A number that is another one whenever the log shows something else: a decision, an appeal, what a rule
    singles out, or a goal's title.
    """
    row = ask(_REVISION).one()
    return int(row.changes) * 2**32 + int(row.titles)


_before, _after = aliased(Goal, name="before"), aliased(Goal, name="after")


@dataclass(frozen=True)
class LogPage:
    """Some decisions, the newest first, and where the next page starts."""

    entries: Sequence[Any]  # rows of what stands in the query
    next_cursor: int | None


def log_page(before: int | None) -> LogPage:
    """A page of the log, after the entry with the id `before`."""
    entries = (
        select(
            *(Decision.id, Decision.act, Decision.ground, Decision.waiting_since, Decision.decided_at),
            *(Decision.appealed_at, Decision.overturned_at, Proposal.state.label("proposal"), Goal),
            *(_before, _after),
            *(Decision.waited_because, _WAS_SINGLED_OUT.label("was_singled_out")),
        )
        .outerjoin(Proposal, Proposal.decision_id == Decision.id)
        .outerjoin(Relocation, Relocation.decision_id == Decision.id)
        .outerjoin(_before, _before.id == Relocation.from_goal_id)
        .outerjoin(_after, _after.id == Relocation.to_goal_id)
        .join(Comment, Comment.id == Decision.comment_id)
        .join(Goal, Goal.id == Comment.goal_id)
        .order_by(Decision.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if before is not None:
        entries = entries.where(Decision.id < before)
    found = db.session.execute(entries).all()
    return LogPage(found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None)


@dataclass(frozen=True)
class Figures:
    """A year's figures. A count is None where it is too small to be shown, or would give such a one away.

    `hidden_on` has how often something was hidden, by ground, and under the act how often personal data was taken out;
    `median_hours` is None when nothing had waited; `singled_out` is how the rules of the software have done, by what
    they look for, and never which words.
    """

    year: int
    years: list[int]
    decisions: int
    hidden_on: dict[Ground | Act, int | None]
    median_hours: int | None
    appealed: Share
    overturned: Share
    singled_out: dict[WatchKind, Measured]


def figures(year: int) -> Figures:
    """The figures of a year: sums of rows whose number doesn't grow with that of the decisions."""
    rows = ask(_TALLIES).all()
    years = sorted({row.year for row in rows} | {year}, reverse=True)
    rows = [row for row in rows if row.year == year]
    sorts: dict[str, Ground | Act] = {str(one): one for one in (*Ground, Act.MASK)}
    on: dict[Ground | Act, int] = {}
    waited: dict[int, int] = {}
    for row in rows:
        if row.what in sorts:
            on[sorts[row.what]] = on.get(sorts[row.what], 0) + row.decisions
        if row.hours != NOT_WAITED:
            waited[row.hours] = waited.get(row.hours, 0) + row.decisions
    decisions, hides = sum(row.decisions for row in rows), sum(on.values())
    hidden = too_few({**on, None: decisions - hides})  # the rest could be computed from the sum and these
    return Figures(
        year=year,
        years=years,
        decisions=decisions,
        hidden_on={one: None if one in hidden else on[one] for one in sorts.values() if one in on},
        median_hours=median_of(waited),
        appealed=share_of(sum(row.appealed for row in rows), hides),
        overturned=share_of(sum(row.overturned for row in rows), hides),
        singled_out={kind: measured(*counts) for kind, counts in tallies_of_year(year).items()},
    )
