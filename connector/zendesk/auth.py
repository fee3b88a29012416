"""Who we are to Zendesk: OAuth client credentials, a static access token, or an API token.

https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connector.errors import CredentialsError, MalformedError
from memory.errors import RememberError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from connector.clock import Clock

SCOPE = "read"
NOTES_SCOPE = "tickets:write"
"""What writing a note to a ticket needs beside `SCOPE`."""
APPS_SCOPE = "apps:write"
"""What telling our app of a ring needs beside `SCOPE`."""
WRITE_SCOPE = "write"
"""What opening a page in an agent's browser needs: no narrower scope holds it."""
TOKEN_PATH = "/oauth/tokens"  # noqa: S105 - a path
API_TOKENS_END = (
    "Zendesk ends API tokens on 30 April 2027: create an OAuth client and set its id and secret."
)
_EARLY = 60.0
_EARLY_PART = 0.1


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """A confidential OAuth client; its tokens act for the user who made it.

    Attributes:
        scopes: What its tokens are asked to be good for.
    """

    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...] = (SCOPE,)


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
    """An access token.

    Attributes:
        renew_at: When to renew it, in the clock's monotonic seconds; None: unknown.
        lacks: Scopes that were asked for and not granted.
    """

    value: str = field(repr=False)
    renew_at: float | None = None
    lacks: tuple[str, ...] = ()


def token_request(credentials: ClientCredentials) -> dict[str, str]:
    """The JSON body of a request for a token."""
    return {
        "grant_type": "client_credentials",
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
        "scope": " ".join(credentials.scopes),
    }


def read_token(document: dict[str, Any], now: float, asked: Sequence[str] = (SCOPE,)) -> Token:
    """Read the answer to a token request.

    Zendesk gives a token even for a scope it does not know, and that token is then refused
    everywhere; so what was granted is compared with what was asked.

    Args:
        document: The answer's JSON.
        now: The clock's monotonic seconds.
        asked: The scopes that were asked for.

    Raises:
        CredentialsError: The token may not read.
        MalformedError: There is no token in the answer.
    """
    value = document.get("access_token")
    if not isinstance(value, str) or not _fits_a_header(value):
        raise MalformedError(
            "Zendesk's answer to the request for a token holds none.",
            "Check that the address is the account's own.",
        )
    scope = document.get("scope")
    lacks = _lacking(asked, scope.split()) if isinstance(scope, str) else ()
    if SCOPE in lacks:
        raise CredentialsError(lacking(SCOPE), how_to_allow(SCOPE))
    seconds = document.get("expires_in")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds <= 0:
        return Token(value, lacks=lacks)
    return Token(value, now + seconds - min(_EARLY, seconds * _EARLY_PART), lacks)


def lacking(scope: str) -> str:
    """The sentence that a token lacks a scope."""
    return f"Zendesk grants this OAuth client a token without the scope {scope}."


def how_to_allow(scope: str) -> str:
    """What to do about a scope that is not granted."""
    return f"Allow the OAuth client the scope {scope} in Zendesk's Admin Center."


def _lacking(asked: Sequence[str], granted: Sequence[str]) -> tuple[str, ...]:
    """What was asked for and not granted; `write` holds `tickets:write`."""
    return tuple(one for one in asked if not {one, one.rpartition(":")[2]} & set(granted))


def _fits_a_header(token: str) -> bool:
    return bool(token) and token.isascii() and token.isprintable() and " " not in token


class Authorization:
    """The `Authorization` header of the moment.

    However many requests find the token old or refused at once, one new token is fetched; when
    that fails, it has failed for all who waited for it.
    """

    def __init__(
        self,
        credentials: Credentials,
        clock: Clock,
        ask: Callable[[dict[str, str], float | None], Awaitable[dict[str, Any]]],
    ) -> None:
        """Nothing is asked yet.

        Args:
            credentials: Who we are.
            clock: Tells when a token is old.
            ask: Posts a token request, patiently for some seconds (None: as usual), and brings its
                answer's JSON.
        """
        self._credentials = credentials
        self._clock = clock
        self._ask = ask
        self._token: Token | None = None
        self._lock = asyncio.Lock()
        self._flights = 0
        self._failure: RememberError | None = None

    @property
    def lacks(self) -> tuple[str, ...]:
        """Scopes that were asked for and not granted, as far as known."""
        return self._token.lacks if self._token else ()

    async def header(self, patience: float | None = None) -> str:
        """The header's value, with a token fetched or renewed where that is due.

        Args:
            patience: Seconds to try for a token; None: as usual.
        """
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
        flights = self._flights
        async with self._lock:
            if self._token is None or self._is_due(self._token):
                if self._failure is not None and self._flights != flights:
                    raise self._failure
                self._token = await self._fly(credentials, patience)
            return f"Bearer {self._token.value}"

    def renew(self, refused: str) -> bool:
        """Zendesk has refused this header (401); whether another may be had by asking again."""
        if not isinstance(self._credentials, ClientCredentials):
            return False
        if self._token is not None and refused == f"Bearer {self._token.value}":
            self._token = None
        return True

    async def _fly(self, credentials: ClientCredentials, patience: float | None) -> Token:
        self._failure = None
        try:
            document = await self._ask(token_request(credentials), patience)
            return read_token(document, self._clock.monotonic(), credentials.scopes)
        except RememberError as error:
            self._failure = error
            raise
        finally:
            self._flights += 1

    def _is_due(self, token: Token) -> bool:
        return token.renew_at is not None and self._clock.monotonic() >= token.renew_at
