"""A small OpenID Connect provider on loopback, written from the standards, and strict: how do we talk to a real one?

Core 1.0 (code flow), Discovery 1.0, RFC 7636 (PKCE, S256), RFC 6749 (client secret in the form). It refuses what a good
provider refuses. A test makes it lie by changing `claims`, `description`, `signer` or `userinfo`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT, SECRET = "tojimari-tests", "hush-hush"


@lru_cache
def rsa_key(kid: str = "rsa-1") -> RSAKey:
    """An RSA key; made once for each name."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"}, private=True)


@lru_cache
def ec_key(kid: str = "ec-1") -> ECKey:
    """A P-256 key; made once for each name."""
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"}, private=True)


@dataclass
class Asked:
    """What the browser brought to the authorization endpoint, until the code is exchanged."""

    challenge: str
    nonce: str
    redirect_uri: str


@dataclass
class Provider:
    """The provider: who is signed in there, and how it lies."""

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    """Claims of who is signed in at the provider: `sub`, `email`, `email_verified`, `amr`."""
    claims: dict[str, Any] = field(default_factory=dict)
    """Put over the claims of the token; None leaves a claim out."""
    userinfo: dict[str, Any] | None = None
    """What the userinfo endpoint tells; None: the same as the token."""
    description: dict[str, Any] = field(default_factory=dict)
    """Put over the description (Discovery)."""
    algorithm: str = "RS256"
    signer: RSAKey | ECKey | None = None
    """The key that signs; None: the published one."""
    thin: bool = False
    """Leave the e-mail address to the userinfo endpoint."""
    codes: dict[str, Asked] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    """Why the provider refused something, for tests of our own mistakes."""

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/end",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            **self.description,
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Return where the browser is sent, as if the person had signed in at once."""
        wanted = {"response_type": "code", "client_id": CLIENT, "code_challenge_method": "S256"}
        for name, value in wanted.items():
            if asked.get(name) != value:
                raise ValueError(name)
        if "openid" not in asked.get("scope", "").split() or not asked.get("state") or not asked.get("nonce"):
            raise ValueError("scope, state or nonce")
        code = secrets.token_urlsafe(16)
        self.codes[code] = Asked(asked["code_challenge"], asked["nonce"], asked["redirect_uri"])
        return asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"], "iss": self.issuer})

    def exchange(self, given: dict[str, str]) -> dict[str, Any]:
        """Return the tokens for a code, once."""
        asked = self.codes.pop(given.get("code", ""), None)
        if asked is None or given.get("grant_type") != "authorization_code":
            raise ValueError("code")
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT, SECRET):
            raise ValueError("client")
        if given.get("redirect_uri") != asked.redirect_uri:
            raise ValueError("redirect_uri")
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked.challenge:
            raise ValueError("code_verifier")
        token = secrets.token_urlsafe(16)
        self.tokens.add(token)
        return {"access_token": token, "token_type": "Bearer", "expires_in": 60, "id_token": self.id_token(asked.nonce)}

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        told = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **self.person}
        if self.thin:
            told = {name: value for name, value in told.items() if not name.startswith("email")}
        told = {name: value for name, value in {**told, **self.claims}.items() if value is not None}
        key = self.signer or (rsa_key() if self.algorithm.startswith("RS") else ec_key())
        return jwt.encode({"alg": self.algorithm, "kid": key.kid}, told, key, algorithms=[self.algorithm])

    def told_of(self, authorization: str) -> dict[str, Any]:
        if authorization.removeprefix("Bearer ") not in self.tokens:
            raise ValueError("access_token")
        return self.userinfo if self.userinfo is not None else dict(self.person)


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        match parts.path:
            case "/.well-known/openid-configuration":
                self._json(self.provider.described())
            case "/keys":
                self._json({"keys": [rsa_key().as_dict(private=False), ec_key().as_dict(private=False)]})
            case "/userinfo":
                self._answer(lambda: self.provider.told_of(self.headers.get("Authorization", "")))
            case "/authorize":
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self._moved(self.provider.authorize(asked), status=302)
            case "/moved":
                self._moved(f"{self.provider.issuer}/keys")
            case _:
                self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        if self.path == "/moved":
            self._moved(f"{self.provider.issuer}/token")
        else:
            self._answer(lambda: self.provider.exchange(given))

    def _answer(self, ask: Any) -> None:
        try:
            self._json(ask())
        except ValueError as why:
            self.provider.refused.append(str(why))
            self._json({"error": "invalid_request"}, status=400)

    def _moved(self, to: str, *, status: int = 307) -> None:
        self.send_response(status)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _json(self, told: object, *, status: int = 200) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: what a test wants to know stands in `refused`."""


@contextmanager
def running() -> Iterator[Provider]:
    """Run a provider on a free port of this machine."""
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"provider": provider}))
    server.daemon_threads = True
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
