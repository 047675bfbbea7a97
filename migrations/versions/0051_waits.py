"""measure how long people wait for committees, and whether they get what is promised in time"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_MEASURED = "(waited_days IS NULL) = (in_time IS NULL)"


def upgrade() -> None:
    op.create_table(
        "wait_sum",
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column(
            "wait",
            sa.Enum(
                "passed_on", "answered", name="wait", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("in_time", sa.Boolean(), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_wait_sum_committee_id")),
        sa.PrimaryKeyConstraint("committee_id", "wait", "days", "in_time", name=op.f("pk_wait_sum")),
    )
    for column in ("asked", "passed_on_at_once"):
        op.add_column("workload", sa.Column(column, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("matter", sa.Column("passed_on_after", sa.Integer(), nullable=True))
    op.add_column("coverage", sa.Column("in_time", sa.Boolean(), nullable=True))
    op.execute(
        "ALTER TABLE coverage ADD COLUMN waited_days INTEGER "
        f"CONSTRAINT ck_coverage_waited_in_time_or_not CHECK ({_MEASURED})"
    )
    # What was asked before this is known; how long it waited is measured from now on.
    op.execute(
        "UPDATE workload SET asked = "
        "(SELECT count(*) FROM matter WHERE matter.committee_id = workload.committee_id)"
    )


def downgrade() -> None:
    op.drop_column("coverage", "waited_days")
    op.drop_column("coverage", "in_time")
    op.drop_column("matter", "passed_on_after")
    for column in ("passed_on_at_once", "asked"):
        op.drop_column("workload", column)
    op.drop_table("wait_sum")
