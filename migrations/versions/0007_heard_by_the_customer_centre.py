"""let the customer centre put on record what came by other ways than the web, from people without an address"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import on_sqlite, rebuild

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_HAS_ADDRESS, _MAY_HAVE_ADDRESS = "\n\temail VARCHAR NOT NULL", "\n\temail VARCHAR"
_FIRST_CHECK = "CONSTRAINT ck_comment_organisation_by_mandate CHECK"
_CHECKS = {
    "registered_with_a_day": "(registered_by_id IS NULL) = (received_on IS NULL)",
    "registered_by_staff": "registered_by_id IS NULL OR channel <> 'web'",
}
_NO_ADDRESS = "heard-%@no-address.invalid"
_BY_STAFF = sa.text("registered_by_id IS NOT NULL")


def upgrade() -> None:
    if on_sqlite():
        rebuild("person", {_HAS_ADDRESS: _MAY_HAVE_ADDRESS})
        op.execute("ALTER TABLE comment ADD COLUMN received_on DATE")
        op.execute(
            "ALTER TABLE comment ADD COLUMN registered_by_id INTEGER "
            "CONSTRAINT fk_comment_registered_by_id REFERENCES person (id)"
        )
        rebuild("comment", {_FIRST_CHECK: f"{_checks()}{_FIRST_CHECK}"})
    else:
        op.alter_column("person", "email", nullable=True)
        op.add_column("comment", sa.Column("received_on", sa.Date(), nullable=True))
        op.add_column("comment", sa.Column("registered_by_id", sa.Integer(), nullable=True))
        op.create_foreign_key(
            "fk_comment_registered_by_id", "comment", "person", ["registered_by_id"], ["id"]
        )
        for name, condition in _CHECKS.items():
            op.create_check_constraint(op.f(f"ck_comment_{name}"), "comment", condition)
    op.create_index(
        "ix_comment_registered_by",
        "comment",
        ["registered_by_id", "id"],
        sqlite_where=_BY_STAFF,
        postgresql_where=_BY_STAFF,
    )
    op.execute(f"UPDATE person SET email = NULL WHERE email LIKE '{_NO_ADDRESS}'")  # noqa: S608 - a word of ours


def downgrade() -> None:
    # Everybody had an address then. One that reaches nobody stands in its place, and is known again on the way up.
    before, after = _NO_ADDRESS.split("%")
    op.execute(f"UPDATE person SET email = '{before}' || id || '{after}' WHERE email IS NULL")  # noqa: S608
    op.drop_index("ix_comment_registered_by", "comment")
    if on_sqlite():
        rebuild("comment", {f"{_checks()}{_FIRST_CHECK}": _FIRST_CHECK})
        op.execute("ALTER TABLE comment DROP COLUMN registered_by_id")
        op.execute("ALTER TABLE comment DROP COLUMN received_on")
        rebuild("person", {_MAY_HAVE_ADDRESS: _HAS_ADDRESS})
        return
    for name in _CHECKS:
        op.drop_constraint(op.f(f"ck_comment_{name}"), "comment", type_="check")
    op.drop_column("comment", "registered_by_id")
    op.drop_column("comment", "received_on")
    op.alter_column("person", "email", nullable=False)


def _checks() -> str:
    return "".join(f"CONSTRAINT ck_comment_{name} CHECK ({check}), \n\t" for name, check in _CHECKS.items())
