"""finding by words"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                *("goal", "assignment", "answer", "comment"),
                name="entrykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("stems", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name="fk_search_entry_goal_id"),
        sa.PrimaryKeyConstraint("id", name="pk_search_entry"),
        sa.UniqueConstraint("kind", "subject_id", name="uq_search_entry_kind_subject_id"),
    )
    if op.get_bind().dialect.name == "sqlite":
        # Only the index, not the words: what is deleted from it leaves nothing behind.
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5(stems, words, content='', contentless_delete=1, "
            "tokenize='unicode61 remove_diacritics 0')"
        )
    else:
        op.execute("CREATE TABLE search_index (rowid integer PRIMARY KEY, stems tsvector, words tsvector)")
        op.execute("CREATE INDEX ix_search_index_stems ON search_index USING gin (stems)")
        op.execute("CREATE INDEX ix_search_index_words ON search_index USING gin (words)")


def downgrade() -> None:
    op.execute("DROP TABLE search_index")
    op.drop_table("search_entry")
