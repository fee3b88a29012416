"""Who we are to Freshdesk: an agent's API key, as the user name of HTTP Basic.

https://developers.freshdesk.com/api/#authentication
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field

from connector.errors import CredentialsError

_ANY_PASSWORD = "X"  # noqa: S105 - Freshdesk's own example; it is not looked at


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An agent's API key; it may do what its owner may."""

    key: str = field(repr=False)

    def header(self) -> str:
        """The `Authorization` header.

        Raises:
            CredentialsError: No key looks like this.
        """
        key = self.key.strip()
        if not key or not key.isascii() or not key.isprintable() or " " in key or ":" in key:
            raise CredentialsError(
                "The API key holds a character that no key holds.",
                "Copy it again from Freshdesk's profile settings, without what stands around it.",
            )
        return f"Basic {b64encode(f'{key}:{_ANY_PASSWORD}'.encode()).decode()}"
