"""let a comment's author edit it: why it waits then, and from when each wording was public"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import allow, one_of

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BEFORE = ("first_comment", "new_comment")
_AFTER = (*_BEFORE, "edited", "sent_again")


def upgrade() -> None:
    op.add_column("comment_wording", sa.Column("shown_from", sa.DateTime(timezone=True), nullable=True))
    # Until now every comment has had one wording.
    op.execute(
        "UPDATE comment_wording SET shown_from = "
        "(SELECT published_at FROM comment WHERE comment.id = comment_wording.comment_id)"
    )
    allow("comment", "reviewreason", one_of("review_reason", _BEFORE), one_of("review_reason", _AFTER))


def downgrade() -> None:
    op.execute("UPDATE comment SET review_reason = 'new_comment' WHERE review_reason = 'edited'")
    op.execute("UPDATE comment SET review_reason = 'first_comment' WHERE review_reason = 'sent_again'")
    allow("comment", "reviewreason", one_of("review_reason", _AFTER), one_of("review_reason", _BEFORE))
    op.drop_column("comment_wording", "shown_from")
