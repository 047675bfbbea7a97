"""Taking in a document's goals: what is there stays, what is reworded gets a new version, nothing is lost."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import func, select

from dialog import events
from dialog.db import db
from dialog.plan.importing import ReadAssignment, ReadFunding, ReadGoal, ReadPlan
from dialog.plan.likeness import pair
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
from dialog.plan.operations import change_shown, set_committees
from dialog.plan.rules import Origin, Part
from dialog.plan.slugs import plain_title, slug_of

SAME_TITLE = 0.75  # how alike two titles must be to be the same thing, reworded
SAME_PARAGRAPH = 0.5  # how alike two paragraphs must be for one to be a new wording of the other

Item = TypeVar("Item", Indicator, Investment, Achievement)
Titled = TypeVar("Titled", Goal, Assignment)


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
    english_dropped: Counter[int] = field(default_factory=Counter)  # titles, by the goal they stood on
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


def store_plan(read: ReadPlan, *, now: datetime) -> Changes:
    """Take in the goals a document holds. What is already there stays; what is reworded gets a new version.

    Taking in the same document again changes nothing.
    """
    plan = db.session.get(Plan, read.year)
    if plan is None:
        plan = Plan(year=read.year)
        db.session.add(plan)
        db.session.flush()
    changes = Changes()
    committees = {committee.code: committee for committee in db.session.scalars(select(Committee))}
    for one, known in zip(read.goals, _same_goals(plan, read.goals), strict=True):
        before = changes.total()
        stored = _store_goal(plan, one, known, committees, changes, now)
        if changes.total() > before:
            changes.goal_ids.add(stored.id)
    for goal_id in sorted(changes.goal_ids):
        goal = db.session.get_one(Goal, goal_id)
        for shown_on in (goal, *goal.replaces, *goal.replaced_by):
            change_shown(shown_on.id, by_plan=True)
        details = {"year": plan.year, "english_titles_dropped": changes.english_dropped[goal_id]}
        events.record("plan.imported", goal, actor_id=None, now=now, details=details)
    return changes


def compare_ahead(read: ReadPlan) -> None:
    """Compare a document's texts with the stored ones, and change nothing.

    That is the slow part of `store_plan`, which remembers it: done before the transaction, it keeps nobody waiting.
    """
    plan = db.session.get(Plan, read.year)
    if plan is None:
        return
    for one, goal in zip(read.goals, _same_goals(plan, read.goals), strict=True):
        if goal is None:
            continue
        _pair_paragraphs(_paragraphs(goal, None, Part.STATEMENT), [one.statement] if one.statement else [])
        _pair_paragraphs(_paragraphs(goal, None, Part.TEXT), one.text)
        for index, assignment in _known_assignments(_assignments(goal), one.assignments).items():
            clarification = one.assignments[index].clarification
            _pair_paragraphs(_paragraphs(goal, assignment, Part.CLARIFICATION), clarification)
    db.session.expire_all()  # the transaction must see what is stored then


def renew_paragraphs(
    goal: Goal,
    assignment: Assignment | None,
    part: Part,
    texts: Sequence[str],
    changes: Changes,
    now: datetime,
) -> None:
    """Make `texts` the current wording of one part of a goal or an assignment.

    A paragraph that stands as before, or elsewhere, keeps its row; one that is reworded, or comes back, gets a
    new row that succeeds the old one; one that is gone is withdrawn. Comments point at rows, so they stay with
    what they were about.
    """
    rows = _paragraphs(goal, assignment, part)
    current = _standing(rows)
    pairs = _pair_paragraphs(rows, texts)
    kept = [
        pairs[index]
        for index, text in enumerate(texts)
        if index in pairs and current[pairs[index]].text == text
    ]
    changes.details_changed += kept != sorted(kept)
    for number, paragraph in enumerate(current):
        if number not in kept:
            paragraph.withdrawn_at = now
            changes.paragraphs_withdrawn += number not in pairs.values()
    for index, text in enumerate(texts):
        predecessor = current[pairs[index]] if index in pairs else _withdrawn(rows, text, current)
        if predecessor is not None and predecessor.withdrawn_at is None:
            predecessor.position = index + 1
            continue
        _add_paragraph(goal, assignment, part, index + 1, text, predecessor, now)
        changes.paragraphs_reworded += index in pairs
        changes.paragraphs_added += index not in pairs
    db.session.flush()


def _paragraphs(goal: Goal, assignment: Assignment | None, part: Part) -> Sequence[Paragraph]:
    """Every wording one part of a goal or an assignment has had."""
    return db.session.scalars(
        select(Paragraph)
        .where(
            Paragraph.goal_id == goal.id,
            Paragraph.assignment_id == (assignment.id if assignment else None),
            Paragraph.part == part,
        )
        .order_by(Paragraph.position, Paragraph.id)
    ).all()


def _standing(rows: Sequence[Paragraph]) -> list[Paragraph]:
    return [paragraph for paragraph in rows if paragraph.withdrawn_at is None]


def _pair_paragraphs(rows: Sequence[Paragraph], texts: Sequence[str]) -> dict[int, int]:
    return pair([paragraph.text for paragraph in _standing(rows)], texts, SAME_PARAGRAPH)


def _store_goal(
    plan: Plan,
    read: ReadGoal,
    goal: Goal | None,
    committees: dict[str, Committee],
    changes: Changes,
    now: datetime,
) -> Goal:
    if goal is None:
        goal = _add_goal(plan, read, committees)
        changes.goals_added += 1
    # The title is kept as a paragraph for its history; a change of it is counted below, with the details.
    renew_paragraphs(goal, None, Part.TITLE, [read.title], Changes(), now)
    renew_paragraphs(goal, None, Part.STATEMENT, [read.statement] if read.statement else [], changes, now)
    _drop_untrue_english(goal, goal, read.title, changes)
    _set(goal, changes, title=read.title, statement=read.statement, number=read.number or goal.number)
    if read.updated is not None:
        _set(goal, changes, updated_on=read.updated)
    if read.text or read.assignments:  # else it is one of a listing's names, which say nothing of the rest
        renew_paragraphs(goal, None, Part.TEXT, read.text, changes, now)
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
    )
    db.session.add(goal)
    db.session.flush()
    set_committees(goal, list(owners.values()) or [committees["KS"]])
    return goal


def _same_goals(plan: Plan, read: Sequence[ReadGoal]) -> list[Goal | None]:
    """The stored goal that each read one is, in another wording or the same; None for a new one."""
    goals = db.session.scalars(select(Goal).where(Goal.year == plan.year).order_by(Goal.position)).all()
    numbered = {goal.number: goal for goal in goals if goal.number}
    unnumbered = [goal for goal in goals if not goal.number]
    alike = _pair_titles(unnumbered, ["" if one.number else one.title for one in read])
    return [numbered.get(one.number) if one.number else alike.get(index) for index, one in enumerate(read)]


def _pair_titles(old: Sequence[Titled], new: Sequence[str]) -> dict[int, Titled]:
    pairs = pair([plain_title(one.title) for one in old], [plain_title(title) for title in new], SAME_TITLE)
    return {index: old[number] for index, number in pairs.items()}


def _withdrawn(rows: Sequence[Paragraph], text: str, current: Sequence[Paragraph]) -> Paragraph | None:
    """The newest withdrawn wording that is exactly `text`, unless what became of it still stands."""
    standing = {paragraph.first_id for paragraph in current}
    gone = (one for one in rows if one.withdrawn_at is not None and one.text == text)
    return max(
        (one for one in gone if one.first_id not in standing),
        key=lambda one: one.id,
        default=None,
    )


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
            lineage_id=predecessor.first_id if predecessor else None,
        )
    )


def _set(thing: Goal | Assignment, changes: Changes, **values: Any) -> None:
    for name, value in values.items():
        if getattr(thing, name) != value:
            setattr(thing, name, value)
            changes.details_changed += 1


def _drop_untrue_english(thing: Goal | Assignment, goal: Goal, title: str, changes: Changes) -> None:
    """An English title says what the Swedish one said: when that comes to say something else, it is untrue."""
    if thing.title_en and plain_title(thing.title) != plain_title(title):
        thing.title_en = None
        changes.english_dropped[goal.id] += 1


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
    stored = _assignments(goal)
    known = _known_assignments(stored, read.assignments)
    for index, one in enumerate(read.assignments):
        assignment = known.get(index)
        if assignment is None:
            assignment = Assignment(goal_id=goal.id, position=index + 1, title=one.title, origin=one.origin)
            db.session.add(assignment)
            db.session.flush()
            changes.assignments_added += 1
        elif assignment.withdrawn_at is not None:
            assignment.withdrawn_at = None
            changes.assignments_added += 1
        _store_assignment(goal, assignment, one, index + 1, committees, changes, now)
    if read.assignments:
        for assignment in stored:
            if assignment.withdrawn_at is None and assignment not in known.values():
                assignment.withdrawn_at = now
                changes.assignments_withdrawn += 1


def _assignments(goal: Goal) -> Sequence[Assignment]:
    return db.session.scalars(
        select(Assignment).where(Assignment.goal_id == goal.id).order_by(Assignment.position, Assignment.id)
    ).all()


def _known_assignments(stored: Sequence[Assignment], read: Sequence[ReadAssignment]) -> dict[int, Assignment]:
    """The stored assignment that each read one is, by its index; a new one has none."""
    return {
        index: assignment
        for origin in Origin
        for index, assignment in _same_assignments(stored, read, origin).items()
    }


def _same_assignments(
    stored: Sequence[Assignment], read: Sequence[ReadAssignment], origin: Origin
) -> dict[int, Assignment]:
    """The stored assignment that each read one of `origin` is (by its index). A withdrawn one can come back."""
    titles = [one.title if one.origin == origin else "" for one in read]
    of_origin = [one for one in stored if one.origin == origin]
    known = _pair_titles([one for one in of_origin if one.withdrawn_at is None], titles)
    for index, title in enumerate(titles):
        gone = (one for one in of_origin if one.withdrawn_at is not None and one.title == title)
        if index not in known and (back := next(gone, None)) is not None:
            known[index] = back
    return known


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
    _drop_untrue_english(assignment, goal, read.title, changes)
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
    db.session.flush()
    db.session.expire(assignment, ["fundings"])
    changes.details_changed += 1


def _free_slug(year: int, wanted: str) -> str:
    taken = set(db.session.scalars(select(Goal.slug).where(Goal.year == year)))
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug
