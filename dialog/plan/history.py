"""What has changed in the text of a goal: between its wordings within the year, and from the goals it replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

from dialog.db import db
from dialog.plan.likeness import pair
from dialog.plan.models import Assignment, Goal, Paragraph
from dialog.plan.rewording import Fate, Piece, pieces
from dialog.plan.rules import Part

SAME_PARAGRAPH = 0.5  # how alike two years' paragraphs must be for one to be a new wording of the other
MOST_SHOWN = 100


@dataclass(frozen=True)
class Change:
    """A piece of text that was reworded, put in or taken out: of the goal itself, or of an assignment.

    `comments` is how many comments everybody can read about it, in any wording, found under `first_id`.
    """

    pieces: tuple[Piece, ...]
    at: datetime | None = None
    assignment: Assignment | None = None
    first_id: int | None = None
    comments: int = 0

    @property
    def fate(self) -> Fate | None:
        """What became of all of it, where it is new or gone as a whole; None where it was reworded."""
        return self.pieces[0].fate if len(self.pieces) == 1 else None


def rewordings(goal: Goal) -> list[Change]:
    """What was reworded in a goal and its assignments since they were first taken in, the newest first."""
    before, first = aliased(Paragraph), aliased(Paragraph)
    rows = db.session.execute(
        select(Paragraph, before.text, Assignment, first.comment_count)
        .join(before, before.id == Paragraph.succeeds_id)
        .join(first, first.id == Paragraph.first_id)
        .outerjoin(Assignment, Assignment.id == Paragraph.assignment_id)
        .where(Paragraph.goal_id == goal.id, Paragraph.part != Part.SUMMARY, before.text != Paragraph.text)
        .order_by(Paragraph.introduced_at.desc(), Paragraph.position, Paragraph.id)
        .limit(MOST_SHOWN)
    )
    return [
        Change(pieces(words, one.text), one.introduced_at, assignment, one.first_id, comments)
        for one, words, assignment, comments in rows
    ]


@dataclass(frozen=True)
class Since:
    """What is otherwise in a goal than in the one of an earlier year that it replaced.

    `is_summary`: neither of the texts themselves is here, so it is our own summaries that are compared.
    """

    before: Goal
    title: tuple[Piece, ...]
    changes: list[Change]
    is_summary: bool


def since(goal: Goal) -> list[Since]:
    """What is otherwise than in each goal that this one replaced: the same for whoever asks, in three queries."""
    earlier = db.session.scalar(select(Goal).where(Goal.id == goal.id).options(joinedload(Goal.replaces)))
    replaced = sorted(earlier.replaces, key=lambda one: (-one.year, one.position)) if earlier else []
    texts = _texts([goal, *replaced])
    found = []
    for one in replaced:
        part = Part.TEXT if texts[one.id, Part.TEXT] and texts[goal.id, Part.TEXT] else Part.SUMMARY
        changes = _between(texts[one.id, part], texts[goal.id, part])
        found.append(Since(one, pieces(one.title, goal.title), changes, part == Part.SUMMARY))
    return found


def _texts(goals: Sequence[Goal]) -> dict[tuple[int, Part], list[str]]:
    """The paragraphs that stand in goals now, by the goal's id and the part."""
    rows = db.session.execute(
        select(Paragraph.goal_id, Paragraph.part, Paragraph.text)
        .where(
            Paragraph.goal_id.in_([goal.id for goal in goals]),
            Paragraph.assignment_id.is_(None),
            Paragraph.withdrawn_at.is_(None),
        )
        .order_by(Paragraph.position, Paragraph.id)
    ).all()
    found: dict[tuple[int, Part], list[str]] = {
        (goal.id, part): [] for goal in goals for part in (Part.TEXT, Part.SUMMARY)
    }
    for row in rows:
        found.setdefault((row.goal_id, row.part), []).append(row.text)
    return found


def _between(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """The new paragraphs that were reworded or put in, in their order, and then those that were taken out."""
    pairs = pair(old, new, SAME_PARAGRAPH)
    changed = [
        Change(pieces(old[pairs[index]] if index in pairs else "", text))
        for index, text in enumerate(new)
        if index not in pairs or old[pairs[index]] != text
    ]
    gone = [text for number, text in enumerate(old) if number not in pairs.values()]
    return changed + [Change((Piece(Fate.OUT, text),)) for text in gone]
