"""let administrators write what moderators' reasons start from"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_GROUNDS = (
    "threat",
    "intrusion",
    "incitement",
    "agitation",
    "child_abuse",
    "violence",
    "terrorism",
    "copyright",
    "secrecy",
    "personal_data",
    "defamation",
    "personal_attack",
    "off_topic",
    "advertising",
)


def upgrade() -> None:
    op.create_table(
        "reason_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "ground",
            sa.Enum(*_GROUNDS, name="ground", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sv", sa.String(), nullable=False),
        sa.Column("en", sa.String(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_reason_text_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reason_text")),
        sa.UniqueConstraint("ground", "version", name=op.f("uq_reason_text_ground_version")),
    )


def downgrade() -> None:
    op.drop_table("reason_text")
