"""Associations, village groups and companies: voices of their own, and the mandates by which people carry them."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.db import clock
    from dialog.organisations import queries, views, words
    from dialog.web import add_words

    app.register_blueprint(views.blueprint)
    app.jinja_env.globals.update(own_organisations=queries.own, today=clock.today)
    add_words(app, *words.WORDS)
