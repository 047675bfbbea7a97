"""Residents, the municipality's staff, and how they sign in."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.people import cli, proof_views, rules, views, words  # noqa: F401 - its routes are the blueprint's
    from dialog.web import add_words

    views.login_manager.init_app(app, add_context_processor=False)  # templates ask for person()
    app.register_blueprint(views.blueprint)
    app.cli.add_command(cli.people)
    provider = app.config["SETTINGS"].provider
    app.jinja_env.globals["e_legitimation"] = provider.name if provider else None
    app.jinja_env.globals["SIGN_IN_MINUTES"] = int(rules.SIGN_IN_LINK_HOLDS.total_seconds()) // 60
    app.jinja_env.globals["owner_of_drafts"] = views.owner_of_drafts
    add_words(app, *words.WORDS)
