"""let organisations be founded here, confirmed by the municipality, and spoken for by those they choose"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import allow, on_sqlite, one_of, rebuild

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_STATES = ("proposed", "confirmed", "declined", "resting")
_ENDS = ("given_up", "revoked", "handed_over", "renewed")
_OFFERS = ("open", "accepted", "declined", "withdrawn")
_LETTERS = ("sign_in", "receipt", "published", "hidden", "answered", "followed", "digest")
_NEW_LETTERS = ("organisation_judged", "mandate_offered", "mandate_ended")
_ALL_LETTERS = (*_LETTERS[:6], *_NEW_LETTERS, "digest")


def _columns() -> dict[str, list[sa.Column]]:
    return {
        "organisation": [
            sa.Column("number", sa.String(), nullable=True),
            sa.Column("state", sa.String(40), nullable=False, server_default="confirmed"),
            sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
            sa.Column("founded_by_id", sa.Integer(), nullable=True),
            sa.Column("founded_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("reasons", sa.String(), nullable=True),
        ],
        "mandate": [
            sa.Column("ended_because", sa.String(40), nullable=True),
            sa.Column("end_reasons", sa.String(), nullable=True),
        ],
    }


_CONSTRAINTS = {
    "organisation": {
        "ck_organisation_organisationstate": f"CHECK ({one_of('state', _STATES)})",
        "ck_organisation_confirmed_has_a_time": (
            "CHECK ((state IN ('confirmed', 'resting')) = (confirmed_at IS NOT NULL))"
        ),
        "ck_organisation_silenced_has_reasons": (
            "CHECK ((state IN ('declined', 'resting')) = (reasons IS NOT NULL))"
        ),
        "fk_organisation_founded_by_id": "FOREIGN KEY(founded_by_id) REFERENCES person (id)",
        "uq_organisation_number": "UNIQUE (number)",
    },
    "mandate": {
        "ck_mandate_end": f"CHECK ({one_of('ended_because', _ENDS)})",
        "ck_mandate_ended_for_a_cause": "CHECK ((ended_at IS NULL) = (ended_because IS NULL))",
        "ck_mandate_revoked_has_reasons": (
            "CHECK ((ended_because = 'revoked') = (end_reasons IS NOT NULL) OR ended_because IS NULL)"
        ),
    },
}
_FIRST = {"organisation": "CONSTRAINT pk_organisation", "mandate": "CONSTRAINT pk_mandate"}


def upgrade() -> None:
    op.execute("ALTER TABLE mandate RENAME COLUMN revoked_at TO ended_at")
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    op.execute("UPDATE organisation SET state = 'proposed' WHERE confirmed_at IS NULL")
    op.execute(
        "UPDATE mandate SET ended_because = 'revoked', end_reasons = 'Orsaken är inte antecknad.' "
        "WHERE ended_at IS NOT NULL"
    )
    for table, constraints in _CONSTRAINTS.items():
        _constrain(table, constraints)
    op.create_index("ix_organisation_state_name", "organisation", ["state", "name"])
    op.create_index("ix_mandate_organisation_id", "mandate", ["organisation_id"])
    _create_offers()
    allow("letter", "letterkind", one_of("kind", _LETTERS), one_of("kind", _ALL_LETTERS))


def downgrade() -> None:
    # Every letter stays on record; what waits isn't sent, since nothing would know any more what to write.
    new = f"({', '.join(repr(kind) for kind in _NEW_LETTERS)})"
    op.execute(f"UPDATE letter SET state = 'dropped' WHERE state = 'queued' AND kind IN {new}")  # noqa: S608
    op.execute(f"UPDATE letter SET kind = 'published' WHERE kind IN {new}")  # noqa: S608 - words of ours
    allow("letter", "letterkind", one_of("kind", _ALL_LETTERS), one_of("kind", _LETTERS))
    op.drop_table("mandate_offer")
    op.drop_index("ix_mandate_organisation_id", "mandate")
    op.drop_index("ix_organisation_state_name", "organisation")
    # Who may not speak now must not then: nothing but a time of confirmation would say so.
    op.execute("UPDATE organisation SET state = 'proposed', confirmed_at = NULL, reasons = NULL "
               "WHERE state = 'resting'")  # fmt: skip
    for table, constraints in _CONSTRAINTS.items():
        _unconstrain(table, constraints)
        for column in reversed(_columns()[table]):
            op.drop_column(table, column.name)
    op.execute("ALTER TABLE mandate RENAME COLUMN ended_at TO revoked_at")


def _constrain(table: str, constraints: dict[str, str]) -> None:
    defaults = [column.name for column in _columns()[table] if column.server_default is not None]
    if on_sqlite():
        first = _FIRST[table]
        added = "".join(f"CONSTRAINT {name} {what}, \n\t" for name, what in constraints.items())
        without_defaults = dict.fromkeys((" DEFAULT 'confirmed'", " DEFAULT '1'"), "")
        rebuild(table, {first: added + first, **without_defaults})
        return
    for name, what in constraints.items():
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {what}")
    for column in defaults:
        op.alter_column(table, column, server_default=None)


def _unconstrain(table: str, constraints: dict[str, str]) -> None:
    if on_sqlite():
        rebuild(table, {f"CONSTRAINT {name} {what}, \n\t": "" for name, what in constraints.items()})
        return
    for name in constraints:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def _create_offers() -> None:
    is_open = sa.text("state = 'open'")
    op.create_table(
        "mandate_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hands_over_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(*_OFFERS, name="offerstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("expires_on >= dated", name=op.f("ck_mandate_offer_expires_after_dated")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_mandate_offer_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["offered_by_id"], ["person.id"], name=op.f("fk_mandate_offer_offered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["hands_over_id"], ["mandate.id"], name=op.f("fk_mandate_offer_hands_over_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate_offer")),
    )
    op.create_index(
        "uq_mandate_offer_open",
        "mandate_offer",
        ["organisation_id", "email"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
