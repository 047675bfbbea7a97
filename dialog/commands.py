"""What the packages' commands share."""

from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import gettext
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError, ProgrammingError

from dialog.db import db


class _Command(click.Command):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (OperationalError, ProgrammingError):
            if inspect(db.engine).get_table_names():
                raise
            sentence = gettext("The database has no tables yet. Make them with the command: prepare")
            raise click.ClickException(sentence) from None


class Commands(AppGroup):
    """A group of commands that need the database's tables, and end with a sentence where there are none."""

    command_class = _Command
