"""A comment's life: its states, the moves between them, and what a comment must be to be accepted."""

from enum import StrEnum

from dialog.states import Table, Transition


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
    MASKED = "masked"  # personal data taken out of the public view


class ReviewReason(StrEnum):
    """Why a comment waits for a moderator to look at it."""

    FIRST_COMMENT = "first_comment"
    NEW_COMMENT = "new_comment"


SHORTEST_COMMENT = 20
LONGEST_COMMENT = 5000

_RECEIVED, _PUBLISHED, _HIDDEN = CommentState.RECEIVED, CommentState.PUBLISHED, CommentState.HIDDEN
_WITHDRAWN, _MASKED = CommentState.WITHDRAWN, CommentState.MASKED

COMMENT_MOVES: Table[CommentState] = {
    (_RECEIVED, _PUBLISHED): Transition("publish", tells_author=True),
    (_RECEIVED, _HIDDEN): Transition("hide", needs_reason=True, tells_author=True),
    (_PUBLISHED, _HIDDEN): Transition("hide", needs_reason=True, tells_author=True),
    (_HIDDEN, _PUBLISHED): Transition("restore", tells_author=True),
    (_PUBLISHED, _WITHDRAWN): Transition("withdraw"),
    (_RECEIVED, _MASKED): Transition("mask", needs_reason=True, tells_author=True),
    (_PUBLISHED, _MASKED): Transition("mask", needs_reason=True, tells_author=True),
    (_HIDDEN, _MASKED): Transition("mask", needs_reason=True, tells_author=True),
    (_WITHDRAWN, _MASKED): Transition("mask", needs_reason=True),
}


def state_on_arrival(*, is_known: bool, pre_moderated: bool) -> tuple[CommentState, ReviewReason]:
    """Where a new comment starts, and why a moderator is to look at it.

    `is_known` says whether a comment by the same person has been let through and not been hidden since. Until
    then each one waits, and so does every one where the dialogue says so; the rest is shown at once and looked
    at afterwards.
    """
    if not is_known:
        return CommentState.RECEIVED, ReviewReason.FIRST_COMMENT
    if pre_moderated:
        return CommentState.RECEIVED, ReviewReason.NEW_COMMENT
    return CommentState.PUBLISHED, ReviewReason.NEW_COMMENT


def registration_number(year: int, serial: int) -> str:
    """The number a comment is registered under, such as 2026-000123. Sorts in the order of registration."""
    return f"{year}-{serial:06d}"
