"""Reading reports: whoever made one reads its receipt, and moderators read what was said."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from dialog.conversation.models import Comment
from dialog.conversation.rules import Act
from dialog.db import clock, db
from dialog.moderation.models import Decision
from dialog.people.models import Person
from dialog.reports.models import Report, ReportThreshold, Voice
from dialog.reports.rules import DISMISSED_LATELY, USUAL_THRESHOLD, ReportState


def threshold_in_force() -> int:
    """How many people it takes for a comment to be taken out of view until a moderator has decided; 0 for never."""
    newest = select(ReportThreshold.people).order_by(ReportThreshold.id.desc()).limit(1)
    threshold = db.session.scalar(newest)
    return USUAL_THRESHOLD if threshold is None else threshold


def open_report_on(comment: Comment) -> Report | None:
    return db.session.scalar(
        select(Report).where(Report.comment_id == comment.id, Report.state == ReportState.OPEN)
    )


def voice_of(person: Person, comment: Comment) -> Voice | None:
    """What `person` has reported of a comment as it stands, or in the report that is open; the newest."""
    stands = or_(Report.state == ReportState.OPEN, Voice.wording == comment.wording)
    return db.session.scalar(
        select(Voice)
        .join(Report)
        .where(Report.comment_id == comment.id, Voice.person_id == person.id, stands)
        .order_by(Voice.id.desc())
        .limit(1)
    )


def voice_of_form(form_key: str) -> Voice | None:
    return db.session.scalar(
        select(Voice).where(Voice.form_key == form_key).options(joinedload(Voice.report))
    )


def voice_at(key: str) -> Voice | None:
    """The one whose receipt has the secret `key`, with the report it is in."""
    return _voice(Voice.key == key)


def voice_to_confirm(confirm_key: str) -> Voice | None:
    """The one whose address is confirmed with the secret `confirm_key`."""
    return _voice(Voice.confirm_key == confirm_key)


def _voice(condition: object) -> Voice | None:
    return db.session.scalar(
        select(Voice)
        .where(condition)  # type: ignore[arg-type]
        .options(
            joinedload(Voice.person).lazyload(Person.grants),
            joinedload(Voice.report).joinedload(Report.comment),
        )
    )


def unconfirmed_at(email: str) -> int:
    """How many letters to this address wait for it to be confirmed."""
    waiting = (Voice.email == email, Voice.confirmed_at.is_(None), Report.state == ReportState.OPEN)
    return db.session.scalar(select(func.count(Voice.id)).join(Report).where(*waiting)) or 0


def has_been_judged(comment: Comment) -> bool:
    """Whether a moderator has decided about the words that the comment has now."""
    judged = (
        Decision.comment_id == comment.id,
        Decision.wording == comment.wording,
        Decision.act != Act.MOVE,  # which says where it belongs, and nothing of its words
    )
    return db.session.scalar(select(Decision.id).where(*judged).limit(1)) is not None


def count_reporters(report: Report) -> int:
    """How many have made a report: each who is known once, and all whom nobody knows as one."""
    known = func.count(Voice.person_id) + func.count(Voice.confirmed_at)
    nobody = and_(Voice.person_id.is_(None), Voice.confirmed_at.is_(None))
    unknown = select(Voice.id).where(Voice.report_id == report.id, nobody).exists()
    row = db.session.execute(select(known, unknown).where(Voice.report_id == report.id)).one()
    return int(row[0]) + bool(row[1])


@dataclass(frozen=True)
class VoiceShown:
    """What a moderator sees of what somebody reported: never who it was.

    `dismissed` is how many reports by the same person were dismissed lately; None where nobody knows who it is.
    """

    voice: Voice
    dismissed: int | None


def reports_on(comments: Sequence[Comment]) -> dict[int, list[VoiceShown]]:
    """What has been said in the open reports of `comments`, by the comment's id: for moderators alone."""
    ids = [comment.id for comment in comments if comment.report_count]
    if not ids:
        return {}
    of_them = select(Report).where(Report.comment_id.in_(ids), Report.state == ReportState.OPEN)
    with_voices = joinedload(Report.voices).joinedload(Voice.person).lazyload("*")
    reports = db.session.scalars(of_them.options(with_voices)).unique().all()
    voices = [voice for report in reports for voice in report.voices]
    dismissed = _dismissed_lately(voices, clock.now())
    return {
        report.comment_id: [
            VoiceShown(voice, dismissed[_whose(voice)] if voice.is_known else None) for voice in report.voices
        ]
        for report in reports
    }


def _whose(voice: Voice) -> tuple[int | None, str | None]:
    return voice.person_id, voice.email


def _dismissed_lately(voices: Iterable[Voice], now: datetime) -> dict[tuple[int | None, str | None], int]:
    """How many reports were dismissed lately, by whose they were."""
    people = {voice.person_id for voice in voices if voice.person_id}
    addresses = {voice.email for voice in voices if voice.confirmed_at}
    rows = db.session.execute(
        select(Voice.person_id, Voice.email, func.count())
        .join(Report)
        .where(
            or_(
                Voice.person_id.in_(people),
                and_(Voice.email.in_(addresses), Voice.confirmed_at.is_not(None)),
            ),
            Report.state == ReportState.DISMISSED,
            Report.settled_at > now - DISMISSED_LATELY,
        )
        .group_by(Voice.person_id, Voice.email)
    )
    found: dict[tuple[int | None, str | None], int] = defaultdict(int)
    found.update({(person_id, email): number for person_id, email, number in rows})
    return found


def thresholds() -> Sequence[ReportThreshold]:
    """What administrators have set, the newest first, for a glance."""
    return db.session.scalars(select(ReportThreshold).order_by(ReportThreshold.id.desc()).limit(10)).all()
