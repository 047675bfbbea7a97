"""Keeping the counts of comments that pages show, when one becomes public and when it stops."""

from typing import Any, Protocol

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
    .values(comment_count=_paragraph.c.comment_count + bindparam("shown"))
)


_comment = Comment.__table__
_COUNT_ON_PARENT = (
    update(_comment)  # type: ignore[arg-type]
    .where(_comment.c.id == bindparam("replied_to"))
    .values(reply_count=_comment.c.reply_count + bindparam("shown"))
)


class About(Protocol):
    """What a comment is about: a row of it, or what stands for one."""

    @property
    def goal_id(self) -> Any: ...

    @property
    def assignment_id(self) -> Any: ...

    @property
    def paragraph_id(self) -> Any: ...

    @property
    def parent_id(self) -> Any: ...


def count(about: About, *, shown: int, answered: int = 0) -> None:
    """Keep the counts that pages show: `shown` is 1 when a comment becomes public and -1 when it stops.

    A reply counts on what it is a reply to, and as every comment on what that is about. `answered` is the same
    number if the comment has been answered.
    """
    if about.assignment_id:
        ask(_COUNT_ON_ASSIGNMENT, assignment_id=about.assignment_id, shown=shown, answered=answered)
    if about.paragraph_id:
        ask(_COUNT_ON_PARAGRAPH, paragraph_id=about.paragraph_id, shown=shown)
    if about.parent_id:
        ask(_COUNT_ON_PARENT, replied_to=about.parent_id, shown=shown)
    change_shown(about.goal_id, comments=shown, answered=answered)
