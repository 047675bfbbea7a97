"""let a committee's clocks stand still on days that are announced beforehand"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("matter", sa.Column("days_promised", sa.Integer(), nullable=True))
    op.create_table(
        "clock_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("announced_by_id", sa.Integer(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_clock_pause_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_clock_pause_committee_id")),
        sa.ForeignKeyConstraint(
            ["announced_by_id"], ["person.id"], name=op.f("fk_clock_pause_announced_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_pause")),
    )
    op.create_index(op.f("ix_clock_pause_committee_id_ends_on"), "clock_pause", ["committee_id", "ends_on"])


def downgrade() -> None:
    op.drop_table("clock_pause")
    op.drop_column("matter", "days_promised")
