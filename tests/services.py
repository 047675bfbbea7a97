"""What the tests need from the system: found, or installed with apt, or started in a folder of their own."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from redis import Redis
from redis.exceptions import RedisError

PATIENCE_SECONDS = 10
# Debian's shell is the same browser without a window's machinery: a page takes it less than half as long.
CHROMIUM_SHELL = "chromium-headless-shell"
CHROMIUM_NAMES = (CHROMIUM_SHELL, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
POSTGRES_FOLDERS = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt/postgresql")


@contextmanager
def chromium() -> Iterator[str | None]:
    """The path of a Chromium; None where there is none and none can be installed."""
    installed = os.environ.get("TEST_CHROMIUM") or shutil.which(CHROMIUM_SHELL) or _apt(CHROMIUM_SHELL)
    yield _find_chromium() if installed or _find_chromium() or _apt("chromium") else None


def text_browser() -> bool:
    """Whether w3m is there, or could be installed."""
    return bool(shutil.which("w3m")) or _apt("w3m")


@contextmanager
def postgres() -> Iterator[str | None]:
    """The address of a PostgreSQL in which databases can be made; None where there is none."""
    address = os.environ.get("TEST_POSTGRES_URL", "postgresql:///postgres")
    if _can_make_databases(address):
        yield address
        return
    if not _postgres_programs() and not _apt("postgresql"):
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="dialog-postgres-", ignore_cleanup_errors=True) as folder:
        yield from _own_postgres(Path(folder))


@contextmanager
def redis() -> Iterator[str | None]:
    """The address of a Redis; None where there is none."""
    address = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
    if _answers(address):
        yield address
        return
    if not shutil.which("redis-server") and not _apt("redis-server"):
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="dialog-redis-") as folder:
        socket = Path(folder) / "socket"
        command = ["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not _answers(f"unix://{socket}") and time.monotonic() < deadline:
                time.sleep(0.1)
            yield f"unix://{socket}"
        finally:
            process.terminate()
            process.wait()


def _answers(address: str) -> bool:
    try:
        return bool(Redis.from_url(address, socket_connect_timeout=2).ping())
    except RedisError:
        return False


def _find_chromium() -> str | None:
    named = os.environ.get("TEST_CHROMIUM")
    return named or next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def _apt(package: str) -> bool:
    """Install a package, where apt is there and we may; True when it worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing {package} …", flush=True)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = {"stdout": subprocess.DEVNULL, "env": environ}
    subprocess.run(["apt-get", "update", "-qq"], **quiet)
    return subprocess.run(["apt-get", "install", "-y", "-qq", package], **quiet).returncode == 0


def _can_make_databases(address: str) -> bool:
    try:
        with psycopg.connect(address, connect_timeout=3) as connection:
            row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            return bool(row.fetchone()[0])
    except psycopg.Error:
        return False


def _postgres_programs() -> Path | None:
    """The folder that holds initdb and postgres, of the newest version there is."""
    folders = [Path(found).parent for found in [shutil.which("initdb")] if found]
    for root in POSTGRES_FOLDERS:
        folders += sorted(Path(root).glob("**/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def _own_postgres(folder: Path) -> Iterator[str | None]:
    """A server of our own in `folder`, on a socket there, gone when the tests are."""
    programs = _postgres_programs()
    if programs is None:
        yield None
        return
    # PostgreSQL refuses to run as root; its package makes a user for it.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    data, log = folder / "data", folder / "log"
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
    subprocess.run([*as_user, programs / "initdb", "-D", data, "-A", "trust", "-U", "tests"], check=True,
                   stdout=subprocess.DEVNULL, cwd=folder)  # fmt: skip
    control = [*as_user, programs / "pg_ctl", "-D", data, "-w", "-l", log]
    subprocess.run([*control, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
    try:
        yield f"postgresql://tests@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], stdout=subprocess.DEVNULL, cwd=folder)
