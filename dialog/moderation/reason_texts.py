"""What the reasons for hiding start from on each ground: shipped words, until an administrator has written others."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from dialog import events
from dialog.db import db
from dialog.moderation.models import ReasonText
from dialog.moderation.rules import Ground
from dialog.people.models import Person
from dialog.permissions import allowed

_SHIPPED = Path(__file__).parent / "data" / "reasons.toml"


@dataclass(frozen=True)
class Template:
    """What the reasons start from on a ground, in both languages; version 0 is what the service ships with."""

    ground: Ground
    sv: str
    en: str
    version: int = 0
    written_at: datetime | None = None

    def in_language(self, language: str) -> str:
        """The words in the language that the author's letters are in."""
        return self.en if language == "en" else self.sv


class MayNotWrite(Exception):
    """Only administrators write what reasons start from."""


@cache
def shipped() -> dict[Ground, Template]:
    """What the service ships with for every ground."""
    rows = tomllib.loads(_SHIPPED.read_text(encoding="utf-8"))
    return {ground: Template(ground, **rows[ground]) for ground in Ground}


def templates() -> dict[Ground, Template]:
    """What the reasons start from on every ground."""
    newest = select(func.max(ReasonText.id)).group_by(ReasonText.ground)
    written = db.session.scalars(select(ReasonText).where(ReasonText.id.in_(newest)))
    return shipped() | {row.ground: _as_template(row) for row in written}


def template_for(ground: Ground) -> Template:
    """What the reasons start from on a ground."""
    row = db.session.scalar(
        select(ReasonText).where(ReasonText.ground == ground).order_by(ReasonText.id.desc()).limit(1)
    )
    return _as_template(row) if row else shipped()[ground]


def earlier_versions(ground: Ground) -> list[ReasonText]:
    """Every version that administrators have written for a ground, the newest first."""
    rows = select(ReasonText).where(ReasonText.ground == ground).order_by(ReasonText.id.desc())
    return list(db.session.scalars(rows.options(joinedload(ReasonText.written_by).lazyload(Person.grants))))


def _as_template(row: ReasonText) -> Template:
    return Template(row.ground, row.sv, row.en, row.version, row.written_at)


def write_template(
    ground: Ground, sv: str, en: str, *, seen: int, administrator: Person, now: datetime
) -> Template:
    """Let the reasons on a ground start from other words from now on; the earlier ones stay on record.

    `seen` is the version that the administrator was looking at. Nothing happens when it says so already.
    Raises MayNotWrite and, when another administrator has written meanwhile, Changed.
    """
    if not allowed("edit_reason_texts", administrator):
        raise MayNotWrite
    before = template_for(ground)
    if (before.sv, before.en) == (sv, en):
        return before
    if before.version != seen:
        raise Changed(before)
    row = ReasonText(
        ground=ground, version=seen + 1, sv=sv, en=en, written_by_id=administrator.id, written_at=now
    )
    db.session.add(row)
    db.session.flush()
    details = {"ground": str(ground), "version": row.version}
    events.record("reason_text.written", row, actor_id=administrator.id, now=now, details=details)
    return _as_template(row)


class Changed(Exception):
    """Another administrator has written other words since; `template` holds them."""

    def __init__(self, template: Template) -> None:
        super().__init__(f"The template for {template.ground} is now version {template.version}.")
        self.template = template


def filled(typed: str, template: str, others: set[str]) -> str:
    """What the field for reasons holds when a template is put into it: nothing that was typed is lost.

    An untouched template gives way to another; what somebody has written stays, with the template after it.
    """
    typed = typed.strip()
    if not typed or typed in others:
        return template
    return typed if template in typed else f"{typed}\n\n{template}"
