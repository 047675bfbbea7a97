"""What migrations share for what SQLite can't alter: the constraints of a table that stands."""

import re
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from alembic import op


def on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def one_of(column: str, values: Iterable[str]) -> str:
    """The condition that a column holds one of these values, as it stands in what a table was made by."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def allow(table: str, constraint: str, before: str, after: str) -> None:
    """Put the condition `after` for `before` in a CHECK constraint, on either database."""
    if on_sqlite():
        return rebuild(table, {before: after})
    name = op.f(f"ck_{table}_{constraint}")
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, after)


def add_values(table: str, constraint: str, column: str, *values: str) -> None:
    """Let `column`, which a CHECK constraint holds to some values, hold these as well."""
    before = _values(table, constraint, column)
    allow(table, constraint, one_of(column, before), one_of(column, [*before, *values]))


def take_values(table: str, constraint: str, column: str, *values: str) -> None:
    """Hold `column` to what it could hold before `add_values`. No row may hold one of these any more."""
    before = _values(table, constraint, column)
    allow(
        table,
        constraint,
        one_of(column, before),
        one_of(column, [one for one in before if one not in values]),
    )


def _values(table: str, constraint: str, column: str) -> list[str]:
    """The values that a constraint of the table holds a column to, in the order they stand in it."""
    ask = op.get_bind().scalar
    if on_sqlite():
        made = ask(
            sa.text("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = :name"), {"name": table}
        )
        [condition] = re.findall(rf"\b{column} IN \(([^)]*)\)", made)
    else:
        definition = sa.text(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conname = :name AND conrelid = to_regclass(:table)"
        )
        condition = ask(definition, {"name": f"ck_{table}_{constraint}", "table": table})
    return re.findall(r"'([^']*)'", condition)


def rebuild(table: str, changes: Mapping[str, str], *, at_end: str = "") -> None:
    """Make `changes` in what a table of SQLite was made by, add `at_end` to it, and keep every row.

    Each change puts one text for another that stands there once; nothing may be put for what needn't stand there.
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
    for before, after in changes.items():
        if whole.count(before) > 1 or (after and not whole.count(before)):
            raise RuntimeError(f"The table {table} was not made with {before}: {whole}")
        whole = whole.replace(before, after)
    if at_end:
        whole = f"{whole.rstrip().removesuffix(')')}{at_end})"
    new = re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE {table}_new", whole)
    op.get_bind().exec_driver_sql(new)
    op.execute(f"INSERT INTO {table}_new SELECT * FROM {table}")  # noqa: S608 - a name of ours
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE {table}_new RENAME TO {table}")
    for sql in others:
        op.get_bind().exec_driver_sql(sql)
