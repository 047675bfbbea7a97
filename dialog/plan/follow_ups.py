"""What the published follow-ups say of the assignments: placed where that is certain, otherwise asked about."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from dialog import events
from dialog.db import db
from dialog.plan.accounting import publish
from dialog.plan.importing.follow_ups import ReadFollowUps, ReadRow
from dialog.plan.matching import SAME_WORDS, WORTH_ASKING, share_of_words
from dialog.plan.models import Assignment, Committee, FollowUp, Goal
from dialog.stems import words_of


@dataclass(frozen=True)
class Fit:
    """The one assignment a row surely is about, or else those it might be about, the most alike first."""

    assignment: Assignment | None
    candidates: tuple[Assignment, ...] = ()


@dataclass
class Outcome:
    """What became of a file's rows, counted, and the rows that must be asked about."""

    counts: Counter[str] = field(default_factory=Counter)
    asked_about: list[tuple[ReadRow, tuple[Assignment, ...]]] = field(default_factory=list)


def fit(row: ReadRow, assignments: Iterable[Assignment]) -> Fit:
    """Where a row belongs: the only one of its committee's that is worded so, or else the only one with the same words.

    The same words may have other endings and stand in another order, and small ones may be missing. All else is asked
    about: what is guessed wrong stands under another assignment, in the municipality's name.
    """
    own = [one for one in assignments if row.committee in {body.code for body in one.committees}]
    plain = words_of(row.assignment)
    for near in (
        [one for one in own if words_of(one.title) == plain],
        [one for one in own if share_of_words(row.assignment, one.title) == SAME_WORDS],
    ):
        if len(near) == 1:
            return Fit(near[0])
        if near:
            break
    return Fit(None, candidates_for(row.assignment, assignments))


def candidates_for(words: str, assignments: Iterable[Assignment]) -> tuple[Assignment, ...]:
    """The assignments that a row with these words might be about, the most alike first."""
    scored = [(share_of_words(words, one.title), one) for one in assignments]
    alike = [pair for pair in scored if pair[0] >= WORTH_ASKING]
    return tuple(one for _, one in sorted(alike, key=lambda pair: -pair[0]))


def store(read: ReadFollowUps, source: str, now: datetime) -> Outcome:
    """Keep every row, placed or not. The same row again changes nothing; a changed one succeeds it.

    What an officer has said of where a row belongs, and of how it goes, holds for the row that succeeds it.
    """
    assignments = assignments_in(read.year)
    bodies = {one.code: one.id for one in db.session.scalars(select(Committee))}
    current = _current(read)
    outcome = Outcome()
    for row in read.rows:
        key = (row.committee_words, row.assignment)
        earlier = current.get(key)
        found = fit(row, assignments)
        placed = earlier.assignment_id if earlier and earlier.assignment_id else None
        if placed is None and found.assignment and not (earlier and earlier.settled_at):
            placed = found.assignment.id
        if placed is None and not (earlier and earlier.settled_at):
            outcome.asked_about.append((row, found.candidates))
        committee_id = bodies.get(row.committee or "")
        same = (row.commentary, placed, committee_id)
        if earlier and (earlier.commentary, earlier.assignment_id, earlier.committee_id) == same:
            outcome.counts["unchanged"] += 1
            continue
        outcome.counts["changed" if earlier else "new"] += 1
        made = FollowUp(
            year=read.year,
            period=read.period,
            committee_id=committee_id,
            committee_words=row.committee_words,
            assignment_id=placed,
            assignment_words=row.assignment,
            commentary=row.commentary,
            source=source,
            imported_at=now,
        )
        _succeed(earlier, made, now)
        current[key] = made
    return outcome


def _current(read: ReadFollowUps) -> dict[tuple[str, str], FollowUp]:
    published = select(FollowUp).where(
        FollowUp.year == read.year,
        FollowUp.period == read.period,
        FollowUp.replaced_at.is_(None),
        FollowUp.written_by_id.is_(None),
    )
    return {(one.committee_words, one.assignment_words): one for one in db.session.scalars(published)}


def _succeed(earlier: FollowUp | None, made: FollowUp, now: datetime) -> None:
    """Put a row on record, in the place of the earlier one if there is one, and let its readers know."""
    if earlier:
        made.progress, made.version = earlier.progress, earlier.version + 1
        made.settled_at, made.settled_by_id = earlier.settled_at, earlier.settled_by_id
        earlier.replaced_at = now
        db.session.flush()
    db.session.add(made)
    db.session.flush()
    if made.assignment_id:
        publish(made, actor_id=None, now=now)
    else:
        events.record("follow_up.kept", made, actor_id=None, now=now)


def assignments_in(year: int) -> Sequence[Assignment]:
    """The assignments that stand in the plan for `year`, with their committees."""
    return db.session.scalars(
        select(Assignment)
        .join(Goal)
        .where(Goal.year == year, Assignment.withdrawn_at.is_(None))
        .options(selectinload(Assignment.committees))
        .order_by(Assignment.id)
    ).all()
