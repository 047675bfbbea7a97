"""notice what is late and very late, each once, and let a committee's chair be told"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import allow, one_of

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_LETTERS = (
    "sign_in",
    "receipt",
    "published",
    "hidden",
    "answered",
    "verdict_asked",
    "followed",
    "organisation_judged",
    "mandate_offered",
    "mandate_ended",
    "digest",
)
_NEW = ("late", "committee_late")
_AND_NEW = (*_LETTERS[:5], *_NEW, *_LETTERS[5:])
_INDEXES = {"late": "due_on", "very_late": "very_late_on"}


def upgrade() -> None:
    op.add_column("committee", sa.Column("chair_email", sa.String(), nullable=True))
    for kind, day in _INDEXES.items():
        op.add_column("matter", sa.Column(f"{kind}_noticed_at", sa.DateTime(timezone=True), nullable=True))
        where = sa.text(f"state = 'due' AND {kind}_noticed_at IS NULL")
        op.create_index(
            f"ix_matter_newly_{kind}", "matter", [day], sqlite_where=where, postgresql_where=where
        )
    allow("letter", "letterkind", one_of("kind", _LETTERS), one_of("kind", _AND_NEW))


def downgrade() -> None:
    # Every letter stays on record; what waits isn't sent, since nothing would know any more what to write.
    new = one_of("kind", _NEW)
    op.execute(f"UPDATE letter SET state = 'dropped' WHERE state = 'queued' AND {new}")  # noqa: S608 - words of ours
    op.execute(f"UPDATE letter SET kind = 'receipt' WHERE {new}")  # noqa: S608
    allow("letter", "letterkind", one_of("kind", _AND_NEW), one_of("kind", _LETTERS))
    for kind in _INDEXES:
        op.drop_index(f"ix_matter_newly_{kind}", "matter")
        op.drop_column("matter", f"{kind}_noticed_at")
    op.drop_column("committee", "chair_email")
