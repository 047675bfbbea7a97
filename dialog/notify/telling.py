"""Telling those who follow, and asking those who were answered: the worker reads the log and queues letters, in parts.

Each part is a transaction of its own that holds its letters and how far it has come, so that the worker can be
stopped anywhere and goes on from there; and in each a constant number of statements, however many are told.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    insert,
    literal,
    or_,
    select,
)

from dialog import events
from dialog.commitments.operations import is_anything_to_remind_of, remind
from dialog.db import STOCKHOLM, ask, clock, db, transaction
from dialog.dialogues.reporting import is_any_reminder_due, remind_of_feedback
from dialog.following.models import Follow, News, Progress, Reader
from dialog.following.operations import progress_of, read_on
from dialog.following.queries import NOT_TOLD_ALREADY, TO_WHOM, is_anything_unread
from dialog.following.rules import READING, TELLING, HowOften
from dialog.notify.models import DigestRun, Letter
from dialog.notify.rules import FOLLOWERS_AT_A_TIME, LetterKind, newest_period
from dialog.organisations.expiring import is_any_mandate_running_out, notice_what_runs_out
from dialog.people.models import Person
from dialog.response.operations import ask_for_verdicts
from dialog.response.queries import answers_to_ask_about
from dialog.response.reminders import is_anything_newly_late, notice_lateness
from dialog.response.reviewing import is_any_review_unnoticed, notice_reviews
from dialog.response.scheduling import due_to_publish, publish_by_itself
from dialog.web import LARGEST_NUMBER


def remind_of_what_is_late(now: datetime) -> None:
    """Queue the letters about what has become late, to those who owe an answer and those who wait for one."""
    while is_anything_newly_late(now):
        with transaction():
            notice_lateness(now)


def remind_of_commitments(now: datetime) -> None:
    """Queue the letters to committees about what they have promised, where the day draws near or has passed."""
    while is_anything_to_remind_of(now):
        with transaction():
            remind(now)


def remind_of_promised_feedback(now: datetime) -> None:
    """Queue the letters to those who have promised to report a dialogue back, a week before the day and on it."""
    if is_any_reminder_due(now):
        with transaction():
            remind_of_feedback(now)


def remind_of_reviews(now: datetime) -> None:
    """Queue the letters about answers that wait for editors."""
    if is_any_review_unnoticed(now):
        with transaction():
            notice_reviews(now)


def remind_of_mandates(now: datetime) -> None:
    """Queue the letters to those whose mandates to speak for an organisation soon run out."""
    if is_any_mandate_running_out(now):
        with transaction():
            notice_what_runs_out(now)


def publish_in_time(now: datetime) -> None:
    """Publish each answer whose time has come, in a transaction of its own."""
    for response_id in due_to_publish(now):
        with transaction():
            publish_by_itself(response_id, now)


def ask_those_answered(now: datetime) -> None:
    """Queue the question to everybody who is to be asked whether an answer answered them."""
    if answers_to_ask_about(now):
        with transaction():
            ask_for_verdicts(now)


def tell_followers() -> None:
    """Queue every letter to those who follow that is due: at once, and the digests."""
    read_the_log()
    tell_at_once()
    begin_digests(clock.now())
    tell_in_digests()


def read_the_log() -> None:
    """Make news of everything the log holds."""
    while is_anything_unread():
        with transaction():
            read_on()


def tell_at_once() -> None:
    """Queue a letter for each thing that has happened to each who wants to know at once."""
    while _is_anybody_untold():
        with transaction():
            _tell_next(clock.now())


def begin_digests(now: datetime) -> None:
    """Begin today's and this week's digests, if it is time and they haven't been."""
    for how_often in (HowOften.DAILY, HowOften.WEEKLY):
        period = newest_period(how_often, now.astimezone(STOCKHOLM))
        if not _has_begun(how_often, period):
            with transaction():
                _begin(how_often, period, now)


def tell_in_digests() -> None:
    """Queue the digests that have begun, until each has been through all its readers."""
    while run := db.session.scalar(_NEXT_RUN):
        with transaction():
            _tell_next_in(run, clock.now())


_letter = Letter.__table__.c
_COLUMNS = (
    "event_id",
    "kind",
    "subject_id",
    "person_id",
    "address",
    "language",
    "queued_at",
    "next_attempt_at",
)
_NOW = bindparam("now", type_=_letter.queued_at.type)
_HAS_AN_ADDRESS = Person.email.is_not(None)


def _letters(
    kind: LetterKind, event_id: SQLColumnExpression[int], subject_id: SQLColumnExpression[int]
) -> Select[Any]:
    """The rows of letters to persons, each about the event and the subject named."""
    return select(
        event_id,
        literal(kind, type_=_letter.kind.type),
        subject_id,
        Person.id,
        Person.email,
        Person.language,
        _NOW,
        _NOW,
        literal(True),
    )


def _queue(letters: Select[Any]) -> Any:
    statement = insert(Letter.__table__).from_select([*_COLUMNS, "in_bulk"], letters)  # type: ignore[arg-type]
    return statement.returning(_letter.event_id, _letter.person_id)


_AFTER_EVENT: BindParameter[int] = bindparam("after_event")
_AFTER_PERSON: BindParameter[int] = bindparam("after_person")
_NOT_PASSED = and_(
    News.event_id >= _AFTER_EVENT, or_(News.event_id > _AFTER_EVENT, Person.id > _AFTER_PERSON)
)
_TO_TELL = (
    _letters(LetterKind.FOLLOWED, News.event_id, News.subject_id)
    .select_from(News)
    .join(Follow, TO_WHOM)
    .join(Reader, Reader.person_id == Follow.person_id)
    .join(Person, Person.id == Follow.person_id)
    .where(
        Reader.how_often == HowOften.AT_ONCE,
        News.event_id > Reader.chosen_at_event_id,
        _NOT_PASSED,
        _HAS_AN_ADDRESS,
        NOT_TOLD_ALREADY,
    )
    .distinct()
    .order_by(News.event_id, Person.id)
    .limit(FOLLOWERS_AT_A_TIME)
)
_TELL = _queue(_TO_TELL)


def _is_anybody_untold() -> bool:
    """Whether letters at once have not come as far as the log has been read."""
    come = select(Progress).execution_options(populate_existing=True)
    works = {one.work: one for one in db.session.scalars(come)}
    told, read = works.get(TELLING), works.get(READING)
    if read is None:
        return False
    return told is None or (told.event_id, told.person_id) < (read.event_id, LARGEST_NUMBER)


def _tell_next(now: datetime) -> None:
    progress, end = progress_of(TELLING), progress_of(READING).event_id
    values = {"after_event": progress.event_id, "after_person": progress.person_id}
    queued = ask(_TELL, now=now, **values).all()
    if len(queued) < FOLLOWERS_AT_A_TIME:
        progress.event_id, progress.person_id = end, LARGEST_NUMBER
    else:
        progress.event_id, progress.person_id = max((row.event_id, row.person_id) for row in queued)


_NEXT_RUN = select(DigestRun).where(~DigestRun.is_done).order_by(DigestRun.id).limit(1)
_UNTIL = bindparam("until", type_=_letter.event_id.type)
_HAS_NEWS = (
    select(Follow.id)
    .join(News, TO_WHOM)
    .where(
        Follow.person_id == Reader.person_id,
        News.event_id > Reader.told_until,
        News.event_id <= _UNTIL,
        NOT_TOLD_ALREADY,
    )
    .exists()
)
_DIGESTS = (
    _letters(LetterKind.DIGEST, _UNTIL, bindparam("run_id", type_=_letter.subject_id.type))
    .select_from(Reader)
    .join(Person, Person.id == Reader.person_id)
    .where(
        Reader.how_often == bindparam("how_often", type_=Reader.how_often.type),
        Reader.person_id > bindparam("after_person"),
        _HAS_AN_ADDRESS,
        _HAS_NEWS,
    )
    .order_by(Reader.person_id)
    .limit(FOLLOWERS_AT_A_TIME)
)
_TELL_IN_DIGEST = _queue(_DIGESTS)


def _has_begun(how_often: HowOften, period: date) -> bool:
    run = select(DigestRun.id).where(DigestRun.how_often == how_often, DigestRun.period == period)
    return db.session.scalar(run) is not None


def _begin(how_often: HowOften, period: date, now: datetime) -> None:
    """Put a run of digests on record. They tell of what the log holds now, all of it read."""
    if _has_begun(how_often, period):
        return
    while is_anything_unread():
        read_on()
        db.session.flush()
    run = DigestRun(how_often=how_often, period=period, person_id=0, is_done=False)
    db.session.add(run)
    db.session.flush()
    details = {"how_often": str(how_often), "period": period.isoformat()}
    events.record("digest.begun", run, actor_id=None, now=now, details=details)


def _tell_next_in(run: DigestRun, now: datetime) -> None:
    db.session.refresh(run)
    begun = events.latest(run)
    assert begun is not None
    queued = ask(
        _TELL_IN_DIGEST,
        now=now,
        until=begun.id,
        run_id=run.id,
        how_often=run.how_often,
        after_person=run.person_id,
    ).all()
    run.person_id = max((row.person_id for row in queued), default=run.person_id)
    run.is_done = len(queued) < FOLLOWERS_AT_A_TIME
