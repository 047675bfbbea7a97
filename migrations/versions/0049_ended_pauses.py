"""let editors end a pause that has begun before its time"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clock_pause", sa.Column("ended_early_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("clock_pause", "ended_early_at")
