"""let moderators move a comment to the goal or the assignment that it is about"""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import allow, one_of

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

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
)
_AND_MOVED = (*_LETTERS, "moved")
_OTHERS = {
    "comment_id": "comment",
    "decision_id": "decision",
    "from_goal_id": "goal",
    "to_goal_id": "goal",
    "from_assignment_id": "assignment",
    "from_paragraph_id": "paragraph",
    "to_assignment_id": "assignment",
}
_MAY_BE_MISSING = {"from_assignment_id", "from_paragraph_id", "to_assignment_id"}


def upgrade() -> None:
    op.create_table(
        "relocation",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=name in _MAY_BE_MISSING) for name in _OTHERS),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_relocation_{name}"))
            for name, table in _OTHERS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relocation")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_relocation_decision_id")),
    )
    op.create_index(op.f("ix_relocation_comment_id"), "relocation", ["comment_id"])
    op.execute(
        "ALTER TABLE comment ADD COLUMN first_goal_id INTEGER "
        "CONSTRAINT fk_comment_first_goal_id REFERENCES goal (id)"
    )
    op.add_column("goal", sa.Column("moved_from", sa.JSON(), server_default="[]", nullable=False))
    allow("letter", "letterkind", one_of("kind", _LETTERS), one_of("kind", _AND_MOVED))


def _count_with_those_looked_at(table: str, *same: str) -> None:
    """Let what was moved be counted as read and left as it was, among those there are."""
    alike = " AND ".join(f"other.{name} = {table}.{name}" for name in same)
    others = f"FROM {table} AS other WHERE {alike} AND other.what ="
    moved = f"coalesce((SELECT sum(other.decisions) {others} 'move'), 0)"
    op.execute(f"UPDATE {table} SET decisions = decisions + {moved} WHERE what = 'look'")  # noqa: S608
    op.execute(f"DELETE FROM {table} WHERE what = 'move' AND EXISTS (SELECT 1 {others} 'look')")  # noqa: S608
    op.execute(f"UPDATE {table} SET what = 'look' WHERE what = 'move'")  # noqa: S608


def downgrade() -> None:
    # Comments stay where they were moved. That they were stays in the log; here a moderator has read them.
    _count_with_those_looked_at("log_tally", "year", "hours")
    _count_with_those_looked_at("decision_sum", "author_id")
    op.drop_table("relocation")
    op.execute("UPDATE decision SET act = 'look' WHERE act = 'move'")
    # Every letter stays on record; what waits isn't sent, since nothing would know any more what to write.
    op.execute("UPDATE letter SET state = 'dropped' WHERE state = 'queued' AND kind = 'moved'")
    op.execute("UPDATE letter SET kind = 'receipt' WHERE kind = 'moved'")
    allow("letter", "letterkind", one_of("kind", _AND_MOVED), one_of("kind", _LETTERS))
    op.drop_column("goal", "moved_from")
    op.drop_column("comment", "first_goal_id")
