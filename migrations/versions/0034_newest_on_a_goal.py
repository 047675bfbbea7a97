"""let what was said last on a goal be found at once in the index of words"""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_search_entry_goal_id_kind_id"), "search_entry", ["goal_id", "kind", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_search_entry_goal_id_kind_id"), "search_entry")
