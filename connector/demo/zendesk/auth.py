"""Who is asking: OAuth client credentials, a standing access token, or an e-mail and API token.

As in Zendesk, a client-credentials token acts as one user (here the first admin), has a scope and
ends by the clock; an unknown scope still yields a token, which then may read nothing.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.demo.zendesk import problems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.demo.zendesk.account import Account
    from connector.demo.zendesk.live import LiveUser

_SCOPES = {
    "read",
    "write",
    "users:read",
    "tickets:read",
    "tickets:write",
    "organizations:read",
    "apps:write",
}
_LONGEST = 172_800
_SHORTEST = 300


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the simulated account accepts; only ever used on loopback.

    Attributes:
        client_id: Of the OAuth client.
        client_secret: Of the OAuth client.
        access_token: A bearer token that never ends and may read and write.
        api_token: Goes with the e-mail of any active agent or admin, as ``email/token``.
        token_seconds: How long a granted token lasts unless the request says; None: an older
            client, whose tokens never end and come without ``expires_in``.
        tells_end: Whether a token that ends comes with ``expires_in``.
        allowed: The scopes the OAuth client may have; what else is asked for is not granted.
    """

    client_id: str = "remember-them"
    client_secret: str = "demo-client-secret"  # noqa: S105 - opens nothing but this simulation
    access_token: str = "demo-access-token"  # noqa: S105 - as above
    api_token: str = "demo-api-token"  # noqa: S105 - as above
    token_seconds: int | None = 1800
    tells_end: bool = True
    allowed: frozenset[str] = frozenset(_SCOPES)


@dataclass(frozen=True, slots=True)
class _Token:
    scopes: frozenset[str]
    ends: int | None


class Gate:
    """Grants tokens and knows who comes with them."""

    def __init__(self, account: Account, credentials: Credentials) -> None:
        self._account = account
        self._credentials = credentials
        self._tokens = {credentials.access_token: _Token(frozenset({"read", "write"}), None)}

    def grant(self, form: Mapping[str, Any], now: int) -> dict[str, Any]:
        """Answers ``POST /oauth/tokens``.

        Raises:
            RefusedError: Another grant type, a wrong client, or a life out of bounds.
        """
        if form.get("grant_type") != "client_credentials":
            raise problems.bad_grant("unsupported_grant_type", "Use client_credentials.")
        known = self._credentials
        told = f"{form.get('client_id')}\n{form.get('client_secret')}"
        if not _same(told, f"{known.client_id}\n{known.client_secret}"):
            raise problems.refused_client()
        lasts = _life(form["expires_in"]) if "expires_in" in form else known.token_seconds
        asked = str(form.get("scope") or "read").split()
        scopes = frozenset(asked) & known.allowed
        token = secrets.token_hex(32)
        self._tokens[token] = _Token(scopes, None if lasts is None else now + lasts)
        answer = {
            "access_token": token,
            "token_type": "bearer",
            "scope": " ".join(scope for scope in asked if scope in scopes),
        }
        tells_end = lasts is not None and known.tells_end
        return {**answer, "expires_in": lasts} if tells_end else answer

    def who(self, authorization: str | None, now: int, scope: str = "read") -> LiveUser | None:
        """The user an ``Authorization`` header stands for; None where there is no header.

        Args:
            authorization: The header.
            now: Unix second.
            scope: What the token must be good for: ``read``, or one such as ``tickets:write``.

        Raises:
            RefusedError: 401 for credentials that are wrong or have ended, 403 for a scope that
                does not do.
        """
        if not authorization:
            return None
        scheme, _, value = authorization.partition(" ")
        if scheme.lower() == "bearer":
            return self._bearer(value.strip(), now, scope)
        if scheme.lower() == "basic":
            return self._basic(value.strip())
        raise problems.unauthenticated()

    def _bearer(self, value: str, now: int, scope: str) -> LiveUser:
        token = self._tokens.get(value)
        if token is None:
            raise problems.unauthenticated()
        if token.ends is not None and now >= token.ends:
            raise problems.stale_token()
        if not token.scopes & {scope, scope.rpartition(":")[2]}:
            raise problems.forbidden()
        if self._account.owner is None:
            raise problems.unauthenticated()
        return self._account.owner

    def _basic(self, value: str) -> LiveUser:
        try:
            name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise problems.unauthenticated() from error
        email, slash, kind = name.rpartition("/")
        if slash and kind == "token" and _same(secret, self._credentials.api_token):
            for user in self._account.users.values():
                staff = user.role != "end-user" and user.active
                if staff and user.email and user.email.casefold() == email.casefold():
                    return user
        raise problems.unauthenticated()


def _life(asked: object) -> int:
    if not isinstance(asked, int) or not _SHORTEST <= asked <= _LONGEST:
        raise problems.bad_grant("invalid_request", "expires_in is 300 to 172800 seconds")
    return asked


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
