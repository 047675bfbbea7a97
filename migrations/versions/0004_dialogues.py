"""dialogues"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CURRENT = sa.text("state <> 'reported_back'")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "dialogue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column(
            "state", _enum("dialoguestate", "draft", "open", "closed", "reported_back"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            _enum("level", "information", "consultation", "dialogue", "influence", "co_decision"),
            nullable=True,
        ),
        sa.Column("can_change", sa.String(), nullable=False),
        sa.Column("cannot_change", sa.String(), nullable=False),
        sa.Column("who_decides", sa.String(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("decides_on", sa.Date(), nullable=True),
        sa.Column("feedback_on", sa.Date(), nullable=True),
        sa.Column("pre_moderated", sa.Boolean(), nullable=False),
        sa.Column("consultation_duty", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state = 'draft' OR (level IS NOT NULL AND who_decides <> '' AND closes_on IS NOT NULL "
            "AND decides_on IS NOT NULL AND feedback_on IS NOT NULL AND opened_at IS NOT NULL)",
            name="ck_dialogue_says_all_before_it_opens",
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name="fk_dialogue_goal_id"),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name="fk_dialogue_assignment_id"),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name="fk_dialogue_committee_id"),
        sa.PrimaryKeyConstraint("id", name="pk_dialogue"),
    )
    op.create_index(
        "uq_dialogue_current",
        "dialogue",
        ["goal_id", sa.text("coalesce(assignment_id, 0)")],
        unique=True,
        sqlite_where=_CURRENT,
        postgresql_where=_CURRENT,
    )


def downgrade() -> None:
    op.drop_table("dialogue")
