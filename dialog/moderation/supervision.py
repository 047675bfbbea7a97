"""The supervision that the law asks for (4 § lagen 1998:112), on record day by day.

Written by what moderators do, and never by looking: claiming, deciding, and saying that the queue is gone through.
"""

from datetime import datetime
from functools import partial

from sqlalchemy import bindparam, insert, select, update

from dialog import events
from dialog.conversation.models import Comment
from dialog.db import STOCKHOLM, ask, constant, db, local_day
from dialog.moderation.models import SupervisedDay
from dialog.moderation.rules import may_remind, waits_too_long
from dialog.people.models import Person
from dialog.permissions import allowed

_OLDEST = (
    select(Comment.id, Comment.review_since)
    .where(Comment.review_since.is_not(None))
    .order_by(Comment.review_since, Comment.id)
    .limit(constant(1))
)


class MayNotSupervise(Exception):
    """Only moderators go through the queue."""


_days = SupervisedDay.__table__
_NOTE_WORK = (
    update(_days)  # type: ignore[arg-type]
    .where(_days.c.day == bindparam("of_day"))
    .values(
        last_at=bindparam("now"),
        last_by_id=bindparam("moderator_id"),
        oldest_id=_OLDEST.with_only_columns(Comment.id).scalar_subquery(),
        oldest_since=_OLDEST.with_only_columns(Comment.review_since).scalar_subquery(),
    )
)


def note_work(moderator: Person, now: datetime) -> None:
    """Put on record that somebody is at work in the queue today, and what then waits the longest."""
    db.session.flush()
    note = partial(ask, _NOTE_WORK, of_day=local_day(now), now=now, moderator_id=moderator.id)
    if not note().rowcount:
        ask(insert(_days), day=local_day(now))  # type: ignore[arg-type]
        note()


def note_gone_through(moderator: Person, now: datetime) -> SupervisedDay:
    """Put on record that the whole queue has been gone through. Raises MayNotSupervise."""
    if not allowed("supervise", moderator):
        raise MayNotSupervise
    note_work(moderator, now)
    day = _today(now)
    day.gone_through_at = now
    db.session.flush()
    details = {"oldest": day.oldest_id}
    events.record("supervision.gone_through", day, actor_id=moderator.id, now=now, details=details)
    return day


def is_reminder_due(now: datetime) -> bool:
    """Whether something has waited over the limit, and moderators are to hear of it today and haven't."""
    if not may_remind(now.astimezone(STOCKHOLM)) or late_since(now) is None:
        return False
    reminded = select(SupervisedDay.reminded_at).where(SupervisedDay.day == local_day(now))
    return db.session.scalar(reminded) is None


def late_since(now: datetime) -> datetime | None:
    """Since when what waits the longest has waited, if it should have been looked at before today."""
    oldest = db.session.execute(_OLDEST).first()
    if oldest is None or not waits_too_long(local_day(oldest.review_since), local_day(now)):
        return None
    since: datetime = oldest.review_since
    return since


def remind(now: datetime) -> None:
    """Have moderators told that something has waited over the limit: once a day, whoever asks."""
    if is_reminder_due(now):
        day = _today(now)
        day.reminded_at = now
        db.session.flush()
        events.record("supervision.overdue", day, actor_id=None, now=now)


_OF_DAY = (
    select(SupervisedDay)
    .where(SupervisedDay.day == bindparam("day"))
    .execution_options(populate_existing=True)
)


def _today(now: datetime) -> SupervisedDay:
    day = db.session.scalar(_OF_DAY, {"day": local_day(now)})
    if day is None:
        day = SupervisedDay(day=local_day(now))
        db.session.add(day)
        db.session.flush()
    return day
