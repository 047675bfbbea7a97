"""Telling those who follow: the worker reads the log, a part at a time, each part in a transaction of its own."""

from dialog.db import transaction
from dialog.following.operations import read_on
from dialog.following.queries import is_anything_unread


def read_the_log() -> None:
    """Make news of everything the log holds. Stopped anywhere, it goes on from there."""
    while is_anything_unread():
        with transaction():
            read_on()
