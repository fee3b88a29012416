"""Who we are to Zendesk: OAuth client credentials, a static access token, or an API token.

https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connector.errors import CredentialsError, MalformedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from connector.clock import Clock

SCOPE = "read"
TOKEN_PATH = "/oauth/tokens"  # noqa: S105 - a path
API_TOKENS_END = (
    "Zendesk ends API tokens on 30 April 2027: create an OAuth client and set its id and secret."
)
_EARLY = 60.0
_EARLY_PART = 0.1


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """A confidential OAuth client; its tokens act for the user who made it."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An OAuth access token made elsewhere."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """An agent's e-mail address and an API token. Zendesk ends these on 30 April 2027."""

    email: str = field(repr=False)
    token: str = field(repr=False)


Credentials = ClientCredentials | AccessToken | ApiToken


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and when to renew it, in the clock's monotonic seconds; None: unknown."""

    value: str = field(repr=False)
    renew_at: float | None = None


def token_request(credentials: ClientCredentials) -> dict[str, str]:
    """The JSON body of a request for a token."""
    return {
        "grant_type": "client_credentials",
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
        "scope": SCOPE,
    }


def read_token(document: dict[str, Any], now: float) -> Token:
    """Read the answer to a token request.

    Zendesk gives a token even for a scope it does not know, and that token is then refused
    everywhere; so what was granted is compared with what was asked.

    Args:
        document: The answer's JSON.
        now: The clock's monotonic seconds.

    Raises:
        CredentialsError: The token does not hold the scope that is needed.
        MalformedError: There is no token in the answer.
    """
    value = document.get("access_token")
    if not isinstance(value, str) or not _fits_a_header(value):
        raise MalformedError(
            "Zendesk's answer to the request for a token holds none.",
            "Check that the address is the account's own.",
        )
    scope = document.get("scope")
    if isinstance(scope, str) and SCOPE not in scope.split():
        raise CredentialsError(
            f"Zendesk grants this OAuth client a token without the scope {SCOPE}.",
            f"Allow the OAuth client the scope {SCOPE} in Zendesk's Admin Center.",
        )
    seconds = document.get("expires_in")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds <= 0:
        return Token(value)
    return Token(value, now + seconds - min(_EARLY, seconds * _EARLY_PART))


def _fits_a_header(token: str) -> bool:
    return bool(token) and token.isascii() and token.isprintable() and " " not in token


class Authorization:
    """The `Authorization` header of the moment.

    However many requests find the token old or refused at once, one new token is fetched.
    """

    def __init__(
        self,
        credentials: Credentials,
        clock: Clock,
        ask: Callable[[dict[str, str]], Awaitable[dict[str, Any]]],
    ) -> None:
        """Keep the credentials; `ask` posts a token request and brings its answer's JSON."""
        self._credentials = credentials
        self._clock = clock
        self._ask = ask
        self._token: Token | None = None
        self._lock = asyncio.Lock()

    async def header(self) -> str:
        """The header's value, with a token fetched or renewed where that is due."""
        credentials = self._credentials
        if isinstance(credentials, AccessToken):
            if not _fits_a_header(credentials.token):
                raise CredentialsError(
                    "The access token holds a character that no token holds.",
                    "Copy it again, without what stands around it.",
                )
            return f"Bearer {credentials.token}"
        if isinstance(credentials, ApiToken):
            pair = f"{credentials.email}/token:{credentials.token}"
            return f"Basic {b64encode(pair.encode(errors='surrogateescape')).decode()}"
        async with self._lock:
            token = self._token
            if token is None or self._is_due(token):
                document = await self._ask(token_request(credentials))
                token = self._token = read_token(document, self._clock.monotonic())
            return f"Bearer {token.value}"

    def renew(self, refused: str) -> bool:
        """Zendesk has refused this header (401); whether another may be had by asking again."""
        if not isinstance(self._credentials, ClientCredentials):
            return False
        if self._token is not None and refused == f"Bearer {self._token.value}":
            self._token = None
        return True

    def _is_due(self, token: Token) -> bool:
        return token.renew_at is not None and self._clock.monotonic() >= token.renew_at
