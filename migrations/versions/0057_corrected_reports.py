"""keep what a dialogue's report said before it was given other words, and what was changed"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dialogue", sa.Column("report_revised_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "earlier_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(
            sa.Column(part, sa.String(), nullable=False)
            for part in ("you_said", "we_decided", "because", "decision_reference", "what_changed")
        ),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("shown_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dialogue_id"], ["dialogue.id"], name=op.f("fk_earlier_report_dialogue_id")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["person.id"], name=op.f("fk_earlier_report_replaced_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_report")),
        sa.UniqueConstraint("dialogue_id", "number", name=op.f("uq_earlier_report_dialogue_id")),
    )


def downgrade() -> None:
    op.drop_table("earlier_report")
    op.drop_column("dialogue", "report_revised_at")
