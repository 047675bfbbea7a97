"""let authors ask that another moderator looks again, and keep with a decision what its reasons are to say"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import allow, one_of

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_LETTERS = (
    "sign_in",
    "receipt",
    "published",
    "hidden",
    "answered",
    "late",
    "committee_late",
    "verdict_asked",
    "followed",
    "organisation_judged",
    "mandate_offered",
    "mandate_ended",
    "digest",
)
_AND_APPEAL_SETTLED = (*_LETTERS[:4], "appeal_settled", *_LETTERS[4:])
_ABOUT_DECISIONS = {
    "waiting_since": sa.DateTime(timezone=True),
    "waited_because": sa.String(),
    "appealed_at": sa.DateTime(timezone=True),
    "overturned_at": sa.DateTime(timezone=True),
}
_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    for name, kind in _ABOUT_DECISIONS.items():
        op.add_column("decision", sa.Column(name, kind, nullable=True))
    # What was hidden and next shown again as it was, since a change makes it wait instead.
    op.execute(
        "UPDATE decision SET overturned_at = (SELECT after.decided_at FROM decision AS after WHERE after.id = "
        "(SELECT min(later.id) FROM decision AS later WHERE later.comment_id = decision.comment_id "
        "AND later.id > decision.id) AND after.act = 'restore') WHERE act = 'hide'"
    )
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "granted",
                "denied",
                "lapsed",
                name="appealstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("reasons", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(settled_by_id IS NULL) = (reasons IS NULL)", name=op.f("ck_appeal_settled_has_reasons")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (settled_at IS NULL)", name=op.f("ck_appeal_settled_has_a_time")
        ),
        sa.CheckConstraint(
            "(state IN ('granted', 'denied')) = (settled_by_id IS NOT NULL)",
            name=op.f("ck_appeal_settled_by_somebody"),
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_appeal_comment_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_appeal_decision_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_appeal_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_appeal_decision_id")),
    )
    op.create_index("ix_appeal_comment_id", "appeal", ["comment_id"])
    op.create_index("ix_appeal_open", "appeal", ["id"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    allow("letter", "letterkind", one_of("kind", _LETTERS), one_of("kind", _AND_APPEAL_SETTLED))


def downgrade() -> None:
    # Every letter stays on record; what waits isn't sent, since nothing would know any more what to write.
    op.execute("UPDATE letter SET state = 'dropped' WHERE state = 'queued' AND kind = 'appeal_settled'")
    op.execute("UPDATE letter SET kind = 'published' WHERE kind = 'appeal_settled'")
    allow("letter", "letterkind", one_of("kind", _AND_APPEAL_SETTLED), one_of("kind", _LETTERS))
    op.drop_table("appeal")
    for name in reversed(_ABOUT_DECISIONS):
        op.drop_column("decision", name)
