"""The pages everybody reads, put together from all the packages. Reads only."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.public import cache, views

    app.extensions["page_cache"] = cache.PageCache()
    app.register_blueprint(views.blueprint)
