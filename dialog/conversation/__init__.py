"""What people say: comments on goals, assignments and paragraphs, registered the moment they come."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.conversation import operations, views, words
    from dialog.events import listen
    from dialog.web import add_words

    app.register_blueprint(views.blueprint)
    listen(app, "person.edited", operations.show_new_name)
    add_words(app, *words.WORDS)
