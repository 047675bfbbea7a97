"""write to editors, once, of an answer that waits for them"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import add_values, take_values

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_TO_REVIEW = sa.text("state = 'in_review' AND review_noticed_at IS NULL")


def upgrade() -> None:
    op.add_column("response", sa.Column("review_noticed_at", sa.DateTime(timezone=True), nullable=True))
    where = {"sqlite_where": _TO_REVIEW, "postgresql_where": _TO_REVIEW}
    op.create_index("ix_response_to_review", "response", ["id"], **where)
    add_values("letter", "letterkind", "kind", "review_waits")


def downgrade() -> None:
    # Every letter stays on record; what waits isn't sent, since nothing would know any more what to write.
    op.execute("UPDATE letter SET state = 'dropped' WHERE state = 'queued' AND kind = 'review_waits'")
    op.execute("UPDATE letter SET kind = 'committee_late' WHERE kind = 'review_waits'")
    take_values("letter", "letterkind", "kind", "review_waits")
    op.drop_index("ix_response_to_review", "response")
    op.drop_column("response", "review_noticed_at")
