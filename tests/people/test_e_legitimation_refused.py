"""All that can go wrong on the way to the provider and back: a clear page, and nobody signed in or linked."""

import base64
import json
import time

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from structlog.testing import capture_logs

from dialog.db import clock
from tests.people.e_legitimation import DONE, LINUS, START, answer_of, came_back, heading, press, rows
from tests.people.provider import CLIENT_SECRET, NUMBER

REFUSED = "Din e-legitimation gick inte att kontrollera"
UNREACHABLE = "Tjänsten för e-legitimation svarar inte"
STRAY = "Börja om med din e-legitimation"
SAYS = {NUMBER: LINUS, "email": "ny@example.org", "email_verified": True}


@pytest.fixture
def browser(world, client, provider):
    """A browser that could sign in, were it not for what is wrong."""
    provider.says = dict(SAYS)
    before = rows()
    yield client
    assert rows() == before
    assert client.get("/konto").status_code == 303


def refused(client, said: str, status: int = 400) -> None:
    """What the browser is told, in both languages, with a way on."""
    page = client.get(DONE)
    assert (page.status_code, heading(page)) == (status, said)
    assert f'href="{START}' in page.text
    assert 'href="/logga-in"' in page.text
    english = client.get(f"/en{DONE}")
    assert english.status_code == status
    assert heading(english) != said


def without(name: str):
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def with_(**changes):
    return lambda claims: {**claims, **changes}


def unsigned(token: str) -> str:
    header = (
        base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": "one"}).encode()).rstrip(b"=").decode()
    )
    return f"{header}.{token.split('.')[1]}."


def signed_with_what_everybody_knows(token: str) -> str:
    """HS256 with the public key, or with the client's secret, as the key: both sides could have made it."""
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET), algorithms=["HS256"])


def one_letter_changed(token: str) -> str:
    header, claims, signature = token.split(".")
    other = "A" if claims[20] != "A" else "B"
    return f"{header}.{claims[:20]}{other}{claims[21:]}.{signature}"


LONG_AGO = int(time.time()) - 3600


@pytest.mark.parametrize(
    "claims_made",
    [
        with_(aud="another"),
        with_(aud=["another"]),
        with_(aud=["dialog", "another"]),  # without saying that it was asked for by us
        with_(aud=["dialog", "another"], azp="another"),
        with_(azp="another"),
        with_(aud=None),
        with_(iss="https://evil.example"),
        with_(iss=None),
        with_(nonce="another"),
        with_(nonce=None),
        with_(exp=LONG_AGO),
        with_(exp="tomorrow"),
        with_(iat=int(time.time()) + 3600),
        with_(nbf=int(time.time()) + 3600),
        with_(sub=None),
        with_(sub=17),
        with_(at_hash="wrong"),
        *(without(name) for name in ("aud", "iss", "nonce", "exp", "iat", "sub")),
    ],
)
def test_a_token_that_says_something_wrong_is_refused(browser, provider, claims_made):
    provider.claims_made = claims_made
    came_back(browser)
    refused(browser, REFUSED)


@pytest.mark.parametrize(
    "token_made",
    [
        unsigned,
        signed_with_what_everybody_knows,
        one_letter_changed,
        lambda token: token[:-4],
        lambda token: "",
        lambda token: "a.b.c",
        lambda token: "å" * 40,
        lambda token: None,
        lambda token: 17,
    ],
)
def test_a_token_that_is_not_signed_by_the_provider_is_refused(browser, provider, token_made):
    provider.token_made = token_made
    came_back(browser)
    refused(browser, REFUSED)


@pytest.mark.parametrize("kid", ["one", "two"])
def test_a_token_signed_with_somebody_elses_key_is_refused(browser, provider, kid):
    provider.signs_with = RSAKey.generate_key(2048, {"kid": kid})
    provider.header = {"alg": "RS256", "kid": kid}
    came_back(browser)
    refused(browser, REFUSED)


def test_a_key_that_the_provider_has_changed_is_fetched(world, client, provider):
    provider.says = dict(SAYS)
    came_back(client)
    provider.key = RSAKey.generate_key(2048, {"kid": "new"})
    came_back(client)
    assert press(client).status_code == 303


def test_a_token_is_good_in_spite_of_clocks_that_differ_a_little(world, client, provider):
    provider.says = {**SAYS, "iat": int(time.time()) + 30, "exp": int(time.time()) - 30}
    came_back(client)
    assert press(client).status_code == 303


@pytest.mark.parametrize("number", ["199001012384", "9001012385", "", 199001012385, ["199001012385"]])
def test_a_number_that_is_none_is_refused(browser, provider, number):
    provider.says = {**SAYS, NUMBER: number}
    came_back(browser)
    refused(browser, "Personnumret gick inte att läsa")


def test_whoever_breaks_off_is_where_they_were(browser):
    state = answer_of(browser).split("state=")[1]
    browser.get(f"{START}/svar?error=access_denied&state={state}")
    refused(browser, "Du avbröt", 200)


@pytest.mark.parametrize(
    ("error", "said", "status"),
    [
        ("server_error", UNREACHABLE, 503),
        ("temporarily_unavailable", UNREACHABLE, 503),
        ("invalid_scope", REFUSED, 400),
        ("<script>", REFUSED, 400),
    ],
)
def test_an_error_that_the_provider_sends_is_said(browser, error, said, status):
    state = answer_of(browser).split("state=")[1]
    browser.get(
        f"{START}/svar", query_string={"error": error, "state": state, "error_description": "<script>"}
    )
    refused(browser, said, status)
    assert "script&gt;" not in browser.get(DONE).text


@pytest.mark.parametrize(
    "change", [("state=", "state=x"), ("&state=", "&other="), ("state=", "state=å"), ("state=", "state=&x=")]
)
def test_an_answer_to_nothing_that_was_asked_is_stray(browser, change):
    browser.get(answer_of(browser).replace(*change))
    refused(browser, STRAY)


def test_an_answer_to_another_browser_is_stray(browser, app):
    """Else somebody could have another's browser be signed in, or linked, as themselves."""
    answer = answer_of(app.test_client())
    browser.get(answer)
    refused(browser, STRAY)
    answer_of(browser)
    browser.get(answer)
    refused(browser, STRAY)


def test_an_answer_is_taken_once(browser):
    answer = answer_of(browser)
    browser.get(answer)
    assert heading(browser.get(DONE)) == "Logga in"
    browser.get(answer)
    refused(browser, STRAY)


def test_a_code_that_has_been_used_is_refused(browser, provider):
    answer = answer_of(browser)
    with browser.session_transaction() as session:
        kept = session["started"]
    browser.get(answer)
    with browser.session_transaction() as session:
        session["started"] = kept
    browser.get(answer)
    refused(browser, REFUSED)


def test_an_answer_without_a_code_is_refused(browser):
    browser.get(answer_of(browser).replace("code=", "other="))
    refused(browser, REFUSED)


def test_an_answer_after_half_an_hour_is_too_late(browser):
    answer = answer_of(browser)
    clock.forward(minutes=30)
    browser.get(answer)
    refused(browser, STRAY)


def test_the_page_after_says_so_when_nothing_came_before(browser):
    refused(browser, STRAY)
    assert browser.send("/logga-in", to=DONE).status_code == 400


ANSWERS = [
    ("", 500),
    ("<html>fel</html>", 200),
    ("[]", 200),
    ("null", 200),
    ("{}", 200),
    ('{"issuer": null}', 200),
    ('{"keys": 3}', 200),
    ('{"keys": [{}]}', 200),
    ('{"access_token": "x"}', 200),
    ('{"id_token": {}, "access_token": "x", "token_type": "Bearer"}', 200),
    ('{"sub": "another"}', 200),
    ('{"error": "invalid_grant"}', 400),
    ('{"error": 3}', 401),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
@pytest.mark.parametrize("address", ["openid-configuration", "token", "jwks", "userinfo"])
def test_whatever_the_provider_answers_it_is_a_page(browser, provider, address, answer):
    provider.says = {}
    provider.answers[address] = answer
    first = browser.get(START)
    if address == "openid-configuration":
        assert first.status_code in {400, 503}
        assert heading(first) in {REFUSED, UNREACHABLE}
        return
    page = came_back(browser)
    assert heading(page) in {REFUSED, UNREACHABLE}
    assert (page.status_code == 503) == (heading(page) == UNREACHABLE)


@pytest.mark.parametrize("seconds", [None, 1])
def test_a_provider_that_is_down_or_slow_is_said_to_be(browser, provider, set_up_for, monkeypatch, seconds):
    if seconds is None:
        set_up_for("http://127.0.0.1:1")
    else:
        monkeypatch.setattr("dialog.people.provider.SECONDS_TO_ANSWER", 0.1)
        provider.wait = seconds
    for page in (START, f"/en{START}"):
        response = browser.get(page)
        assert response.status_code == 503
        assert heading(response) in {UNREACHABLE, "The e-legitimation service does not answer"}


def test_a_provider_that_goes_down_on_the_way_is_said_to_be(browser, provider):
    answer = answer_of(browser)
    provider.answers["token"] = ("", 502)
    browser.get(answer)
    refused(browser, UNREACHABLE, 503)


@pytest.mark.parametrize(
    "configuration",
    [
        {"issuer": "https://evil.example"},
        {"issuer": "http://127.0.0.1"},
        {"token_endpoint": None},
        {"authorization_endpoint": None},
        {"id_token_signing_alg_values_supported": ["none"]},
        {"id_token_signing_alg_values_supported": "none"},
        {"id_token_signing_alg_values_supported": ["HS256"]},
    ],
    ids=str,
)
def test_a_provider_that_is_set_up_wrongly_is_refused(browser, provider, configuration):
    provider.configuration = configuration
    if browser.get(START).status_code == 303:
        came_back(browser)
        refused(browser, REFUSED)


def test_only_signatures_that_prove_something_are_taken_of_those_the_provider_offers(browser, provider, app):
    browser.get(START)
    client, _ = app.extensions["provider"]
    assert client.server_metadata["id_token_signing_alg_values_supported"] == ["RS256"]


def test_nobodys_secrets_are_sent_in_clear(browser, set_up_for, monkeypatch):
    """A provider that is reached by https names an address that isn't."""
    configuration = {
        "issuer": "https://login.example",
        "authorization_endpoint": "https://login.example/authorize",
        "token_endpoint": "http://login.example/token",
        "jwks_uri": "https://login.example/jwks",
    }
    answer = requests.Response()
    answer.status_code, answer._content = 200, json.dumps(configuration).encode()
    monkeypatch.setattr(requests.Session, "request", lambda *_, **__: answer)
    set_up_for("https://login.example")
    assert heading(browser.get(START)) == REFUSED


def test_the_providers_configuration_is_asked_for_anew_after_an_hour(browser, provider, monkeypatch):
    assert browser.get(START).status_code == 303
    provider.answers["openid-configuration"] = ("", 500)
    assert browser.get(START).status_code == 303
    later = time.time() + 3601
    monkeypatch.setattr("dialog.people.provider.time.time", lambda: later)
    assert browser.get(START).status_code == 503


def test_the_log_says_what_kind_of_fault_it_was_and_nothing_else(browser, provider):
    provider.claims_made = with_(aud="another")
    with capture_logs() as said:
        came_back(browser)
    assert said == [{"event": "e-legitimation failed", "error": "InvalidClaimError", "log_level": "warning"}]
