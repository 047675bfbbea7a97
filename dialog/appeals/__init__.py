"""Asking that another moderator looks again at a comment that isn't shown: "ny prövning".

It is no appeal to a court: the municipality goes through its own decision once more, by somebody else.
"""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.appeals import operations, views, words
    from dialog.errors import add_story
    from dialog.events import listen
    from dialog.web import add_words

    app.register_blueprint(views.blueprint)
    for moved_on in ("published", "edited", "masked", "hidden", "withdrawn"):
        listen(app, f"comment.{moved_on}", operations.let_lapse)
    add_words(app, *words.WORDS)
    add_story(app, "appeal", words.last_happening)
