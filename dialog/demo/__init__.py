"""The demonstration: a cast to sign in as, a seeded conversation, and the letters that were sent.

Only with DIALOG_DEMO=1. Everybody in it is invented, and every page of it says so.
"""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.demo import cli, views

    app.register_blueprint(views.blueprint)
    app.cli.add_command(cli.demo)
