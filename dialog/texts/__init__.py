"""The texts that the municipality owns: written by administrators, in two languages, with every version kept.

They are about the service, the house rules, the notice, the accessibility statement, personal data, and the service
in easy Swedish.
"""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.texts import views, words
    from dialog.web import add_words

    app.register_blueprint(views.blueprint)
    add_words(app, *words.WORDS)
