"""What people say: comments on goals, assignments and paragraphs, registered the moment they come."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.conversation import views, words
    from dialog.web import add_words

    app.register_blueprint(views.blueprint)
    add_words(app, words.WORDS)
