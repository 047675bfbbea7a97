"""let people follow things: who follows what, what is news about it, and how far each reader has come"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_THINGS = ("goal", "assignment", "committee", "area", "comment")
_WHAT = ("commented", "answered", "changed", "dialogue_opened", "dialogue_closed", "reported_back")
_HOW_OFTEN = ("at_once", "daily", "weekly", "never")


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "follow",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("thing", _one_of("thing", _THINGS), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("since_event_id", sa.Integer(), nullable=False),
        sa.Column("followed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_follow_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
        sa.UniqueConstraint(
            "person_id", "thing", "thing_id", name=op.f("uq_follow_person_id_thing_thing_id")
        ),
    )
    op.create_index(op.f("ix_follow_thing_thing_id_person_id"), "follow", ["thing", "thing_id", "person_id"])
    op.create_table(
        "news",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("thing", _one_of("thing", _THINGS), nullable=False),
        sa.Column("thing_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("what", _one_of("what", _WHAT), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("doer_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_news_event_id")),
        sa.ForeignKeyConstraint(["doer_id"], ["person.id"], name=op.f("fk_news_doer_id")),
        sa.PrimaryKeyConstraint("event_id", "thing", "thing_id", name=op.f("pk_news")),
    )
    op.create_index(op.f("ix_news_thing_thing_id_event_id"), "news", ["thing", "thing_id", "event_id"])
    op.create_index(op.f("ix_news_at_event_id"), "news", ["at", "event_id"])
    op.create_table(
        "reader",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("how_often", _one_of("howoften", _HOW_OFTEN), nullable=False),
        sa.Column("chosen_at_event_id", sa.Integer(), nullable=False),
        sa.Column("told_until", sa.Integer(), nullable=False),
        sa.Column("read_until", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reader_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_reader")),
    )
    op.create_table(
        "progress",
        sa.Column("work", sa.String(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("work", name=op.f("pk_progress")),
    )
    # What happened before there were followers is news to nobody.
    op.execute("INSERT INTO progress SELECT 'reading', coalesce(max(id), 0), 0 FROM event")


def downgrade() -> None:
    for table in ("progress", "reader", "news", "follow"):
        op.drop_table(table)
