"""When a decision can be looked at again, and what becomes of the request."""

from datetime import date
from enum import StrEnum

from dialog.conversation.rules import CommentState
from dialog.moderation.rules import appeal_until
from dialog.transitions import Table, Transition


class AppealState(StrEnum):
    OPEN = "open"
    GRANTED = "granted"  # what was out of view is shown again as it was
    DENIED = "denied"
    LAPSED = "lapsed"  # the comment went on meanwhile: sent again with other words, or shown again


APPEAL_MOVES: Table[AppealState] = {
    (AppealState.OPEN, AppealState.GRANTED): Transition("grant", needs_reason=True, tells_author=True),
    (AppealState.OPEN, AppealState.DENIED): Transition("deny", needs_reason=True, tells_author=True),
    (AppealState.OPEN, AppealState.LAPSED): Transition("lapse"),
}
OUTCOMES = (AppealState.GRANTED, AppealState.DENIED)  # what another moderator decides


class Refusal(StrEnum):
    """Why nobody looks again."""

    NOT_HIDDEN = "not_hidden"
    TOO_LATE = "too_late"


SHORTEST_APPEAL, LONGEST_APPEAL = 20, 5000


def refusal(
    state: CommentState, decided_on: date | None, today: date, *, is_masked: bool = False
) -> Refusal | None:
    """Why the decision taken on a day about a comment in `state` isn't looked at again; None when it can be.

    It can when the comment is hidden, and when it is shown without what was taken out of it (`is_masked`).
    """
    is_out_of_view = state == CommentState.HIDDEN or (state == CommentState.PUBLISHED and is_masked)
    if not is_out_of_view or decided_on is None:
        return Refusal.NOT_HIDDEN
    return Refusal.TOO_LATE if today > appeal_until(decided_on) else None
