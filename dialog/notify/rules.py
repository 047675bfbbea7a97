"""Letters: which there are, where they stand, and when to try again."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from dialog.following.rules import HowOften
from dialog.transitions import Table, Transition


class LetterKind(StrEnum):
    SIGN_IN = "sign_in"
    RECEIPT = "receipt"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    MASKED = "masked"  # personal data was taken out, and the rest is shown
    APPEAL_SETTLED = "appeal_settled"  # to both parts, but not to an author whose comment is shown again
    HELD = "held"  # taken out of view by a rule, until a moderator decides
    REPORT_RECEIVED = "report_received"
    REPORT_SETTLED = "report_settled"
    FAULT_RECEIVED = "fault_received"  # in accessibility
    FAULT_ANSWERED = "fault_answered"
    FAULT_WAITS = "fault_waits"  # to the administrators, who answer
    ANSWERED = "answered"
    FORWARDED = "forwarded"  # another committee is to answer
    MOVED = "moved"  # a comment, with its replies: to all who wrote them
    LATE = "late"  # to whoever waits for an answer
    COMMITTEE_LATE = "committee_late"  # to those who owe it
    REVIEW_WAITS = "review_waits"  # to the editors that an answer waits for
    NOT_AS_PLANNED = (
        "not_as_planned"  # an answer with a time of its own was published without all, or not at all
    )
    COMMITMENT_SETTLED = (
        "commitment_settled"  # kept, changed or not: to those whose comments the answer covers
    )
    COMMITMENTS_DUE = "commitments_due"  # to those who have promised
    VERDICT_ASKED = "verdict_asked"  # whether an answer answered, two weeks after it
    REPORTED_BACK = "reported_back"  # what a dialogue led to, to all who took part in it
    FEEDBACK_DUE = "feedback_due"  # to those who have promised to report a dialogue back
    FOLLOWED = "followed"  # something happened to what somebody follows, told at once
    ORGANISATION_JUDGED = "organisation_judged"
    MANDATE_OFFERED = "mandate_offered"
    MANDATE_EXPIRES = "mandate_expires"  # two weeks before its last day, to whoever holds it
    MANDATE_ENDED = "mandate_ended"  # by somebody else than whoever held it
    QUEUE_LATE = "queue_late"  # something has waited for moderators longer than promised
    DIGEST = "digest"  # what has happened to what somebody follows, told now and then


class LetterState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    DROPPED = "dropped"  # no longer to be sent: what it is about isn't visible, or the link has expired
    DEAD = "dead"  # the address can't be reached, or every attempt failed


LETTER_MOVES: Table[LetterState] = {
    (LetterState.QUEUED, LetterState.SENT): Transition("send"),
    (LetterState.QUEUED, LetterState.DROPPED): Transition("drop"),
    (LetterState.QUEUED, LetterState.DEAD): Transition("give_up"),
}

LEASE = timedelta(minutes=5)  # longer than any SMTP conversation; then another worker may take the letter
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
GIVE_UP_AFTER = timedelta(days=3)
BATCH = 100  # letters claimed at a time
FOLLOWERS_AT_A_TIME = 1000  # letters queued to them in one transaction
DIGESTS_GO_AT = time(7)  # in Sweden; there is such an hour on every day, and one only


def newest_period(how_often: HowOften, local: datetime) -> date:
    """The day of the newest digest that is due at `local`, a moment in Sweden: today's or this Monday's, from seven."""
    day = local.date() if local.time() >= DIGESTS_GO_AT else local.date() - timedelta(days=1)
    return day - timedelta(days=day.weekday()) if how_often == HowOften.WEEKLY else day


def pause_before_attempt(failed: int) -> timedelta:
    """How long to wait after the `failed`-th failure: doubling from one minute up to four hours."""
    return min(FIRST_PAUSE * 2 ** min(failed - 1, 20), LONGEST_PAUSE)
