"""Asking a provider of e-legitimation who somebody is: OpenID Connect, authorization code with PKCE.

Network, and no database. https://openid.net/specs/openid-connect-core-1_0.html, section 3.1.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog
from email_validator import EmailNotValidError
from flask import Flask, current_app

from dialog.config import OpenIDProvider
from dialog.fields import normal_address
from dialog.people.rules import Failure, NotANumber, Proof, identity_of
from dialog.text import clean_line, has_forbidden_characters, shown_length

log = structlog.get_logger()

SECONDS_TO_CONNECT, SECONDS_TO_ANSWER = 3, 5  # a web process that waits serves nobody else
CONFIGURATION_HOLDS = 3600  # seconds; then the provider's addresses and keys are asked for anew
CLOCKS_DIFFER = 60  # seconds, at the most
# With a secret shared by both sides, or with none at all, a token proves nothing.
SIGNATURES = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
LONGEST_NAME = 80
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Failed(Exception):
    """Nobody could be told who somebody is. `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure))
        self.failure = failure


def begin(provider: OpenIDProvider, *, answer_to: str, language: str) -> tuple[str, dict[str, str]]:
    """The address where the person proves who they are, and what must be kept to understand the answer.

    The answer comes to the address `answer_to`. Raises Failed.
    """
    with _refusing():
        begun = _client(provider).create_authorization_url(answer_to, ui_locales=language)
        return begun.pop("url"), {name: begun[name] for name in ("state", "nonce", "code_verifier")}


def finish(
    provider: OpenIDProvider,
    kept: Mapping[str, str],
    answer: Mapping[str, str],
    *,
    answer_to: str,
    secret: str,
) -> Proof:
    """What the provider vouches for by its `answer`, of which `kept` is what `begin` gave. Raises Failed."""
    if "error" in answer:
        raise Failed(_ERRORS.get(answer["error"], Failure.REFUSED))
    with _refusing():
        claims = _claims(provider, kept, answer["code"], answer_to)
        return Proof(
            identity=identity_of(claims, provider.number_claim, secret),
            name=_name(claims.get("name")),
            email=_address(claims),
        )


_ERRORS = {
    "access_denied": Failure.CANCELLED,
    "server_error": Failure.UNREACHABLE,
    "temporarily_unavailable": Failure.UNREACHABLE,
}


@contextmanager
def _refusing() -> Iterator[None]:
    """Makes a Failed of everything that another's server can answer with, and logs what kind it was, no more."""
    try:
        yield
    except Exception as error:
        log.warning("e-legitimation failed", error=type(error).__name__)
        raise Failed(_failure_of(error)) from None


def _failure_of(error: Exception) -> Failure:
    from requests import RequestException  # here, as with what asks by it: see _new_client

    if isinstance(error, NotANumber):
        return Failure.NUMBER
    return Failure.UNREACHABLE if isinstance(error, RequestException) else Failure.REFUSED


def _claims(provider: OpenIDProvider, kept: Mapping[str, str], code: str, answer_to: str) -> dict[str, Any]:
    client = _client(provider)
    token = client.fetch_access_token(
        redirect_uri=answer_to,
        code=code,
        code_verifier=kept["code_verifier"],
        grant_type="authorization_code",
    )
    claims = client.parse_id_token(
        {"id_token": token["id_token"], "access_token": token["access_token"]},
        nonce=kept["nonce"],
        claims_options={
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": provider.client_id},
            "sub": {"essential": True},
        },
        leeway=CLOCKS_DIFFER,
    )
    if provider.number_claim in claims or "userinfo_endpoint" not in client.server_metadata:
        return dict(claims)
    more = client.userinfo(token=token)
    if more["sub"] != claims["sub"]:
        raise ValueError("The two answers are about different people.")
    return {**more, **claims}


def _client(provider: OpenIDProvider) -> Any:
    """A client that knows the provider's addresses and keys, kept for a while."""
    known, kept_for = current_app.extensions.get("provider", (None, None))
    if kept_for == provider and known.server_metadata["_loaded_at"] > time.time() - CONFIGURATION_HOLDS:
        return known
    client = _new_client(provider, current_app)
    current_app.extensions["provider"] = (client, provider)
    return client


def _new_client(provider: OpenIDProvider, app: Flask) -> Any:
    from authlib.integrations.flask_client import OAuth  # here: only where there is a provider

    client = OAuth(app).register(
        "provider",
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": provider.scope,
            "code_challenge_method": "S256",
            "default_timeout": (SECONDS_TO_CONNECT, SECONDS_TO_ANSWER),
        },
    )
    found = client.load_server_metadata()
    if found["issuer"] != provider.issuer:
        raise ValueError("The provider calls itself something else.")
    allowed = ("https:",) if provider.issuer.startswith("https:") else ("https:", "http:")
    if not all(str(found.get(name)).startswith(allowed) for name in _ENDPOINTS):
        raise ValueError("An address of the provider's is missing, or secrets would be sent there in clear.")
    offered = found.get("id_token_signing_alg_values_supported") or ["RS256"]
    found["id_token_signing_alg_values_supported"] = [one for one in offered if one in SIGNATURES]
    if not found["id_token_signing_alg_values_supported"]:
        raise ValueError("The provider signs nothing in a way that proves anything.")
    return client


def _name(given: Any) -> str | None:
    """The name as it can be shown; None where there is none that can."""
    if not isinstance(given, str) or has_forbidden_characters(given):
        return None
    name = clean_line(given)
    return name if shown_length(name) > 1 and len(name) <= LONGEST_NAME else None


def _address(claims: Mapping[str, Any]) -> str | None:
    """The e-mail address, if the provider says that it has been proven."""
    given = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(given, str):
        return None
    try:
        return normal_address(given)
    except EmailNotValidError:
        return None
