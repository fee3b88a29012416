"""Zendesk's word for who opened our app: a token signed with the app's own key (signed URLs).

https://developer.zendesk.com/documentation/apps/build-an-app/building-a-server-side-app/part-5-secure-the-app/
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from connector.errors import MalformedError, RetryableError
from memory.errors import RememberError

if TYPE_CHECKING:
    from connector.clock import Clock
    from connector.http import Wire

LEEWAY = timedelta(seconds=30)
"""How far Zendesk's clock and ours may differ."""

OLD = 300.0
"""Seconds after which a key that does not verify a token is fetched again, and never sooner."""

RESTED = 10.0
"""Seconds after which a fetch that failed is tried again."""

_SMALLEST = 2048
_ALGORITHM = "RS256"
_USER = re.compile(r"(?:^|/)(\d{1,20})(?:\.json)?/?$")


class UnprovenError(RememberError):
    """A token that Zendesk did not sign for this account and app, or no longer stands by."""

    exit_code = 4
    title = "Not Zendesk's word"


@dataclass(frozen=True, slots=True)
class _Key:
    key: RSAPublicKey
    fetched_at: float


class SignedUrls:
    """Tells which agent a signed token is of."""

    def __init__(self, wire: Wire, site: str, app_id: int, clock: Clock) -> None:
        """Nothing is fetched yet.

        Args:
            wire: Takes requests to the account.
            site: Its address, as `connector.http.base_url` gives it.
            app_id: The number of the installed app.
            clock: Tells whether a token has ended, and a key is old.
        """
        self._wire = wire
        self._site = site
        self._path = f"/api/v2/apps/{app_id}/public_key.pem"
        self._clock = clock
        self._lock = asyncio.Lock()
        self._key: _Key | None = None
        self._failed: tuple[float, RememberError] | None = None

    async def agent(self, token: str) -> str:
        """The id of the agent for whom Zendesk opened the app.

        Raises:
            UnprovenError: Zendesk did not sign the token, or for another account, or it has ended.
            HelpdeskError: The app's key cannot be had from Zendesk.
        """
        key = await self._current()
        try:
            claims = _signed(token, key.key)
        except jwt.InvalidSignatureError:
            renewed = await self._current(than=key)
            if renewed is key:
                raise _unproven("The signature is not that of the app's key.") from None
            try:
                claims = _signed(token, renewed.key)
            except jwt.InvalidTokenError:
                raise _unproven("The signature is not that of the app's key.") from None
        except (jwt.InvalidTokenError, UnicodeEncodeError):
            raise _unproven("The token is not one that Zendesk signs for an app.") from None
        return self._checked(claims)

    async def _current(self, than: _Key | None = None) -> _Key:
        """The app's key; another `than` that one, where that one is old enough to be asked for."""
        async with self._lock:
            now = self._clock.monotonic()
            known = self._key
            if known is not None and (known is not than or now - known.fetched_at < OLD):
                return known
            if self._failed is not None and now - self._failed[0] < RESTED:
                raise self._failed[1]
            try:
                self._key = _Key(await self._fetched(), now)
            except RememberError as error:
                self._failed = (now, error)
                raise
            return self._key

    async def _fetched(self) -> RSAPublicKey:
        answer = await self._wire.send("GET", self._path)
        if answer.status == 429 or answer.status >= 500:
            raise RetryableError("Zendesk does not give out the app's key now.", "Try again.")
        hint = "Check REMEMBER_ZENDESK_APP_ID and REMEMBER_ZENDESK_URL."
        if answer.status != 200:
            raise MalformedError("Zendesk knows no key of the app.", hint)
        try:
            key = load_pem_public_key(answer.body)
        except ValueError:
            raise MalformedError("Zendesk's answer is no public key.", hint) from None
        if not isinstance(key, RSAPublicKey) or key.key_size < _SMALLEST:
            raise MalformedError("Zendesk's key is none that RS256 is safe with.", hint)
        return key

    def _checked(self, claims: dict[str, Any]) -> str:
        """The agent's id, once the token is of this account and of now."""
        now = self._clock.now()
        begins, ends = (_moment(claims.get(name)) for name in ("nbf", "exp"))
        if ends is None or ends + LEEWAY <= now:
            raise _unproven("The token has ended.")
        if "nbf" in claims and (begins is None or begins - LEEWAY > now):
            raise _unproven("The token does not begin yet.")
        if claims.get("iss") != urlsplit(self._site).netloc or not self._is_ours(claims.get("aud")):
            raise _unproven("The token is of another account.")
        user = _USER.search(str(claims.get("sub", "")))
        if user is None:
            raise _unproven("The token names no user.")
        return user[1]

    def _is_ours(self, audience: object) -> bool:
        named = audience if isinstance(audience, list) else [audience]
        ours = re.compile(rf"{re.escape(self._site)}/api/v2/apps/installations/\d+(\.json)?")
        return any(isinstance(one, str) and ours.fullmatch(one) for one in named)


def _signed(token: str, key: RSAPublicKey) -> dict[str, Any]:
    """What a token says, once its signature is right; what it says of time is not looked at."""
    claims: dict[str, Any] = jwt.decode(
        token,
        key,
        algorithms=[_ALGORITHM],
        options={
            "verify_exp": False,
            "verify_nbf": False,
            "verify_iat": False,
            "verify_aud": False,
            "verify_iss": False,
            "verify_sub": False,
            "verify_jti": False,
        },
    )
    return claims


def _moment(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _unproven(detail: str) -> UnprovenError:
    return UnprovenError(detail, "Open the app in Zendesk again.")
