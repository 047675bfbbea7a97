"""write once, before its last day, to whoever holds a mandate"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import add_values, take_values

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

_TO_TELL = sa.text("ended_at IS NULL AND expiry_noticed_at IS NULL")


def upgrade() -> None:
    op.add_column("mandate", sa.Column("expiry_noticed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_mandate_to_tell", "mandate", ["expires_on"], sqlite_where=_TO_TELL, postgresql_where=_TO_TELL
    )
    add_values("letter", "letterkind", "kind", "mandate_expires")


def downgrade() -> None:
    # Every letter stays on record; what waits isn't sent, since nothing would know any more what to write.
    op.execute("UPDATE letter SET state = 'dropped' WHERE state = 'queued' AND kind = 'mandate_expires'")
    op.execute("UPDATE letter SET kind = 'mandate_ended' WHERE kind = 'mandate_expires'")
    take_values("letter", "letterkind", "kind", "mandate_expires")
    op.drop_index("ix_mandate_to_tell", "mandate")
    op.drop_column("mandate", "expiry_noticed_at")
