"""keep every version of the texts that the municipality owns"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_KEYS = ("about", "house_rules", "notice", "accessibility", "privacy", "easy")


def upgrade() -> None:
    op.create_table(
        "owned_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "key",
            sa.Enum(*_KEYS, name="textkey", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sv", sa.String(), nullable=False),
        sa.Column("en", sa.String(), nullable=False),
        sa.Column("statement", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("key <> 'notice'", name=op.f("ck_owned_text_notices_lie_elsewhere")),
        sa.CheckConstraint(
            "(key = 'accessibility') = (statement IS NOT NULL)",
            name=op.f("ck_owned_text_statement_has_fields"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["person.id"], name=op.f("fk_owned_text_published_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owned_text")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_owned_text_key_version")),
    )


def downgrade() -> None:
    op.drop_table("owned_text")
    # What was known before of a notice was titles and sections: those that administrators published are given them.
    notice = sa.table("notice", sa.column("version", sa.Integer()), sa.column("content", sa.JSON()))
    connection = op.get_bind()
    for version, content in connection.execute(sa.select(notice.c.version, notice.c.content)).all():
        if "sections" not in content:
            section = {"heading_sv": "Läs det här", "heading_en": "Read this"}
            section |= {
                f"paragraphs_{language}": content[language].split("\n\n") for language in ("sv", "en")
            }
            titles = {"title_sv": "Innan du skriver", "title_en": "Before you write"}
            whole = content | titles | {"sections": [section]}
            connection.execute(sa.update(notice).where(notice.c.version == version).values(content=whole))
