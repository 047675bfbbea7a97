"""let an answer say something to whoever wrote one of the comments it covers"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("coverage", sa.Column("to_author", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("coverage", "to_author")
