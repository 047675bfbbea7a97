"""Looking at what people say: the queue, and decisions with their grounds and reasons."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.moderation import views, words
    from dialog.web import add_words

    app.register_blueprint(views.blueprint)
    app.jinja_env.globals["source_of"] = words.source_of
    app.jinja_env.globals.update(ACT_WORDS=words.ACTS, DECIDED=words.DECIDED)
    add_words(app, *words.WORDS)
