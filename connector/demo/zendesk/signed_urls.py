"""The token with which the simulated Zendesk opens an app's page for an agent, and its public key.

https://developer.zendesk.com/documentation/apps/app-developer-guide/using-the-apps-framework/
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

APP_ID = 700_001
"""The one app of our own that is installed in the simulated account."""

INSTALLATION_ID = 900_001

_BITS = 2048
_LIFE = 180


class SignedUrls:
    """Signs for one app.

    Args:
        base: The account's address.
        clock: The helpdesk's present time, aware.
    """

    def __init__(self, base: str, clock: Callable[[], datetime]) -> None:
        self._base = base
        self._clock = clock

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(65537, _BITS)

    def renew_key(self) -> None:
        """Sign with another key from now on."""
        self.__dict__.pop("_key", None)

    def public_key(self) -> str:
        """The public key, as `GET /api/v2/apps/{id}/public_key.pem` has it; nobody need sign in."""
        key = self._key.public_key()
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def token(self, user_id: int, **other: Any) -> str:
        """What an app's page gets posted as `token` when an agent opens it.

        Args:
            user_id: The agent's.
            other: Claims that are to differ from what Zendesk would say; None leaves one out.
        """
        now = int(self._clock().timestamp())
        claims: dict[str, Any] = {
            "iss": urlsplit(self._base).netloc,
            "aud": f"{self._base}/api/v2/apps/installations/{INSTALLATION_ID}.json",
            "sub": f"{self._base}/api/v2/users/{user_id}.json",
            "iat": now,
            "nbf": now,
            "exp": now + _LIFE,
            "jti": uuid4().hex,
            "context": {"product": "support", "location": "top_bar"},
            **other,
        }
        told = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(told, self._key, algorithm="RS256")
