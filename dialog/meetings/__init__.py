"""What a committee has before it when it meets: an annex of what people have said, and what is answered and late."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.meetings import views

    app.register_blueprint(views.blueprint)
