"""Reading the plan: years, goals, assignments, committees, and the whole of a year as data."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased, joinedload, selectinload

from dialog.db import db
from dialog.plan.models import (
    Achievement,
    Area,
    Assignment,
    Committee,
    Funding,
    Goal,
    Indicator,
    Investment,
    Paragraph,
    Plan,
    goal_replacement,
)
from dialog.plan.rules import Part


def years() -> Sequence[int]:
    """The years there is a plan for, the newest first."""
    return db.session.scalars(select(Plan.year).order_by(Plan.year.desc())).all()


def plan_of(year: int) -> Plan | None:
    """The year's plan with its goals and their committees."""
    return db.session.scalar(
        select(Plan).where(Plan.year == year).options(selectinload(Plan.goals).selectinload(Goal.committees))
    )


def goal_at(year: int, slug: str) -> Goal | None:
    """The goal at this address with its committees and its assignments, in two queries."""
    assignments = selectinload(Goal.assignments)
    return db.session.scalar(
        select(Goal)
        .where(Goal.year == year, Goal.slug == slug)
        .options(
            joinedload(Goal.committees),
            assignments.joinedload(Assignment.committees),
            assignments.joinedload(Assignment.fundings).joinedload(Funding.committee),
        )
    )


def revision_of(year: int, slug: str) -> int | None:
    """How many times the goal's page has changed: the one row a cached page needs."""
    return db.session.scalar(select(Goal.revision).where(Goal.year == year, Goal.slug == slug))


def related_goals(goal: Goal) -> tuple[list[Goal], list[Goal]]:
    """The goals of other years that this one replaces, and those that replace it."""
    link = goal_replacement.c
    related = db.session.execute(
        select(Goal, link.goal_id == goal.id)
        .join(goal_replacement, or_(link.goal_id == Goal.id, link.replaced_id == Goal.id))
        .where(or_(link.goal_id == goal.id, link.replaced_id == goal.id), Goal.id != goal.id)
        .order_by(Goal.year, Goal.position)
    ).all()
    return [one for one, earlier in related if earlier], [one for one, earlier in related if not earlier]


@dataclass(frozen=True)
class Extras:
    """What else a document says under a goal."""

    indicators: list[str]
    investments: list[str]
    achievements: list[str]


def extras_of(goal: Goal) -> Extras:
    """The goal's indicators, investments and achievements, in one query."""
    rows = db.session.execute(
        union_all(
            _titles(0, Indicator.position, Indicator.title, Indicator.goal_id == goal.id),
            _titles(1, Investment.position, Investment.title, Investment.goal_id == goal.id),
            _titles(2, Achievement.position, Achievement.title, Achievement.goal_id == goal.id),
        ).order_by("kind", "position")
    ).all()
    return Extras(*([title for kind, _, title in rows if kind == number] for number in range(3)))


def _titles(kind: int, position: Any, title: Any, belongs: ColumnElement[bool]) -> Select[Any]:
    return select(literal(kind).label("kind"), position.label("position"), title).where(belongs)


def assignment_by_id(assignment_id: int) -> Assignment | None:
    return db.session.scalar(
        select(Assignment)
        .where(Assignment.id == assignment_id)
        .options(
            joinedload(Assignment.goal),
            selectinload(Assignment.committees),
            selectinload(Assignment.fundings).joinedload(Funding.committee),
        )
    )


@dataclass(frozen=True)
class Wording:
    """The current paragraphs of a goal or an assignment, by the part they stand in.

    `counts` says how many comments each has, those on earlier wordings included, by the paragraph's id.
    """

    summary: list[Paragraph]
    text: list[Paragraph]
    clarification: list[Paragraph]
    counts: dict[int, int]


_SHOWN_PARTS = (Part.SUMMARY, Part.TEXT, Part.CLARIFICATION)


def wording_of(goal: Goal, assignment: Assignment | None = None) -> Wording:
    """What stands in the plan now for a goal itself, or for one of its assignments, in one query."""
    first = aliased(Paragraph)
    rows = db.session.execute(
        select(Paragraph, first.comment_count)
        .join(first, first.id == func.coalesce(Paragraph.lineage_id, Paragraph.id))
        .where(
            Paragraph.goal_id == goal.id,
            Paragraph.assignment_id == (assignment.id if assignment else None),
            Paragraph.withdrawn_at.is_(None),
            Paragraph.part.in_(_SHOWN_PARTS),
        )
        .order_by(Paragraph.position, Paragraph.id)
    ).all()
    parts = {part: [one for one, _ in rows if one.part == part] for part in _SHOWN_PARTS}
    return Wording(
        summary=parts[Part.SUMMARY],
        text=parts[Part.TEXT],
        clarification=parts[Part.CLARIFICATION],
        counts={one.id: count for one, count in rows},
    )


def paragraph_of(goal: Goal, paragraph_id: int) -> Paragraph | None:
    """A paragraph that can be commented on: one of the goal's, in the wording that stands now."""
    return db.session.scalar(
        select(Paragraph).where(
            Paragraph.id == paragraph_id,
            Paragraph.goal_id == goal.id,
            Paragraph.withdrawn_at.is_(None),
            Paragraph.part.in_(_SHOWN_PARTS),
        )
    )


def committees() -> Sequence[Committee]:
    """All committees, the council first, then by name."""
    return db.session.scalars(
        select(Committee).order_by(Committee.is_council.desc(), Committee.name_sv)
    ).all()


def committee_at(slug: str) -> Committee | None:
    return db.session.scalar(select(Committee).where(Committee.slug == slug))


def assignments_of(committee: Committee) -> Sequence[Assignment]:
    """What the committee is to do, newest year first."""
    return db.session.scalars(
        select(Assignment)
        .join(Goal)
        .where(Assignment.committees.any(Committee.id == committee.id), Assignment.withdrawn_at.is_(None))
        .order_by(Goal.year.desc(), Goal.position, Assignment.position)
        .options(joinedload(Assignment.goal), selectinload(Assignment.committees))
    ).all()


def goals_of(committee: Committee) -> Sequence[Goal]:
    """The goals whose comments the committee answers, newest year first."""
    return db.session.scalars(
        select(Goal)
        .where(Goal.committees.any(Committee.id == committee.id))
        .order_by(Goal.year.desc(), Goal.position)
    ).all()


def areas() -> Sequence[Area]:
    return db.session.scalars(select(Area).order_by(Area.code)).all()


def area_at(slug: str) -> Area | None:
    return db.session.scalar(select(Area).where(Area.slug == slug))


def names_of_committees() -> dict[str, str]:
    """Every name and code a document can use for a committee, with the code it means."""
    names: dict[str, str] = {}
    for committee in db.session.scalars(select(Committee)):
        for name in (committee.code, committee.name_sv, *committee.aliases):
            names[name] = committee.code
    return names


def export_year(year: int) -> dict[str, Any] | None:
    """A year's plan as data: everything a document gave, nothing of what people have said. None if there is none."""
    plan = plan_of(year)
    if plan is None:
        return None
    return {"year": year, "goals": [_export_goal(goal_at(year, goal.slug)) for goal in plan.goals]}


def _export_goal(goal: Goal | None) -> dict[str, Any]:
    assert goal is not None
    wording = wording_of(goal)
    replaces, _ = related_goals(goal)
    return {
        "number": goal.number,
        "title": goal.title,
        "statement": goal.statement,
        "text": [paragraph.text for paragraph in wording.text],
        "updated": goal.updated_on.isoformat() if goal.updated_on else None,
        "replaces": [f"{replaced.year}/{replaced.number or replaced.slug}" for replaced in replaces],
        "assignments": [_export_assignment(goal, assignment) for assignment in goal.assignments],
        **asdict(extras_of(goal)),
    }


def _export_assignment(goal: Goal, assignment: Assignment) -> dict[str, Any]:
    return {
        "title": assignment.title,
        "clarification": [paragraph.text for paragraph in wording_of(goal, assignment).clarification],
        "origin": str(assignment.origin),
        "committees": [committee.code for committee in assignment.committees],
        "fundings": [
            {
                "kind": str(funding.kind),
                "year": funding.year,
                "committee": funding.committee.code,
                "amount_tkr": funding.amount_tkr,
            }
            for funding in assignment.fundings
        ],
    }
