"""Publishing a new version of a text."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from dialog import events
from dialog.db import db, local_day
from dialog.people.models import Notice, Person
from dialog.permissions import allowed
from dialog.texts.models import OwnedText
from dialog.texts.queries import Version, as_json, in_force
from dialog.texts.rules import Statement, TextKey, fits


@dataclass(frozen=True)
class Words:
    """What a version says, in both languages; `statement` for the accessibility statement alone."""

    sv: str
    en: str
    statement: Statement | None = None


class MayNotPublish(Exception):
    """Only administrators publish the municipality's texts."""


class DoesNotFit(Exception):
    """A statement's faults don't fit with how compliant it says that the service is."""


class Changed(Exception):
    """Another administrator has published a version since; `version` is that."""

    def __init__(self, version: Version) -> None:
        super().__init__(f"The text {version.key} is now version {version.version}.")
        self.version = version


def publish(key: TextKey, words: Words, *, seen: int, administrator: Person, now: datetime) -> Version:
    """Let a text say something else from now on; the earlier versions stay, for everybody to read.

    `seen` is the version that the administrator was looking at. Nothing happens when it says so already. A new
    version of the notice is acknowledged anew by everybody (see people.queries.is_prepared).
    Raises MayNotPublish, DoesNotFit and, when somebody else has published meanwhile, Changed.
    """
    if not allowed("edit_texts", administrator):
        raise MayNotPublish
    if words.statement and not fits(words.statement.compliance, len(words.statement.faults)):
        raise DoesNotFit
    before = in_force(key)
    if (before.sv, before.en, before.statement) == (words.sv, words.en, words.statement):
        return before
    if before.version != seen:
        raise Changed(before)
    row = _add(key, before, words, administrator, now)
    details = {"text": str(key), "version": before.version + 1}
    events.record("text.published", row, actor_id=administrator.id, now=now, details=details)
    return in_force(key)


def _add(key: TextKey, before: Version, words: Words, administrator: Person, now: datetime) -> Any:
    if key == TextKey.NOTICE:
        row: Any = Notice(
            version=before.version + 1,
            published_on=local_day(now),
            content={"sv": words.sv, "en": words.en},
        )
    else:
        if before.version == 1:  # which is stored with the second
            _keep_shipped(before)
        row = _row(key, before.version + 1, words, administrator.id, now)
    db.session.add(row)
    db.session.flush()
    return row


def _keep_shipped(before: Version) -> None:
    """Keep what the service shipped with as it stood until now: a later release may ship with other words."""
    at = datetime.combine(before.published_on, time(12), UTC)
    db.session.add(_row(before.key, 1, Words(before.sv, before.en, before.statement), None, at))
    db.session.flush()


def _row(key: TextKey, version: int, words: Words, by_id: int | None, at: datetime) -> OwnedText:
    return OwnedText(
        key=key,
        version=version,
        sv=words.sv,
        en=words.en,
        statement=as_json(words.statement) if words.statement else None,
        published_by_id=by_id,
        published_at=at,
    )
