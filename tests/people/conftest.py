"""A provider of e-legitimation that the application is set up for."""

from dataclasses import replace

import pytest

from dialog.config import OpenIDProvider
from tests.people.provider import CLIENT_ID, CLIENT_SECRET, NUMBER, running


@pytest.fixture
def set_up_for(app, monkeypatch):
    """Have the application ask the provider at an address."""

    def set_up(issuer: str, **changes: str) -> None:
        scope = f"openid email profile {NUMBER}"
        chosen = OpenIDProvider(issuer, CLIENT_ID, CLIENT_SECRET, "Testlegitimation", scope, NUMBER)
        settings = replace(app.config["SETTINGS"], provider=replace(chosen, **changes))
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        monkeypatch.setitem(app.jinja_env.globals, "e_legitimation", chosen.name)
        app.extensions.pop("provider", None)

    return set_up


@pytest.fixture
def provider(set_up_for):
    with running() as provider:
        set_up_for(provider.issuer)
        yield provider
