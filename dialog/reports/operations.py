"""Reporting a comment, confirming one's address, what the moderators' decision does, and setting the rule."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from dialog import attempts, events, states
from dialog.conversation.models import Comment
from dialog.conversation.operations import hold_comment
from dialog.conversation.rules import ReviewReason
from dialog.db import changed, db
from dialog.moderation.rules import Ground
from dialog.people.models import Person
from dialog.people.rules import hash_of
from dialog.permissions import allowed
from dialog.reports import queries
from dialog.reports.models import Report, ReportAttempt, ReportThreshold, Voice
from dialog.reports.rules import (
    ATTEMPTS_WITHIN,
    MOST_BY_A_NETWORK,
    MOST_BY_ONE,
    MOST_UNCONFIRMED,
    REPORT_MOVES,
    SETTLED_BY,
    Reason,
    Said,
    different_people,
    is_held,
    is_threshold,
    network_at,
)


@dataclass(frozen=True)
class Complaint:
    """A report as it was sent, already checked.

    `email` is None for whoever is signed in, or wants no letter; `wording` is the number of the comment's wording that
    stood on the page, None if that was lost on the way.
    """

    form_key: str
    reason: Reason
    words: str | None
    language: str
    network: str  # see people.rules.network_of
    email: str | None = None
    wording: int | None = None


class MayNotReport(Exception):
    """Nobody reports their own comment."""


class NotShown(Exception):
    """The comment isn't public (any longer), so there is nothing to report."""


class OthersForm(Exception):
    """The form's key belongs to a report of something else, or by somebody else."""


def report_comment(
    comment: Comment, complaint: Complaint, *, reporter: Person | None, now: datetime
) -> tuple[Voice, bool]:
    """Report a published comment, or join those who have. Gives what was said, and whether that is new.

    The same person twice, and the same form sent twice, is once. The comment waits for a moderator from now, and is
    taken out of view until then where the rule says so.
    Raises MayNotReport, NotShown, OthersForm and attempts.TooManyAttempts.
    """
    if not allowed("report", reporter, comment):
        raise MayNotReport
    if earlier := _sent_before(comment, complaint, reporter):
        return earlier, False
    db.session.refresh(comment)
    if not comment.is_public:
        raise NotShown
    _note_attempts(complaint, reporter, now)
    opened = queries.open_report_on(comment)
    report = opened or _open(comment, now)
    voice = _add_voice(report, comment, complaint, reporter, now)
    _record("report.joined" if opened else "report.opened", report, voice, now)
    _weigh(report, comment, now)
    return voice, True


def _sent_before(comment: Comment, complaint: Complaint, reporter: Person | None) -> Voice | None:
    made = queries.voice_of_form(complaint.form_key)
    if made is not None:
        is_same = made.report.comment_id == comment.id and made.person_id == (
            reporter.id if reporter else None
        )
        if not is_same:
            raise OthersForm
        return made
    return queries.voice_of(reporter, comment) if reporter is not None else None


def _note_attempts(complaint: Complaint, reporter: Person | None, now: datetime) -> None:
    """Raises attempts.TooManyAttempts."""
    one = f"person {reporter.id}" if reporter else f"address {complaint.email}" if complaint.email else None
    if one is not None:
        _note_attempt(hash_of(one), MOST_BY_ONE, now)
    _note_attempt(complaint.network, MOST_BY_A_NETWORK, now)


def _note_attempt(who: str, most: int, now: datetime) -> None:
    attempts.note_attempt(ReportAttempt, who, most=most, within=ATTEMPTS_WITHIN, now=now)


def _open(comment: Comment, now: datetime) -> Report:
    """Begin a report. Whoever is about to decide on the comment is told that it is there."""
    report = Report(comment_id=comment.id, opened_at=now)
    db.session.add(report)
    db.session.flush()
    states.change(
        comment,
        seen=comment.version,
        review_since=comment.review_since or now,
        review_reason=ReviewReason.REPORTED,
    )
    return report


def _add_voice(
    report: Report, comment: Comment, complaint: Complaint, reporter: Person | None, now: datetime
) -> Voice:
    voice = Voice(
        report_id=report.id,
        form_key=complaint.form_key,
        reason=complaint.reason,
        words=complaint.words or None,
        wording=min(complaint.wording or comment.wording, comment.wording),
        language=complaint.language,
        person_id=reporter.id if reporter else None,
        email=None if reporter else complaint.email,
        confirm_key=secrets.token_urlsafe(16) if complaint.email and not reporter else None,
        network=network_at(complaint.network, comment.id),
        sent_at=now,
    )
    db.session.add(voice)
    db.session.flush()
    return voice


def _record(kind: str, report: Report, voice: Voice, now: datetime) -> None:
    """Keep in the log what happened to a report, and tell whether a letter is wanted.

    Whose it is stands in the row of the voice alone, which can be forgotten; the log can't.
    An address that has several letters waiting to be confirmed gets no more: nobody's mailbox can be flooded. What
    the asker sees is the same.
    """
    is_flooded = voice.email is not None and queries.unconfirmed_at(voice.email) > MOST_UNCONFIRMED
    details = {"voice": voice.id, "wants_letter": not is_flooded}
    events.record(kind, report, actor_id=None, now=now, details=details)


def confirm(voice: Voice, *, now: datetime) -> bool:
    """Keep that whoever made a report has the address they gave: from now on they count, and are written to.

    False when nothing came of it: it is confirmed already, decided already, or the same address counts already.
    """
    report = voice.report
    db.session.refresh(report)
    db.session.refresh(voice)
    if voice.confirmed_at is not None or voice.email is None or not report.is_open:
        return False
    if any(other.confirmed_at and other.email == voice.email for other in report.voices):
        return False
    changed(update(Voice).where(Voice.id == voice.id).values(confirmed_at=now))
    db.session.refresh(voice)
    events.record("report.confirmed", report, actor_id=None, now=now, details={"voice": voice.id})
    _weigh(report, report.comment, now)
    return True


def _weigh(report: Report, comment: Comment, now: datetime) -> None:
    """Keep how many have reported a comment, and take it out of view where they are as many as the rule says."""
    reporters = queries.count_reporters(report)
    changed(update(Comment).where(Comment.id == comment.id).values(report_count=reporters))
    db.session.refresh(comment)
    db.session.expire(report, ["voices"])
    people = different_people(
        Said(one.reason, one.address, one.network, of_this_wording=one.wording == comment.wording)
        for one in report.voices
    )
    threshold = queries.threshold_in_force()
    has_been_judged = queries.has_been_judged(comment)
    if comment.is_public and is_held(people, threshold, has_been_judged=has_been_judged):
        hold_comment(comment, now=now, because={"people": people, "threshold": threshold})


def settle(event: events.Event) -> None:
    """Something was decided about a comment: so is what was reported of it, if anything was.

    What is published at once nobody can have reported.
    """
    if event.details.get("at_once"):
        return
    comment = db.session.get_one(Comment, event.subject_id)
    if not comment.report_count:
        return
    report = queries.open_report_on(comment)
    if report is None:
        return
    to = SETTLED_BY[event.kind]
    reason = event.details.get("reason")
    ground = Ground(reason) if event.kind == "comment.hidden" and reason else None
    states.move(report, REPORT_MOVES, to, seen=report.version, settled_at=event.at, ground=ground)
    changed(update(Voice).where(Voice.report_id == report.id).values(network=None))
    changed(update(Comment).where(Comment.id == comment.id).values(report_count=0))
    db.session.expire(comment, ["report_count"])
    events.record(f"report.{to}", report, actor_id=event.actor_id, now=event.at)


class NoThreshold(Exception):
    """Nobody takes down another's words alone: it takes several people, or the rule is off."""


def set_threshold(people: int, *, administrator: Person, now: datetime) -> None:
    """Set how many people it takes; 0 turns the rule off. Setting what holds already changes nothing.

    Raises NoThreshold.
    """
    if not is_threshold(people):
        raise NoThreshold
    if people == queries.threshold_in_force():
        return
    row = ReportThreshold(people=people, set_by_id=administrator.id, set_at=now)
    db.session.add(row)
    db.session.flush()
    details = {"people": people}
    events.record("report_threshold.set", row, actor_id=administrator.id, now=now, details=details)
