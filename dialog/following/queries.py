"""Reading what somebody follows and what has happened there. Only what is visible now is news."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from dialog.commitments.models import Commitment
from dialog.commitments.rules import CommitmentState
from dialog.conversation.models import Comment
from dialog.conversation.queries import public_comments, said_in, visible_to
from dialog.db import db
from dialog.dialogues.models import Dialogue
from dialog.events import Event
from dialog.following.models import Follow, News, Progress, Reader
from dialog.following.rules import (
    ABOUT_A_COMMENT,
    ABOUT_A_COMMITMENT,
    MOST_COUNTED,
    NEWS_IS_SHOWN_FOR,
    PAGE_SIZE,
    READING,
    USUAL,
    HowOften,
    Thing,
    What,
)
from dialog.people.models import Person
from dialog.plan.models import Area, Assignment, Committee, FollowUp, Goal
from dialog.response.models import Coverage, Response
from dialog.response.queries import public_responses
from dialog.response.rules import ResponseState

_MODELS: dict[Thing, Any] = {
    Thing.GOAL: Goal,
    Thing.ASSIGNMENT: Assignment,
    Thing.COMMITTEE: Committee,
    Thing.AREA: Area,
    Thing.COMMENT: Comment,
}


def last_event_id() -> int:
    """Where the log ends."""
    return db.session.scalar(select(func.max(Event.id))) or 0


def is_anything_unread() -> bool:
    """Whether the log holds more than news has been made of."""
    read = select(Progress.event_id).where(Progress.work == READING).scalar_subquery()
    return db.session.scalar(select(Event.id).where(Event.id > func.coalesce(read, 0)).limit(1)) is not None


def things(thing: Thing, ids: Iterable[int], person: Person | None) -> dict[int, Any]:
    """Those of the goals, committees … with these ids that `person` may see, by their ids."""
    model = _MODELS[thing]
    statement = select(model).where(model.id.in_(list(ids)))
    if thing == Thing.COMMENT:
        statement = statement.where(visible_to(person)).options(joinedload(Comment.words))
    return {one.id: one for one in db.session.scalars(statement)}


def thing_at(thing: Thing, thing_id: int, person: Person | None) -> Any:
    """The thing with this id; None if there is none that `person` may see."""
    return things(thing, [thing_id], person).get(thing_id)


def is_following(person: Person, thing: Thing, thing_id: int) -> bool:
    own = (Follow.person_id == person.id, Follow.thing == thing, Follow.thing_id == thing_id)
    return db.session.scalar(select(Follow.id).where(*own)) is not None


@dataclass(frozen=True)
class Followed:
    """A row of what somebody follows; `it` is None where the thing is no longer to be seen."""

    id: int
    thing: Thing
    thing_id: int
    it: Any


@dataclass(frozen=True)
class FollowedPage:
    rows: list[Followed]
    next_cursor: int | None


def followed_by(person: Person, before: int | None = None) -> FollowedPage:
    """A page of what `person` follows, the newest first; it starts before the row `before`."""
    statement = select(Follow).where(Follow.person_id == person.id)
    if before is not None:
        statement = statement.where(Follow.id < before)
    found = db.session.scalars(statement.order_by(Follow.id.desc()).limit(PAGE_SIZE + 1)).all()
    shown = found[:PAGE_SIZE]
    named = {
        thing: things(thing, [row.thing_id for row in shown if row.thing == thing], person) for thing in Thing
    }
    rows = [Followed(row.id, row.thing, row.thing_id, named[row.thing].get(row.thing_id)) for row in shown]
    return FollowedPage(rows, shown[-1].id if len(found) > PAGE_SIZE else None)


# How a commitment stands for what was told of it to be so still.
_STANDS_AS = {
    What.KEPT: CommitmentState.KEPT,
    What.PROMISED_OTHERWISE: CommitmentState.CHANGED,
    What.NOT_KEPT: CommitmentState.NOT_KEPT,
    What.REOPENED: CommitmentState.OPEN,
}
_followed_comment, _covered = aliased(Comment), aliased(Comment)
_IS_VISIBLE = and_(
    or_(
        News.what.not_in(ABOUT_A_COMMENT),
        exists().where(Comment.id == News.subject_id, Comment.is_public),
    ),
    or_(
        News.what != What.ANSWERED,
        exists().where(Response.id == News.subject_id, Response.state == ResponseState.PUBLISHED),
    ),
    or_(
        News.what.not_in(ABOUT_A_COMMITMENT),
        exists().where(
            Commitment.id == News.subject_id,
            or_(*(and_(News.what == what, Commitment.state == state) for what, state in _STANDS_AS.items())),
            Response.id == Commitment.response_id,
            Response.state == ResponseState.PUBLISHED,
        ),
    ),
    or_(
        News.what != What.FOLLOWED_UP,
        exists().where(FollowUp.id == News.subject_id, FollowUp.replaced_at.is_(None)),
    ),
    or_(
        News.thing != Thing.COMMENT,
        exists().where(_followed_comment.id == News.thing_id, _followed_comment.is_public),
    ),
)
# Joins what happened with those who follow it. Nobody is told of their own doings.
TO_WHOM = and_(
    Follow.thing == News.thing,
    Follow.thing_id == News.thing_id,
    News.event_id > Follow.since_event_id,
    or_(News.doer_id.is_(None), News.doer_id != Follow.person_id),
)


def _news_of(person_id: int, *conditions: ColumnElement[bool]) -> Select[int]:
    """The events that are news for a person, and visible now."""
    return (
        select(News.event_id)
        .join(Follow, TO_WHOM)
        .where(Follow.person_id == person_id, _IS_VISIBLE, *conditions)
        .distinct()
    )


def _within_the_window(now: datetime) -> ColumnElement[bool]:
    before = (
        select(News.event_id)
        .where(News.at < now - NEWS_IS_SHOWN_FOR)
        .order_by(News.at.desc(), News.event_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return News.event_id > func.coalesce(before, 0)


@dataclass(frozen=True)
class Item:
    """One thing that happened, with what it is about: a comment, an answer, a commitment … (`subject`).

    `because` names what is followed: why this is told.
    """

    event_id: int
    what: What
    at: datetime
    subject: Any
    because: list[tuple[Thing, Any]]


@dataclass(frozen=True)
class NewsPage:
    items: list[Item]
    next_cursor: int | None


def news_for(person: Person, now: datetime, before: int | None = None) -> NewsPage:
    """A page of what has happened lately to what `person` follows, the newest first."""
    conditions = [_within_the_window(now)]
    if before is not None:
        conditions.append(News.event_id < before)
    newest = _news_of(person.id, *conditions).order_by(News.event_id.desc()).limit(PAGE_SIZE + 1)
    ids = db.session.scalars(newest).all()
    return NewsPage(_items(person, ids[:PAGE_SIZE]), ids[PAGE_SIZE - 1] if len(ids) > PAGE_SIZE else None)


# Whoever is told by a letter of their own of an answer to what they wrote, of what became of a commitment in it, or of
# what came of a dialogue they took part in, isn't told of it again.
_wrote_what_is_covered = and_(_covered.id == Coverage.comment_id, _covered.author_id == Follow.person_id)
NOT_TOLD_ALREADY = and_(
    or_(
        News.what != What.ANSWERED,
        ~exists().where(Coverage.response_id == News.subject_id, _wrote_what_is_covered),
    ),
    or_(
        News.what.not_in(ABOUT_A_COMMITMENT),
        ~exists().where(
            Commitment.id == News.subject_id,
            Coverage.response_id == Commitment.response_id,
            _wrote_what_is_covered,
            _covered.is_public,  # or they get no letter of their own
        ),
    ),
    or_(
        News.what != What.REPORTED_BACK,
        ~exists().where(
            Dialogue.id == News.subject_id,
            said_in(_covered, Dialogue),
            _covered.author_id == Follow.person_id,
        ),
    ),
)


def item_for_letter(person: Person, event_id: int) -> Item | None:
    """What a letter at once says to `person` of an event; None when it is nothing to them any more."""
    is_news = _news_of(person.id, News.event_id == event_id, NOT_TOLD_ALREADY)
    items = _items(person, db.session.scalars(is_news).all())
    return items[0] if items else None


@dataclass(frozen=True)
class Digest:
    """What a letter says of a time: the newest items, each thing once, and how many more there are."""

    items: list[Item]
    more: int


def digest_for(person: Person, until: int) -> Digest:
    """What has happened to what `person` follows, that no letter has told them of, until this row of the log."""
    told = select(Reader.told_until).where(Reader.person_id == person.id).scalar_subquery()
    untold = _news_of(person.id, News.event_id > told, News.event_id <= until, NOT_TOLD_ALREADY)
    newest = db.session.scalars(untold.order_by(News.event_id.desc()).limit(MOST_COUNTED)).all()
    items: dict[tuple[What, int], Item] = {}
    for item in _items(person, newest):
        items.setdefault((item.what, item.subject.id), item)
    shown = list(items.values())
    return Digest(shown[:PAGE_SIZE], max(len(shown) - PAGE_SIZE, 0))


def how_often(person: Person) -> HowOften:
    """How often `person` gets letters about what they follow."""
    reader = db.session.get(Reader, person.id, populate_existing=True)
    return reader.how_often if reader else USUAL


def unread_count(person: Person, now: datetime) -> int:
    """How much of it is newer than what `person` has said to have read; counted to one more than MOST_COUNTED."""
    unread = select(Reader.read_until).where(Reader.person_id == person.id).scalar_subquery()
    newer = _news_of(person.id, _within_the_window(now), News.event_id > unread).limit(MOST_COUNTED + 1)
    return db.session.scalar(select(func.count()).select_from(newer.subquery())) or 0


def _items(person: Person, ids: Sequence[int]) -> list[Item]:
    """The events `ids` with all that is shown of them, in a constant number of queries."""
    rows = db.session.scalars(
        select(News)
        .join(Follow, TO_WHOM)
        .where(Follow.person_id == person.id, News.event_id.in_(ids), _IS_VISIBLE)
        .order_by(News.event_id.desc(), News.thing, News.thing_id)
    ).all()
    subjects = _subjects(rows)
    named = {
        thing: things(thing, {row.thing_id for row in rows if row.thing == thing}, person) for thing in Thing
    }
    found: dict[int, Item] = {}
    for row in rows:
        subject = subjects.get((_table_of(row.what), row.subject_id))
        it = named[row.thing].get(row.thing_id)
        if subject is not None and it is not None:
            item = found.setdefault(row.event_id, Item(row.event_id, row.what, row.at, subject, []))
            item.because.append((row.thing, it))
    return list(found.values())


def _table_of(what: What) -> str:
    if what in ABOUT_A_COMMENT:
        return "comment"
    if what in ABOUT_A_COMMITMENT:
        return "commitment"
    if what == What.FOLLOWED_UP:
        return "follow_up"
    return "response" if what == What.ANSWERED else "dialogue"


def _subjects(rows: Sequence[News]) -> dict[tuple[str, int], Any]:
    tables = ("comment", "response", "commitment", "follow_up", "dialogue")
    ids: dict[str, set[int]] = {table: set() for table in tables}
    for row in rows:
        ids[_table_of(row.what)].add(row.subject_id)
    dialogues = (
        select(Dialogue)
        .where(Dialogue.id.in_(ids["dialogue"]))
        .options(joinedload(Dialogue.goal), joinedload(Dialogue.assignment), joinedload(Dialogue.committee))
    )
    commitments = (
        select(Commitment)
        .where(Commitment.id.in_(ids["commitment"]))
        .options(joinedload(Commitment.goal), joinedload(Commitment.committee))
    )
    follow_ups = (
        select(FollowUp)
        .where(FollowUp.id.in_(ids["follow_up"]))
        .options(joinedload(FollowUp.assignment).joinedload(Assignment.goal), joinedload(FollowUp.committee))
    )
    found: dict[str, Sequence[Any]] = {
        "comment": public_comments(list(ids["comment"])),
        "response": public_responses(list(ids["response"])),
        "commitment": db.session.scalars(commitments).all(),
        "follow_up": db.session.scalars(follow_ups).all(),
        "dialogue": db.session.scalars(dialogues).all(),
    }
    return {(table, one.id): one for table, some in found.items() for one in some}
