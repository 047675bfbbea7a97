"""The command that fills the demonstration."""

import click
from flask.cli import AppGroup
from flask_babel import gettext

from dialog.demo import seed as seeding

demo = AppGroup("demo", help="The demonstration.")


@demo.command()
def seed() -> None:
    """Add the cast and the example conversation. What is there already stays as it is."""
    click.echo(gettext("New comments: %(added)d.", added=seeding.seed()))
