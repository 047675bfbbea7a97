"""What the municipality answers: a clock per comment and committee, the inbox, the answers."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.events import listen
    from dialog.response import (  # noqa: F401 - some add routes
        answer_views,
        group_views,
        moved,
        operations,
        pause_views,
        quoting,
        revise_views,
        sharing_views,
        template_views,
        translate_views,
        verdict_views,
        views,
        words,
    )
    from dialog.web import add_words

    app.register_blueprint(views.blueprint)
    listen(app, "comment.published", operations.open_matters)
    for gone in ("comment.held", "comment.hidden", "comment.withdrawn"):
        listen(app, gone, operations.close_matters)
    listen(app, "comment.edited", operations.close_matters_of_what_waits)
    listen(app, "comment.moved", moved.follow_comment)
    app.jinja_env.globals.update(
        answers_holding=quoting.answers_holding, reports_holding=quoting.reports_holding
    )
    add_words(app, *words.WORDS)
