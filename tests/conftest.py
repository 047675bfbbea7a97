"""One application per database, a fresh database per test, a fixed cast, and a client that inspects every page."""

import gc
import os
import shutil
from datetime import UTC, datetime

import pytest

from dialog import kept
from dialog.db import clock
from tests import databases
from tests.client import WHOLE_PAGES, InspectingClient
from tests.world import World

# A Wednesday: with weekends and holidays on both sides within reach of every deadline.
NOW = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)

gc.disable()  # until all tests are found


def pytest_configure(config):
    """All processes of a run share the memory of which pages were whole."""
    if not hasattr(config, "workerinput"):
        folder = databases.folder_in_memory()
        os.environ[WHOLE_PAGES] = str(folder)
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def pytest_collection_finish():
    """What the tests are made of stays for good: it isn't looked through for what could be thrown away.

    What a page leaves behind is looked through now and then, not ten times while it is made.
    """
    gc.enable()
    gc.freeze()
    gc.set_threshold(20_000)


def pytest_addoption(parser):
    parser.addoption("--database", choices=["sqlite", "postgresql"], help="only on this database")


def pytest_generate_tests(metafunc):
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        metafunc.parametrize("database", [chosen] if chosen else ["sqlite", "postgresql"], scope="session")


def pytest_collection_modifyitems(config, items):
    """A test marked `only_on` one database exists for that one alone: on another it isn't left out, it isn't there."""
    elsewhere = [item for item in items if not _belongs(item)]
    if elsewhere:
        items[:] = [item for item in items if _belongs(item)]
        config.hook.pytest_deselected(items=elsewhere)


def _belongs(item) -> bool:
    mark = item.get_closest_marker("only_on")
    return mark is None or item.callspec.params["database"] in mark.args


@pytest.fixture(scope="session")
def _prepared(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp(database)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    if database == "postgresql":
        source = databases.PostgresSource(f"dialog_test_{worker}_{os.getpid()}")
    else:
        source = databases.SqliteSource(databases.folder_in_memory())
    clock.set(NOW)
    app = databases.build(source, folder)
    app.test_client_class = InspectingClient
    yield app, source
    with app.app_context():
        databases.close_connections()
    source.remove()


@pytest.fixture
def app(_prepared, request):
    """The application on a database that holds the register, the shipped plans and the notice, and nothing else.

    Where the test has a `world`, its cast is there too.
    """
    app, source = _prepared
    with app.app_context():
        source.renew(databases.PEOPLED if "world" in request.fixturenames else databases.EMPTY)
    kept.set_up(app)
    clock.set(NOW)
    yield app
    clock.set(None)


@pytest.fixture
def context(app):
    """Inside the application, without a page: for operations, queries and letters."""
    with app.app_context():
        yield app


@pytest.fixture
def world(context):
    """The cast, and what they do."""
    return World(context)


@pytest.fixture
def client(app):
    """A visitor's browser. Sign somebody in with `world.sign_in(client, person)`."""
    return app.test_client()
