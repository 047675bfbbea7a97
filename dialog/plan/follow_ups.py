"""What the published follow-ups say of the assignments: placed where that is certain, otherwise asked about."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from dialog.db import db
from dialog.plan.importing.follow_ups import ReadFollowUps, ReadRow
from dialog.plan.models import Assignment, Committee, FollowUp, Goal

CLOSE = 0.85  # small differences in wording
WORTH_ASKING = 0.6  # alike enough to be put before somebody who can tell


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
    """Where a row belongs: the only one of its committee's with the same words, or else the only one close to them."""
    words = _plain(row.assignment)
    scored = sorted(((_alike(words, one.title), one) for one in assignments), key=lambda pair: -pair[0])
    own = [(score, one) for score, one in scored if row.committee in {body.code for body in one.committees}]
    for lowest in (1.0, CLOSE):
        near = [one for score, one in own if score >= lowest]
        if len(near) == 1:
            return Fit(near[0])
        if near:
            break
    return Fit(None, tuple(one for score, one in scored if score >= WORTH_ASKING))


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


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _alike(words: str, title: str) -> float:
    return SequenceMatcher(None, words, _plain(title), autojunk=False).ratio()
