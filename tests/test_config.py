"""Settings: each wrong one is refused with a sentence that names it and the cure."""

import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from dialog import create_app
from dialog.config import ROOT, WrongSetting, flask_settings, read_settings

SECRET = "s" * 32


@pytest.fixture
def read(tmp_path):
    """Read settings that are right but for what is said."""

    def read(**changes: str):
        return read_settings({"DIALOG_INSTANCE": str(tmp_path), "SECRET_KEY": SECRET, **changes})

    return read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "s" * 31),
        ("DIALOG_DEMO", "yes"),
        ("DIALOG_DEMO", "true"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "80.5"),
        ("PORT", "٨٠"),
        ("PORT", "http"),
        ("DIALOG_PROXIES", "-1"),
        ("DIALOG_PROXIES", "11"),
        ("DIALOG_PROXIES", "en"),
        ("DATABASE_URL", "mysql://localhost/dialog"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "dialog.db"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///file:x?mode=memory&uri=true"),
        ("DATABASE_URL", "sqlite:////tmp/x.db?mode=ro"),
        ("DATABASE_URL", "postgresql://"),
        ("DATABASE_URL", "postgresql:///"),
        ("DATABASE_URL", "postgresql://localhost"),
        ("DATABASE_URL", "postgresql://localhost:en/dialog"),
        ("PORT", "9" * 5000),
        ("HOST", "en dator"),
        ("HOST", "http://127.0.0.1"),
        ("DIALOG_INSTANCE", "/dev/null"),
        ("DIALOG_INSTANCE", "/dev/null/dialog"),
        ("DIALOG_INSTANCE", "/proc/nope"),
        ("DIALOG_SENDER", "Dialog"),
        ("DIALOG_SENDER", "not an address"),
        ("DIALOG_SENDER", "a@b.se, c@d.se"),
        ("DIALOG_SENDER", "a@b.se\nBcc: c@d.se"),
        ("DIALOG_SENDER", "Dialog <a@b.se>, x"),
        ("DIALOG_ADDRESS", "dialog.example.se"),
        ("DIALOG_ADDRESS", "ftp://dialog.example.se"),
        ("DIALOG_ADDRESS", "https://"),
        ("DIALOG_ADDRESS", "https://example.se/dialog"),
        ("DIALOG_ADDRESS", "https://[::1"),
        ("DIALOG_ADDRESS", "https://example.se:en"),
        ("DIALOG_ADDRESS", "https://example.se?x=1"),
        ("DIALOG_ADDRESS", "https://example.se/?"),
        ("DIALOG_ADDRESS", "https://example.se#x"),
        ("DIALOG_ADDRESS", "https://user@example.se"),
        ("DIALOG_ADDRESS", "https://user:word@example.se"),
        ("DIALOG_ADDRESS", "https://exam ple.se"),
        ("DIALOG_ADDRESS", "https://example.se\n"),
        ("DIALOG_ADDRESS", " https://example.se"),
        ("SMTP_URL", "smtp://mail.example.se?starttls=yes"),
        ("SMTP_URL", "smtp://mail.example.se?starttls=1&debug=1"),
        ("SMTP_URL", "smtp://mail.example.se?STARTTLS=1"),
        ("SMTP_URL", "mail.example.se"),
        ("SMTP_URL", "http://mail.example.se"),
        ("SMTP_URL", "smtp://mail.example.se:en"),
        ("SMTP_URL", "smtp://mail.example.se:99999"),
        ("SMTP_URL", "smtp://[::1"),
        ("SMTP_URL", "smtp:///"),
        ("DIALOG_CONTACT_EMAIL", "kundcenter"),
        ("DIALOG_CONTACT_EMAIL", "a@b.se, c@d.se"),
        ("DIALOG_CONTACT_EMAIL", "<script>@example.se"),
        ("DIALOG_CONTACT_PHONE", "112 eller 113"),
        ("DIALOG_CONTACT_PHONE", "ring oss"),
        ("DIALOG_CONTACT_PHONE", "063"),
        ("DIALOG_CONTACT_PHONE", "063-14 30 00;ext=1"),
        ("DIALOG_CONTACT_PHONE", "٠٦٣-١٤ ٣٠ ٠٠"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "http://localhost"),
        ("REDIS_URL", "redis://localhost:en"),
    ],
)
def test_a_wrong_setting_is_refused_with_a_sentence_that_names_it(read, name, value):
    with pytest.raises(WrongSetting) as refusal:
        read(**{name: value})
    sentence = str(refusal.value)
    assert sentence.startswith(f"{name} must ")
    assert re.search(r"\.$|: python3 -c .*$", sentence)


def test_a_password_in_a_wrong_setting_is_not_repeated(read):
    for name, value in (
        ("SMTP_URL", "http://a:hemligt@b"),
        ("SMTP_URL", "smtp://a:hemligt@b?starttls=yes"),
        ("DATABASE_URL", "mysql://a:hemligt@b"),
        ("DATABASE_URL", "postgresql://a:hemligt@b:en/c"),
    ):
        with pytest.raises(WrongSetting) as refusal:
            read(**{name: value})
        assert "hemligt" not in str(refusal.value)


def test_without_settings_the_files_lie_in_one_folder_and_nobody_outside_can_reach_it(read, tmp_path):
    settings = read()
    assert settings.database_url == f"sqlite:///{tmp_path / 'dialog.db'}"
    assert settings.on_sqlite
    assert (settings.host, settings.port, settings.address) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert (settings.demo, settings.smtp_url, settings.redis_url, settings.proxies) == (False, None, None, 0)


def test_an_empty_setting_is_one_that_was_not_made(read):
    names = (
        "PORT",
        "DATABASE_URL",
        "DIALOG_DEMO",
        "DIALOG_ADDRESS",
        "SMTP_URL",
        "REDIS_URL",
        "DIALOG_PROXIES",
    )
    assert read(**dict.fromkeys(names, "")) == read()


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://a@b/c", "postgresql+psycopg://a@b/c"),
        ("postgresql://a@b/c", "postgresql+psycopg://a@b/c"),
        ("postgresql+psycopg://a@b/c", "postgresql+psycopg://a@b/c"),
        ("sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
    ],
)
def test_a_database_is_named_in_the_usual_ways(read, given, used):
    assert read(DATABASE_URL=given).database_url == used


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("dialog.local", "http://dialog.local:8000"),
    ],
)
def test_the_address_follows_where_it_listens(read, host, address):
    assert read(HOST=host).address == address
    assert read(HOST=host, DIALOG_ADDRESS="https://dialog.example.se").address == "https://dialog.example.se"


def test_right_addresses_are_taken_as_they_are(read):
    for name, value in (
        ("SMTP_URL", "smtps://user:p%40ss@mail.example.se:465"),
        ("SMTP_URL", "smtp://mail.example.se?starttls=1"),
        ("REDIS_URL", "redis://localhost:6379/0"),
        ("REDIS_URL", "unix:///run/redis.sock"),
        ("DIALOG_SENDER", "dialog@localhost"),
        ("DIALOG_SENDER", "Dialog i Östersund <dialog@example.se>"),
    ):
        assert getattr(read(**{name: value}), name.lower().removeprefix("dialog_")) == value


def test_how_the_municipality_is_reached(read):
    settings = read(DIALOG_CONTACT_EMAIL="kundcenter@ostersund.se", DIALOG_CONTACT_PHONE="063-14 30 00")
    assert (settings.contact_email, settings.contact_phone) == ("kundcenter@ostersund.se", "063-14 30 00")
    assert (read().contact_email, read().contact_phone) == (None, None)
    assert read(DIALOG_CONTACT_PHONE="+46 63 14 30 00").contact_phone == "+46 63 14 30 00"


def test_over_https_the_cookie_is_sent_over_https_only(read):
    assert flask_settings(read(DIALOG_ADDRESS="https://dialog.example/"))["SESSION_COOKIE_SECURE"] is True
    assert flask_settings(read())["SESSION_COOKIE_SECURE"] is False
    assert read(DIALOG_ADDRESS="https://dialog.example/").address == "https://dialog.example"
    shouted = read(DIALOG_ADDRESS="HTTPS://dialog.example")
    assert flask_settings(shouted)["SESSION_COOKIE_SECURE"] is True
    assert shouted.address == "https://dialog.example"


@pytest.mark.parametrize("secret", [{}, {"SECRET_KEY": "short"}])
def test_the_application_does_not_start_without_a_real_secret(tmp_path, secret):
    with pytest.raises(WrongSetting, match="SECRET_KEY"):
        create_app({"DIALOG_INSTANCE": str(tmp_path), **secret})


def test_the_demonstration_makes_a_secret_of_its_own_and_keeps_it(tmp_path):
    environ = {"DIALOG_INSTANCE": str(tmp_path), "DIALOG_DEMO": "1"}
    secret = read_settings(environ).secret_key
    assert len(secret) >= 32
    assert read_settings(environ).secret_key == secret
    assert read_settings({**environ, "DIALOG_INSTANCE": str(tmp_path / "other")}).secret_key != secret
    assert stat.S_IMODE((tmp_path / "demo-secret").stat().st_mode) == 0o600


def test_processes_that_start_at_once_share_the_secret(tmp_path):
    environ = {"DIALOG_INSTANCE": str(tmp_path), "DIALOG_DEMO": "1"}
    for turn in range(20):
        folder = {"DIALOG_INSTANCE": str(tmp_path / str(turn))}
        with ThreadPoolExecutor(8) as threads:
            secrets = set(
                threads.map(lambda _, env={**environ, **folder}: read_settings(env).secret_key, range(8))
            )
        assert len(secrets) == 1
        assert len(secrets.pop()) >= 32


def test_a_real_secret_is_demanded_even_of_the_demonstration_when_one_is_given(read):
    with pytest.raises(WrongSetting, match="SECRET_KEY"):
        read(DIALOG_DEMO="1", SECRET_KEY="short")


@pytest.mark.parametrize("address", ["/demo", "/demo/brev", "/demo/brev/1", "/en/demo"])
def test_without_its_setting_there_is_no_demonstration(tmp_path, address):
    client = create_app({"DIALOG_INSTANCE": str(tmp_path), "SECRET_KEY": SECRET}).test_client()
    assert client.get(address).status_code == 404


def test_without_its_setting_nobody_can_play_a_part(tmp_path):
    app = create_app({"DIALOG_INSTANCE": str(tmp_path), "SECRET_KEY": SECRET})
    assert not [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("demo.")]
    assert "demo" not in app.cli.commands


def test_without_a_mail_server_only_the_demonstration_runs(read):
    with pytest.raises(WrongSetting, match="SMTP_URL must be set"):
        read().require_mail()
    read(DIALOG_DEMO="1").require_mail()
    read(SMTP_URL="smtp://localhost").require_mail()


def test_what_the_service_makes_is_read_by_nobody_else_on_the_machine(tmp_path):
    folder = tmp_path / "made" / "here"
    environ = {
        **os.environ,
        "DIALOG_INSTANCE": str(folder),
        "DIALOG_DEMO": "1",
        "DATABASE_URL": "",
        "SECRET_KEY": "",
    }
    looks = (
        "import wsgi; wsgi.app.app_context().push(); from dialog.db import db; db.engine.connect().close()"
    )
    subprocess.run([sys.executable, "-c", looks], cwd=ROOT, env=environ, check=True)
    assert {path.name for path in folder.iterdir()} >= {"dialog.db", "demo-secret"}
    for path in (folder, *folder.iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path


PROVIDER = {
    "OIDC_ISSUER": "https://login.example.se",
    "OIDC_CLIENT_ID": "dialog",
    "OIDC_CLIENT_SECRET": "hemligt",
    "OIDC_NAME": "BankID",
}


def test_a_provider_of_e_legitimation_is_set_up_by_four_settings_together_or_not_at_all(read):
    assert read().provider is None
    provider = read(**PROVIDER).provider
    assert (provider.issuer, provider.client_id, provider.name) == (
        "https://login.example.se",
        "dialog",
        "BankID",
    )
    assert provider.number_claim == "https://id.oidc.se/claim/personalIdentityNumber"
    assert "hemligt" not in repr(provider)
    for name in PROVIDER:
        with pytest.raises(WrongSetting, match=f"^{name} must "):
            read(**{**PROVIDER, name: ""})
    with pytest.raises(
        WrongSetting, match=r"^OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME must "
    ):
        read(OIDC_SCOPE="openid")


@pytest.mark.parametrize(
    "issuer", ["https://login.example.se/realms/kommun", "https://a.se/", "http://127.0.0.1:9000"]
)
def test_a_provider_is_reached_by_https_or_on_this_machine(read, issuer):
    assert read(**{**PROVIDER, "OIDC_ISSUER": issuer}).provider.issuer == issuer


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_ISSUER", "login.example.se"),
        ("OIDC_ISSUER", "http://login.example.se"),
        ("OIDC_ISSUER", "http://127.0.0.1.example.se"),
        ("OIDC_ISSUER", "ftp://login.example.se"),
        ("OIDC_ISSUER", "https://"),
        ("OIDC_ISSUER", "https://login.example.se:en"),
        ("OIDC_ISSUER", "https://login.example.se?x=1"),
        ("OIDC_ISSUER", "https://login.example.se#x"),
        ("OIDC_ISSUER", "https://user:hemligt@login.example.se"),
        ("OIDC_ISSUER", "https://login .example.se"),
        ("OIDC_ISSUER", "https://login.example.se\n"),
        ("OIDC_NAME", "Bank\nID"),
        ("OIDC_CLIENT_SECRET", "hem\x00ligt"),
        ("OIDC_SCOPE", "email profile"),
    ],
)
def test_a_provider_that_cannot_be_right_is_refused(read, name, value):
    with pytest.raises(WrongSetting, match=f"^{name} must ") as refusal:
        read(**{**PROVIDER, name: value})
    assert "hemligt" not in str(refusal.value)
