"""What a committee has before it when it meets, and what it decides there.

Before: an annex of what people have said, what is answered and what is late. After: the meeting is put on record, and
what it decided becomes the committee's answer.
"""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.meetings import record_views, views  # noqa: F401 - some add routes

    app.register_blueprint(views.blueprint)
