"""keep what a published answer said before it was given other words, and what was changed"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

OUTCOMES = ("will_do", "already_done", "partly", "being_investigated", "will_not", "not_ours")


def upgrade() -> None:
    op.add_column("response", sa.Column("revised_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "earlier_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("you_said", sa.String(), nullable=False),
        sa.Column("we_decided", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(*OUTCOMES, name="outcome", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision_reference", sa.String(), nullable=True),
        sa.Column("shown_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=False),
        sa.Column("what_changed", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_earlier_answer_response_id")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["person.id"], name=op.f("fk_earlier_answer_replaced_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_answer")),
        sa.UniqueConstraint("response_id", "number", name=op.f("uq_earlier_answer_response_id")),
    )


def downgrade() -> None:
    op.drop_table("earlier_answer")
    op.drop_column("response", "revised_at")
