"""meetings where several people were heard"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_AT_A_SITTING = sa.text("sitting_id IS NOT NULL")
_IS_A_MEETING = "sitting_id IS NULL OR channel = 'meeting'"


def upgrade() -> None:
    op.create_table(
        "sitting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("attending", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("attending > 0", name="ck_sitting_somebody_was_there"),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name="fk_sitting_goal_id"),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_sitting_area_id"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name="fk_sitting_recorded_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sitting"),
        sa.UniqueConstraint("form_key", name="uq_sitting_form_key"),
    )
    op.create_index("ix_sitting_recorded_by_id", "sitting", ["recorded_by_id"])
    op.execute(
        "ALTER TABLE comment ADD COLUMN sitting_id INTEGER "
        "CONSTRAINT fk_comment_sitting_id REFERENCES sitting (id) "
        f"CONSTRAINT ck_comment_sitting_is_a_meeting CHECK ({_IS_A_MEETING})"
    )
    op.create_index(
        "ix_comment_of_sitting",
        "comment",
        ["sitting_id", "id"],
        sqlite_where=_AT_A_SITTING,
        postgresql_where=_AT_A_SITTING,
    )


def downgrade() -> None:
    op.drop_index("ix_comment_of_sitting", "comment")
    op.execute("ALTER TABLE comment DROP COLUMN sitting_id")
    op.drop_table("sitting")
