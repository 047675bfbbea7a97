"""Dialogues: what the municipality asks about a goal or an assignment, what can still change, who decides, and when."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.dialogues import report_views, rules, views, words  # noqa: F401 - one adds routes
    from dialog.web import add_words

    app.register_blueprint(views.blueprint)
    app.jinja_env.globals.update(LADDER=tuple(rules.Level))
    add_words(app, *words.WORDS)
