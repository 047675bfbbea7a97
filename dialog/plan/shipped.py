"""What the service ships with: the register, and the official titles of two years' plans with our summaries."""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from dialog.db import db
from dialog.plan.models import Area, Assignment, Committee, Funding, Goal, Paragraph, Plan
from dialog.plan.operations import set_committees
from dialog.plan.rules import FundingKind, Origin, Part, Settlement

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
    """Add the shipped goals of the years that aren't there yet; gives how many goals."""
    committees = {committee.code: committee for committee in db.session.scalars(select(Committee))}
    added = 0
    for path in sorted(FOLDER.glob("plan-*.toml")):
        content = _read(path.name)
        if db.session.get(Plan, content["year"]) is not None:
            continue
        db.session.add(
            Plan(year=content["year"], source_sv=content["source_sv"], source_en=content["source_en"])
        )
        db.session.flush()
        for position, row in enumerate(content["goals"], start=1):
            _load_goal(content["year"], position, row, committees, now)
            added += 1
    return added


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
    year: int, position: int, row: dict[str, Any], committees: dict[str, Committee], now: datetime
) -> None:
    goal = Goal(
        year=year,
        slug=row["slug"],
        number=row.get("number"),
        title=row["title"],
        title_en=row["title_en"],
        position=position,
        updated_on=row.get("updated"),
        replaces=[_goal_at(address) for address in row.get("replaces", [])],
    )
    db.session.add(goal)
    db.session.flush()
    set_committees(goal, [committees[code] for code in row["committees"]])
    _load_summary(goal, None, row, now)
    for number, one in enumerate(row.get("assignments", []), start=1):
        _load_assignment(goal, number, one, committees, now)


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


def _goal_at(address: str) -> Goal:
    year, slug = address.split("/")
    return db.session.scalars(select(Goal).where(Goal.year == int(year), Goal.slug == slug)).one()
