"""Single sign-on, against an issuer of our own on loopback: the invited only, by a verified address."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.exceptions import ImproperlyConfigured
from django.test import Client as Browser

from accounts.models import User
from hourtab.environment import read_issuer
from tests.factories import MembershipFactory, UserFactory

CLIENT, SECRET = "hourtab", "a secret of our own issuer"
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        """The tests say what they saw themselves."""


@dataclass
class Issuer:
    """Answers as an OpenID Connect provider does. `claims` are what its next token says, `sign` signs it."""

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] = field(default=lambda said: signed(said))

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        answer = {
            "/.well-known/openid-configuration": self.configuration,
            "/token": self.token,
            "/keys": lambda _form: {"keys": [known_key()]},
            "/userinfo": lambda _form: self.userinfo or self.said(),
        }.get(environ["PATH_INFO"])
        form = parse_qs(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode())
        start_response("200 OK" if answer else "404 Not Found", [("Content-Type", "application/json")])
        return [json.dumps(answer(form) if answer else {}).encode()]

    def configuration(self, _form: Any) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def said(self) -> dict[str, Any]:
        now = int(time.time())
        known = {"iss": self.address, "aud": CLIENT, "sub": "person-1", "iat": now, "exp": now + 60}
        return {**known, **self.claims}

    def token(self, form: dict[str, list[str]]) -> dict[str, Any]:
        """A token for the code, to whoever knows the client's secret and what the challenge was made from."""
        if form["client_secret"] != [SECRET] or not form.get("code_verifier"):
            return {"error": "invalid_client"}
        token = self.sign(self.said())
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": token}


def known_key() -> dict[str, Any]:
    """The key that the issuer publishes."""
    made = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
    return {**made, "kid": "first", "alg": "RS256", "use": "sig"}


def signed(said: dict[str, Any], key: Any = KEY, algorithm: str = "RS256", **head: Any) -> str:
    return jwt.encode(said, key, algorithm=algorithm, headers={"kid": "first", **head})


@pytest.fixture
def issuer(settings) -> Iterator[Issuer]:
    known = Issuer()
    server: WSGIServer = make_server("127.0.0.1", 0, known, handler_class=Quiet)
    known.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    settings.OIDC_ISSUER = known.address
    settings.SOCIALACCOUNT_PROVIDERS = read_issuer(known.address, CLIENT, SECRET, "Northwind’s sign-in")
    yield known
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def member(db):
    return MembershipFactory()


def come_from(issuer, browser=None, **claims):
    """Start at the sign-in page, be known to the issuer, come back with its code."""
    browser = browser or Browser()
    issuer.claims = claims
    away = urlsplit(browser.get("/accounts/oidc/sso/login/?next=/clients.csv").headers["Location"])
    asked = {name: values[0] for name, values in parse_qs(away.query).items()}
    assert f"{away.scheme}://{away.netloc}" == issuer.address
    assert asked["redirect_uri"] == "http://testserver/accounts/oidc/sso/login/callback/"
    assert asked["code_challenge_method"] == "S256"
    back = urlencode({"code": "c", "state": asked["state"]})
    return browser, browser.get(f"/accounts/oidc/sso/login/callback/?{back}")


def is_in(browser):
    return browser.get("/").status_code == 200


def test_an_invited_person_comes_in_by_a_verified_address(issuer, member):
    browser, answer = come_from(issuer, email=member.user.email.upper(), email_verified=True)
    assert answer.headers["Location"] == "/clients.csv"
    assert is_in(browser)


REFUSED = {
    "an address that is not verified": {"email_verified": False},
    "an address of which nothing is said": {"email_verified": None},
    "a word instead of a yes": {"email_verified": "true"},
    "an unknown address": {"email": "stranger@x.example"},
    "no address": {"email": ""},
    "another audience": {"aud": "somebody else"},
    "a token that has run out": {"exp": 1},
    "another issuer": {"iss": "https://evil.example"},
}


@pytest.mark.parametrize("changed", REFUSED.values(), ids=REFUSED)
def test_nobody_else_comes_in(issuer, member, changed):
    browser, answer = come_from(issuer, **{"email": member.user.email, "email_verified": True, **changed})
    assert answer.status_code == 401
    assert "This account can’t open HourTab" in answer.text
    assert not is_in(browser)
    assert User.objects.count() == 1


FORGED = {
    "by another key": lambda said: signed(said, OTHER_KEY),
    "by a secret": lambda said: signed(said, "x" * 32, "HS256"),
    "by nobody": lambda said: signed(said, None, "none"),
    "under a name that no key has": lambda said: signed(said, kid="second"),
    "under no name": lambda said: jwt.encode(said, KEY, algorithm="RS256"),
    "and changed since": lambda said: _changed(signed(said)),
    "as nothing at all": lambda said: "x.y.z",
}


def _changed(token):
    head, said, sign = token.split(".")
    return f"{head}.{said[:-4]}AAAA.{sign}"


@pytest.mark.parametrize("sign", FORGED.values(), ids=FORGED)
def test_a_token_that_the_issuer_did_not_sign_lets_nobody_in(issuer, member, sign):
    issuer.sign = sign
    browser, answer = come_from(issuer, email=member.user.email, email_verified=True)
    assert answer.status_code == 401
    assert not is_in(browser)


def test_an_account_without_a_provider_or_that_is_closed_stays_out(issuer, member):
    lonely = UserFactory()
    assert not is_in(come_from(issuer, email=lonely.email, email_verified=True)[0])
    member.user.is_active = False
    member.user.save()
    assert not is_in(come_from(issuer, email=member.user.email, email_verified=True)[0])


def test_what_is_told_besides_the_token_counts_about_the_same_person_only(issuer, member):
    issuer.userinfo = {"sub": "person-2", "email": member.user.email, "email_verified": True}
    assert not is_in(come_from(issuer)[0])
    issuer.userinfo["sub"] = "person-1"
    assert is_in(come_from(issuer)[0])


def test_a_code_that_nobody_asked_for_is_refused(issuer, member):
    issuer.claims = {"email": member.user.email, "email_verified": True}
    browser = Browser()
    assert browser.get("/accounts/oidc/sso/login/callback/?code=c&state=forged").status_code in (401, 403)
    assert not is_in(browser)


def test_an_account_there_is_never_tied_to_whoever_is_signed_in_here(issuer, member):
    browser = Browser()
    browser.force_login(member.user)
    address = "/accounts/oidc/sso/login/?process=connect"
    state = parse_qs(urlsplit(browser.get(address).headers["Location"]).query)["state"][0]
    issuer.claims = {"email": member.user.email, "email_verified": True}
    assert browser.get(f"/accounts/oidc/sso/login/callback/?code=c&state={state}").status_code == 401


def test_the_second_step_stays_hourtabs_own(issuer, member, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    browser, _ = come_from(issuer, email=member.user.email, email_verified=True)
    assert browser.get("/").headers["Location"] == "/accounts/2fa/"


def test_the_sign_in_page_offers_it_by_its_name_where_it_is_on(issuer, client, settings):
    assert "Northwind’s sign-in" in client.get("/accounts/login/").text
    settings.OIDC_ISSUER = ""
    assert "/accounts/oidc/" not in client.get("/accounts/login/").text


def test_it_is_off_by_default(db, client):
    assert client.get("/accounts/oidc/sso/login/").status_code == 404
    assert client.get("/accounts/oidc/sso/login/callback/?code=c&state=x").status_code == 404


def test_half_a_setting_stops_the_start():
    assert read_issuer("", "", "", "") == {}
    for issuer, client, secret in (
        ("https://id.example", "", "s"),
        ("https://id.example", "c", ""),
        ("", "c", "s"),
        ("ftp://id.example", "c", "s"),
        ("http://id.example", "c", "s"),
    ):
        with pytest.raises(ImproperlyConfigured):
            read_issuer(issuer, client, secret, "")
