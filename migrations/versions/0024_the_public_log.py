"""keep the sums of decisions by year that the public log shows"""

from collections import Counter
from datetime import UTC
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_DECISION = sa.table(
    "decision",
    sa.column("act", sa.String()),
    sa.column("ground", sa.String()),
    sa.column("decided_at", sa.DateTime(timezone=True)),
    sa.column("waiting_since", sa.DateTime(timezone=True)),
    sa.column("appealed_at", sa.DateTime(timezone=True)),
    sa.column("overturned_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    tallies = op.create_table(
        "log_tally",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("hours", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("decisions", sa.Integer(), nullable=False),
        sa.Column("appealed", sa.Integer(), nullable=False),
        sa.Column("overturned", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "what", "hours", name=op.f("pk_log_tally")),
    )
    op.bulk_insert(tallies, _sums())


def downgrade() -> None:
    op.drop_table("log_tally")


def _sums() -> list[dict[str, object]]:
    """What there is to count. What isn't known to have waited has -1 hours; nothing has more than ten days."""
    sums: dict[tuple[int, str, int], Counter[str]] = {}
    for row in op.get_bind().execute(sa.select(_DECISION)):
        decided_at = row.decided_at if row.decided_at.tzinfo else row.decided_at.replace(tzinfo=UTC)
        hours = -1
        if row.waiting_since is not None:
            waited = (row.decided_at - row.waiting_since).total_seconds()
            hours = max(0, min(int(waited) // 3600, 240))
        year = decided_at.astimezone(ZoneInfo("Europe/Stockholm")).year
        sums.setdefault((year, row.ground or row.act, hours), Counter()).update(
            decisions=1,
            appealed=row.appealed_at is not None,
            overturned=row.overturned_at is not None,
        )
    return [
        {"year": year, "what": what, "hours": hours, **counts} for (year, what, hours), counts in sums.items()
    ]
