"""The customer centre puts on record what people say by telephone, on paper, at a service point or at a meeting."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.reception import views

    app.register_blueprint(views.blueprint)
