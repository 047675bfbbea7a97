"""Reminding moderators of what has waited over the limit: the worker asks every minute whether it is time."""

from dialog.db import clock, transaction
from dialog.moderation.supervision import is_reminder_due, remind


def remind_moderators() -> None:
    """Have moderators told, if it is time and they haven't been today."""
    if is_reminder_due(clock.now()):
        with transaction():
            remind(clock.now())
