"""Following and no longer following, reading on in the log, and what readers choose."""

from datetime import datetime

from sqlalchemy import bindparam, delete, exists, func, insert, literal, select, update

from dialog import events
from dialog.conversation.models import Comment
from dialog.db import ask, changed, db
from dialog.events import Event
from dialog.following.models import Follow, News, Progress, Reader
from dialog.following.queries import is_following, last_event_id
from dialog.following.rules import (
    ABOUT_A_COMMENT,
    EVENTS_READ_AT_A_TIME,
    READING,
    TELLING,
    USUAL,
    HowOften,
    Thing,
    What,
    told_from,
)
from dialog.following.sources import NEWS
from dialog.following.tokens import End
from dialog.people.models import Person


def follow(person: Person, thing: Thing, thing_id: int, *, now: datetime) -> bool:
    """Let `person` be told of what happens to a thing from now on. False when they follow it already.

    The log keeps that something was followed, but not what: that can be taken back, and the log can't.
    """
    if is_following(person, thing, thing_id):
        return False
    since = last_event_id()
    _become_reader(person, since)
    row = Follow(person_id=person.id, thing=thing, thing_id=thing_id, since_event_id=since, followed_at=now)
    db.session.add(row)
    events.record("person.followed", person, actor_id=person.id, now=now, details={"thing": str(thing)})
    return True


def unfollow(person: Person, thing: Thing, thing_id: int, *, now: datetime) -> bool:
    """Let `person` no longer be told of what happens to a thing. False when they don't follow it."""
    own = (Follow.person_id == person.id, Follow.thing == thing, Follow.thing_id == thing_id)
    row = db.session.scalar(select(Follow).where(*own))
    if row is None:
        return False
    db.session.execute(delete(Follow).where(Follow.id == row.id))
    events.record("person.unfollowed", person, actor_id=person.id, now=now, details={"thing": str(thing)})
    return True


def read_until(person: Person, event_id: int) -> None:
    """Keep that `person` has read everything until this row of the log. Never goes back, and not past its end."""
    until = min(event_id, last_event_id())
    changed(
        update(Reader)
        .where(Reader.person_id == person.id, Reader.read_until < until)
        .values(read_until=until)
    )


def choose_letters(person: Person, how_often: HowOften, *, now: datetime) -> None:
    """Set how often `person` gets letters about what they follow. Choosing the same again changes nothing."""
    end = last_event_id()
    _become_reader(person, end)
    reader = db.session.get_one(Reader, person.id, populate_existing=True)
    if reader.how_often == how_often:
        return
    passed = progress_of(TELLING)
    has_passed = passed.person_id >= person.id
    told = told_from(
        reader.how_often,
        how_often,
        told=reader.told_until,
        passed=passed.event_id if has_passed else passed.event_id - 1,
        end=end,
    )
    changed(
        update(Reader)
        .where(Reader.person_id == person.id)
        .values(how_often=how_often, chosen_at_event_id=end, told_until=told)
    )
    events.record(
        "person.chose_letters", person, actor_id=person.id, now=now, details={"how_often": str(how_often)}
    )


def end(what: End, *, now: datetime) -> None:
    """Do what the address in a letter is for: stop following the thing, or end letters about all one follows."""
    person = db.session.get(Person, what.person_id)
    if person is None:
        return
    if what.thing is None or what.thing_id is None:
        choose_letters(person, HowOften.NEVER, now=now)
    else:
        unfollow(person, what.thing, what.thing_id, now=now)


def note_told(person_id: int, event_id: int) -> None:
    """A letter has told a reader of everything until this row of the log."""
    changed(
        update(Reader)
        .where(Reader.person_id == person_id, Reader.told_until < event_id)
        .values(told_until=event_id)
    )


def _become_reader(person: Person, event_id: int) -> None:
    if db.session.get(Reader, person.id) is None:
        db.session.add(Reader(person_id=person.id, told_until=event_id, read_until=event_id))
        db.session.flush()


_event, _comment, _follow = Event.__table__.c, Comment.__table__.c, Follow.__table__.c
_person, _reader = Person.__table__.c, Reader.__table__.c
_AFTER, _UNTIL = bindparam("after", type_=_event.id.type), bindparam("until", type_=_event.id.type)
_NEXT = select(_event.id).where(_event.id > _AFTER).order_by(_event.id).limit(EVENTS_READ_AT_A_TIME)
_END_OF_NEXT = select(func.max(_NEXT.subquery().c.id))
# Whoever comments follows what they wrote, and whoever replies what they replied to. Whom the customer centre heard
# has no address to be told at.
_said = func.coalesce(_comment.parent_id, _comment.id)
_SUBMITTED = (
    select(
        _comment.author_id,
        literal(Thing.COMMENT, type_=_follow.thing.type),
        _said,
        func.min(_event.id),
        func.min(_event.at, type_=_event.at.type),
    )
    .select_from(Event.__table__)
    .join(Comment.__table__, _comment.id == _event.subject_id)
    .join(Person.__table__, _person.id == _comment.author_id)
    .where(
        _event.kind == "comment.submitted",
        _event.id > _AFTER,
        _event.id <= _UNTIL,
        _person.email.is_not(None),
        ~exists().where(
            _follow.person_id == _comment.author_id,
            _follow.thing == Thing.COMMENT,
            _follow.thing_id == _said,
        ),
    )
    .group_by(_comment.author_id, _said)
)
_FOLLOW_ONES_OWN = insert(Follow.__table__).from_select(  # type: ignore[arg-type]
    ["person_id", "thing", "thing_id", "since_event_id", "followed_at"], _SUBMITTED
)
_NEW_READERS = (
    select(
        _follow.person_id,
        literal(USUAL, type_=_reader.how_often.type),
        literal(0),
        func.min(_follow.since_event_id),
        func.min(_follow.since_event_id),
    )
    .where(
        _follow.since_event_id > _AFTER,
        _follow.since_event_id <= _UNTIL,
        ~exists().where(_reader.person_id == _follow.person_id),
    )
    .group_by(_follow.person_id)
)
_MAKE_READERS = insert(Reader.__table__).from_select(  # type: ignore[arg-type]
    ["person_id", "how_often", "chosen_at_event_id", "told_until", "read_until"], _NEW_READERS
)


def progress_of(work: str) -> Progress:
    """How far `work` has come; at the log's first row when it has never begun."""
    progress = db.session.get(Progress, work, populate_existing=True)
    if progress is None:
        progress = Progress(work=work, event_id=0, person_id=0)
        db.session.add(progress)
    return progress


def read_on() -> None:
    """Make news of the next rows of the log, and let whoever commented follow what they wrote.

    The rows and how far the reading has come are kept together, so that each row of the log is read once.
    """
    progress = progress_of(READING)
    until = ask(_END_OF_NEXT, after=progress.event_id).scalar()
    if until is None:
        return
    for statement in (NEWS, _FOLLOW_ONES_OWN, _MAKE_READERS):
        ask(statement, after=progress.event_id, until=until)
    progress.event_id = until


def move_news(event: Event) -> None:
    """A comment was moved, with its replies: that they came is news about where they are now, and no more elsewhere."""
    comment = db.session.get_one(Comment, event.subject_id)
    moved = select(Comment.id).where((Comment.id == comment.id) | (Comment.parent_id == comment.id))
    places = (
        (Thing.GOAL, event.details["goal"], comment.goal_id),
        (Thing.ASSIGNMENT, event.details["assignment"], comment.assignment_id),
    )
    for thing, before, after in places:
        there = (News.thing == thing, News.thing_id == before)
        of_them = (*there, News.subject_id.in_(moved), News.what.in_(ABOUT_A_COMMENT))
        if after is None:
            db.session.execute(delete(News).where(*of_them).execution_options(synchronize_session=False))
        elif after != before:
            changed(update(News).where(*of_them).values(thing_id=after))


def forget_follow_up(event: Event) -> None:
    """A follow-up was about another assignment: it is news there, if anywhere, and no more where it stood."""
    of_it = (News.subject_id == event.subject_id, News.what == What.FOLLOWED_UP)
    db.session.execute(delete(News).where(*of_it).execution_options(synchronize_session=False))
