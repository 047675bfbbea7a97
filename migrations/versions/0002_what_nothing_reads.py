"""take out what nothing reads, and let the indexes follow what is asked"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_CURRENT = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    op.drop_column("plan", "revision")
    op.drop_index("ix_paragraph_current", "paragraph")
    op.create_index(
        "ix_paragraph_current", "paragraph", ["goal_id"], sqlite_where=_CURRENT, postgresql_where=_CURRENT
    )
    op.drop_index("ix_comment_author_id_state", "comment")
    op.create_index("ix_comment_author_id_id", "comment", ["author_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_comment_author_id_id", "comment")
    op.create_index("ix_comment_author_id_state", "comment", ["author_id", "state"])
    op.drop_index("ix_paragraph_current", "paragraph")
    op.create_index("ix_paragraph_current", "paragraph", ["goal_id"], sqlite_where=_CURRENT)
    op.add_column("plan", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
