"""Having words looked through by rules before they are put on record: whoever keeps the rules says what they say."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app

from dialog.conversation.models import Comment
from dialog.conversation.rules import NOT_WATCHED, Watched
from dialog.people.models import Person


@dataclass(frozen=True)
class Sent:
    """Words as they were sent, and by whom: None where it isn't known, as with what the customer centre hears.

    `edited` is the comment that they are another wording of, where they are.
    """

    text: str
    html: str
    author: Person | None
    at: datetime
    edited: Comment | None = None


Watcher = Callable[[Sent], Watched]


def watch(app: Flask, watcher: Watcher) -> None:
    """Have `watcher` say what the rules say of everything that is sent."""
    app.extensions["watcher"] = watcher


def look_through(sent: Sent) -> Watched:
    """What the rules say of some words. Asked before the transaction that puts them on record, which needn't wait."""
    watcher: Watcher | None = current_app.extensions.get("watcher")
    return watcher(sent) if watcher else NOT_WATCHED
