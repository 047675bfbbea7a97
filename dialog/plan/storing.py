"""Taking in a document's goals: what is there stays, what is reworded gets a new version, nothing is lost."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, TypeVar

from sqlalchemy import func, select

from dialog import events
from dialog.db import db
from dialog.plan.importing import ReadAssignment, ReadFunding, ReadGoal, ReadPlan
from dialog.plan.models import (
    Achievement,
    Assignment,
    Committee,
    Funding,
    Goal,
    Indicator,
    Investment,
    Paragraph,
    Plan,
)
from dialog.plan.operations import set_committees, touch
from dialog.plan.rules import Part
from dialog.plan.slugs import slug_of

SAME_TITLE = 0.75  # how alike two titles must be to be the same thing, reworded
SAME_PARAGRAPH = 0.5  # how alike two paragraphs must be for one to be a new wording of the other

Item = TypeVar("Item", Indicator, Investment, Achievement)


@dataclass
class Changes:
    """What taking in a document changed, for the one who did it."""

    goals_added: int = 0
    assignments_added: int = 0
    assignments_withdrawn: int = 0
    paragraphs_added: int = 0
    paragraphs_reworded: int = 0
    paragraphs_withdrawn: int = 0
    details_changed: int = 0
    goal_ids: set[int] = field(default_factory=set)

    def total(self) -> int:
        return (
            self.goals_added
            + self.assignments_added
            + self.assignments_withdrawn
            + self.paragraphs_added
            + self.paragraphs_reworded
            + self.paragraphs_withdrawn
            + self.details_changed
        )


class UnknownYear(Exception):
    """The document doesn't say which year it is about, and nobody else has."""


def store_plan(read: ReadPlan, *, now: datetime) -> Changes:
    """Take in the goals a document holds. What is already there stays; what is reworded gets a new version.

    Taking in the same document again changes nothing. Raises UnknownYear.
    """
    if read.year is None:
        raise UnknownYear
    plan = db.session.get(Plan, read.year)
    if plan is None:
        plan = Plan(year=read.year)
        db.session.add(plan)
        db.session.flush()
    changes = Changes()
    committees = {committee.code: committee for committee in db.session.scalars(select(Committee))}
    for one in read.goals:
        before = changes.total()
        stored = _store_goal(plan, one, committees, changes, now)
        if changes.total() > before:
            changes.goal_ids.add(stored.id)
    for goal_id in sorted(changes.goal_ids):
        touch(goal_id)
        goal = db.session.get_one(Goal, goal_id)
        events.record("plan.imported", goal, actor_id=None, now=now, details={"year": plan.year})
    return changes


def renew_paragraphs(
    goal: Goal,
    assignment: Assignment | None,
    part: Part,
    texts: Sequence[str],
    changes: Changes,
    now: datetime,
) -> None:
    """Make `texts` the current wording of one part of a goal or an assignment.

    A paragraph that stands as before keeps its row, one that is reworded gets a new row that succeeds the
    old one, and one that is gone is withdrawn. Comments point at rows, so they stay with what they were about.
    """
    current = db.session.scalars(
        select(Paragraph)
        .where(
            Paragraph.goal_id == goal.id,
            Paragraph.assignment_id == (assignment.id if assignment else None),
            Paragraph.part == part,
            Paragraph.withdrawn_at.is_(None),
        )
        .order_by(Paragraph.position, Paragraph.id)
    ).all()
    matcher = SequenceMatcher(None, [paragraph.text for paragraph in current], texts, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            for offset in range(end - start):
                current[start + offset].position = new_start + offset + 1
            continue
        successors = _pair(current[start:end], texts[new_start:new_end])
        for paragraph in current[start:end]:
            paragraph.withdrawn_at = now
            changes.paragraphs_withdrawn += paragraph not in successors.values()
        for offset, text in enumerate(texts[new_start:new_end]):
            predecessor = successors.get(offset)
            _add_paragraph(goal, assignment, part, new_start + offset + 1, text, predecessor, now)
            changes.paragraphs_reworded += predecessor is not None
            changes.paragraphs_added += predecessor is None
    db.session.flush()


def _store_goal(
    plan: Plan, read: ReadGoal, committees: dict[str, Committee], changes: Changes, now: datetime
) -> Goal:
    goal = _same_goal(plan, read)
    if goal is None:
        goal = _add_goal(plan, read, committees)
        changes.goals_added += 1
    # The title is kept as a paragraph for its history; a change of it is counted below, with the details.
    renew_paragraphs(goal, None, Part.TITLE, [read.title], Changes(), now)
    renew_paragraphs(goal, None, Part.STATEMENT, [read.statement] if read.statement else [], changes, now)
    renew_paragraphs(goal, None, Part.TEXT, read.text, changes, now)
    _set(goal, changes, title=read.title, statement=read.statement, number=read.number or goal.number)
    if read.updated is not None:
        _set(goal, changes, updated_on=read.updated)
    _store_items(Indicator, goal, read.indicators, changes)
    _store_items(Investment, goal, read.investments, changes)
    _store_items(Achievement, goal, read.achievements, changes)
    _store_assignments(goal, read, committees, changes, now)
    return goal


def _add_goal(plan: Plan, read: ReadGoal, committees: dict[str, Committee]) -> Goal:
    owners = {
        code: committees[code] for one in read.assignments for code in one.committees if code in committees
    }
    earlier = db.session.scalar(select(func.max(Goal.position)).where(Goal.year == plan.year))
    goal = Goal(
        year=plan.year,
        slug=_free_slug(plan.year, slug_of(read.number or read.title)),
        number=read.number,
        title=read.title,
        position=(earlier or 0) + 1,
        committees=list(owners.values()) or [committees["KS"]],
    )
    db.session.add(goal)
    db.session.flush()
    return goal


def _same_goal(plan: Plan, read: ReadGoal) -> Goal | None:
    goals = db.session.scalars(select(Goal).where(Goal.year == plan.year)).all()
    if read.number:
        return next((goal for goal in goals if goal.number == read.number), None)
    unnumbered = [goal for goal in goals if goal.number is None]
    return _most_alike(read.title, unnumbered)


def _most_alike(title: str, candidates: Sequence[Any]) -> Any | None:
    """The candidate whose title is the same, or the same reworded; None when none is alike enough."""
    scored = [(_likeness(title, candidate.title), candidate) for candidate in candidates]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= SAME_TITLE else None


def _likeness(one: str, other: str) -> float:
    first, second = one.casefold().rstrip(". "), other.casefold().rstrip(". ")
    return 1.0 if first == second else SequenceMatcher(None, first, second, autojunk=False).ratio()


def _pair(old: Sequence[Paragraph], new: Sequence[str]) -> dict[int, Paragraph]:
    """Which new text (by its index) is a rewording of which old paragraph: the most alike first, each once."""
    scored = sorted(
        (
            (SequenceMatcher(None, paragraph.text, text, autojunk=False).ratio(), -index, -number)
            for index, text in enumerate(new)
            for number, paragraph in enumerate(old)
        ),
        reverse=True,
    )
    pairs: dict[int, Paragraph] = {}
    for score, index, number in scored:
        if score < SAME_PARAGRAPH:
            break
        if -index not in pairs and old[-number] not in pairs.values():
            pairs[-index] = old[-number]
    return pairs


def _add_paragraph(
    goal: Goal,
    assignment: Assignment | None,
    part: Part,
    position: int,
    text: str,
    predecessor: Paragraph | None,
    now: datetime,
) -> None:
    db.session.add(
        Paragraph(
            goal_id=goal.id,
            assignment_id=assignment.id if assignment else None,
            part=part,
            position=position,
            text=text,
            introduced_at=now,
            succeeds_id=predecessor.id if predecessor else None,
            lineage_id=(predecessor.lineage_id or predecessor.id) if predecessor else None,
        )
    )


def _set(thing: Goal | Assignment, changes: Changes, **values: Any) -> None:
    for name, value in values.items():
        if getattr(thing, name) != value:
            setattr(thing, name, value)
            changes.details_changed += 1


def _store_items(model: type[Item], goal: Goal, titles: Sequence[str], changes: Changes) -> None:
    current = db.session.scalars(select(model).where(model.goal_id == goal.id).order_by(model.position)).all()
    if [item.title for item in current] == list(titles):
        return
    for item in current:
        db.session.delete(item)
    db.session.add_all(
        model(goal_id=goal.id, position=position, title=title)
        for position, title in enumerate(titles, start=1)
    )
    changes.details_changed += 1


def _store_assignments(
    goal: Goal, read: ReadGoal, committees: dict[str, Committee], changes: Changes, now: datetime
) -> None:
    left = list(
        db.session.scalars(
            select(Assignment).where(Assignment.goal_id == goal.id, Assignment.withdrawn_at.is_(None))
        )
    )
    for position, one in enumerate(read.assignments, start=1):
        candidates = [assignment for assignment in left if assignment.origin == one.origin]
        assignment = _most_alike(one.title, candidates)
        if assignment is None:
            assignment = Assignment(goal_id=goal.id, position=position, title=one.title, origin=one.origin)
            db.session.add(assignment)
            db.session.flush()
            changes.assignments_added += 1
        else:
            left.remove(assignment)
        _store_assignment(goal, assignment, one, position, committees, changes, now)
    if read.assignments:
        for assignment in left:
            assignment.withdrawn_at = now
            changes.assignments_withdrawn += 1


def _store_assignment(
    goal: Goal,
    assignment: Assignment,
    read: ReadAssignment,
    position: int,
    committees: dict[str, Committee],
    changes: Changes,
    now: datetime,
) -> None:
    renew_paragraphs(goal, assignment, Part.TITLE, [read.title], Changes(), now)
    renew_paragraphs(goal, assignment, Part.CLARIFICATION, read.clarification, changes, now)
    _set(assignment, changes, title=read.title, position=position)
    owners = [committees[code] for code in read.committees if code in committees]
    if [committee.code for committee in assignment.committees] != [committee.code for committee in owners]:
        set_committees(assignment, owners)
        changes.details_changed += 1
    _store_fundings(assignment, read.fundings, committees, changes)


def _store_fundings(
    assignment: Assignment,
    read: Sequence[ReadFunding],
    committees: dict[str, Committee],
    changes: Changes,
) -> None:
    wanted = [
        (funding.kind, funding.year, committees[funding.committee].id, funding.amount_tkr) for funding in read
    ]
    current = [(one.kind, one.year, one.committee_id, one.amount_tkr) for one in assignment.fundings]
    if wanted == current:
        return
    for funding in list(assignment.fundings):
        db.session.delete(funding)
    db.session.add_all(
        Funding(
            assignment_id=assignment.id, kind=kind, year=year, committee_id=committee_id, amount_tkr=amount
        )
        for kind, year, committee_id, amount in wanted
    )
    changes.details_changed += 1


def _free_slug(year: int, wanted: str) -> str:
    taken = set(db.session.scalars(select(Goal.slug).where(Goal.year == year)))
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug
