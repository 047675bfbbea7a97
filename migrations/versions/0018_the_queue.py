"""who is looking at what, sums of decisions about each author, and the queue by goal and by reason"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None

_WAITING = sa.text("review_since IS NOT NULL")
_INDEXES = {
    "ix_comment_waiting_on_goal": ["goal_id", "review_since", "id"],
    "ix_comment_waiting_because": ["review_reason", "review_since", "id"],
}


def upgrade() -> None:
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_claim_comment_id")),
        sa.ForeignKeyConstraint(["moderator_id"], ["person.id"], name=op.f("fk_claim_moderator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_claim_comment_id")),
    )
    op.create_table(
        "decision_sum",
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("decisions", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_decision_sum_author_id")),
        sa.PrimaryKeyConstraint("author_id", "what", name=op.f("pk_decision_sum")),
    )
    op.execute(
        "INSERT INTO decision_sum (author_id, what, decisions) "
        "SELECT comment.author_id, coalesce(decision.ground, decision.act), count(*) "
        "FROM decision JOIN comment ON comment.id = decision.comment_id GROUP BY 1, 2"
    )
    for name, columns in _INDEXES.items():
        op.create_index(name, "comment", columns, sqlite_where=_WAITING, postgresql_where=_WAITING)


def downgrade() -> None:
    for name in _INDEXES:
        op.drop_index(name, "comment")
    op.drop_table("decision_sum")
    op.drop_table("claim")
