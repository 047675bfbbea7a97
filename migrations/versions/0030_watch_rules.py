"""let rules that administrators write ask moderators for a look at what is sent"""

import hashlib
import re

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import allow, one_of

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_REASONS = ("first_comment", "new_comment", "edited", "sent_again", "reported", "pending", "second_look")
_AND_WATCHED = (*_REASONS, "watched")
_OPEN = sa.text("state = 'open'")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _fingerprint(text: str) -> int:
    """What texts share that are the same but for case, punctuation and white space."""
    words = " ".join(re.findall(r"[^\W_]+", text)).lower()
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8).digest(), "big", signed=True)


def _fill_in_fingerprints() -> None:
    """Give every wording there is its fingerprint, some at a time."""
    ask, after = op.get_bind().execute, 0
    some = sa.text("SELECT id, text FROM comment_wording WHERE id > :after ORDER BY id LIMIT 1000")
    fill_in = sa.text("UPDATE comment_wording SET fingerprint = :fingerprint WHERE id = :id")
    while rows := ask(some, {"after": after}).all():
        ask(fill_in, [{"id": row.id, "fingerprint": _fingerprint(row.text)} for row in rows])
        after = rows[-1].id


def upgrade() -> None:
    op.create_table(
        "watch_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _choice("watchkind", "words", "links", "repeated"), nullable=False),
        sa.Column("effect", _choice("effect", "flag", "hold"), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("exactly", sa.Boolean(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("by_one", sa.Boolean(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("switched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'words') = (words IS NOT NULL)", name=op.f("ck_watch_rule_words_are_words")
        ),
        sa.CheckConstraint(
            "(kind = 'links') = (days IS NOT NULL)", name=op.f("ck_watch_rule_links_are_new_for_days")
        ),
        sa.CheckConstraint(
            "(kind = 'repeated') = (times IS NOT NULL) AND (times IS NULL) = (hours IS NULL)",
            name=op.f("ck_watch_rule_repeated_within_a_time"),
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_watch_rule_made_by_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["watch_rule.id"], name=op.f("fk_watch_rule_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_rule")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_watch_rule_replaces_id")),
    )
    op.create_table(
        "watch_flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("state", _choice("flagstate", "open", "upheld", "overruled", "lapsed"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("flagged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (settled_at IS NULL)", name=op.f("ck_watch_flag_settled_has_a_time")
        ),
        sa.ForeignKeyConstraint(["rule_id"], ["watch_rule.id"], name=op.f("fk_watch_flag_rule_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_watch_flag_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_flag")),
        sa.UniqueConstraint(
            "comment_id", "wording", "rule_id", name=op.f("uq_watch_flag_comment_id_wording_rule_id")
        ),
    )
    op.create_index(
        "ix_watch_flag_open", "watch_flag", ["comment_id"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_table(
        "watch_tally",
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("flagged", sa.Integer(), nullable=False),
        sa.Column("upheld", sa.Integer(), nullable=False),
        sa.Column("overruled", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rule_id"], ["watch_rule.id"], name=op.f("fk_watch_tally_rule_id")),
        sa.PrimaryKeyConstraint("rule_id", "year", name=op.f("pk_watch_tally")),
    )
    op.add_column(
        "comment_wording", sa.Column("fingerprint", sa.BigInteger(), server_default="0", nullable=False)
    )
    _fill_in_fingerprints()
    op.create_index(
        op.f("ix_comment_wording_fingerprint_written_at"), "comment_wording", ["fingerprint", "written_at"]
    )
    allow(
        "comment",
        "reviewreason",
        one_of("review_reason", _REASONS),
        one_of("review_reason", _AND_WATCHED),
    )


def downgrade() -> None:
    # What a rule has asked a look at goes on waiting, as any new comment does.
    op.execute("UPDATE comment SET review_reason = 'new_comment' WHERE review_reason = 'watched'")
    allow(
        "comment",
        "reviewreason",
        one_of("review_reason", _AND_WATCHED),
        one_of("review_reason", _REASONS),
    )
    op.drop_index(op.f("ix_comment_wording_fingerprint_written_at"), table_name="comment_wording")
    op.drop_column("comment_wording", "fingerprint")
    for table in ("watch_tally", "watch_flag", "watch_rule"):
        op.drop_table(table)
