"""What the published follow-ups say of the assignments: placed where that is certain, otherwise asked about."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from dialog.db import db
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
    """Keep every row, placed or not. The same row again changes nothing; a changed one succeeds it."""
    assignments = _assignments_of(read.year)
    bodies = {one.code: one.id for one in db.session.scalars(select(Committee))}
    current = {
        (one.committee_words, one.assignment_words): one
        for one in db.session.scalars(
            select(FollowUp).where(
                FollowUp.year == read.year, FollowUp.period == read.period, FollowUp.replaced_at.is_(None)
            )
        )
    }
    outcome = Outcome()
    for row in read.rows:
        key = (row.committee_words, row.assignment)
        earlier = current.get(key)
        found = fit(row, assignments)
        placed = earlier.assignment_id if earlier and earlier.assignment_id else None
        if placed is None and found.assignment:
            placed = found.assignment.id
        if placed is None:
            outcome.asked_about.append((row, found.candidates))
        if earlier and (earlier.commentary, earlier.assignment_id) == (row.commentary, placed):
            outcome.counts["unchanged"] += 1
            continue
        if earlier:
            earlier.replaced_at = now
            db.session.flush()
        outcome.counts["changed" if earlier else "new"] += 1
        current[key] = FollowUp(
            year=read.year,
            period=read.period,
            committee_id=bodies.get(row.committee or ""),
            committee_words=row.committee_words,
            assignment_id=placed,
            assignment_words=row.assignment,
            commentary=row.commentary,
            source=source,
            imported_at=now,
        )
        db.session.add(current[key])
        db.session.flush()
    return outcome


def _assignments_of(year: int) -> Sequence[Assignment]:
    return db.session.scalars(
        select(Assignment)
        .join(Goal)
        .where(Goal.year == year, Assignment.withdrawn_at.is_(None))
        .options(selectinload(Assignment.committees))
        .order_by(Assignment.id)
    ).all()
