"""take in reports of faults in how accessible the service is, and answer them"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import add_values, take_values

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

_STATES = ("received", "under_way", "answered", "fixed")
_OPEN = sa.text("state IN ('received', 'under_way')")
_LETTERS = ("fault_received", "fault_answered")


def upgrade() -> None:
    state = sa.Enum(*_STATES, name="faultstate", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "fault_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("state", state, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('answered', 'fixed')) = (answered_at IS NOT NULL)",
            name=op.f("ck_fault_case_answered_has_a_time"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault_case")),
        sa.UniqueConstraint("key", name=op.f("uq_fault_case_key")),
        sa.UniqueConstraint("form_key", name=op.f("uq_fault_case_form_key")),
    )
    op.create_index("ix_fault_case_open", "fault_case", ["id"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_table(
        "fault_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["fault_case.id"], name=op.f("fk_fault_answer_case_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_fault_answer_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault_answer")),
        sa.UniqueConstraint("case_id", "state", name=op.f("uq_fault_answer_case_id_state")),
    )
    op.create_table(
        "fault_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault_attempt")),
    )
    op.create_index("ix_fault_attempt_who", "fault_attempt", ["who", "at"])
    add_values("letter", "letterkind", "kind", *_LETTERS)


def downgrade() -> None:
    # Every letter stays on record; what waits isn't sent, since nothing would know any more what to write.
    letter = sa.table("letter", sa.column("kind"), sa.column("state"))
    theirs = letter.c.kind.in_(_LETTERS)
    op.execute(sa.update(letter).where(theirs, letter.c.state == "queued").values(state="dropped"))
    op.execute(sa.update(letter).where(theirs).values(kind="report_received"))
    take_values("letter", "letterkind", "kind", *_LETTERS)
    op.drop_table("fault_attempt")
    op.drop_table("fault_answer")
    op.drop_table("fault_case")
