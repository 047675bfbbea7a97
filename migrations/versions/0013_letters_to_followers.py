"""let those who follow things have letters, at once or in a digest, and be told of replies"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import allow, one_of

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_BEFORE = ("sign_in", "receipt", "published", "hidden", "answered")
_AFTER = (*_BEFORE, "followed", "digest")
_NEWS = ("commented", "answered", "changed", "dialogue_opened", "dialogue_closed", "reported_back")
_QUEUED = sa.text("state = 'queued'")


def upgrade() -> None:
    allow("letter", "letterkind", one_of("kind", _BEFORE), one_of("kind", _AFTER))
    allow("news", "what", one_of("what", _NEWS), one_of("what", (*_NEWS, "replied")))
    op.add_column("letter", sa.Column("in_bulk", sa.Boolean(), server_default=sa.false(), nullable=False))
    _index_queue("in_bulk", "next_attempt_at", "id")
    op.create_table(
        "digest_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "how_often",
            sa.Enum(
                "at_once",
                "daily",
                "weekly",
                "never",
                name="howoften",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_run")),
        sa.UniqueConstraint("how_often", "period", name=op.f("uq_digest_run_how_often_period")),
    )
    op.execute("INSERT INTO progress SELECT 'telling', coalesce(max(id), 0), 0 FROM event")


def downgrade() -> None:
    # Every letter stays on record; what waits isn't sent, since nothing would know any more what to write.
    new = "('followed', 'digest')"
    op.execute(f"UPDATE letter SET state = 'dropped' WHERE state = 'queued' AND kind IN {new}")  # noqa: S608
    op.execute(f"UPDATE letter SET kind = 'published' WHERE kind IN {new}")  # noqa: S608 - words of ours
    op.execute("DELETE FROM progress WHERE work = 'telling'")
    op.drop_table("digest_run")
    _index_queue("next_attempt_at", "id")
    op.drop_column("letter", "in_bulk")
    op.execute("DELETE FROM news WHERE what = 'replied'")
    allow("news", "what", one_of("what", (*_NEWS, "replied")), one_of("what", _NEWS))
    allow("letter", "letterkind", one_of("kind", _AFTER), one_of("kind", _BEFORE))


def _index_queue(*columns: str) -> None:
    op.drop_index("ix_letter_queue", "letter")
    op.create_index(
        "ix_letter_queue", "letter", list(columns), sqlite_where=_QUEUED, postgresql_where=_QUEUED
    )
