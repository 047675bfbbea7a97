"""The command that makes the index of words anew."""

import click
from flask.cli import AppGroup
from flask_babel import gettext

from dialog.db import transaction
from dialog.search import operations

search = AppGroup("search", help="The index of words.")


@search.command()
def rebuild() -> None:
    """Make the index anew from what is public now."""
    click.echo(gettext("Making the index anew …"))
    with transaction():
        found = operations.rebuild()
    click.echo(gettext("The index is made anew: %(found)d things can be found.", found=found))
