"""let those who follow things have letters, at once or in a digest, and be told of replies"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_BEFORE = ("sign_in", "receipt", "published", "hidden", "answered")
_AFTER = (*_BEFORE, "followed", "digest")
_NEWS = ("commented", "answered", "changed", "dialogue_opened", "dialogue_closed", "reported_back")
_QUEUED = sa.text("state = 'queued'")


def upgrade() -> None:
    _allow("letter", "letterkind", _check("kind", _BEFORE), _check("kind", _AFTER))
    _allow("news", "what", _check("what", _NEWS), _check("what", (*_NEWS, "replied")))
    op.add_column("letter", sa.Column("in_bulk", sa.Boolean(), server_default=sa.false(), nullable=False))
    _index_queue("in_bulk", "next_attempt_at", "id")
    op.create_table(
        "digest_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "how_often",
            sa.Enum(
                "at_once",
                "daily",
                "weekly",
                "never",
                name="howoften",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_run")),
        sa.UniqueConstraint("how_often", "period", name=op.f("uq_digest_run_how_often_period")),
    )
    op.execute("INSERT INTO progress SELECT 'telling', coalesce(max(id), 0), 0 FROM event")


def downgrade() -> None:
    # Every letter stays on record; what waits isn't sent, since nothing would know any more what to write.
    new = "('followed', 'digest')"
    op.execute(f"UPDATE letter SET state = 'dropped' WHERE state = 'queued' AND kind IN {new}")  # noqa: S608
    op.execute(f"UPDATE letter SET kind = 'published' WHERE kind IN {new}")  # noqa: S608 - words of ours
    op.execute("DELETE FROM progress WHERE work = 'telling'")
    op.drop_table("digest_run")
    _index_queue("next_attempt_at", "id")
    op.drop_column("letter", "in_bulk")
    op.execute("DELETE FROM news WHERE what = 'replied'")
    _allow("news", "what", _check("what", (*_NEWS, "replied")), _check("what", _NEWS))
    _allow("letter", "letterkind", _check("kind", _AFTER), _check("kind", _BEFORE))


def _index_queue(*columns: str) -> None:
    op.drop_index("ix_letter_queue", "letter")
    op.create_index(
        "ix_letter_queue", "letter", list(columns), sqlite_where=_QUEUED, postgresql_where=_QUEUED
    )


def _allow(table: str, name: str, before: str, after: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(table, before, after)
        return
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, after)


def _check(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


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
