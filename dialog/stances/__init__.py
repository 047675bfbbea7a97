"""What people think of what others have said: agree, disagree or pass, shown as sums that give nobody away."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.stances import pace, views, words
    from dialog.web import add_words

    app.register_blueprint(views.blueprint)
    app.extensions["pace_of_stances"] = pace.Pace()
    add_words(app, *words.WORDS)
    app.jinja_env.globals.update(STANCES=list(words.STANCES))
