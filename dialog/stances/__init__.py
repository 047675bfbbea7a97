"""What people think of what others have said: agree, disagree or pass, shown as sums that give nobody away."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.pace import Pace
    from dialog.stances import views, words
    from dialog.stances.rules import MOST_A_MINUTE
    from dialog.web import add_words

    app.register_blueprint(views.blueprint)
    app.extensions["pace_of_stances"] = Pace(MOST_A_MINUTE)
    add_words(app, *words.WORDS)
    app.jinja_env.globals.update(STANCES=list(words.STANCES))
