"""let answers wait for an editor, and be sent back with what is to be changed"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("response", sa.Column("sent_back_because", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("response", "sent_back_because")
