"""let committees report a dialogue back, and remind them of it"""

from alembic import op

from migrations.rebuilding import add_values, on_sqlite, one_of, take_values

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_REPORTED = "(state = 'reported_back') = (reported_at IS NOT NULL)"
_COMPLETE = (
    "state <> 'reported_back' OR (you_said <> '' AND we_decided <> '' AND because <> '' "
    "AND decided_on IS NOT NULL AND decision_reference <> '')"
)
_LETTERS = ("reported_back", "feedback_due")
_COLUMNS = (
    "reminded",
    "reported_at",
    "decision_reference",
    "decided_on",
    "because",
    "we_decided",
    "you_said",
)


def upgrade() -> None:
    moment = "DATETIME" if on_sqlite() else "TIMESTAMP WITH TIME ZONE"
    for column in ("you_said", "we_decided", "because"):
        op.execute(f"ALTER TABLE dialogue ADD COLUMN {column} VARCHAR NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE dialogue ADD COLUMN decided_on DATE")
    op.execute(
        "ALTER TABLE dialogue ADD COLUMN decision_reference VARCHAR NOT NULL DEFAULT '' "
        f"CONSTRAINT ck_dialogue_says_all_when_it_reports CHECK ({_COMPLETE})"
    )
    op.execute(
        f"ALTER TABLE dialogue ADD COLUMN reported_at {moment} "
        f"CONSTRAINT ck_dialogue_reported_at_a_time CHECK ({_REPORTED})"
    )
    op.execute(
        "ALTER TABLE dialogue ADD COLUMN reminded VARCHAR(40) "
        "CONSTRAINT ck_dialogue_reminder CHECK (reminded IN ('soon', 'today'))"
    )
    add_values("letter", "letterkind", "kind", *_LETTERS)


def downgrade() -> None:
    # Every letter stays on record; what waits isn't sent, since nothing would know any more what to write.
    new = one_of("kind", _LETTERS)
    op.execute(f"UPDATE letter SET state = 'dropped' WHERE state = 'queued' AND {new}")  # noqa: S608 - words of ours
    op.execute(f"UPDATE letter SET kind = 'answered' WHERE {new}")  # noqa: S608
    take_values("letter", "letterkind", "kind", *_LETTERS)
    for column in _COLUMNS:
        op.execute(f"ALTER TABLE dialogue DROP COLUMN {column}")
