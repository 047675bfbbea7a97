"""The pages everybody reads, put together from all the packages. Reads only."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.public import cache, front, views

    cache.set_up(app)
    front.set_up(app)
    app.register_blueprint(views.blueprint)
