"""Following a goal, an assignment, a committee, an area or a comment, and being told what happens there."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.events import listen
    from dialog.following import forms, operations, views, words
    from dialog.web import add_words

    app.register_blueprint(views.blueprint)
    listen(app, "comment.moved", operations.move_news)
    listen(app, "follow_up.taken_away", operations.forget_follow_up)
    add_words(app, *words.WORDS)
    app.jinja_env.globals.update(how_often_chosen=forms.as_chosen)
