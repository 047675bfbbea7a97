"""let hiding what criticises the municipality take two moderators"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import allow, one_of

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_REASONS = ("first_comment", "new_comment", "edited", "sent_again", "reported", "pending")
_AND_SECOND_LOOK = (*_REASONS, "second_look")
_GROUNDS = (
    "threat",
    "intrusion",
    "incitement",
    "agitation",
    "child_abuse",
    "violence",
    "terrorism",
    "copyright",
    "secrecy",
    "personal_data",
    "defamation",
    "personal_attack",
    "off_topic",
    "advertising",
)
_OPEN = sa.text("state = 'open'")


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("ground", _choice("ground", _GROUNDS), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waited_because", sa.String(), nullable=True),
        sa.Column(
            "state",
            _choice("proposalstate", ("open", "confirmed", "declined", "lapsed")),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (settled_at IS NULL)", name=op.f("ck_proposal_settled_has_a_time")
        ),
        sa.CheckConstraint(
            "(state IN ('confirmed', 'declined')) = (settled_by_id IS NOT NULL) "
            "AND (decision_id IS NULL OR settled_by_id IS NOT NULL)",
            name=op.f("ck_proposal_settled_by_somebody"),
        ),
        sa.CheckConstraint(
            "settled_by_id IS NULL OR settled_by_id <> proposed_by_id", name=op.f("ck_proposal_by_two")
        ),
        sa.CheckConstraint(
            "(state = 'declined') = (words IS NOT NULL)", name=op.f("ck_proposal_declined_with_words")
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_proposal_comment_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_proposal_proposed_by_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_proposal_settled_by_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_proposal_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_proposal_decision_id")),
    )
    op.create_index(op.f("ix_proposal_comment_id"), "proposal", ["comment_id"])
    op.create_index(
        "uq_proposal_open",
        "proposal",
        ["comment_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    allow(
        "comment",
        "reviewreason",
        one_of("review_reason", _REASONS),
        one_of("review_reason", _AND_SECOND_LOOK),
    )


def downgrade() -> None:
    # What waits for a second person goes on waiting for somebody, as it did before, or as what has been reported does.
    op.execute(
        "UPDATE comment SET review_reason = coalesce((SELECT waited_because FROM proposal "
        "WHERE proposal.comment_id = comment.id AND proposal.state = 'open'), 'edited') "
        "WHERE review_reason = 'second_look'"
    )
    allow(
        "comment",
        "reviewreason",
        one_of("review_reason", _AND_SECOND_LOOK),
        one_of("review_reason", _REASONS),
    )
    op.drop_table("proposal")
