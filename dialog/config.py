"""Every setting, read once from the environment, strictly."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
SHORTEST_SECRET = 32  # characters; half a minute of guessing breaks less


class WrongSetting(Exception):
    """A setting in the environment is missing or can't be understood. The message names it and the cure."""


@dataclass(frozen=True)
class Settings:
    """What the environment asked for. Made by `read_settings`."""

    instance: Path
    database_url: str
    secret_key: str
    demo: bool
    host: str
    port: int
    address: str
    municipality: str
    sender: str
    smtp_url: str | None
    redis_url: str | None
    proxies: int

    @property
    def on_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read all settings from `environ`. Raises WrongSetting with a sentence for the administrator."""
    instance = Path(environ.get("DIALOG_INSTANCE") or ROOT / "instance").resolve()
    demo = _yes_or_no(environ, "DIALOG_DEMO")
    port = _number(environ, "PORT", default=8000, lowest=1, highest=65535)
    return Settings(
        instance=instance,
        database_url=_database_url(environ.get("DATABASE_URL"), instance),
        secret_key=_secret_key(environ.get("SECRET_KEY", ""), instance, demo),
        demo=demo,
        host=environ.get("HOST") or "127.0.0.1",
        port=port,
        address=_address(environ.get("DIALOG_ADDRESS") or f"http://127.0.0.1:{port}"),
        municipality=environ.get("DIALOG_MUNICIPALITY") or "Östersunds kommun",
        sender=environ.get("DIALOG_SENDER") or "dialog@localhost",
        smtp_url=_one_of(environ, "SMTP_URL", ("smtp", "smtps")),
        redis_url=_one_of(environ, "REDIS_URL", ("redis", "rediss", "unix")),
        proxies=_number(environ, "DIALOG_PROXIES", default=0, lowest=0, highest=10),
    )


def flask_settings(settings: Settings) -> dict[str, Any]:
    """The same settings in the names Flask and its extensions read."""
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_NAME": "dialog",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.address.startswith("https:"),
        "SESSION_REFRESH_EACH_REQUEST": False,  # how long a browser stays signed in is kept in its own row
        # 1 MB holds the longest comment many times over; what is larger is refused before it is read.
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,  # a form left open overnight must not lose what was typed
        "WTF_I18N_ENABLED": False,  # all sentences are our own; the library's catalogue is read per form
        "BABEL_DEFAULT_LOCALE": "sv",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Stockholm",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "dialog" / "translations"),
    }


def _yes_or_no(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "0")
    if value not in {"", "0", "1"}:
        raise WrongSetting(f"{name} must be 1 or 0, not {value!r}.")
    return value == "1"


def _number(environ: Mapping[str, str], name: str, *, default: int, lowest: int, highest: int) -> int:
    value = environ.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and lowest <= int(value) <= highest):
        raise WrongSetting(f"{name} must be a whole number from {lowest} to {highest}, not {value!r}.")
    return int(value)


def _one_of(environ: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    value = environ.get(name) or None
    if value and value.partition("://")[0] not in schemes:
        raise WrongSetting(f"{name} must begin with one of {', '.join(s + '://' for s in schemes)}.")
    if value and not _has_host_and_port(value) and not value.startswith("unix:"):
        raise WrongSetting(f"{name} must name a host, and a port only as a number from 1 to 65535.")
    return value


def _has_host_and_port(address: str) -> bool:
    """Whether the address names a host, and a port that can be one if any."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _address(value: str) -> str:
    right = _has_host_and_port(value) and urlsplit(value).scheme in {"http", "https"}
    if not right or urlsplit(value).path.strip("/"):
        raise WrongSetting(f"DIALOG_ADDRESS must look like https://dialog.example.se, not {value!r}.")
    return value.rstrip("/")


def _database_url(value: str | None, instance: Path) -> str:
    if not value:
        return f"sqlite:///{instance / 'dialog.db'}"
    if value.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + value.split("://", 1)[1]
    if value.startswith("postgresql+psycopg://") or value.startswith("sqlite:///"):
        return value
    raise WrongSetting("DATABASE_URL must begin with sqlite:/// or postgresql://.")


def _secret_key(value: str, instance: Path, demo: bool) -> str:
    if len(value) >= SHORTEST_SECRET:
        return value
    if value or not demo:
        raise WrongSetting(
            f"SECRET_KEY must be set to at least {SHORTEST_SECRET} random characters, for example the output of: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return _demo_secret(instance / "demo-secret")


def _demo_secret(path: Path) -> str:
    """The demonstration's own secret: random, made once, kept so that a restart signs nobody out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Whole before it has its name, so that a process that starts at the same time never reads half of it.
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text()
