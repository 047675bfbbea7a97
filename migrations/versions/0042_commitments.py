"""keep what committees promise in their answers, and tell of what becomes of it"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import add_values, one_of, take_values

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")
_STATES = ("open", "kept", "changed", "not_kept")
_LETTERS = ("commitment_settled", "commitments_due")
_NEWS = ("commitment_kept", "commitment_changed", "commitment_not_kept")


def _state() -> sa.Enum:
    return sa.Enum(*_STATES, name="commitmentstate", native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("state", _state(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("succeeds_id", sa.Integer(), nullable=True),
        sa.Column("remind_on", sa.Date(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (settled_at IS NULL) AND (settled_at IS NULL) = (words IS NULL) "
            "AND (settled_at IS NULL) = (settled_by_id IS NULL)",
            name=op.f("ck_commitment_settled_with_words_by_somebody"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_commitment_{column}"))
            for column, table in (
                ("response_id", "response"),
                ("committee_id", "committee"),
                ("goal_id", "goal"),
                ("made_by_id", "person"),
                ("succeeds_id", "commitment"),
                ("settled_by_id", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("succeeds_id", name=op.f("uq_commitment_succeeds_id")),
    )
    op.create_index(op.f("ix_commitment_response_id"), "commitment", ["response_id"])
    op.create_index(
        op.f("ix_commitment_committee_id"), "commitment", ["committee_id", "state", "due_on", "id"]
    )
    for name, columns in (("open", ["goal_id", "due_on"]), ("to_remind_of", ["remind_on"])):
        op.create_index(
            f"ix_commitment_{name}", "commitment", columns, sqlite_where=_OPEN, postgresql_where=_OPEN
        )
    op.create_table(
        "commitment_sum",
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("state", _state(), nullable=False),
        sa.Column("commitments", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committee.id"], name=op.f("fk_commitment_sum_committee_id")
        ),
        sa.PrimaryKeyConstraint("committee_id", "state", name=op.f("pk_commitment_sum")),
    )
    add_values("letter", "letterkind", "kind", *_LETTERS)
    add_values("news", "what", "what", *_NEWS)


def downgrade() -> None:
    # Every letter stays on record; what waits isn't sent, since nothing would know any more what to write.
    new = one_of("kind", _LETTERS)
    op.execute(f"UPDATE letter SET state = 'dropped' WHERE state = 'queued' AND {new}")  # noqa: S608
    op.execute(f"UPDATE letter SET kind = 'answered' WHERE {new}")  # noqa: S608 - words of ours
    op.execute(f"DELETE FROM news WHERE {one_of('what', _NEWS)}")  # noqa: S608 - words of ours
    take_values("news", "what", "what", *_NEWS)
    take_values("letter", "letterkind", "kind", *_LETTERS)
    op.drop_table("commitment_sum")
    op.drop_table("commitment")
