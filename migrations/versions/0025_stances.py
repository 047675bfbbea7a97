"""let people say whether they agree with a comment, and show sums of it that give nobody away"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_STANCES = ("agree", "disagree", "pass")
_SHOWN = ("agree", "disagree", "passed")


def _stance(name: str) -> sa.Enum:
    return sa.Enum(*_STANCES, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "stance",
        sa.Column("comment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("stance", _stance("stance"), nullable=True),
        sa.Column("counted", _stance("counted"), nullable=True),
        sa.CheckConstraint(
            "stance IS NOT NULL OR counted IS NOT NULL", name=op.f("ck_stance_says_something")
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_stance_comment_id")),
        sa.PrimaryKeyConstraint("comment_id", "holder", name=op.f("pk_stance")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stance_count",
        sa.Column("comment_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in (*_SHOWN, "waiting")),
        *(sa.Column(f"shown_{name}", sa.Integer(), nullable=True) for name in _SHOWN),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        *(
            sa.CheckConstraint(f"shown_{name} >= 5", name=op.f(f"ck_stance_count_few_{name}_not_shown"))
            for name in _SHOWN
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_stance_count_comment_id")),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_stance_count")),
    )


def downgrade() -> None:
    # What is ordered by support has no sums any more to be ordered by.
    op.execute("UPDATE comment SET support = 0")
    op.drop_table("stance_count")
    op.drop_table("stance")
