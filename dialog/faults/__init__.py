"""Faults in how accessible the service is: anybody reports one, and gets an answer (10 § förordningen 2018:1938)."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.faults import views, words
    from dialog.web import add_words

    app.register_blueprint(views.blueprint)
    add_words(app, *words.WORDS)
