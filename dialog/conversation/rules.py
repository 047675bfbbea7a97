"""A comment's life: who may say it where and when, its states, and the moves between them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dialog.dialogues.rules import FREE, Level, Phase, Ruling
from dialog.transitions import Table, Transition


class Kind(StrEnum):
    """What a comment is meant as, chosen by its author."""

    QUESTION = "question"
    PROPOSAL = "proposal"
    EXPERIENCE = "experience"
    CONCERN = "concern"


class Channel(StrEnum):
    """How a comment reached the municipality."""

    WEB = "web"
    PHONE = "phone"
    PAPER = "paper"
    SERVICE_POINT = "service_point"
    MEETING = "meeting"


class CommentState(StrEnum):
    RECEIVED = "received"  # registered, waiting for a moderator, shown to nobody else
    PUBLISHED = "published"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"  # by its author; a marker stays in its place


class Act(StrEnum):
    """What is done to a comment after it has come."""

    PUBLISH = "publish"
    HIDE = "hide"
    RESTORE = "restore"
    LOOK = "look"  # leaves it published as it is; no move
    SEND_AGAIN = "send_again"  # with another wording
    WITHDRAW = "withdraw"
    MASK = "mask"  # take personal data out of what everybody reads
    UNMASK = "unmask"  # show again what was taken out
    HOLD = "hold"  # by a rule of the software, until a moderator decides
    MOVE = "move"  # to the goal or the assignment that it is about; it stays what it is


class ReviewReason(StrEnum):
    """Why a comment waits for a moderator to look at it."""

    FIRST_COMMENT = "first_comment"
    NEW_COMMENT = "new_comment"
    EDITED = "edited"  # the wording shown is another than the one that was looked at
    SENT_AGAIN = "sent_again"
    REPORTED = "reported"  # and shown meanwhile
    PENDING = "pending"  # reported by so many that the software took it out of view until a moderator decides
    SECOND_LOOK = "second_look"  # a moderator has proposed to hide it, which takes two
    WATCHED = "watched"  # a rule that administrators have written asks for a look at its words


class Refusal(StrEnum):
    """Why a comment that is rightly filled in isn't taken."""

    DIALOGUE_OVER = "dialogue_over"
    NOT_PREPARED = "not_prepared"  # hasn't chosen a name, or hasn't read the notice in force
    SAID_ALREADY = "said_already"  # the same person has just said the very same
    OTHER_WORDS = "other_words"  # the form was sent before, with another text
    ANOTHERS_FORM = "anothers_form"  # the form's key belongs to a comment by somebody else
    NO_MANDATE = "no_mandate"  # the right to speak for the organisation ended while it was written
    TOO_MANY = "too_many"  # more in an hour than anybody reads, let alone writes
    NO_REPLIES = "no_replies"  # what it is a reply to is no longer shown, or is a reply itself
    NOT_A_REAL_NAME = "not_a_real_name"  # the dialogue asks for real names
    OUT_OF_THE_PLAN = "out_of_the_plan"  # the assignment it is about no longer stands in the plan


SHORTEST_COMMENT = 20
LONGEST_COMMENT = 5000
HOURS_TO_EDIT = 24
# One every other minute: more than the keenest writer manages, and few enough for moderators to keep up with.
MOST_COMMENTS_AN_HOUR = 30
MOST_EDITS_AN_HOUR = MOST_COMMENTS_AN_HOUR  # each gives a moderator as much to read as a new comment does

_RECEIVED, _PUBLISHED, _HIDDEN = CommentState.RECEIVED, CommentState.PUBLISHED, CommentState.HIDDEN
_WITHDRAWN = CommentState.WITHDRAWN

# `tells_author` stands where a letter is written (see notify).
COMMENT_MOVES: Table[CommentState] = {
    (_RECEIVED, _PUBLISHED): Transition(Act.PUBLISH, tells_author=True),
    (_RECEIVED, _HIDDEN): Transition(Act.HIDE, needs_reason=True, tells_author=True),
    (_PUBLISHED, _HIDDEN): Transition(Act.HIDE, needs_reason=True, tells_author=True),
    (_HIDDEN, _PUBLISHED): Transition(Act.RESTORE, tells_author=True),
    (_HIDDEN, _RECEIVED): Transition(Act.SEND_AGAIN),
    (_PUBLISHED, _RECEIVED): Transition(Act.SEND_AGAIN),
    (_RECEIVED, _WITHDRAWN): Transition(Act.WITHDRAW),
    (_PUBLISHED, _WITHDRAWN): Transition(Act.WITHDRAW),
}
# Masking gives a comment a wording without the personal data, seals every wording that holds it, and shows the comment
# in the new one wherever it was. That it is masked is told by its wording, and not by a state: it is so also when it
# is hidden, taken out of view by a rule, or shown again afterwards. Of what is withdrawn nothing is shown to take out.
MASKING_MOVES: Table[CommentState] = {
    (_RECEIVED, _PUBLISHED): Transition(Act.MASK, needs_reason=True, tells_author=True),
    (_PUBLISHED, _PUBLISHED): Transition(Act.MASK, needs_reason=True, tells_author=True),
    (_HIDDEN, _PUBLISHED): Transition(Act.MASK, needs_reason=True, tells_author=True),
}
# Only by another moderator, who was asked to look again. What waits by then, since a rule took it out of view, goes on
# waiting, with its first words.
UNMASKING_MOVES: Table[CommentState] = {
    (_PUBLISHED, _PUBLISHED): Transition(Act.UNMASK, tells_author=True),
    (_RECEIVED, _RECEIVED): Transition(Act.UNMASK),
}
# What the software does by itself, by a rule that administrators have set: nobody's button. What a moderator decides
# then are the moves above.
MOVES_BY_RULE: Table[CommentState] = {(_PUBLISHED, _RECEIVED): Transition(Act.HOLD, tells_author=True)}


class Target(StrEnum):
    """What something would be said about, as it is when it is said."""

    IN_THE_PLAN = "in_the_plan"  # a goal, an assignment or a paragraph
    WITHDRAWN = "withdrawn"  # an assignment that no longer stands in the plan
    COMMENT = "comment"  # somebody's, which everybody can read
    NOT_SHOWN = "not_shown"  # a comment that not everybody can read, or not any longer
    REPLY = "reply"


class Voice(StrEnum):
    """For whom somebody would speak."""

    OWN = "own"
    MANDATE_HOLDS = "mandate_holds"  # for an organisation, on the day it is said
    MANDATE_ENDED = "mandate_ended"


@dataclass(frozen=True)
class Place:
    """Where something would be said: about what, and ruled by what on the day it is said.

    What comes to the customer centre is said on the day it comes, whenever it is put on record.
    """

    target: Target = Target.IN_THE_PLAN
    ruling: Ruling = FREE


@dataclass(frozen=True)
class Speaker:
    """Who would say it. Which duties the municipality has given them makes no difference.

    `is_prepared`: has chosen a name and read the notice in force; whoever the customer centre hears is told it.
    `is_known`: a comment by the same person has been let through before and not been hidden since.
    `name_is_real`: has said or proved that the name shown is theirs, or given it to the customer centre.
    """

    is_prepared: bool
    is_known: bool = False
    voice: Voice = Voice.OWN
    name_is_real: bool = False


# Where nobody may say anything. Where no dialogue has been opened anything may be said at any time, else while it is
# open; on the ladder's lowest step nothing is asked, so nothing is taken. The first that holds is what is told.
_NOT_HERE: tuple[tuple[Refusal, Callable[[Place], bool]], ...] = (
    (Refusal.OUT_OF_THE_PLAN, lambda place: place.target == Target.WITHDRAWN),
    (Refusal.DIALOGUE_OVER, lambda place: place.ruling.phase not in (None, Phase.OPEN)),
    (
        Refusal.DIALOGUE_OVER,
        lambda place: place.ruling.phase is not None and place.ruling.level == Level.INFORMATION,
    ),
    (Refusal.NO_REPLIES, lambda place: place.target in (Target.NOT_SHOWN, Target.REPLY)),
)
# Who may not, where others may.
_NOT_THEY: tuple[tuple[Refusal, Callable[[Place, Speaker], bool]], ...] = (
    (Refusal.NOT_PREPARED, lambda place, speaker: not speaker.is_prepared),
    (Refusal.NO_MANDATE, lambda place, speaker: speaker.voice == Voice.MANDATE_ENDED),
    (
        Refusal.NOT_A_REAL_NAME,
        lambda place, speaker: place.ruling.real_names_only and not speaker.name_is_real,
    ),
)


def refusal(place: Place, speaker: Speaker) -> Refusal | None:
    """Why `speaker` may not say anything there; None where they may. Asked before anything is put on record."""
    here = (why for why, holds in _NOT_HERE if holds(place))
    they = (why for why, holds in _NOT_THEY if holds(place, speaker))
    return next(here, None) or next(they, None)


def is_open(target: Target, ruling: Ruling = FREE) -> bool:
    """Whether somebody may say something there: what a page that everybody reads goes by."""
    return not any(holds(Place(target, ruling)) for _, holds in _NOT_HERE)


def target_of(state: CommentState, *, is_reply: bool) -> Target:
    """What a comment in `state` is to whoever would reply to it: replies are one level deep."""
    if is_reply:
        return Target.REPLY
    return Target.COMMENT if state == CommentState.PUBLISHED else Target.NOT_SHOWN


@dataclass(frozen=True)
class Watched:
    """Which of the administrators' rules ask for a look at some words, by their ids, and whether one has them wait.

    A rule asks for a look and decides nothing: what it has wait is shown or hidden by a moderator.
    """

    by: tuple[int, ...] = ()
    waits: bool = False


NOT_WATCHED = Watched()


def state_on_arrival(
    place: Place, speaker: Speaker, watched: Watched = NOT_WATCHED
) -> tuple[CommentState, ReviewReason]:
    """Where a comment that may be made starts, and why a moderator is to look at it.

    Until one by the same person has been let through each waits, and so does every one where the dialogue says so, or
    a rule about its words; the rest is shown at once and looked at afterwards.
    """
    if not speaker.is_known:
        return CommentState.RECEIVED, ReviewReason.FIRST_COMMENT
    waits = place.ruling.pre_moderated or watched.waits
    reason = ReviewReason.WATCHED if watched.by else ReviewReason.NEW_COMMENT
    return CommentState.RECEIVED if waits else CommentState.PUBLISHED, reason


def may_edit(
    state: CommentState,
    submitted_at: datetime,
    now: datetime,
    *,
    is_answered: bool,
    has_replies: bool,
    is_masked: bool = False,
) -> bool:
    """Whether its author may give a comment in `state` another wording.

    One that is hidden may be edited at any time. One that waits or is shown may be edited until so many hours
    after it was sent, and not once a committee has answered it or somebody has replied to it. What is withdrawn may
    not, and nor may what is masked: else what was taken out could be put back.
    """
    if is_masked:
        return False
    if state == CommentState.HIDDEN:
        return True
    if state not in (CommentState.RECEIVED, CommentState.PUBLISHED) or is_answered or has_replies:
        return False
    return now <= submitted_at + timedelta(hours=HOURS_TO_EDIT)


def may_be_corrected(state: CommentState, reason: ReviewReason | None) -> bool:
    """Whether the official who put a comment on record may still put right a slip of the pen in it.

    Only until a moderator has decided about it the first time: then others have begun to rely on the words.
    """
    return state == CommentState.RECEIVED and reason == ReviewReason.FIRST_COMMENT


def waits_when_edited(state: CommentState, *, pre_moderated: bool) -> bool:
    """Whether a comment in `state` leaves it, to be read before its new wording is shown.

    One that is hidden always does, and one that is shown does where its dialogue has every comment wait, or a rule has
    such words wait: else an edit would be a way past the moderators.
    """
    return state == CommentState.HIDDEN or (state == CommentState.PUBLISHED and pre_moderated)


_STAYS_WHEN_EDITED = (ReviewReason.FIRST_COMMENT, ReviewReason.PENDING)


def reason_when_edited(
    state: CommentState, reason: ReviewReason | None, *, is_reported: bool, is_watched: bool
) -> ReviewReason | None:
    """Why a comment that keeps its state is to be looked at when it has other words; `is_watched` speaks of those."""
    if reason in _STAYS_WHEN_EDITED:
        return reason
    if is_reported and state == CommentState.PUBLISHED:
        return ReviewReason.REPORTED
    if is_watched:
        return ReviewReason.WATCHED
    if state == CommentState.PUBLISHED or reason == ReviewReason.WATCHED:
        return ReviewReason.EDITED
    return reason


def registration_number(year: int, serial: int) -> str:
    """The number a comment is registered under, such as 2026-000123. Sorts in the order of registration."""
    return f"{year}-{serial:06d}"


def is_registration_number(text: str) -> bool:
    """Whether `text` is written as a registration number is."""
    return re.fullmatch("[0-9]{4}-[0-9]{6,9}", text) is not None
