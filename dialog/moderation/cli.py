"""The command for what moderation ships with."""

import click
from flask_babel import gettext

from dialog.commands import Commands
from dialog.db import clock, transaction
from dialog.moderation.watching import load_shipped

moderation = Commands("moderation", help="What moderators go by.")


@moderation.command()
def load() -> None:
    """Load the rules that single out comments for moderators, as the service ships them."""
    with transaction():
        added = load_shipped(now=clock.now())
    click.echo(gettext("New rules that ask moderators for a look: %(added)d.", added=added))
