"""let officers take matters and note something about them"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import on_sqlite

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_TAKEN = "(taken_by_id IS NULL) = (taken_at IS NULL)"


def upgrade() -> None:
    moment = "DATETIME" if on_sqlite() else "TIMESTAMP WITH TIME ZONE"
    op.execute(
        "ALTER TABLE matter ADD COLUMN taken_by_id INTEGER "
        "CONSTRAINT fk_matter_taken_by_id REFERENCES person (id)"
    )
    op.execute(
        f"ALTER TABLE matter ADD COLUMN taken_at {moment} "
        f"CONSTRAINT ck_matter_taken_by_somebody_at_a_time CHECK ({_TAKEN})"
    )
    op.create_table(
        "matter_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_matter_note_matter_id")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_matter_note_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_note")),
    )
    op.create_index(op.f("ix_matter_note_matter_id"), "matter_note", ["matter_id"])


def downgrade() -> None:
    op.drop_table("matter_note")
    op.drop_column("matter", "taken_at")
    op.drop_column("matter", "taken_by_id")
