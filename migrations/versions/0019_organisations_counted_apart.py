"""count what organisations say apart from what persons say"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# What each count is counted by: a comment stands with the wording it was about, and the count on the first wording.
_ABOUT = {
    "goal": "comment.goal_id",
    "assignment": "comment.assignment_id",
    "paragraph": "coalesce(paragraph.lineage_id, paragraph.id)",
    "comment": "comment.parent_id",
}
_COUNTS = dict.fromkeys(_ABOUT, "by_organisations") | {"comment": "replies_by_organisations"}


def upgrade() -> None:
    for table, count in _COUNTS.items():
        op.add_column(table, sa.Column(count, sa.Integer(), nullable=False, server_default="0"))
        said = (
            f"SELECT {_ABOUT[table]} AS about, count(*) AS number "  # noqa: S608 - names of ours
            "FROM comment LEFT JOIN paragraph ON paragraph.id = comment.paragraph_id "
            f"WHERE comment.state = 'published' AND comment.organisation_id IS NOT NULL GROUP BY {_ABOUT[table]}"
        )
        op.execute(
            f"UPDATE {table} SET {count} = said.number FROM ({said}) AS said "  # noqa: S608
            f"WHERE said.about = {table}.id"
        )


def downgrade() -> None:
    for table, count in _COUNTS.items():
        op.drop_column(table, count)
