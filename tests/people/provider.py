"""A provider of e-legitimation on this machine: real OpenID Connect, which demands PKCE, and can be made to lie."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import flask
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import (
    AuthorizationCodeGrant,
    AuthorizationCodeMixin,
    ClientMixin,
    InvalidRequestError,
)
from authlib.oauth2.rfc7636 import CodeChallenge
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT_ID, CLIENT_SECRET = "dialog", "a secret between the two"
KEY = RSAKey.generate_key(2048, {"kid": "one"})
NUMBER = "https://id.oidc.se/claim/personalIdentityNumber"


@dataclass
class Client(ClientMixin):
    client_id: str = CLIENT_ID

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return "http://localhost/logga-in/e-legitimation/svar"

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.get_default_redirect_uri()

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope


class DemandsS256(CodeChallenge):
    """Authlib's own lets a client with a secret go without."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant, redirect_uri) -> None:
        if grant.request.payload.data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("This provider demands PKCE.")
        super().validate_code_challenge(grant, redirect_uri)


@dataclass
class Provider:
    """What it says of the person, and how it lies: `claims_made` and `token_made` may change what it sends."""

    issuer: str = ""
    says: dict[str, Any] = field(default_factory=dict)  # in the token
    tells: dict[str, Any] = field(default_factory=dict)  # at the address for more about the person
    claims_made: Callable[[dict[str, Any]], Any] | None = None
    token_made: Callable[[str], str] | None = None
    header: dict[str, str] = field(default_factory=lambda: {"alg": "RS256"})
    configuration: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(
        default_factory=dict
    )  # instead of its own, by the last word of the address
    wait: float = 0  # seconds before each answer
    key: RSAKey = field(default_factory=lambda: KEY)
    signs_with: RSAKey | None = None
    codes: dict[str, Code] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)  # what came to the address for tokens

    def token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "sub": "person-1", "iat": now, "exp": now + 300}
        claims |= {"nonce": nonce, **self.says}
        if self.claims_made:
            claims = self.claims_made(claims)
        token = jwt.encode({"kid": self.key.kid, **self.header}, claims, self.signs_with or self.key)
        return self.token_made(token) if self.token_made else token


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that answers while this lasts."""
    provider = Provider()
    server = make_server("127.0.0.1", 0, _app(provider), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = (
        "1"  # its own half refuses to speak http, also with this machine
    )
    try:
        yield provider
    finally:
        del os.environ["AUTHLIB_INSECURE_TRANSPORT"]
        server.shutdown()
        thread.join()
        server.server_close()


_OTHERS = """
import json, sys
from oidc_provider_mock import User, run_server_in_thread
user = User(sub="person-1", claims=json.loads(sys.argv[1]))
with run_server_in_thread(user_claims=[user]) as server:
    print(server.server_port, flush=True)
    sys.stdin.read()
"""


@contextmanager
def of_others_making(claims: dict[str, Any]) -> Iterator[str]:
    """The address of a provider that we haven't written, which answers while this lasts; in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", _OTHERS, json.dumps(claims)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},
        text=True,
    )
    try:
        yield f"http://localhost:{int(process.stdout.readline())}"
    finally:
        process.communicate()


def _app(provider: Provider) -> flask.Flask:
    app = flask.Flask(__name__)

    class Grant(AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

        def save_authorization_code(self, code, request) -> None:
            data = request.payload.data
            provider.codes[code] = Code(
                data["redirect_uri"],
                data["scope"],
                data["nonce"],
                data["code_challenge"],
                data["code_challenge_method"],
            )

        def query_authorization_code(self, code, client) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code) -> None:
            for code, one in list(provider.codes.items()):
                if one is authorization_code:
                    del provider.codes[code]

        def authenticate_user(self, authorization_code) -> str:
            provider.says.setdefault("sub", "person-1")
            flask.g.nonce = authorization_code.nonce
            return "person-1"

    def client(client_id: str) -> Client | None:
        return Client() if client_id == CLIENT_ID else None

    server = AuthorizationServer(app, query_client=client, save_token=lambda token, request: None)
    server.register_grant(Grant, [DemandsS256()])

    @app.before_request
    def instead() -> Any:
        time.sleep(provider.wait)
        return provider.answers.get(flask.request.path.rsplit("/", 1)[-1])

    @app.get("/.well-known/openid-configuration")
    def configuration() -> Any:
        own = {
            "issuer": provider.issuer,
            "authorization_endpoint": f"{provider.issuer}/authorize",
            "token_endpoint": f"{provider.issuer}/token",
            "userinfo_endpoint": f"{provider.issuer}/userinfo",
            "jwks_uri": f"{provider.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        return {**own, **provider.configuration}

    @app.get("/jwks")
    def jwks() -> Any:
        return {"keys": [provider.key.as_dict(private=False)]}

    @app.get("/authorize")
    def authorize() -> Any:
        try:
            grant = server.get_consent_grant(end_user="person-1")
        except InvalidRequestError as refusal:
            return refusal.error, 400
        return server.create_authorization_response(grant=grant, grant_user="person-1")

    @app.post("/token")
    def token() -> Any:
        provider.asked.append(flask.request.form.to_dict())
        response = server.create_token_response()
        if response.status_code == 200:
            response = flask.jsonify({**response.json, "id_token": provider.token(flask.g.nonce)})
        return response

    @app.get("/userinfo")
    def userinfo() -> Any:
        assert flask.request.authorization.token
        return {"sub": provider.says.get("sub", "person-1"), **provider.tells}

    return app
