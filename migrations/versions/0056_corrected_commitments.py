"""let a committee put right what it said by mistake of a commitment; what it said stays on record"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import add_values, take_values

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

_STATES = ("open", "kept", "changed", "not_kept")


def upgrade() -> None:
    op.create_table(
        "commitment_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*_STATES, name="commitmentstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrected_by_id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_commitment_correction_{column}")
            )
            for column, table in (
                ("commitment_id", "commitment"),
                ("settled_by_id", "person"),
                ("corrected_by_id", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_correction")),
    )
    op.create_index(
        op.f("ix_commitment_correction_commitment_id"), "commitment_correction", ["commitment_id"]
    )
    add_values("news", "what", "what", "commitment_reopened")


def downgrade() -> None:
    op.execute("DELETE FROM news WHERE what = 'commitment_reopened'")
    take_values("news", "what", "what", "commitment_reopened")
    op.drop_table("commitment_correction")
