"""let a comment's author edit it: why it waits then, and from when each wording was public"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BEFORE = ("first_comment", "new_comment")
_AFTER = (*_BEFORE, "edited", "sent_again")


def upgrade() -> None:
    op.add_column("comment_wording", sa.Column("shown_from", sa.DateTime(timezone=True), nullable=True))
    # Until now every comment has had one wording.
    op.execute(
        "UPDATE comment_wording SET shown_from = "
        "(SELECT published_at FROM comment WHERE comment.id = comment_wording.comment_id)"
    )
    _allow_reasons(_BEFORE, _AFTER)


def downgrade() -> None:
    op.execute("UPDATE comment SET review_reason = 'new_comment' WHERE review_reason = 'edited'")
    op.execute("UPDATE comment SET review_reason = 'first_comment' WHERE review_reason = 'sent_again'")
    _allow_reasons(_AFTER, _BEFORE)
    op.drop_column("comment_wording", "shown_from")


def _allow_reasons(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild("comment", _check(before), _check(after))
        return
    op.drop_constraint(op.f("ck_comment_reviewreason"), "comment", type_="check")
    op.create_check_constraint(op.f("ck_comment_reviewreason"), "comment", _check(after))


def _check(reasons: tuple[str, ...]) -> str:
    return f"review_reason IN ({', '.join(repr(reason) for reason in reasons)})"


def _rebuild(table: str, before: str, after: str) -> None:
    """Put `after` for `before` in what a table of SQLite was made by, with every other word of it as it stands.

    The steps are those of https://www.sqlite.org/lang_altertable.html#otheralter; env.py sees to the first and last.
    """
    made = sa.text(
        "SELECT sql FROM sqlite_schema WHERE tbl_name = :table AND type = :type AND sql IS NOT NULL"
    )
    ask = op.get_bind().execute
    [whole] = ask(made, {"table": table, "type": "table"}).scalars()
    others = [
        sql for kind in ("index", "trigger") for sql in ask(made, {"table": table, "type": kind}).scalars()
    ]
    if whole.count(before) != 1:
        raise RuntimeError(f"The table {table} was not made with {before}: {whole}")
    new = re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE {table}_new", whole.replace(before, after))
    op.get_bind().exec_driver_sql(new)
    op.execute(f"INSERT INTO {table}_new SELECT * FROM {table}")  # noqa: S608 - a name of ours
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE {table}_new RENAME TO {table}")
    for sql in others:
        op.get_bind().exec_driver_sql(sql)
