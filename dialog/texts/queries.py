"""Reading the municipality's texts: the version in force, and every earlier one."""

import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from dialog.db import db
from dialog.people.models import Notice
from dialog.people.queries import notice_in_force
from dialog.texts.models import OwnedText
from dialog.texts.rules import Compliance, KnownFault, Statement, TextKey

_SHIPPED = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Version:
    """A text as it stood, or stands, from a day on."""

    key: TextKey
    version: int
    sv: str
    en: str
    published_on: date | datetime
    statement: Statement | None = None

    def words(self, language: str) -> str:
        return self.en if language == "en" else self.sv


@cache
def shipped(key: TextKey) -> Version:
    """What the service ships with, until an administrator has published something else; it counts as version 1."""
    content = tomllib.loads((_SHIPPED / f"{key}.toml").read_text(encoding="utf-8"))
    statement = _statement_of(content["statement"]) if "statement" in content else None
    sv, en = content["sv"].strip(), content["en"].strip()
    return Version(key, 1, sv, en, content["published"], statement)


def in_force(key: TextKey) -> Version:
    """The newest version of a text."""
    if key == TextKey.NOTICE:
        notice = notice_in_force()
        if notice is None:
            raise LookupError("The notice isn't loaded.")
        return _of_notice(notice)
    rows = select(OwnedText).where(OwnedText.key == key).order_by(OwnedText.version.desc()).limit(1)
    row = db.session.scalar(rows)
    return _of_row(row) if row else shipped(key)


def versions(key: TextKey) -> Sequence[Version]:
    """Every version of a text, the newest first."""
    if key == TextKey.NOTICE:
        notices = db.session.scalars(select(Notice).order_by(Notice.version.desc()))
        return [_of_notice(notice) for notice in notices]
    rows = select(OwnedText).where(OwnedText.key == key).order_by(OwnedText.version.desc())
    return [_of_row(row) for row in db.session.scalars(rows)] or [shipped(key)]


def _of_notice(notice: Notice) -> Version:
    return Version(
        TextKey.NOTICE, notice.version, notice.words("sv"), notice.words("en"), notice.published_on
    )


def _of_row(row: OwnedText) -> Version:
    statement = _statement_of(row.statement) if row.statement is not None else None
    return Version(row.key, row.version, row.sv, row.en, row.published_at, statement)


def _statement_of(content: dict[str, Any]) -> Statement:
    faults = [KnownFault(**{**fault, "by": _day(fault.get("by"))}) for fault in content["faults"]]
    assessed_on = _day(content["assessed_on"])
    assert assessed_on is not None
    values = {"faults": faults, "assessed_on": assessed_on, "compliance": Compliance(content["compliance"])}
    return Statement(**{**content, **values})


def _day(written: str | date | None) -> date | None:
    return date.fromisoformat(written) if isinstance(written, str) else written


def as_json(statement: Statement) -> dict[str, Any]:
    """The statement as it is stored, with days as they are written."""
    content = asdict(statement)
    content["assessed_on"] = statement.assessed_on.isoformat()
    for fault in content["faults"]:
        fault["by"] = fault["by"].isoformat() if fault["by"] else None
    return content
