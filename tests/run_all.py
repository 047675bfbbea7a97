"""Everything there is to check, in one run: what `make test` calls.

What the tests need from the system (Chromium, w3m, PostgreSQL, Redis) is installed with apt where that is allowed.
Where it isn't, the run says at its end what was left out; with DIALOG_TEST_STRICT=1 it then fails. The
municipality's own documents aren't part of the project: where they don't lie beside it, the run says so, and that is
no failure.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests import services
from tests.plan.samples.reading import DOCUMENTS

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
STEPS = {
    "lint": [BIN / "ruff", "check", "."],
    "layout of the code": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "types": [BIN / "mypy"],
    "imports run one way": [BIN / "lint-imports"],
}


def main() -> int:
    started = time.monotonic()
    left_out, unmarked = [], []
    with services.chromium() as browser, services.postgres() as server, services.redis() as queue:
        environ = dict(os.environ)
        # Every process of the run starts from modules that the first one compiled.
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        options = []
        if browser:
            environ["TEST_CHROMIUM"] = browser
        else:
            left_out.append("the browser tests, for want of Chromium")
            options += ["--ignore", "tests/browser"]
        if server:
            environ["TEST_POSTGRES_URL"] = server
        else:
            left_out.append("the tests on PostgreSQL, for want of a server")
            options += ["--database", "sqlite"]
        if queue:
            environ["TEST_REDIS_URL"] = queue
        else:
            left_out.append("the tests with Redis, for want of a server")
            unmarked.append("not redis")
        if not services.text_browser():
            left_out.append("the test with a browser that shows nothing but text, for want of w3m")
            unmarked.append("not w3m")
        options += ["-m", " and ".join(unmarked)] if unmarked else []
        with prepared(options, environ):
            failed = [name for name, command in STEPS.items() if not run(name, command, environ)]
        # One more than there are processors: the databases' answers, the browsers and the letters are waited for.
        workers = str((os.cpu_count() or 1) + 1)
        tests = [BIN / "pytest", "-n", workers, "--dist", "worksteal", *options, *sys.argv[1:]]
        failed += [] if run("tests", tests, environ) else ["tests"]
    print(f"\n{time.monotonic() - started:.0f} seconds.")
    if not DOCUMENTS.is_dir():
        print(
            f"NOT HERE: the municipality's own documents ({DOCUMENTS}); the tests that read them were skipped."
        )
    for what in left_out:
        print(f"LEFT OUT: {what}.")
    for what in failed:
        print(f"FAILED: {what}.")
    strict = os.environ.get("DIALOG_TEST_STRICT") == "1"
    return 1 if failed or (strict and left_out) else 0


@contextmanager
def prepared(options: list[object], environ: dict[str, str]) -> Iterator[None]:
    """Meanwhile, compile the tests once: else every worker does it for itself, all at the same time."""
    gathering = [str(part) for part in (BIN / "pytest", "--collect-only", *options)]
    process = subprocess.Popen(gathering, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
    yield
    process.wait()


def run(name: str, command: list[object], environ: dict[str, str]) -> bool:
    print(f"\n== {name}", flush=True)
    return subprocess.run([str(part) for part in command], cwd=ROOT, env=environ).returncode == 0


if __name__ == "__main__":
    shutil.rmtree(ROOT / ".pytest_cache", ignore_errors=True)
    raise SystemExit(main())
