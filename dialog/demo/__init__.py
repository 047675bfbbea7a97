"""The demonstration: a cast to sign in as, a seeded conversation, and the letters that were sent.

Only with DIALOG_DEMO=1. Everybody in it is invented, and every page of it says so.
"""

import email_validator
from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.demo import cli, views

    app.register_blueprint(views.blueprint)
    # The cast's addresses end so that no letter ever reaches anybody; here they are as good as others.
    if "invalid" in email_validator.SPECIAL_USE_DOMAIN_NAMES:
        email_validator.SPECIAL_USE_DOMAIN_NAMES.remove("invalid")
    app.cli.add_command(cli.demo)
