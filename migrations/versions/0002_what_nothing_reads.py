"""take out what nothing reads, let indexes follow what is asked, give the register versions and sign-in links keys"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_CURRENT = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    op.drop_column("plan", "revision")
    op.drop_index("ix_paragraph_current", "paragraph")
    op.create_index(
        "ix_paragraph_current", "paragraph", ["goal_id"], sqlite_where=_CURRENT, postgresql_where=_CURRENT
    )
    op.drop_index("ix_comment_author_id_state", "comment")
    op.create_index("ix_comment_author_id_id", "comment", ["author_id", "id"])
    for table in ("committee", "area"):
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("sign_in_link", sa.Column("key", sa.String(), nullable=True))
    # The addresses that were sent before say another thing; whoever waits for one asks anew.
    op.execute("UPDATE sign_in_link SET key = 'before-' || id, expires_at = created_at WHERE used_at IS NULL")
    op.execute("UPDATE sign_in_link SET key = 'before-' || id WHERE key IS NULL")
    with op.batch_alter_table("sign_in_link") as link:
        link.alter_column("key", existing_type=sa.String(), nullable=False)
        link.create_unique_constraint("uq_sign_in_link_key", ["key"])
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempt"),
    )
    op.create_index("ix_sign_in_attempt_network_at", "sign_in_attempt", ["network", "at"])


def downgrade() -> None:
    op.drop_table("sign_in_attempt")
    with op.batch_alter_table("sign_in_link") as link:
        link.drop_constraint("uq_sign_in_link_key")
        link.drop_column("key")
    for table in ("area", "committee"):
        op.drop_column(table, "version")
    op.drop_index("ix_comment_author_id_id", "comment")
    op.create_index("ix_comment_author_id_state", "comment", ["author_id", "state"])
    op.drop_index("ix_paragraph_current", "paragraph")
    op.create_index("ix_paragraph_current", "paragraph", ["goal_id"], sqlite_where=_CURRENT)
    op.add_column("plan", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
