"""Keeping the counts of comments that pages show, when one becomes public and when it stops."""

from typing import Any, NamedTuple, Protocol

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import aliased

from dialog.conversation.models import Comment
from dialog.db import ask
from dialog.plan.models import Assignment, Paragraph
from dialog.plan.operations import change_shown

_assignment, _paragraph = Assignment.__table__, Paragraph.__table__
_COUNT_ON_ASSIGNMENT = (
    update(_assignment)  # type: ignore[arg-type]
    .where(_assignment.c.id == bindparam("assignment_id"))
    .values(
        comment_count=_assignment.c.comment_count + bindparam("shown"),
        by_organisations=_assignment.c.by_organisations + bindparam("organisations"),
        answered_count=_assignment.c.answered_count + bindparam("answered"),
    )
)
_commented = aliased(Paragraph)
_FIRST_WORDING = (
    select(_commented.first_id).where(_commented.id == bindparam("paragraph_id")).scalar_subquery()
)
_COUNT_ON_PARAGRAPH = (
    update(_paragraph)  # type: ignore[arg-type]
    .where(_paragraph.c.id == _FIRST_WORDING)
    .values(
        comment_count=_paragraph.c.comment_count + bindparam("shown"),
        by_organisations=_paragraph.c.by_organisations + bindparam("organisations"),
    )
)


_comment = Comment.__table__
_COUNT_ON_PARENT = (
    update(_comment)  # type: ignore[arg-type]
    .where(_comment.c.id == bindparam("replied_to"))
    .values(
        reply_count=_comment.c.reply_count + bindparam("shown"),
        replies_by_organisations=_comment.c.replies_by_organisations + bindparam("organisations"),
    )
)


class Counted(Protocol):
    """A comment, or what is to be one: what it is about, and whether it is said for an organisation."""

    @property
    def goal_id(self) -> Any: ...

    @property
    def assignment_id(self) -> Any: ...

    @property
    def paragraph_id(self) -> Any: ...

    @property
    def parent_id(self) -> Any: ...

    @property
    def organisation_id(self) -> Any: ...


class About(NamedTuple):
    """What comments are about: a goal, and perhaps an assignment and a paragraph of it."""

    goal_id: int
    assignment_id: int | None
    paragraph_id: int | None


def count_elsewhere(before: About, after: About, *, shown: int, organisations: int) -> None:
    """So many public comments without an answer, so many of them for organisations, are about something else."""
    for about, by in ((before, -1), (after, 1)):
        more = {"shown": by * shown, "organisations": by * organisations}
        if about.assignment_id:
            ask(_COUNT_ON_ASSIGNMENT, assignment_id=about.assignment_id, answered=0, **more)
        if about.paragraph_id:
            ask(_COUNT_ON_PARAGRAPH, paragraph_id=about.paragraph_id, **more)
        change_shown(about.goal_id, comments=by * shown, by_organisations=by * organisations)


def count(comment: Counted, *, shown: int, answered: int = 0) -> None:
    """Keep the counts that pages show: `shown` is 1 when a comment becomes public and -1 when it stops.

    Comments are counted, and not the voices behind them; those for organisations are counted among all and apart.
    A reply counts on what it is a reply to, and as every comment on what that is about. `answered` is the same
    number if the comment has been answered.
    """
    organisations = shown if comment.organisation_id else 0
    more = {"shown": shown, "organisations": organisations}
    if comment.assignment_id:
        ask(_COUNT_ON_ASSIGNMENT, assignment_id=comment.assignment_id, answered=answered, **more)
    if comment.paragraph_id:
        ask(_COUNT_ON_PARAGRAPH, paragraph_id=comment.paragraph_id, **more)
    if comment.parent_id:
        ask(_COUNT_ON_PARENT, replied_to=comment.parent_id, **more)
    change_shown(comment.goal_id, comments=shown, by_organisations=organisations, answered=answered)
