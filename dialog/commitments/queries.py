"""Reading what committees have promised, and what became of it. All of it is everybody's to read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, case, func, select, tuple_
from sqlalchemy.orm import joinedload

from dialog.commitments.models import Commitment, CommitmentSum
from dialog.commitments.rules import PAGE_SIZE, CommitmentState
from dialog.db import db
from dialog.plan.models import Committee, Goal
from dialog.response.models import Response


def commitments_in(response: Response) -> Sequence[Commitment]:
    """What an answer promises: what came of it included, each before what was promised instead of it."""
    statement = select(Commitment).where(Commitment.response_id == response.id).order_by(Commitment.id)
    return db.session.scalars(statement.options(joinedload(Commitment.corrections))).unique().all()


def commitments_about(goals: Iterable[Goal], limit: int) -> Sequence[Commitment]:
    """What is promised in the answers about some goals: what isn't settled first, by its day, then the newest."""
    is_open = Commitment.state == CommitmentState.OPEN
    statement = (
        select(Commitment)
        .where(Commitment.goal_id.in_([goal.id for goal in goals]))
        .order_by(is_open.desc(), case((is_open, Commitment.due_on)), Commitment.id.desc())
    )
    return db.session.scalars(statement.limit(limit)).all()


def commitment_of(committee: Committee, commitment_id: int) -> Commitment | None:
    """The committee's commitment with this id, in any state."""
    return db.session.scalar(
        select(Commitment)
        .where(Commitment.id == commitment_id, Commitment.committee_id == committee.id)
        .options(joinedload(Commitment.response), joinedload(Commitment.goal))
    )


def successor_of(commitment: Commitment) -> Commitment | None:
    """What is promised instead of a commitment that was changed."""
    return db.session.scalar(select(Commitment).where(Commitment.succeeds_id == commitment.id))


def still_open(ids: Sequence[int]) -> Sequence[Commitment]:
    """Those of the commitments `ids` that nobody has said what became of, the first day coming first."""
    statement = select(Commitment).where(Commitment.id.in_(ids), Commitment.state == CommitmentState.OPEN)
    return db.session.scalars(statement.order_by(Commitment.due_on, Commitment.id)).all()


@dataclass(frozen=True)
class CommitmentPage:
    """A page of a committee's commitments, and where the next one starts if there is one."""

    commitments: Sequence[Commitment]
    next_cursor: int | None


def open_commitments(committee: Committee, after: int | None = None) -> CommitmentPage:
    """What a committee has promised and not said what became of, the first day coming first; from `after` on."""
    place = tuple_(Commitment.due_on, Commitment.id)
    statement = select(Commitment).where(Commitment.state == CommitmentState.OPEN)
    if last := commitment_of(committee, after) if after else None:
        statement = statement.where(place > tuple_(last.due_on, last.id))
    return _page(committee, statement.order_by(Commitment.due_on, Commitment.id))


def settled_commitments(committee: Committee, before: int | None = None) -> CommitmentPage:
    """What a committee has said what became of, the newest first; from `before` on."""
    place = tuple_(Commitment.settled_at, Commitment.id)
    statement = select(Commitment).where(Commitment.state != CommitmentState.OPEN)
    last = commitment_of(committee, before) if before else None
    if last and last.settled_at:
        statement = statement.where(place < tuple_(last.settled_at, last.id))
    return _page(committee, statement.order_by(Commitment.settled_at.desc(), Commitment.id.desc()))


def _page(committee: Committee, statement: Select[Commitment]) -> CommitmentPage:
    ours = statement.where(Commitment.committee_id == committee.id).options(
        joinedload(Commitment.goal), joinedload(Commitment.corrections)
    )
    found = db.session.scalars(ours.limit(PAGE_SIZE + 1)).unique().all()
    shown = found[:PAGE_SIZE]
    return CommitmentPage(shown, shown[-1].id if len(found) > PAGE_SIZE else None)


@dataclass(frozen=True)
class Kept:
    """How many of a committee's commitments are in each state, and how many of the open ones are late."""

    counts: Mapping[CommitmentState, int]
    late: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def kept_by(committee: Committee, today: date) -> Kept:
    """How a committee keeps its commitments, on the day `today`: sums of what everybody can read one by one."""
    late = (
        select(func.count())
        .where(
            Commitment.committee_id == committee.id,
            Commitment.state == CommitmentState.OPEN,
            Commitment.due_on < today,
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(CommitmentSum.state, CommitmentSum.commitments, late).where(
            CommitmentSum.committee_id == committee.id
        )
    ).all()
    counts = dict.fromkeys(CommitmentState, 0) | {row[0]: row[1] for row in rows}
    return Kept(counts, rows[0][2] if rows else 0)
