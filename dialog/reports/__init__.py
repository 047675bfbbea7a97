"""Reports: anybody says that a comment breaks the law or the house rules, and hears what was decided."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.events import listen
    from dialog.reports import operations, queries, views, words
    from dialog.reports.rules import DISMISSED_LATELY, SETTLED_BY
    from dialog.web import add_words

    app.register_blueprint(views.blueprint)
    for kind in SETTLED_BY:
        listen(app, kind, operations.settle)
    app.jinja_env.globals.update(reports_on=queries.reports_on, DISMISSED_LATELY=DISMISSED_LATELY)
    add_words(app, *words.WORDS)
