"""let a committee pass a matter on to the one whose it is, with a reason"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import allow, one_of

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_LETTERS = (
    "sign_in",
    "receipt",
    "published",
    "hidden",
    "appeal_settled",
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
_AND_FORWARDED = (*_LETTERS[:6], "forwarded", *_LETTERS[6:])
_FOR_A_REASON = (
    "(state = 'forwarded') = (forwarded_to_id IS NOT NULL) "
    "AND (forwarded_to_id IS NULL) = (forwarded_at IS NULL) "
    "AND (forwarded_to_id IS NULL) = (forward_reason IS NULL)"
)


def upgrade() -> None:
    op.add_column("matter", sa.Column("forwarded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("matter", sa.Column("forward_reason", sa.String(), nullable=True))
    op.execute(
        "ALTER TABLE matter ADD COLUMN forwarded_to_id INTEGER "
        "CONSTRAINT fk_matter_forwarded_to_id REFERENCES committee (id) "
        f"CONSTRAINT ck_matter_forwarded_to_somebody_for_a_reason CHECK ({_FOR_A_REASON})"
    )
    allow("letter", "letterkind", one_of("kind", _LETTERS), one_of("kind", _AND_FORWARDED))


def downgrade() -> None:
    # Every letter stays on record; what waits isn't sent, since nothing would know any more what to write.
    op.execute("UPDATE letter SET state = 'dropped' WHERE state = 'queued' AND kind = 'forwarded'")
    op.execute("UPDATE letter SET kind = 'receipt' WHERE kind = 'forwarded'")
    allow("letter", "letterkind", one_of("kind", _AND_FORWARDED), one_of("kind", _LETTERS))
    for column in ("forwarded_to_id", "forward_reason", "forwarded_at"):
        op.drop_column("matter", column)
