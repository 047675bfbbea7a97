"""replies: comments to comments, one level deep, each to the wording its author had read"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import on_sqlite, rebuild

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SHOWN = sa.text("state = 'published'")
_THREAD = sa.text("parent_id IS NULL AND (state = 'published' OR reply_count > 0)")
_REPLY = sa.text("parent_id IS NOT NULL AND state = 'published'")
_CHECKS = {
    "ck_comment_reply_is_to_a_wording": "(parent_id IS NULL) = (parent_wording IS NULL)",
    "ck_comment_one_level_of_replies": "parent_id IS NULL OR reply_count = 0",
}
# As SQLite is told of them, at the end of what the table is made by.
_CONSTRAINTS = "".join(
    [
        ", CONSTRAINT fk_comment_parent_id FOREIGN KEY(parent_id) REFERENCES comment (id)",
        *(f", CONSTRAINT {name} CHECK ({check})" for name, check in _CHECKS.items()),
    ]
)


def upgrade() -> None:
    op.add_column("comment", sa.Column("parent_id", sa.Integer(), nullable=True))
    op.add_column("comment", sa.Column("parent_wording", sa.Integer(), nullable=True))
    for count in ("reply_count", "support"):
        op.add_column("comment", sa.Column(count, sa.Integer(), nullable=False, server_default="0"))
    if on_sqlite():
        rebuild("comment", {}, at_end=_CONSTRAINTS)
    else:
        op.create_foreign_key("fk_comment_parent_id", "comment", "comment", ["parent_id"], ["id"])
        for name, check in _CHECKS.items():
            op.create_check_constraint(op.f(name), "comment", check)
    _index_what_stands_on_pages(_THREAD)
    op.create_index(
        "ix_comment_reply", "comment", ["parent_id", "id"], sqlite_where=_REPLY, postgresql_where=_REPLY
    )


def downgrade() -> None:
    """What was said as a reply stays, as a comment among the others."""
    op.drop_index("ix_comment_reply", "comment")
    _index_what_stands_on_pages(_SHOWN)
    if on_sqlite():
        rebuild("comment", {_CONSTRAINTS: ""})
    else:
        for name in _CHECKS:
            op.drop_constraint(op.f(name), "comment", type_="check")
        op.drop_constraint("fk_comment_parent_id", "comment", type_="foreignkey")
    for column in ("support", "reply_count", "parent_wording", "parent_id"):
        op.drop_column("comment", column)


def _index_what_stands_on_pages(which: sa.TextClause) -> None:
    for about in ("goal", "assignment"):
        name = f"ix_comment_of_{about}"
        op.drop_index(name, "comment")
        op.create_index(name, "comment", [f"{about}_id", "id"], sqlite_where=which, postgresql_where=which)
