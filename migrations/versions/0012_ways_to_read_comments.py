"""ways to read comments: an index for each order, and for what matches few of many"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_THREAD = "parent_id IS NULL AND (state = 'published' OR reply_count > 0)"
_SHOWN_THREAD = "parent_id IS NULL AND state = 'published'"
_ON_ASSIGNMENT = "assignment_id IS NOT NULL AND"
_INDEXES = {
    "ix_comment_supported": (["goal_id", "support", "id"], _THREAD),
    "ix_comment_discussed": (["goal_id", "reply_count", "id"], _THREAD),
    "ix_comment_unanswered": (["goal_id", "id"], f"{_SHOWN_THREAD} AND answered_at IS NULL"),
    "ix_comment_supported_on_assignment": (
        ["assignment_id", "support", "id"],
        f"{_ON_ASSIGNMENT} {_THREAD}",
    ),
    "ix_comment_discussed_on_assignment": (
        ["assignment_id", "reply_count", "id"],
        f"{_ON_ASSIGNMENT} {_THREAD}",
    ),
    "ix_comment_unanswered_on_assignment": (
        ["assignment_id", "id"],
        f"{_ON_ASSIGNMENT} {_SHOWN_THREAD} AND answered_at IS NULL",
    ),
    "ix_comment_of_area": (["goal_id", "area_id", "id"], f"{_SHOWN_THREAD} AND area_id IS NOT NULL"),
    "ix_comment_by_organisation": (["goal_id", "id"], f"{_SHOWN_THREAD} AND organisation_id IS NOT NULL"),
    "ix_comment_of_paragraph": (["paragraph_id", "id"], f"{_SHOWN_THREAD} AND paragraph_id IS NOT NULL"),
}


def upgrade() -> None:
    for name, (columns, which) in _INDEXES.items():
        where = sa.text(which)
        op.create_index(name, "comment", columns, sqlite_where=where, postgresql_where=where)
    due = sa.text("state = 'due'")
    op.create_index(
        "ix_matter_due", "matter", ["due_on", "comment_id"], sqlite_where=due, postgresql_where=due
    )


def downgrade() -> None:
    op.drop_index("ix_matter_due", "matter")
    for name in _INDEXES:
        op.drop_index(name, "comment")
