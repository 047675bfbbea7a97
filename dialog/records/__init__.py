"""What the registrar keeps: what is sealed, and who has opened it, when and why."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.records import views

    app.register_blueprint(views.blueprint)
