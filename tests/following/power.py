"""Cutting the power at a commit."""

from unittest.mock import patch

from dialog.db import RoutedSession, db
from dialog.notify.telling import tell_followers


class Cut(Exception):
    """The power went."""


def cut_at_commit(number: int) -> None:
    """Tell followers twice, with the power cut at the commit with this number: just before it, then just after."""
    for is_before in (True, False):
        with patch.object(RoutedSession, "commit", _commit_until(number, is_before)):
            try:
                tell_followers()
            except Cut:
                db.session.rollback()


def _commit_until(number: int, is_before: bool):
    commit, come = RoutedSession.commit, 0

    def cut(session):
        nonlocal come
        if not session.info.get("writing"):
            return commit(session)
        come += 1
        if come == number and is_before:
            raise Cut
        commit(session)
        if come == number:
            raise Cut
        return None

    return cut
