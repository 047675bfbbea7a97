"""let editors set the time at which an answer is published by itself"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import add_values, allow, on_sqlite, one_of, take_values

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_STATES = ("draft", "in_review", "published", "superseded")
_NEW_STATES = ("draft", "in_review", "scheduled", "published", "superseded")
_SCHEDULED = sa.text("state = 'scheduled'")
_HAS_A_TIME = "(state = 'scheduled') = (publish_at IS NOT NULL)"


def upgrade() -> None:
    allow("response", "responsestate", one_of("state", _STATES), one_of("state", _NEW_STATES))
    moment = "DATETIME" if on_sqlite() else "TIMESTAMP WITH TIME ZONE"
    op.execute(
        f"ALTER TABLE response ADD COLUMN publish_at {moment} "
        f"CONSTRAINT ck_response_scheduled_has_a_time CHECK ({_HAS_A_TIME})"
    )
    where = {"sqlite_where": _SCHEDULED, "postgresql_where": _SCHEDULED}
    op.create_index("ix_response_scheduled", "response", ["publish_at"], **where)
    add_values("letter", "letterkind", "kind", "not_as_planned")


def downgrade() -> None:
    # Every letter stays on record; what waits isn't sent, since nothing would know any more what to write.
    op.execute("UPDATE letter SET state = 'dropped' WHERE state = 'queued' AND kind = 'not_as_planned'")
    op.execute("UPDATE letter SET kind = 'committee_late' WHERE kind = 'not_as_planned'")
    take_values("letter", "letterkind", "kind", "not_as_planned")
    op.drop_index("ix_response_scheduled", "response")
    op.execute("UPDATE response SET state = 'draft', publish_at = NULL WHERE state = 'scheduled'")
    op.execute("ALTER TABLE response DROP COLUMN publish_at")
    allow("response", "responsestate", one_of("state", _NEW_STATES), one_of("state", _STATES))
