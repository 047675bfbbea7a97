"""Reading the plan: years, goals, assignments, committees, and the whole of a year as data."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, literal, null, select, union_all
from sqlalchemy.orm import aliased, joinedload, selectinload

from dialog.alphabet import alphabetical
from dialog.db import ask, db
from dialog.formats import in_language
from dialog.plan.models import (
    Achievement,
    Area,
    Assignment,
    Committee,
    FollowUp,
    Funding,
    Goal,
    Indicator,
    Investment,
    Paragraph,
    Plan,
    goal_replacement,
)
from dialog.plan.rules import Part

_YEARS = select(Plan.__table__.c.year).order_by(Plan.__table__.c.year.desc())


def years() -> Sequence[int]:
    """The years there is a plan for, the newest first."""
    return ask(_YEARS).scalars().all()


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
            assignments.joinedload(Assignment.follow_ups).joinedload(FollowUp.committee),
        )
    )


_GOAL_ALONE = select(Goal).where(Goal.year == bindparam("year"), Goal.slug == bindparam("slug"))


def goal_alone(year: int, slug: str) -> Goal | None:
    """The goal at this address, with nothing of what hangs on it."""
    return db.session.scalar(_GOAL_ALONE, {"year": year, "slug": slug})


class Outline(NamedTuple):
    """The one row a goal's cached page needs, and what its frame shows."""

    id: int
    year: int
    slug: str
    title: str
    title_en: str | None
    revision: int
    plan_revision: int
    comment_count: int
    by_organisations: int
    answered_count: int
    moved_from: list[int]


_goal = Goal.__table__.c

_OUTLINE = select(*(_goal[name] for name in Outline._fields)).where(
    _goal.year == bindparam("year"), _goal.slug == bindparam("slug")
)


def outline_of(year: int, slug: str) -> Outline | None:
    """The outline of the goal at this address."""
    row = ask(_OUTLINE, year=year, slug=slug).first()
    return Outline._make(row) if row else None


class RelatedGoal(NamedTuple):
    """A goal of another year that this one replaces, or that replaces it."""

    year: int
    slug: str
    title: str
    title_en: str | None


@dataclass(frozen=True)
class Extras:
    """What else stands on a goal's page."""

    indicators: list[str]
    investments: list[str]
    achievements: list[str]
    replaces: list[RelatedGoal]
    replaced_by: list[RelatedGoal]


def extras_of(goal: Goal) -> Extras:
    """The goal's indicators, investments, achievements and related goals, in one query."""
    link = goal_replacement.c
    rows = db.session.execute(
        union_all(
            *(
                _part(number, model.position, title=model.title).where(model.goal_id == goal.id)  # type: ignore[attr-defined]
                for number, model in enumerate((Indicator, Investment, Achievement))
            ),
            _related(3, link.replaced_id == Goal.id, link.goal_id == goal.id),
            _related(4, link.goal_id == Goal.id, link.replaced_id == goal.id),
        ).order_by("kind", "position")
    ).all()
    of_kind = [[row for row in rows if row.kind == number] for number in range(5)]
    titles = ([row.title for row in kind] for kind in of_kind[:3])
    related = (
        [RelatedGoal(one.year, one.slug, one.title, one.title_en) for one in kind] for kind in of_kind[3:]
    )
    return Extras(*titles, *related)


def _related(kind: int, joined: ColumnElement[bool], about: ColumnElement[bool]) -> Select[Any]:
    columns = {"title": Goal.title, "title_en": Goal.title_en, "slug": Goal.slug}
    return _part(kind, Goal.year, **columns).join(goal_replacement, joined).where(about)


def _part(kind: int, position: Any, **columns: Any) -> Select[Any]:
    """One arm of a union whose arms all have the same columns; those not given are empty."""
    named = [columns.get(name, null()).label(name) for name in ("title", "title_en", "slug")]
    return select(literal(kind).label("kind"), position.label("position"), position.label("year"), *named)


def assignment_by_id(assignment_id: int) -> Assignment | None:
    return db.session.scalar(
        select(Assignment)
        .where(Assignment.id == assignment_id)
        .options(
            joinedload(Assignment.goal),
            selectinload(Assignment.committees),
            selectinload(Assignment.fundings).joinedload(Funding.committee),
            selectinload(Assignment.follow_ups).joinedload(FollowUp.committee),
        )
    )


@dataclass(frozen=True)
class Wording:
    """The current paragraphs of a goal or an assignment, by the part they stand in.

    `counts` says how many comments each has and how many of them are by organisations, those on earlier wordings
    included, by the paragraph's id.
    """

    summary: list[Paragraph]
    text: list[Paragraph]
    clarification: list[Paragraph]
    counts: dict[int, tuple[int, int]]


_SHOWN_PARTS = (Part.SUMMARY, Part.TEXT, Part.CLARIFICATION)


def wording_of(goal: Goal, assignment: Assignment | None = None) -> Wording:
    """What stands in the plan now for a goal itself, or for one of its assignments, in one query."""
    first = aliased(Paragraph)
    rows = db.session.execute(
        select(Paragraph, first.comment_count, first.by_organisations)
        .join(first, first.id == Paragraph.first_id)
        .where(
            Paragraph.goal_id == goal.id,
            Paragraph.assignment_id == (assignment.id if assignment else None),
            Paragraph.withdrawn_at.is_(None),
            Paragraph.part.in_(_SHOWN_PARTS),
        )
        .order_by(Paragraph.position, Paragraph.id)
    ).all()
    parts = {part: [one for one, *_ in rows if one.part == part] for part in _SHOWN_PARTS}
    return Wording(
        summary=parts[Part.SUMMARY],
        text=parts[Part.TEXT],
        clarification=parts[Part.CLARIFICATION],
        counts={one.id: (comments, by_organisations) for one, comments, by_organisations in rows},
    )


def paragraph_of(goal: Goal, paragraph_id: int) -> Paragraph | None:
    """A paragraph of the goal, in the wording with this id, whether it stands now or not."""
    return db.session.scalar(
        select(Paragraph).where(
            Paragraph.id == paragraph_id, Paragraph.goal_id == goal.id, Paragraph.part.in_(_SHOWN_PARTS)
        )
    )


def as_it_stands_now(paragraph: Paragraph) -> Paragraph | None:
    """A paragraph in the wording that can be commented on; None when it is gone from the text."""
    if paragraph.withdrawn_at is None:
        return paragraph
    return db.session.scalar(
        select(Paragraph).where(
            Paragraph.goal_id == paragraph.goal_id,
            Paragraph.withdrawn_at.is_(None),
            Paragraph.first_id == paragraph.first_id,
        )
    )


def committees() -> Sequence[Committee]:
    """All committees, the council first, then by name."""
    return by_name(db.session.scalars(select(Committee)))


def committees_that_answer(*, but_not: Collection[int] = ()) -> Sequence[Committee]:
    """All committees but the council and those with these ids, by name."""
    answer = (Committee.is_council.is_(False), Committee.id.not_in(but_not))
    return by_name(db.session.scalars(select(Committee).where(*answer)))


Named = TypeVar("Named", Committee, Row[Any])


def by_name(committees: Iterable[Named]) -> list[Named]:
    """Committees, or rows of them, in the order a reader looks for them: the council first, then by name."""
    return sorted(committees, key=lambda one: (not one.is_council, alphabetical(in_language(one, "name"))))


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


_area = Area.__table__.c
_AREA_NAMES = select(_area.id, _area.name).order_by(_area.code)


def area_names() -> Sequence[tuple[int, str]]:
    """The areas' ids and names, for a list to choose from."""
    return [(row.id, row.name) for row in ask(_AREA_NAMES)]


_REVISIONS = (_goal.plan_revision, Committee.__table__.c.version, _area.version)
_REGISTER_REVISION = select(
    *(select(of(one)).scalar_subquery() for one in _REVISIONS for of in (func.count, func.sum))
)


def register_revision() -> tuple[int, ...]:
    """What goals, committees and areas are kept under: another once any of them is, or says, something else."""
    return tuple(ask(_REGISTER_REVISION).one())


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
    extras = asdict(extras_of(goal))
    replaced = [f"{one.year}/{one.number or one.slug}" for one in goal.replaces]
    return {
        "number": goal.number,
        "title": goal.title,
        "statement": goal.statement,
        "text": [paragraph.text for paragraph in wording.text],
        "updated": goal.updated_on.isoformat() if goal.updated_on else None,
        "replaces": replaced,
        "assignments": [_export_assignment(goal, assignment) for assignment in goal.assignments],
        **{name: extras[name] for name in ("indicators", "investments", "achievements")},
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
