"""let anybody report a comment, and the law's gravest cases be taken out of view until a moderator decides"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import allow, one_of

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_REASONS = ("first_comment", "new_comment", "edited", "sent_again")
_AND_REPORTED = (*_REASONS, "reported", "pending")
_LETTERS = (
    "sign_in",
    "receipt",
    "published",
    "hidden",
    "appeal_settled",
    "answered",
    "forwarded",
    "late",
    "committee_late",
    "verdict_asked",
    "followed",
    "organisation_judged",
    "mandate_offered",
    "mandate_ended",
    "digest",
)
_NEW_LETTERS = ("held", "report_received", "report_settled")
_ALL_LETTERS = (*_LETTERS[:5], *_NEW_LETTERS, *_LETTERS[5:])
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
_WRONG = (
    "threat",
    "hate",
    "crime",
    "terrorism",
    "privacy",
    "child_abuse",
    "violence",
    "copyright",
    "personal_data",
    "attack",
    "defamation",
    "advertising",
    "off_topic",
    "other",
)
_INDEXES = {
    "ix_comment_reported": ((sa.text("report_count DESC"), "review_since", "id"), "report_count > 0"),
}


def upgrade() -> None:
    allow(
        "comment", "reviewreason", one_of("review_reason", _REASONS), one_of("review_reason", _AND_REPORTED)
    )
    op.add_column("comment", sa.Column("report_count", sa.Integer(), nullable=False, server_default="0"))
    for name, (columns, of) in _INDEXES.items():
        op.create_index(
            name, "comment", list(columns), sqlite_where=sa.text(of), postgresql_where=sa.text(of)
        )
    _create_reports()
    _create_voices()
    op.create_table(
        "report_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_attempt")),
    )
    op.create_index("ix_report_attempt_who", "report_attempt", ["who", "at"])
    op.create_table(
        "report_threshold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_report_threshold_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_threshold")),
    )
    allow("letter", "letterkind", one_of("kind", _LETTERS), one_of("kind", _ALL_LETTERS))


def downgrade() -> None:
    # Every letter stays on record; what waits isn't sent, since nothing would know any more what to write.
    new = one_of("kind", _NEW_LETTERS)
    op.execute(f"UPDATE letter SET state = 'dropped' WHERE state = 'queued' AND {new}")  # noqa: S608 - words of ours
    op.execute(f"UPDATE letter SET kind = 'hidden' WHERE {new}")  # noqa: S608 - words of ours
    allow("letter", "letterkind", one_of("kind", _ALL_LETTERS), one_of("kind", _LETTERS))
    for table in ("report_threshold", "report_attempt", "report_voice", "report"):
        op.drop_table(table)
    for name in _INDEXES:
        op.drop_index(name, "comment")
    op.drop_column("comment", "report_count")
    # What was taken out of view goes on waiting, and what is shown goes on being shown: neither is decided yet.
    op.execute("UPDATE comment SET review_reason = 'sent_again' WHERE review_reason = 'pending'")
    op.execute("UPDATE comment SET review_reason = 'edited' WHERE review_reason = 'reported'")
    allow(
        "comment", "reviewreason", one_of("review_reason", _AND_REPORTED), one_of("review_reason", _REASONS)
    )


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _only(name: str, table: str, columns: list[str], of: str) -> None:
    where = sa.text(of)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def _create_reports() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("state", _choice("reportstate", ("open", "upheld", "dismissed", "lapsed")), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ground", _choice("ground", _GROUNDS), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (settled_at IS NULL)", name=op.f("ck_report_settled_has_a_time")
        ),
        sa.CheckConstraint(
            "ground IS NULL OR state = 'upheld'", name=op.f("ck_report_only_upheld_has_a_ground")
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_report_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index("ix_report_comment_id", "report", ["comment_id", "id"])
    _only("uq_report_open", "report", ["comment_id"], "state = 'open'")


def _create_voices() -> None:
    op.create_table(
        "report_voice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("reason", _choice("reason", _WRONG), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("confirm_key", sa.String(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("network", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "person_id IS NULL OR email IS NULL", name=op.f("ck_report_voice_address_of_the_account")
        ),
        sa.CheckConstraint(
            "(email IS NULL) = (confirm_key IS NULL)", name=op.f("ck_report_voice_address_to_confirm")
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR email IS NOT NULL", name=op.f("ck_report_voice_confirmed_address")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_voice_report_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_voice_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_voice")),
        sa.UniqueConstraint("key", name=op.f("uq_report_voice_key")),
        sa.UniqueConstraint("form_key", name=op.f("uq_report_voice_form_key")),
        sa.UniqueConstraint("confirm_key", name=op.f("uq_report_voice_confirm_key")),
    )
    for column in ("report_id", "person_id", "email"):
        op.create_index(f"ix_report_voice_{column}", "report_voice", [column])
    _only("uq_report_voice_person", "report_voice", ["report_id", "person_id"], "person_id IS NOT NULL")
    _only("uq_report_voice_address", "report_voice", ["report_id", "email"], "confirmed_at IS NOT NULL")
