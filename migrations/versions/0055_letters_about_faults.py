"""write to administrators when a fault in accessibility waits for them"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import add_values, take_values

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_values("letter", "letterkind", "kind", "fault_waits")


def downgrade() -> None:
    # Every letter stays on record; what waits isn't sent, since nothing would know any more what to write.
    letter = sa.table("letter", sa.column("kind"), sa.column("state"))
    theirs = letter.c.kind == "fault_waits"
    op.execute(sa.update(letter).where(theirs, letter.c.state == "queued").values(state="dropped"))
    op.execute(sa.update(letter).where(theirs).values(kind="fault_received"))
    take_values("letter", "letterkind", "kind", "fault_waits")
