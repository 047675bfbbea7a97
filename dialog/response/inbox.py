"""A committee's inbox: what waits for its answer, in parts, with who has taken what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import joinedload

from dialog.conversation.models import Comment
from dialog.conversation.queries import PAGE_SIZE
from dialog.db import db
from dialog.people.models import Person
from dialog.plan.models import Assignment, Committee, Goal
from dialog.response.models import Coverage, Matter, MatterNote, Response
from dialog.response.queries import with_comment
from dialog.response.rules import MatterState, Part


@dataclass(frozen=True)
class Choice:
    """The part of an inbox that is looked at, and the assignment it is narrowed to."""

    part: Part = Part.ALL
    assignment_id: int | None = None

    def parameters(self) -> dict[str, object]:
        """As they stand in the address; what is usual isn't there."""
        return {"visa": None if self.part == Part.ALL else self.part, "uppdrag": self.assignment_id}


@dataclass(frozen=True)
class Inbox:
    """What waits at a committee, what is due first coming first, and where the next page starts.

    `notes` is how many notes there are on those that have any, by the matter's id.
    """

    matters: Sequence[Matter]
    next_cursor: str | None
    notes: dict[int, int]

    def by_goal(self) -> dict[Goal, list[Matter]]:
        """The matters under their goals, the goal with the most urgent one first."""
        result: dict[Goal, list[Matter]] = {}
        for matter in self.matters:
            result.setdefault(matter.comment.goal, []).append(matter)
        return result


def inbox(
    committee: Committee, choice: Choice, *, officer: Person, today: date, after: int | None = None
) -> Inbox:
    """A page of the chosen part of what waits at `committee`, after the matter with the id `after`."""
    conditions = [*_part(choice.part, officer, today)]
    if choice.assignment_id is not None:
        conditions.append(Comment.assignment_id == choice.assignment_id)
    if after is not None:
        due = select(Matter.due_on).where(Matter.id == after).scalar_subquery()
        conditions.append((Matter.due_on > due) | ((Matter.due_on == due) & (Matter.id > after)))
    found = _first_due(committee, conditions, PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    cursor = str(shown[-1].id) if len(found) > PAGE_SIZE else None
    return Inbox(shown, cursor, _notes_on([matter.id for matter in shown]))


def _part(part: Part, officer: Person, today: date) -> list[ColumnElement[bool]]:
    conditions: dict[Part, list[ColumnElement[bool]]] = {
        Part.ALL: [],
        Part.TODAY: [Matter.due_on == today],
        Part.LATE: [Matter.due_on < today],
        Part.FREE: [Matter.taken_by_id.is_(None)],
        Part.MINE: [Matter.taken_by_id == officer.id],
    }
    return conditions[part]


def _first_due(
    committee: Committee, conditions: Sequence[ColumnElement[bool]], most: int
) -> Sequence[Matter]:
    return db.session.scalars(
        select(Matter)
        .join(Comment)
        .where(Matter.committee_id == committee.id, Matter.state == MatterState.DUE, *conditions)
        .order_by(Matter.due_on, Matter.id)
        .limit(most)
        .options(*with_comment(), joinedload(Matter.taken_by).lazyload(Person.grants))
    ).all()


def _notes_on(matter_ids: Sequence[int]) -> dict[int, int]:
    counted = select(MatterNote.matter_id, func.count()).where(MatterNote.matter_id.in_(matter_ids))
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(MatterNote.matter_id))}


def counts_of_parts(
    committee: Committee, assignment_id: int | None, officer: Person, today: date
) -> dict[Part, int]:
    """How much waits in each part of an inbox, in one statement."""
    counted = [func.count().filter(true(), *_part(part, officer, today)) for part in Part]
    statement = select(*counted).where(Matter.committee_id == committee.id, Matter.state == MatterState.DUE)
    if assignment_id is not None:
        statement = statement.join(Comment).where(Comment.assignment_id == assignment_id)
    return dict(zip(Part, db.session.execute(statement).one(), strict=True))


def newest_matter(committee: Committee) -> int:
    """The id of what came last to a committee; 0 before anything has."""
    return db.session.scalar(select(func.max(Matter.id)).where(Matter.committee_id == committee.id)) or 0


def arrived_since(committee: Committee, response: Response, newest: int) -> int:
    """How much has come since the matter `newest` that waits on the goal of an answer, and isn't covered by it."""
    covered = select(Coverage.matter_id).where(Coverage.response_id == response.id)
    arrived = (
        select(func.count())
        .select_from(Matter)
        .join(Comment)
        .where(
            Matter.committee_id == committee.id,
            Matter.state == MatterState.DUE,
            Matter.id > newest,
            Matter.id.not_in(covered),
            Comment.goal_id == response.goal_id,
            Comment.is_public,
        )
    )
    return db.session.scalar(arrived) or 0


def assignments_waiting(committee: Committee) -> dict[int, Assignment]:
    """The assignments on which something waits at `committee`, by their ids, the newest plan first."""
    on_them = (
        select(Comment.assignment_id)
        .join(Matter, Matter.comment_id == Comment.id)
        .where(Matter.committee_id == committee.id, Matter.state == MatterState.DUE)
    )
    found = select(Assignment).where(Assignment.id.in_(on_them)).order_by(Assignment.id.desc())
    found = found.options(joinedload(Assignment.goal))
    return {assignment.id: assignment for assignment in db.session.scalars(found)}


def other_matters(committee: Committee, response: Response, covered: set[int]) -> Sequence[Matter]:
    """What else waits on the answer's goal and could be covered by it too, the most urgent first."""
    on_the_goal = _first_due(committee, [Comment.goal_id == response.goal_id], PAGE_SIZE)
    return [matter for matter in on_the_goal if matter.id not in covered]


def notes_on(matter: Matter) -> Sequence[MatterNote]:
    """What officers have noted about a matter, the first coming first."""
    about = select(MatterNote).where(MatterNote.matter_id == matter.id).order_by(MatterNote.id)
    return db.session.scalars(about.options(joinedload(MatterNote.author).lazyload(Person.grants))).all()
