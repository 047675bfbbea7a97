"""Reading for the customer centre: what there is to comment on, and what an official has put on record."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from dialog.alphabet import alphabetical
from dialog.conversation.models import Comment, Sitting
from dialog.conversation.queries import PAGE_SIZE
from dialog.db import db
from dialog.organisations.models import Organisation
from dialog.organisations.rules import OrganisationState
from dialog.people.models import Person
from dialog.plan.models import Assignment, Goal, Paragraph
from dialog.plan.queries import wording_of

MOST_OF_ONES_OWN = 10  # a morning's calls, for finding a receipt again


@dataclass(frozen=True)
class Subject:
    """A goal that something can be said about, and those of its assignments that were looked for."""

    goal: Goal
    assignments: list[Assignment]


def subjects(year: int | None, words: str) -> list[Subject]:
    """A year's goals and assignments whose titles hold all of `words`, in the plan's order.

    A goal that does is given with all its assignments.
    """
    goals = db.session.scalars(
        select(Goal).where(Goal.year == year).order_by(Goal.position).options(selectinload(Goal.assignments))
    )
    wanted = words.casefold().split()
    found = []
    for goal in goals:
        is_meant = _holds(wanted, goal)
        assignments = [one for one in goal.assignments if is_meant or _holds(wanted, one)]
        if is_meant or assignments:
            found.append(Subject(goal, assignments))
    return found


def _holds(wanted: list[str], thing: Goal | Assignment) -> bool:
    title = f"{thing.title} {thing.title_en or ''}".casefold()
    return all(word in title for word in wanted)


def paragraphs_of(goal: Goal, assignment: Assignment | None) -> list[Paragraph]:
    """The paragraphs of a goal, or of one of its assignments, that something can be said about."""
    wording = wording_of(goal, assignment)
    return [*wording.summary, *wording.text, *wording.clarification]


def put_on_record_by(official: Person) -> Sequence[Comment]:
    """What `official` has put on record lately, the newest first."""
    return db.session.scalars(
        select(Comment)
        .where(Comment.registered_by_id == official.id)
        .order_by(Comment.id.desc())
        .limit(MOST_OF_ONES_OWN)
        .options(joinedload(Comment.goal), joinedload(Comment.author).lazyload(Person.grants))
    ).all()


def sittings_of(official: Person) -> Sequence[Sitting]:
    """The meetings that `official` has put on record lately, the newest first."""
    return db.session.scalars(
        select(Sitting)
        .where(Sitting.recorded_by_id == official.id)
        .order_by(Sitting.id.desc())
        .limit(MOST_OF_ONES_OWN)
        .options(joinedload(Sitting.goal))
    ).all()


def sitting_of(sitting_id: int, official: Person) -> Sitting | None:
    """The meeting with this id, if `official` put it on record."""
    return db.session.scalar(
        select(Sitting)
        .where(Sitting.id == sitting_id, Sitting.recorded_by_id == official.id)
        .options(joinedload(Sitting.goal), joinedload(Sitting.area))
    )


def entered(sitting: Sitting, before: str | None = None) -> tuple[Sequence[Comment], str | None]:
    """A page of what has been put on record of a meeting, the newest first, and where the next page starts."""
    statement = select(Comment).where(Comment.sitting_id == sitting.id)
    if before is not None:
        start = select(Comment.id).where(Comment.number == before).scalar_subquery()
        statement = statement.where(Comment.id < start)
    found = db.session.scalars(
        statement.order_by(Comment.id.desc())
        .limit(PAGE_SIZE + 1)
        .options(joinedload(Comment.words), joinedload(Comment.author).lazyload(Person.grants))
    ).all()
    shown = found[:PAGE_SIZE]
    return shown, shown[-1].number if len(found) > PAGE_SIZE else None


def goals_to_choose() -> Sequence[Goal]:
    """Every goal that a meeting can have been about, the newest year first."""
    return db.session.scalars(select(Goal).order_by(Goal.year.desc(), Goal.position)).all()


def confirmed_organisations() -> Sequence[Organisation]:
    """Those that somebody can speak for, by their names."""
    found = db.session.scalars(select(Organisation).where(Organisation.state == OrganisationState.CONFIRMED))
    return sorted(found, key=lambda one: alphabetical(one.name))


def put_on_record(number: str, official: Person) -> Comment | None:
    """The comment with this number, if `official` put it on record."""
    return db.session.scalar(
        select(Comment)
        .where(Comment.number == number, Comment.registered_by_id == official.id)
        .options(joinedload(Comment.words))
    )
