"""let moderators choose which committees answer a comment"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import allow, one_of

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_STATES = ("due", "answered", "forwarded", "closed")
_AND_REMOVED = (*_STATES, "removed")
_FOR_A_REASON = (
    "(state <> 'removed' OR remove_reason IS NOT NULL) AND (removed_at IS NULL) = (remove_reason IS NULL)"
)


def upgrade() -> None:
    allow("matter", "matterstate", one_of("state", _STATES), one_of("state", _AND_REMOVED))
    op.add_column("matter", sa.Column("added_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("matter", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "ALTER TABLE matter ADD COLUMN remove_reason VARCHAR "
        f"CONSTRAINT ck_matter_removed_for_a_reason CHECK ({_FOR_A_REASON})"
    )


def downgrade() -> None:
    for column in ("remove_reason", "removed_at", "added_at"):
        op.drop_column("matter", column)
    # What a committee was let off from is owed no more: as with what is no longer public.
    op.execute("UPDATE matter SET state = 'closed' WHERE state = 'removed'")
    allow("matter", "matterstate", one_of("state", _AND_REMOVED), one_of("state", _STATES))
