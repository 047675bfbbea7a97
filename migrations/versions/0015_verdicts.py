"""let whoever was answered say whether they were, and be answered once more if they weren't"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import allow, one_of

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_LETTERS = (
    "sign_in",
    "receipt",
    "published",
    "hidden",
    "answered",
    "followed",
    "organisation_judged",
    "mandate_offered",
    "mandate_ended",
    "digest",
)
_AND_VERDICT_ASKED = (*_LETTERS[:5], "verdict_asked", *_LETTERS[5:])
_COUNTS = ("judged_yes", "judged_partly", "judged_no")


def upgrade() -> None:
    op.add_column("matter", sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("coverage_id", sa.Integer(), nullable=False),
        sa.Column(
            "judgement",
            sa.Enum(
                "yes", "partly", "no", name="judgement", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reopened_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "judgement <> 'no' OR reason IS NOT NULL", name=op.f("ck_verdict_no_has_a_reason")
        ),
        sa.CheckConstraint(
            "judgement = 'no' OR reopened_id IS NULL", name=op.f("ck_verdict_only_no_reopens")
        ),
        sa.ForeignKeyConstraint(["coverage_id"], ["coverage.id"], name=op.f("fk_verdict_coverage_id")),
        sa.ForeignKeyConstraint(["reopened_id"], ["matter.id"], name=op.f("fk_verdict_reopened_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
        sa.UniqueConstraint("coverage_id", name=op.f("uq_verdict_coverage_id")),
        sa.UniqueConstraint("reopened_id", name=op.f("uq_verdict_reopened_id")),
    )
    for count in _COUNTS:
        op.add_column("workload", sa.Column(count, sa.Integer(), nullable=False, server_default="0"))
    allow("letter", "letterkind", one_of("kind", _LETTERS), one_of("kind", _AND_VERDICT_ASKED))


def downgrade() -> None:
    # Every letter stays on record; what waits isn't sent, since nothing would know any more what to write.
    op.execute("UPDATE letter SET state = 'dropped' WHERE state = 'queued' AND kind = 'verdict_asked'")
    op.execute("UPDATE letter SET kind = 'answered' WHERE kind = 'verdict_asked'")
    allow("letter", "letterkind", one_of("kind", _AND_VERDICT_ASKED), one_of("kind", _LETTERS))
    for count in _COUNTS:
        op.drop_column("workload", count)
    op.drop_table("verdict")
    op.drop_column("matter", "reopened_at")
