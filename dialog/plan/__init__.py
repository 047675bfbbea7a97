"""What the municipality wants: plans, goals, assignments, committees, areas, and how documents become them."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.plan import cli, follow_up_views, views, words  # noqa: F401 - some add routes
    from dialog.web import add_words

    app.register_blueprint(views.blueprint)
    app.cli.add_command(cli.plan)
    add_words(app, *words.WORDS)
