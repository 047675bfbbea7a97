"""e-legitimation: that a person has proved who they are, by a hash that keeps one human being to one account"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_identity")),
        sa.UniqueConstraint("key", name=op.f("uq_identity_key")),
    )


def downgrade() -> None:
    op.drop_table("identity")
