"""What committees promise in their answers (åtaganden), and whether they keep it.

A package of its own and no part of `response`: an answer is done with when whoever asked is told, but what it promised
is followed for months or years after, by other clocks, and counted apart.
"""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.commitments import views, words
    from dialog.web import add_words

    app.register_blueprint(views.blueprint)
    add_words(app, *words.WORDS)
