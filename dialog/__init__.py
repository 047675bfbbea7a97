"""Dialog: residents comment on what their municipality wants, committees answer, everyone is told."""

import os
from collections.abc import Mapping

from flask import Flask
from flask_migrate import Migrate

from dialog import (
    appeals,
    assets,
    commitments,
    compiled,
    conversation,
    db,
    demo,
    dialogues,
    doctor,
    errors,
    events,
    faults,
    following,
    formats,
    kept,
    languages,
    logging,
    meetings,
    moderation,
    notify,
    organisations,
    people,
    plan,
    public,
    reception,
    records,
    reports,
    response,
    search,
    stances,
    start,
    texts,
    web,
)
from dialog.config import ROOT, flask_settings, read_settings

TEMPLATES = ROOT / "templates"

# In the order of the loop; what happens in one is heard by those after it.
PACKAGES = (
    plan,
    people,
    texts,
    faults,
    organisations,
    dialogues,
    conversation,
    stances,
    reception,
    moderation,
    appeals,
    reports,
    response,
    commitments,
    meetings,
    search,
    following,
    notify,
    records,
    public,
)


def create_app(environ: Mapping[str, str] = os.environ) -> Flask:
    """The application, set up from the environment. Raises WrongSetting."""
    settings = read_settings(environ)
    app = web.Application(
        __name__,
        template_folder=TEMPLATES,
        static_folder=None,
        instance_path=str(settings.instance),
    )
    app.config.update(flask_settings(settings))
    compiled.set_up(app, TEMPLATES)
    logging.set_up()
    events.set_up(app)
    db.set_up(app, settings)
    Migrate(app, db.db, directory=str(ROOT / "migrations"))
    languages.set_up(app)
    assets.set_up(app, ROOT / "static")
    web.set_up(app)
    errors.set_up(app)
    formats.set_up(app)
    kept.set_up(app)
    for package in (*PACKAGES, demo) if settings.demo else PACKAGES:
        package.set_up(app)
    start.set_up(app)
    doctor.set_up(app)
    return app
