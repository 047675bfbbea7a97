"""What the service ships with: the register, and the official titles of two years' plans with our summaries."""

import tomllib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select

from dialog import events
from dialog.db import db
from dialog.plan.models import Area, Assignment, Committee, Funding, Goal, Paragraph, Plan
from dialog.plan.operations import change_shown, set_committees
from dialog.plan.rules import FundingKind, Origin, Part, Settlement
from dialog.plan.slugs import plain_title

FOLDER = Path(__file__).parent / "data"


def load_register() -> int:
    """Add the committees and areas that aren't in the register yet; gives how many. Edited ones stay."""
    known = set(db.session.scalars(select(Committee.code)))
    committees = _read("committees.toml")["committees"]
    new_committees = [_committee(row) for row in committees if row["code"] not in known]
    known_areas = set(db.session.scalars(select(Area.code)))
    areas = _read("areas.toml")
    new_areas = [
        _area(row, areas["population_date"]) for row in areas["areas"] if row["code"] not in known_areas
    ]
    db.session.add_all([*new_committees, *new_areas])
    db.session.flush()
    return len(new_committees) + len(new_areas)


def names_of_committees() -> dict[str, str]:
    """Every name and code that a document can use for a committee of the shipped register, with its code."""
    rows = _read("committees.toml")["committees"]
    return {name: row["code"] for row in rows for name in (row["code"], row["name_sv"], *row["aliases"])}


def load_plans(*, now: datetime) -> int:
    """Add the shipped goals that aren't there yet, and fill in what an imported one lacks of what we know.

    Gives how many goals were added or completed. What stands in the plan already stays as it is.
    """
    committees = {committee.code: committee for committee in db.session.scalars(select(Committee))}
    goals: dict[str, Goal] = {}  # by their addresses here, whatever they are in the plan
    touched = 0
    for path in sorted(FOLDER.glob("plan-*.toml")):
        content = _read(path.name)
        plan = db.session.get(Plan, content["year"]) or Plan(year=content["year"])
        db.session.add(plan)
        _fill(plan, source_sv=content["source_sv"], source_en=content["source_en"])
        db.session.flush()
        known = db.session.scalars(select(Goal).where(Goal.year == plan.year)).all()
        position = max((goal.position for goal in known), default=0)
        for row in content["goals"]:
            goal = _same_title(known, row["title"])
            replaces = [goals[address] for address in row.get("replaces", []) if address in goals]
            if goal is not None:
                touched += _complete_goal(goal, row, replaces, now)
            elif row["slug"] not in {one.slug for one in known}:
                position += 1
                goal = _load_goal(plan.year, position, row, replaces, committees, now)
                touched += 1
            if goal is not None:
                goals[f"{plan.year}/{row['slug']}"] = goal
    return touched


Titled = TypeVar("Titled", Goal, Assignment)


def _same_title(things: Sequence[Titled], title: str) -> Titled | None:
    return next((one for one in things if plain_title(one.title) == plain_title(title)), None)


def _fill(thing: Plan | Goal | Assignment, **values: Any) -> bool:
    """Set those of `values` that `thing` has nothing of; says whether there were any."""
    empty = {name: value for name, value in values.items() if value and not getattr(thing, name)}
    for name, value in empty.items():
        setattr(thing, name, value)
    return bool(empty)


def _complete_goal(goal: Goal, row: dict[str, Any], replaces: list[Goal], now: datetime) -> bool:
    """Give a goal that was imported its English title, its summary and the goals it replaces, where it has none."""
    filled = _fill(goal, title_en=row["title_en"], updated_on=row.get("updated"), replaces=replaces)
    filled |= _complete_summary(goal, None, row, now)
    assignments = db.session.scalars(select(Assignment).where(Assignment.goal_id == goal.id)).all()
    for one in row.get("assignments", []):
        assignment = _same_title(assignments, one["title"])
        if assignment is not None:
            filled |= _fill(assignment, title_en=one["title_en"])
            filled |= _complete_summary(goal, assignment, one, now)
    if filled:
        db.session.flush()
        for shown_on in (goal, *goal.replaces):
            change_shown(shown_on.id, by_plan=True)
        events.record("plan.imported", goal, actor_id=None, now=now, details={"year": goal.year})
    return filled


def _complete_summary(goal: Goal, assignment: Assignment | None, row: dict[str, Any], now: datetime) -> bool:
    has_one = db.session.scalar(
        select(Paragraph.id)
        .where(
            Paragraph.goal_id == goal.id,
            Paragraph.assignment_id == (assignment.id if assignment else None),
            Paragraph.part == Part.SUMMARY,
        )
        .limit(1)
    )
    if not has_one:
        _load_summary(goal, assignment, row, now)
    return not has_one


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _committee(row: dict[str, Any]) -> Committee:
    return Committee(
        code=row["code"],
        slug=row["slug"],
        name_sv=row["name_sv"],
        name_en=row["name_en"],
        aliases=row["aliases"],
        remit_sv=row["remit_sv"],
        remit_en=row["remit_en"],
        is_council=row["council"],
    )


def _area(row: dict[str, Any], population_on: date) -> Area:
    return Area(
        code=row["code"],
        slug=row["slug"],
        name=row["name"],
        population=row["population"],
        population_on=population_on,
        settlement=Settlement(row["settlement"]),
        note_sv=row.get("note_sv"),
        note_en=row.get("note_en"),
    )


def _load_goal(
    year: int,
    position: int,
    row: dict[str, Any],
    replaces: list[Goal],
    committees: dict[str, Committee],
    now: datetime,
) -> Goal:
    goal = Goal(
        year=year,
        slug=row["slug"],
        number=row.get("number"),
        title=row["title"],
        title_en=row["title_en"],
        position=position,
        updated_on=row.get("updated"),
        replaces=replaces,
    )
    db.session.add(goal)
    db.session.flush()
    set_committees(goal, [committees[code] for code in row["committees"]])
    _load_summary(goal, None, row, now)
    for number, one in enumerate(row.get("assignments", []), start=1):
        _load_assignment(goal, number, one, committees, now)
    return goal


def _load_assignment(
    goal: Goal, position: int, row: dict[str, Any], committees: dict[str, Committee], now: datetime
) -> None:
    assignment = Assignment(
        goal_id=goal.id,
        position=position,
        title=row["title"],
        title_en=row["title_en"],
        origin=Origin(row["origin"]),
    )
    db.session.add(assignment)
    db.session.flush()
    set_committees(assignment, [committees[code] for code in row["committees"]])
    db.session.add_all(
        Funding(
            assignment_id=assignment.id,
            kind=FundingKind(money["kind"]),
            year=money["year"],
            committee_id=committees[money["committee"]].id,
            amount_tkr=money["amount_tkr"],
        )
        for money in row.get("fundings", [])
    )
    _load_summary(goal, assignment, row, now)


def _load_summary(goal: Goal, assignment: Assignment | None, row: dict[str, Any], now: datetime) -> None:
    wordings = zip(row["summary_sv"], row["summary_en"], strict=True)
    db.session.add_all(
        Paragraph(
            goal_id=goal.id,
            assignment_id=assignment.id if assignment else None,
            part=Part.SUMMARY,
            position=position,
            text=swedish,
            text_en=english,
            introduced_at=now,
        )
        for position, (swedish, english) in enumerate(wordings, start=1)
    )
