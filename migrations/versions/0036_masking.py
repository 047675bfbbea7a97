"""take personal data out of what everybody reads, and seal the wordings that hold it"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import allow, one_of

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_SEALED = sa.text("sealed_for IS NOT NULL")
_HIDING = "(act = 'hide') = (ground IS NOT NULL)"
_HIDING_OR_MASKING = "(act IN ('hide', 'mask')) = (ground IS NOT NULL)"
_STATES = ("received", "published", "hidden", "withdrawn")
_AND_MASKED = (*_STATES, "masked")
_LETTERS = (
    "sign_in",
    "receipt",
    "published",
    "hidden",
    "appeal_settled",
    "held",
    "report_received",
    "report_settled",
    "answered",
    "forwarded",
    "late",
    "committee_late",
    "verdict_asked",
    "followed",
    "organisation_judged",
    "mandate_offered",
    "mandate_ended",
    "queue_late",
    "digest",
    "moved",
)
_AND_MASKED_LETTER = (*_LETTERS, "masked")


def upgrade() -> None:
    op.execute(
        "ALTER TABLE comment_wording ADD COLUMN masks INTEGER "
        "CONSTRAINT ck_comment_wording_masks_an_earlier_one CHECK (masks < number)"
    )
    op.execute(
        "ALTER TABLE comment_wording ADD COLUMN sealed_for INTEGER "
        "CONSTRAINT ck_comment_wording_sealed_for_a_later_one CHECK (sealed_for > number)"
    )
    op.create_index(
        "ix_comment_wording_sealed",
        "comment_wording",
        ["comment_id"],
        sqlite_where=_SEALED,
        postgresql_where=_SEALED,
    )
    allow("decision", "hiding_has_a_ground", _HIDING, _HIDING_OR_MASKING)
    allow("letter", "letterkind", one_of("kind", _LETTERS), one_of("kind", _AND_MASKED_LETTER))
    # A comment is masked by its wording, in whatever state it is: nothing was ever in a state of that name.
    allow("comment", "commentstate", one_of("state", _AND_MASKED), one_of("state", _STATES))


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM decision WHERE act IN ('mask', 'unmask')")):
        raise RuntimeError(
            "Comments have been masked. Nothing before this knows of it: what is sealed would be shown."
        )
    allow("comment", "commentstate", one_of("state", _STATES), one_of("state", _AND_MASKED))
    allow("letter", "letterkind", one_of("kind", _AND_MASKED_LETTER), one_of("kind", _LETTERS))
    allow("decision", "hiding_has_a_ground", _HIDING_OR_MASKING, _HIDING)
    op.drop_index("ix_comment_wording_sealed", table_name="comment_wording")
    op.drop_column("comment_wording", "sealed_for")
    op.drop_column("comment_wording", "masks")
