"""let a dialogue ask for real names, and people say that the name they show is theirs"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_COLUMNS = {"dialogue": "real_names_only", "person": "name_is_real"}


def upgrade() -> None:
    for table, column in _COLUMNS.items():
        op.add_column(table, sa.Column(column, sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    for table, column in _COLUMNS.items():
        op.drop_column(table, column)
