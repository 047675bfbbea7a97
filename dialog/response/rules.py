"""The clock and the states of what a committee owes an answer to, and of the answer itself."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from dialog.conversation.rules import CommentState
from dialog.intervals import wilson
from dialog.moderation.rules import LOOK_WITHIN_DAYS, median_of
from dialog.transitions import Table, Transition

USUAL_ANSWER_DAYS = 10  # working days, where no committee has promised otherwise
VERY_LATE_DAYS = 20
NOTICED_AT_A_TIME = (
    500  # late matters in one transaction: about as long as anybody else should wait for theirs
)


class MatterState(StrEnum):
    """Where one comment stands at one committee."""

    DUE = "due"
    ANSWERED = "answered"
    FORWARDED = "forwarded"
    CLOSED = "closed"  # the comment was hidden or withdrawn before it was answered
    REMOVED = "removed"  # a moderator found that another committee answers, before this one had begun


# An answer is owed, or will be once the comment is shown again: its clock goes on, so that nobody's day is moved by
# hiding a comment for a while. What has been answered, passed on or taken away is of the past.
MAY_BE_OWED = frozenset({MatterState.DUE, MatterState.CLOSED})


class Lateness(StrEnum):
    """How something that is to be answered by a day stands."""

    IN_TIME = "in_time"
    DUE_TODAY = "due_today"
    LATE = "late"
    VERY_LATE = "very_late"

    @property
    def is_late(self) -> bool:
        """Whether the day by which it was due has passed."""
        return self in (Lateness.LATE, Lateness.VERY_LATE)


class ResponseState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"  # an editor has set the time at which it is published by itself
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


UNPUBLISHED = (ResponseState.DRAFT, ResponseState.IN_REVIEW, ResponseState.SCHEDULED)


class Work(StrEnum):
    """What those who answer for a committee do with an answer that isn't published."""

    SAVE = "save"
    SEND_TO_REVIEW = "send_to_review"
    SEND_BACK = "send_back"
    SCHEDULE = "schedule"
    PUBLISH = "publish"


PARTS_OF_WORDS = ("you_said", "we_decided", "because")


def filled(typed: Mapping[str, str], template: Mapping[str, str], *, replaces: bool) -> dict[str, str]:
    """The words of an answer with a template put in: where nothing is typed, and elsewhere only if it `replaces`."""
    return {
        part: template[part] if template[part] and (replaces or not typed[part]) else typed[part]
        for part in PARTS_OF_WORDS
    }


def in_the_way(typed: Mapping[str, str], template: Mapping[str, str]) -> list[str]:
    """The parts in which something else is typed already than what a template would put there."""
    return [part for part in PARTS_OF_WORDS if template[part] and typed[part] not in ("", template[part])]


class Seat(StrEnum):
    """Who does it, of the committee whose answer it is. Whoever is an editor is an officer as well."""

    OFFICER = "officer"
    EDITOR = "editor"


# Officers draft, editors publish. What waits for the editor stays as the editor found it, unless it is taken back.
# What an editor has set a time for stays as it is too; whoever sees a mistake in it may stop it.
WORK_ON_ANSWER: dict[tuple[ResponseState, Work], Seat] = {
    (ResponseState.DRAFT, Work.SAVE): Seat.OFFICER,
    (ResponseState.DRAFT, Work.SEND_TO_REVIEW): Seat.OFFICER,
    (ResponseState.DRAFT, Work.SCHEDULE): Seat.EDITOR,
    (ResponseState.DRAFT, Work.PUBLISH): Seat.EDITOR,
    (ResponseState.IN_REVIEW, Work.SAVE): Seat.EDITOR,
    (ResponseState.IN_REVIEW, Work.SEND_BACK): Seat.OFFICER,
    (ResponseState.IN_REVIEW, Work.SCHEDULE): Seat.EDITOR,
    (ResponseState.IN_REVIEW, Work.PUBLISH): Seat.EDITOR,
    (ResponseState.SCHEDULED, Work.SEND_BACK): Seat.OFFICER,
}


def may_work(work: Work, state: ResponseState, *, is_editor: bool) -> bool:
    """Whether an officer of the committee, who may be an editor too, can do this with an answer in `state`."""
    seat = WORK_ON_ANSWER.get((state, work))
    return seat == Seat.OFFICER or (seat == Seat.EDITOR and is_editor)


class Outcome(StrEnum):
    """What the committee decided about what was said."""

    WILL_DO = "will_do"
    ALREADY_DONE = "already_done"
    PARTLY = "partly"
    BEING_INVESTIGATED = "being_investigated"
    WILL_NOT = "will_not"
    NOT_OURS = "not_ours"


class Judgement(StrEnum):
    """What whoever wrote a comment says of an answer to it: whether it answered them."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Wait(StrEnum):
    """What people wait for at a committee; the two are measured apart."""

    PASSED_ON = "passed_on"  # a moderator lets the comment through to those who are to answer
    ANSWERED = "answered"


PASS_ON_WITHIN_DAYS = LOOK_WITHIN_DAYS
LONGEST_COUNTED_DAYS = 250  # about a year: what took longer counts as that
FEWEST_MEASURED = 5


class Kept(NamedTuple):
    """How a promise has been kept: `share` of the `number` of comments in time, most likely between `low` and `high`.

    Shares are 0 to 1. `median_days` is of those that have come: half of them came within so many working days.
    """

    median_days: int
    number: int
    share: float
    low: float
    high: float


def kept_of(waited: Mapping[tuple[int, bool], int], *, overdue: int = 0) -> Kept | None:
    """How a promise has been kept, from how many waited so many days, in time or not; None where too few have.

    `overdue` is what has waited too long already and still does. What still waits in time counts neither way.
    """
    days: Counter[int] = Counter()
    for (number_of_days, _), comments in waited.items():
        days[number_of_days] += comments
    in_time = sum(comments for (_, was_in_time), comments in waited.items() if was_in_time)
    median, number = median_of(days), days.total() + overdue
    if median is None or days.total() < FEWEST_MEASURED:
        return None
    return Kept(median, number, in_time / number, *wilson(in_time, number))


SHORTEST_REASON, LONGEST_REASON = 10, 1000
ASK_AFTER = timedelta(days=14)  # whoever has said nothing of an answer is asked once, so long after it
STOP_ASKING_AFTER = timedelta(
    days=28
)  # the worker may stand still for a while, but old answers are left in peace


MATTER_MOVES: Table[MatterState] = {
    (MatterState.DUE, MatterState.ANSWERED): Transition("answer", tells_author=True),
    (MatterState.DUE, MatterState.FORWARDED): Transition("forward", needs_reason=True, tells_author=True),
    (MatterState.DUE, MatterState.CLOSED): Transition("close"),
    (MatterState.CLOSED, MatterState.DUE): Transition("reopen"),
    (MatterState.ANSWERED, MatterState.DUE): Transition("ask_again", needs_reason=True),
    (MatterState.DUE, MatterState.REMOVED): Transition("take_away", needs_reason=True),
    (MatterState.REMOVED, MatterState.DUE): Transition("add_again"),
    # Of a comment that nobody can read yet, when it is moved: nothing is owed before it is shown.
    (MatterState.CLOSED, MatterState.REMOVED): Transition("take_away", needs_reason=True),
    (MatterState.REMOVED, MatterState.CLOSED): Transition("add_again"),
}

RESPONSE_MOVES: Table[ResponseState] = {
    (ResponseState.DRAFT, ResponseState.IN_REVIEW): Transition("send_to_review"),
    (ResponseState.IN_REVIEW, ResponseState.DRAFT): Transition("send_back"),
    (ResponseState.DRAFT, ResponseState.PUBLISHED): Transition("publish", tells_author=True),
    (ResponseState.IN_REVIEW, ResponseState.PUBLISHED): Transition("publish", tells_author=True),
    (ResponseState.DRAFT, ResponseState.SCHEDULED): Transition("schedule"),
    (ResponseState.IN_REVIEW, ResponseState.SCHEDULED): Transition("schedule"),
    (ResponseState.SCHEDULED, ResponseState.DRAFT): Transition("send_back"),
    (ResponseState.SCHEDULED, ResponseState.PUBLISHED): Transition("publish", tells_author=True),
    (ResponseState.PUBLISHED, ResponseState.SUPERSEDED): Transition("supersede"),
}


class Moved(StrEnum):
    """What becomes of a committee's matter when its comment is moved."""

    LET_OFF = "let_off"
    ASKED_AGAIN = "asked_again"  # with a new clock
    GOES_ON = "goes_on"


def when_moved(state: MatterState, *, answers_there: bool, answered_here: bool, was_chosen: bool) -> Moved:
    """What becomes of a matter in `state`, by whether its committee answers in the new place and in the old.

    Whom a moderator has chosen to answer this very comment goes on, wherever it is. What has been answered or passed on
    is of the past.
    """
    if state in MAY_BE_OWED and not answers_there:
        return Moved.GOES_ON if was_chosen and not answered_here else Moved.LET_OFF
    if state == MatterState.REMOVED and answers_there and not answered_here:
        return Moved.ASKED_AGAIN
    return Moved.GOES_ON


class WhyNotRemoved(StrEnum):
    """Why a committee goes on answering a comment, though a moderator would take it away."""

    NOT_DUE = "not_due"  # it has answered, or passed the matter on
    BEGUN = "begun"  # it has a draft of an answer, or has answered once
    PASSED_ON_HERE = "passed_on_here"  # another committee has said that this one is to answer
    REMOVED_BEFORE = "removed_before"  # and was asked anew: the author has been told so
    LAST = "last"  # then nobody would answer


def may_be_shared(state: CommentState, *, is_reply: bool) -> bool:
    """Whether moderators choose which committees answer a comment: one that committees answer, as it is shown."""
    return state == CommentState.PUBLISHED and not is_reply


def why_not_removed(
    state: MatterState, *, is_begun: bool, was_passed_on_here: bool, was_removed_before: bool, is_last: bool
) -> WhyNotRemoved | None:
    """Why a matter isn't taken away from its committee; None when it can be. The first that holds is told.

    `is_last` is whether no other committee owes an answer or has given one.
    """
    holds = {
        WhyNotRemoved.NOT_DUE: state != MatterState.DUE,
        WhyNotRemoved.BEGUN: is_begun,
        WhyNotRemoved.PASSED_ON_HERE: was_passed_on_here,
        WhyNotRemoved.REMOVED_BEFORE: was_removed_before,
        WhyNotRemoved.LAST: is_last,
    }
    return next((why for why, it_holds in holds.items() if it_holds), None)


class Part(StrEnum):
    """Which part of its inbox a committee's officer looks at. The values are what stands in addresses."""

    ALL = "alla"
    TODAY = "idag"
    LATE = "forsenade"
    FREE = "lediga"  # nobody has taken them
    MINE = "mina"


def lateness(due_on: date, very_late_on: date, today: date) -> Lateness:
    """How a matter that isn't answered yet stands on the day `today`. The due day itself is still in time."""
    if today > very_late_on:
        return Lateness.VERY_LATE
    if today > due_on:
        return Lateness.LATE
    return Lateness.DUE_TODAY if today == due_on else Lateness.IN_TIME


FURTHEST_PROMISE = timedelta(days=366)


class WhyNotThen(StrEnum):
    """Why an answer that takes longer can't be promised for a day."""

    PAST = "past"
    IN_TIME = "in_time"
    TOO_FAR = "too_far"


def why_not_then(promised_on: date, due_on: date, today: date) -> WhyNotThen | None:
    """Why an answer due on `due_on` can't be promised anew for a day; None when it can."""
    if promised_on <= today:
        return WhyNotThen.PAST
    if promised_on <= due_on:
        return WhyNotThen.IN_TIME
    return WhyNotThen.TOO_FAR if promised_on - today > FURTHEST_PROMISE else None


class Foretold(StrEnum):
    """How the day stands for which an answer that takes longer has been promised anew."""

    TO_COME = "to_come"
    PASSED = "passed"  # the answer hasn't come by that day either
    NOT_LATER = "not_later"  # a pause has moved the day it is due past it: nothing takes longer by now


def foretold(promised_on: date, due_on: date, today: date) -> Foretold:
    """How an answer due on `due_on`, and promised anew for `promised_on`, stands on the day `today`."""
    if promised_on <= due_on:
        return Foretold.NOT_LATER
    return Foretold.PASSED if today > promised_on else Foretold.TO_COME


FURTHEST_PUBLISHING = timedelta(days=60)


class WhyNotAt(StrEnum):
    """Why an answer can't be published by itself at a time."""

    PAST = "past"
    TOO_FAR = "too_far"


def why_not_at(at: datetime, now: datetime) -> WhyNotAt | None:
    """Why an answer can't be set to be published at a moment; None when it can."""
    if at <= now:
        return WhyNotAt.PAST
    return WhyNotAt.TOO_FAR if at - now > FURTHEST_PUBLISHING else None


LONGEST_PAUSE = timedelta(days=60)


class WhyNoPause(StrEnum):
    """Why a committee's clock can't stand still on some days."""

    BACKWARDS = "backwards"
    BEGUN = "begun"
    TOO_LONG = "too_long"


def why_no_pause(first: date, last: date, today: date) -> WhyNoPause | None:
    """Why the clock can't stand still from `first` up to and with `last`; None when it can.

    It is said before it begins: nobody's day is moved back after they have counted on it.
    """
    if last < first:
        return WhyNoPause.BACKWARDS
    if first <= today:
        return WhyNoPause.BEGUN
    return WhyNoPause.TOO_LONG if last - first >= LONGEST_PAUSE else None


class WhyNotEnded(StrEnum):
    """Why a pause can't be ended before its time."""

    NOT_BEGUN = "not_begun"  # it is called off instead
    OVER = "over"


def why_not_ended(first: date, last: date, today: date) -> WhyNotEnded | None:
    """Why a pause can't be ended with the day `today`, so that the clock runs from tomorrow; None when it can.

    Nobody's answer becomes late by it: what was to be answered after the pause has its days left, all after today.
    """
    if first > today:
        return WhyNotEnded.NOT_BEGUN
    return WhyNotEnded.OVER if last <= today else None


def may_judge(judged_before: Judgement | None, *, has_reopened: bool) -> bool:
    """Whether something may be said, or said otherwise, of an answer.

    A no that has opened the matter again stands: the committee is at work on it, and the next answer can be judged.
    """
    return not (judged_before == Judgement.NO and has_reopened)


def reopens(judgement: Judgement, state: MatterState, *, was_reopened: bool) -> bool:
    """Whether a judgement opens the matter again: a no does, once for each matter, where the answer stands."""
    return judgement == Judgement.NO and state == MatterState.ANSWERED and not was_reopened
