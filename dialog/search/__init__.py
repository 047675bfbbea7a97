"""Finding goals, assignments, comments and answers by their words. Holds only what everybody may read."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.events import listen
    from dialog.pace import Pace
    from dialog.search import cli, operations, similar, views, words
    from dialog.search.likeness import MOST_A_MINUTE
    from dialog.web import add_words

    app.register_blueprint(views.blueprint)
    app.cli.add_command(cli.search)
    listen(app, "plan.imported", operations.index_goal)
    for told in ("comment.published", "comment.edited", "comment.masked", "comment.unmasked"):
        listen(app, told, operations.index_comment)
    for gone in ("comment.held", "comment.hidden", "comment.withdrawn"):
        listen(app, gone, operations.forget_comment)
    listen(app, "comment.moved", operations.move_comment)
    for said in ("response.published", "response.revised"):
        listen(app, said, operations.index_answer)
    add_words(app, *words.WORDS)
    app.extensions["pace_of_comparing"] = Pace(MOST_A_MINUTE)
    app.jinja_env.globals.update(similar_to=similar.similar_to)
