"""The pages everybody reads, put together from all the packages. Reads only."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.public import change_views, front, views, words  # noqa: F401 - some add routes
    from dialog.public.rules import KINDS_BY_NAME
    from dialog.web import add_words

    front.set_up(app)
    app.register_blueprint(views.blueprint)
    add_words(app, *words.WORDS)
    app.jinja_env.globals.update(
        ORDERS=words.ORDERS, SPEAKERS=words.SPEAKERS, STAGES=words.STAGES, KINDS_BY_NAME=KINDS_BY_NAME
    )
