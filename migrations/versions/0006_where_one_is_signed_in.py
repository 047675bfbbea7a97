"""where one is signed in: the kind of each browser, so that its owner knows it again"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("signed_in", sa.Column("browser", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("signed_in", "browser")
