"""supervision of the queue, day by day, and a letter to moderators when something waits too long"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import allow, one_of

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_LETTERS = (
    "sign_in",
    "receipt",
    "published",
    "hidden",
    "appeal_settled",
    "held",
    "report_received",
    "report_settled",
    "answered",
    "forwarded",
    "late",
    "committee_late",
    "verdict_asked",
    "followed",
    "organisation_judged",
    "mandate_offered",
    "mandate_ended",
    "digest",
)
_WITH_QUEUE_LATE = (*_LETTERS[:-1], "queue_late", "digest")


def upgrade() -> None:
    op.create_table(
        "supervised_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_by_id", sa.Integer(), nullable=True),
        sa.Column("oldest_id", sa.Integer(), nullable=True),
        sa.Column("oldest_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_through_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(last_at IS NULL) = (last_by_id IS NULL)", name=op.f("ck_supervised_day_worked_by_somebody")
        ),
        sa.CheckConstraint(
            "(oldest_id IS NULL) = (oldest_since IS NULL)", name=op.f("ck_supervised_day_oldest_since_a_time")
        ),
        sa.CheckConstraint(
            "gone_through_at IS NULL OR last_at IS NOT NULL",
            name=op.f("ck_supervised_day_gone_through_is_work"),
        ),
        sa.ForeignKeyConstraint(["last_by_id"], ["person.id"], name=op.f("fk_supervised_day_last_by_id")),
        sa.ForeignKeyConstraint(["oldest_id"], ["comment.id"], name=op.f("fk_supervised_day_oldest_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervised_day")),
        sa.UniqueConstraint("day", name=op.f("uq_supervised_day_day")),
    )
    allow("letter", "letterkind", one_of("kind", _LETTERS), one_of("kind", _WITH_QUEUE_LATE))


def downgrade() -> None:
    # Every letter stays on record; what waits isn't sent, since nothing would know any more what to write.
    op.execute("UPDATE letter SET state = 'dropped' WHERE state = 'queued' AND kind = 'queue_late'")
    op.execute("UPDATE letter SET kind = 'receipt' WHERE kind = 'queue_late'")
    allow("letter", "letterkind", one_of("kind", _WITH_QUEUE_LATE), one_of("kind", _LETTERS))
    op.drop_table("supervised_day")
