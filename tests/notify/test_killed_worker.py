"""Workers that die in the middle of their work, before a mail server that misbehaves: each letter comes, and once."""

from sqlalchemy import select

from dialog.db import clock, db
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind, LetterState
from tests import databases
from tests.following.crowd import gather_crowd
from tests.notify.killing import finish, is_unknown, kill_workers, unkind_server

FOLLOWERS = 80
KILLS = 2


def test_each_follower_gets_one_digest_through_workers_that_are_killed(world, _prepared, tmp_path):
    _, source = _prepared
    clock.set(None)  # the workers' own clock
    gather_crowd(world.goal(), FOLLOWERS, "daily")
    world.published(world.nils)
    with unkind_server() as (server, address):
        environ = databases.environment(source, tmp_path, SMTP_URL=address)
        kill_workers(KILLS, environ, lambda: len(server.accepted), FOLLOWERS // (KILLS + 2))
        finish(environ, FOLLOWERS)
    digests = db.session.scalars(select(Letter).where(Letter.kind == LetterKind.DIGEST)).all()
    addresses = [letter.address for letter in digests]
    assert len(addresses) == len(set(addresses)) >= FOLLOWERS
    for letter in digests:
        never_taken = is_unknown(letter.id)
        assert letter.state == (LetterState.DEAD if never_taken else LetterState.SENT), letter.last_error
        assert (server.accepted[f"<letter-{letter.id}@localhost>"] == 0) == never_taken
    assert server.accepted.total() - len(server.accepted) <= KILLS
