"""replies: comments to comments, one level deep, each to the wording its author had read"""

import re

import sqlalchemy as sa
from alembic import op

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
    if _on_sqlite():
        _rebuild(r"\)\s*$", _CONSTRAINTS + ")")
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
    if _on_sqlite():
        _rebuild(re.escape(_CONSTRAINTS), "")
    else:
        for name in _CHECKS:
            op.drop_constraint(op.f(name), "comment", type_="check")
        op.drop_constraint("fk_comment_parent_id", "comment", type_="foreignkey")
    for column in ("support", "reply_count", "parent_wording", "parent_id"):
        op.drop_column("comment", column)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _index_what_stands_on_pages(which: sa.TextClause) -> None:
    for about in ("goal", "assignment"):
        name = f"ix_comment_of_{about}"
        op.drop_index(name, "comment")
        op.create_index(name, "comment", [f"{about}_id", "id"], sqlite_where=which, postgresql_where=which)


def _rebuild(before: str, after: str) -> None:
    """Put `after` for the one place that `before` finds in what SQLite made the table by, and keep every row.

    The steps are those of https://www.sqlite.org/lang_altertable.html#otheralter; env.py sees to the first and last.
    """
    made = sa.text(
        "SELECT sql FROM sqlite_schema WHERE tbl_name = 'comment' AND type = :type AND sql IS NOT NULL"
    )
    ask = op.get_bind().execute
    [whole] = ask(made, {"type": "table"}).scalars()
    others = [sql for kind in ("index", "trigger") for sql in ask(made, {"type": kind}).scalars()]
    changed, times = re.subn(before, after, whole)
    if times != 1:
        raise RuntimeError(f"The table comment was not made with {before}: {whole}")
    op.get_bind().exec_driver_sql(re.sub('^CREATE TABLE "?comment"?', "CREATE TABLE comment_new", changed))
    op.execute("INSERT INTO comment_new SELECT * FROM comment")
    op.execute("DROP TABLE comment")
    op.execute("ALTER TABLE comment_new RENAME TO comment")
    for sql in others:
        op.get_bind().exec_driver_sql(sql)
