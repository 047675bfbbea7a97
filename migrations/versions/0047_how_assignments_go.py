"""let committees say how their assignments go, and what a published follow-up is about"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import add_values, on_sqlite, one_of, take_values

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_PROGRESS = ("not_started", "under_way", "delayed", "done", "stopped")
_KEY = ["year", "period", "committee_words", "assignment_words"]
_NOT_REPLACED = sa.text("replaced_at IS NULL")
_PUBLISHED = sa.text("replaced_at IS NULL AND written_by_id IS NULL")
_BY_HAND = sa.text("replaced_at IS NULL AND written_by_id IS NOT NULL")


def upgrade() -> None:
    moment = "DATETIME" if on_sqlite() else "TIMESTAMP WITH TIME ZONE"
    for column in (
        "version INTEGER DEFAULT 1 NOT NULL",
        f"progress VARCHAR(40) CONSTRAINT ck_follow_up_progress CHECK ({one_of('progress', _PROGRESS)}) "
        "CONSTRAINT ck_follow_up_progress_of_something CHECK (progress IS NULL OR assignment_id IS NOT NULL)",
        "settled_by_id INTEGER CONSTRAINT fk_follow_up_settled_by_id REFERENCES person (id)",
        f"settled_at {moment} CONSTRAINT ck_follow_up_settled_by_somebody "
        "CHECK ((settled_at IS NULL) = (settled_by_id IS NULL))",
        "written_by_id INTEGER CONSTRAINT fk_follow_up_written_by_id REFERENCES person (id)",
    ):
        op.execute(f"ALTER TABLE follow_up ADD COLUMN {column}")
    op.drop_index("ix_follow_up_current", "follow_up")
    _index("current", _KEY, _PUBLISHED)
    _index("by_hand", ["assignment_id", "committee_id", "period"], _BY_HAND)
    add_values("news", "what", "what", "followed_up")


def downgrade() -> None:
    op.execute("DELETE FROM news WHERE what = 'followed_up'")
    take_values("news", "what", "what", "followed_up")
    # What is written by hand was not known of: it stays on record as replaced.
    op.execute(
        "UPDATE follow_up SET replaced_at = imported_at WHERE written_by_id IS NOT NULL AND replaced_at IS NULL"
    )
    op.drop_index("ix_follow_up_by_hand", "follow_up")
    op.drop_index("ix_follow_up_current", "follow_up")
    for column in ("written_by_id", "settled_at", "settled_by_id", "progress", "version"):
        op.drop_column("follow_up", column)
    _index("current", _KEY, _NOT_REPLACED)


def _index(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(
        f"ix_follow_up_{name}",
        "follow_up",
        columns,
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
