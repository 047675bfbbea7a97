"""keep which comments a committee's officers have put together, to answer them at once"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group_choice",
        sa.Column("matter_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("head_id", sa.Integer(), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_group_choice_matter_id")),
        sa.ForeignKeyConstraint(["head_id"], ["matter.id"], name=op.f("fk_group_choice_head_id")),
        sa.ForeignKeyConstraint(["chosen_by_id"], ["person.id"], name=op.f("fk_group_choice_chosen_by_id")),
        sa.PrimaryKeyConstraint("matter_id", name=op.f("pk_group_choice")),
    )
    op.create_index(op.f("ix_group_choice_head_id"), "group_choice", ["head_id"])


def downgrade() -> None:
    op.drop_table("group_choice")
