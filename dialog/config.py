"""Every setting, read once from the environment, strictly."""

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from click import ClickException
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent
# Characters. As random hexadecimal digits, the poorest in common use, they make 128 bits: beyond all guessing.
SHORTEST_SECRET = 32


class WrongSetting(ClickException):
    """A setting in the environment is missing or can't be understood. The message names it and the cure.

    A command that meets it ends with the message alone.
    """


@dataclass(frozen=True)
class OpenIDProvider:
    """Whoever lets people prove who they are with an e-legitimation, by OpenID Connect."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    scope: str
    number_claim: str


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
    contact_email: str | None
    contact_phone: str | None
    provider: OpenIDProvider | None

    @property
    def on_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    def require_mail(self) -> None:
        """Raises WrongSetting where nobody could sign in, since no letter would ever leave."""
        if not (self.smtp_url or self.demo):
            raise WrongSetting(
                "SMTP_URL must be set, for example to smtp://user:password@host:587?starttls=1: people sign in "
                "with a link sent by e-mail. Only the demonstration (DIALOG_DEMO=1) needs none."
            )


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read all settings from `environ`. Raises WrongSetting with a sentence for the administrator."""
    instance = _folder(Path(environ.get("DIALOG_INSTANCE") or ROOT / "instance"))
    demo = _yes_or_no(environ, "DIALOG_DEMO")
    host = _host(environ.get("HOST") or "127.0.0.1")
    port = _number(environ, "PORT", default=8000, lowest=1, highest=65535)
    return Settings(
        instance=instance,
        database_url=_database_url(environ.get("DATABASE_URL"), instance),
        secret_key=_secret_key(environ.get("SECRET_KEY", ""), instance, demo),
        demo=demo,
        host=host,
        port=port,
        address=_address(environ.get("DIALOG_ADDRESS") or _own_address(host, port)),
        municipality=environ.get("DIALOG_MUNICIPALITY") or "Östersunds kommun",
        sender=_sender(environ.get("DIALOG_SENDER") or "dialog@localhost"),
        smtp_url=_smtp_url(environ),
        redis_url=_one_of(environ, "REDIS_URL", ("redis", "rediss", "unix")),
        proxies=_number(environ, "DIALOG_PROXIES", default=0, lowest=0, highest=10),
        contact_email=_contact_email(environ),
        contact_phone=_contact_phone(environ),
        provider=_provider(environ),
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
    if not re.fullmatch("[0-9]{1,10}", value) or not lowest <= int(value) <= highest:
        raise WrongSetting(f"{name} must be a whole number from {lowest} to {highest}, not {value[:20]!r}.")
    return int(value)


def _one_of(environ: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    value = environ.get(name) or None
    if value and value.partition("://")[0] not in schemes:
        raise WrongSetting(f"{name} must begin with one of {', '.join(s + '://' for s in schemes)}.")
    if value and not _has_host_and_port(value) and not value.startswith("unix:"):
        raise WrongSetting(f"{name} must name a host, and a port only as a number from 1 to 65535.")
    return value


def _smtp_url(environ: Mapping[str, str]) -> str | None:
    value = _one_of(environ, "SMTP_URL", ("smtp", "smtps"))
    # An option that isn't known might be meant to keep the password from being sent in clear.
    if value and urlsplit(value).query not in {"", "starttls=1"}:
        raise WrongSetting(
            "SMTP_URL must have no other option than ?starttls=1; a question mark in a password is written %3F."
        )
    return value


def _sender(value: str) -> str:
    address = r"[^\s<>@,;:]+@[\w.-]+"
    if not (value.isprintable() and re.fullmatch(f"{address}|[^<>@,;:]+ <{address}>", value)):
        raise WrongSetting(
            f"DIALOG_SENDER must be an e-mail address such as dialog@example.se, not {value!r}."
        )
    return value


def _contact_email(environ: Mapping[str, str]) -> str | None:
    value = environ.get("DIALOG_CONTACT_EMAIL") or None
    try:
        return validate_email(value, check_deliverability=False).normalized if value else None
    except EmailNotValidError:
        raise WrongSetting(
            f"DIALOG_CONTACT_EMAIL must be an e-mail address such as kundcenter@example.se, not {value!r}."
        ) from None


def _contact_phone(environ: Mapping[str, str]) -> str | None:
    value = environ.get("DIALOG_CONTACT_PHONE") or None
    if value and not re.fullmatch(r"\+?[0-9]([ -]?[0-9]){4,14}", value, re.ASCII):
        raise WrongSetting(
            f"DIALOG_CONTACT_PHONE must be a telephone number such as 063-14 30 00, not {value!r}."
        )
    return value


_PROVIDER = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME")
# What Sweden's profile of OpenID Connect calls the personal identity number, and what is asked for to be told it.
_NUMBER_CLAIM = "https://id.oidc.se/claim/personalIdentityNumber"
_SCOPE = "openid email profile https://id.oidc.se/scope/naturalPersonNumber"


def _provider(environ: Mapping[str, str]) -> OpenIDProvider | None:
    given = {name: environ.get(name, "") for name in (*_PROVIDER, "OIDC_SCOPE", "OIDC_NUMBER_CLAIM")}
    if not any(given.values()):
        return None
    if missing := [name for name in _PROVIDER if not given[name]]:
        raise WrongSetting(f"{', '.join(missing)} must be set too, or none of OIDC_… for no e-legitimation.")
    for name, value in given.items():
        if not value.isprintable():
            raise WrongSetting(f"{name} must be one line of readable characters.")
    scope = given["OIDC_SCOPE"] or _SCOPE
    if "openid" not in scope.split():
        raise WrongSetting("OIDC_SCOPE must hold openid, such as: openid email profile.")
    return OpenIDProvider(
        issuer=_issuer(given["OIDC_ISSUER"]),
        client_id=given["OIDC_CLIENT_ID"],
        client_secret=given["OIDC_CLIENT_SECRET"],
        name=given["OIDC_NAME"],
        scope=scope,
        number_claim=given["OIDC_NUMBER_CLAIM"] or _NUMBER_CLAIM,
    )


def _issuer(value: str) -> str:
    scheme = urlsplit(value).scheme if _has_host_and_port(value) else ""
    own_machine = scheme == "http" and urlsplit(value).hostname in {"localhost", "127.0.0.1", "::1"}
    if not (scheme == "https" or own_machine) or re.search(r"[\s?#@\\]", value):
        raise WrongSetting(
            "OIDC_ISSUER must look like https://login.example.se, with nothing but a path after."
        )
    return value


def _has_host_and_port(address: str) -> bool:
    """Whether the address names a host, and a port that can be one if any."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _address(value: str) -> str:
    right = _has_host_and_port(value) and re.fullmatch(r"(?i)https?://[^\s/?#@\\]+/*", value)
    if not right or not value.isprintable():
        raise WrongSetting(f"DIALOG_ADDRESS must look like https://dialog.example.se, not {value!r}.")
    scheme, _, rest = value.rstrip("/").partition("://")
    return f"{scheme.lower()}://{rest}"


def _host(value: str) -> str:
    if not re.fullmatch("[0-9A-Za-z.:%_-]+", value):
        raise WrongSetting(f"HOST must be an address or a name of this machine, not {value!r}.")
    return value


def _own_address(host: str, port: int) -> str:
    """Where a browser on this machine finds what listens at `host`."""
    name = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - nobody is asked to listen
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _folder(path: Path) -> Path:
    """The folder at `path`, made if it isn't there."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongSetting(
            f"DIALOG_INSTANCE must be a folder that is there or can be made, not {str(path)!r} ({error.strerror})."
        ) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise WrongSetting(f"DIALOG_INSTANCE must be a folder that can be written in, not {str(path)!r}.")
    return path.resolve()


def _database_url(value: str | None, instance: Path) -> str:
    if not value:
        return f"sqlite:///{instance / 'dialog.db'}"
    scheme, _, rest = value.partition("://")
    if scheme in {"postgresql", "postgres", "postgresql+psycopg"}:
        value = f"postgresql+psycopg://{rest}"
    elif scheme != "sqlite" or not rest.startswith("/"):
        raise WrongSetting("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        url = None
    if url is None or not url.database:
        raise WrongSetting(
            "DATABASE_URL must name a database, such as postgresql://user:password@host/name "
            "or sqlite:////var/lib/dialog/dialog.db, with a port only as a number."
        )
    if scheme == "sqlite" and (url.database.startswith((":", "file:")) or url.query):
        raise WrongSetting("DATABASE_URL must name a file after sqlite:///, and nothing more.")
    return value


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
    if not path.exists():
        # Whole before it has its name, so that a process that starts at the same time never reads half of it.
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text()
