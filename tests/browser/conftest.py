"""A real service and a real browser."""

import os
from dataclasses import dataclass
from random import randrange

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import service as services
from tests.services import CHROMIUM_NAMES

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--in-process-gpu",  # there is none: a process of its own draws nothing faster
]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def service(database, tmp_path_factory):
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    running = services.start(tmp_path_factory.mktemp("service"), database, worker)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser():
    import shutil

    path = os.environ.get("TEST_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@dataclass
class Somebody:
    """A person at a browser of their own. Whatever goes wrong in it unseen is kept in `faults`."""

    page: Page
    address: str
    faults: list[str]

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def sees(self, text: str) -> bool:
        self.page.wait_for_load_state()
        return text in self.page.inner_text("body")

    def be(self, role: str) -> None:
        """Sign in as a member of the demonstration's cast."""
        self.go("/demo")
        self.page.get_by_role("button", name=role).first.click()

    def newest_letter(self, recipient: str, subject: str, holding: str = "") -> str:
        """Wait for the letter with this subject that holds these words, open it, and give its words."""
        for _ in range(150):
            self.go(f"/demo/brev?till={recipient}")
            letters = self.page.get_by_role("link", name=subject)
            if letters.count():
                letters.first.click()
                words = self.page.inner_text("main")
                if holding in words:
                    return words
            self.page.wait_for_timeout(100)
        raise AssertionError(f"No letter to {recipient} about {subject!r} came.")


@pytest.fixture
def people(service, browser: Browser):
    """Gives people at browsers: `people(javascript=True, width=…)`. Fails if any browser reported a fault."""
    contexts, everybody = [], []

    def arrive(*, javascript: bool = True, viewport=DESKTOP) -> Somebody:
        context = browser.new_context(
            java_script_enabled=javascript,
            viewport=viewport,
            locale="sv-SE",
            reduced_motion="reduce",
            extra_http_headers={"X-Forwarded-For": f"10.{'.'.join(str(randrange(256)) for _ in range(3))}"},
        )
        page = context.new_page()
        somebody = Somebody(page, service.address, [])
        page.on("pageerror", lambda error: somebody.faults.append(str(error)))
        page.on("console", lambda line: somebody.faults.append(line.text) if line.type == "error" else None)
        page.on("response", lambda got: somebody.faults.append(got.url) if got.status >= 500 else None)
        page.on("request", lambda sent: _stays_home(sent.url, somebody))
        contexts.append(context)
        everybody.append(somebody)
        return somebody

    yield arrive
    for context in contexts:
        context.close()
    faults = [fault for somebody in everybody for fault in somebody.faults]
    assert not faults, faults


def _stays_home(url: str, somebody: Somebody) -> None:
    if not url.startswith(somebody.address):
        somebody.faults.append(f"asked another site: {url}")
